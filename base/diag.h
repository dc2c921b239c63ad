/* SPDX-License-Identifier: MIT
 * Diagnostics: what is wrong, where, and what to do. A function says *whether* by its return value, and *what and
 * where* to a Diags it was given. Nothing here prints; diag_render makes text that a program may print.
 *
 * A Span is a range of bytes in a source file; lines and columns (1-based, columns in characters) are computed from
 * the bytes when they are wanted. Sources keeps the texts; it must outlive the diagnostics. Not thread-safe. */
#ifndef SIGMAC_BASE_DIAG_H
#define SIGMAC_BASE_DIAG_H

#include "base/buf.h"
#include "base/vec.h"

typedef enum {
#define DIAG(word, text, doc) ID_##word,
#include "base/diag.def"
#undef DIAG
  ID_COUNT
} DiagId;

typedef struct {
  const char *text, *doc;
} DiagInfo;
extern const DiagInfo diag_info[ID_COUNT];

typedef struct {
  uint32_t file;       /* number in Sources */
  uint32_t start, end; /* bytes; start <= end */
} Span;

typedef struct {
  uint32_t line, col, end_line, end_col; /* 1-based; the end is the character after the last */
} Place;

typedef struct {
  Str path, text;           /* borrowed; live as long as Sources */
  uint32_t *lines, n_lines; /* byte offset of each line, made when first wanted */
} Source;

typedef struct {
  Arena *arena;
  VEC(Source) files;
} Sources;

uint32_t source_add(Sources *s, Str path, Str text);
Place source_place(Sources *s, Span at);

typedef enum { SEV_ERROR, SEV_WARNING, SEV_INFO } Severity;

typedef struct {
  DiagId id;
  Severity severity;
  Span at;
  Str msg, hint; /* in the arena of Diags; hint may be empty */
} Diag;

typedef struct {
  Arena *arena;
  VEC(Diag) list;
  uint32_t errors, warnings; /* counted, also those that were not kept */
} Diags;

/* fmt as printf; STR_FMT and STR_ARG for slices. The returned diagnostic may get a hint (diag_hint). */
void diag_error(Diags *d, DiagId id, Span at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void diag_warning(Diags *d, DiagId id, Span at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Adds a hint to the newest diagnostic. */
void diag_hint(Diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `path:line:column: error: message [id]`, the source line with carets, the hint; colour by ANSI codes if wanted. */
void diag_render(Buf *out, Sources *s, const Diag *d, bool colour);

static inline Span span_sub(Span s, uint32_t from, uint32_t to) { return (Span){s.file, s.start + from, s.start + to}; }

#endif

/* SPDX-License-Identifier: MIT
 * Diagnostics: what is wrong, where, and what to do. A function says *whether* by its return value, and *what and
 * where* to a Diags it was given. Nothing here prints; diag_render makes text that a program may print.
 *
 * A Span is a range of bytes in a source file; lines and columns (1-based, columns in characters) are computed from
 * the bytes when they are wanted. Sources keeps the texts; it must outlive the diagnostics. Not thread-safe. */
#ifndef SIGMAC_BASE_DIAG_H
#define SIGMAC_BASE_DIAG_H

#include <stdarg.h>

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
  Str path, text; /* borrowed; live as long as Sources */
  /* Made when first wanted: */
  uint32_t *lines, n_lines; /* byte offset of each line */
  uint32_t *chars;          /* characters before every PLACE_STEP-th byte: a file may be one line of megabytes */
} Source;

typedef struct {
  Arena *arena;
  VEC(Source) files;
} Sources;

enum { PLACE_STEP = 1024 };

uint32_t source_add(Sources *s, Str path, Str text);
Place source_place(Sources *s, Span at);

typedef struct {
  uint32_t line, col; /* 1-based */
} SourcePoint;
/* Where a byte stands: for those who need no end, at half the cost. */
SourcePoint source_point(Sources *s, uint32_t file, uint32_t offset);

typedef enum { SEV_ERROR, SEV_WARNING, SEV_INFO } Severity;

typedef struct {
  DiagId id;
  Severity severity;
  Span at;
  Str msg, hint; /* in the arena of Diags; hint may be empty */
} Diag;

typedef struct {
  uint32_t errors, others;
} DiagCount;

/* Of one file, so many errors are kept and as many others; the rest is counted. */
typedef struct {
  Arena *arena;
  Arena *texts; /* of messages, where they do not last as long; NULL: the same */
  VEC(Diag) list;
  uint32_t errors, warnings; /* also those that were not kept */
  VEC(DiagCount) by_file;    /* the same, by number of the file */
  uint32_t most;             /* that are kept; 0: LIMIT_DIAGS_PER_FILE */
  bool dropped;              /* the newest was not kept: it takes no hint */
} Diags;

/* fmt as printf; STR_FMT and STR_ARG for slices. The returned diagnostic may get a hint (diag_hint). */
void diag_error(Diags *d, DiagId id, Span at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void diag_warning(Diags *d, DiagId id, Span at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void diag_verror(Diags *d, DiagId id, Span at, const char *fmt, va_list args);
/* The text of a message, in the arena. It may quote a value, which may be long: it is cut, between two characters. */
Str diag_format(Arena *a, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));
/* Adds a hint to the newest diagnostic. One that is costly to find need not be looked for where d->dropped is set. */
void diag_hint(Diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Diagnostics come phase by phase; people read them file by file, in the order of places. */
void diag_sort(Diags *d);
/* How many of a file were not kept. */
uint32_t diag_dropped(const Diags *d, uint32_t file);

/* `error: ` and the like. */
void diag_render_severity(Buf *out, Severity severity, bool colour);

/* What a person is shown of a diagnostic, or of a finding of another table of ids. */
typedef struct {
  const char *id;
  Severity severity;
  Span at;
  Str msg, hint;
} DiagView;

/* `path:line:column: error: message [id]`, the source line with carets, the hint; colour by ANSI codes if wanted. */
void diag_render(Buf *out, Sources *s, const Diag *d, bool colour);
void diag_render_as(Buf *out, Sources *s, const DiagView *d, bool colour);

#endif

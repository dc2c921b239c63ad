/* SPDX-License-Identifier: MIT
 * A growing byte buffer, for output and for reading. All zero is empty and takes memory from heap_libc; `heap` or `arena`
 * say where else to take it from. buf_free gives it back; in an arena it need not be called, and growing leaves the old
 * block behind. Where memory is exhausted, nothing here returns (base/heap.h). */
#ifndef SIGMAC_BASE_BUF_H
#define SIGMAC_BASE_BUF_H

#include "base/arena.h"

typedef struct {
  char *p;
  size_t n, cap;
  const Heap *heap; /* NULL: heap_libc */
  Arena *arena;     /* if any, this instead of the heap */
} Buf;

void buf_free(Buf *b);
/* An empty one that takes memory from where another does. For a jump to lose nothing of it, that is in an arena. */
static inline Buf buf_beside(const Buf *b) { return (Buf){.heap = b->heap, .arena = b->arena}; }
void buf_reserve(Buf *b, size_t more); /* room for `more` bytes after the end */
void buf_bytes(Buf *b, const void *p, size_t n);
void buf_str(Buf *b, Str s);
void buf_char(Buf *b, char c);
void buf_printf(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string in quotes (RFC 8259 section 7); bytes that are not UTF-8 become U+FFFD. */
void buf_json(Buf *b, Str s);
/* The same for people: what would disturb a terminal is escaped too. */
void buf_quoted(Buf *b, Str s);
/* Text from a file, made safe for a terminal: control characters, malformed bytes, and what ends a line or turns the
 * direction of writing become `?`, a tab a blank. */
void buf_safe(Buf *b, Str s);
/* The same in single quotes and with nothing lost: what is unsafe or cannot be seen as <U+000A>, a malformed byte as <FF>.
 * Backslashes stand as they are, a single quote is doubled. Of more than `most` characters the first ones, and how many
 * there are. */
void buf_shown(Buf *b, Str s, size_t most);
static inline Str buf_view(const Buf *b) { return (Str){b->p ? b->p : "", b->n}; }

#endif

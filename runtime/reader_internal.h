/* SPDX-License-Identifier: MIT
 * What the files of the fast reader share; nobody else includes it. */
#ifndef SIGMAC_RUNTIME_READER_INTERNAL_H
#define SIGMAC_RUNTIME_READER_INTERNAL_H

#include "base/limits.h"
#include "runtime/reader.h"
#include "runtime/reader_marks.h"

typedef struct {
  Value *v;        /* object or array */
  Value *last;     /* newest member; NULL before the first */
  uint32_t serial; /* of this one among all; ascending from level to level */
  char close;
  bool check; /* it may have a key twice */
} Level;

struct Reader {
  KeyTable *keys;
  Arena *owner, *scratch;
  const char *text; /* of this event; without the white space behind it ... */
  uint32_t n;
  bool whole;         /* ... and nothing else behind it, either */
  bool escapes, wide; /* it has some by \u; characters outside of ASCII */
  MarksFind *find;
  Value *free, *free_end; /* values not used by this event */
  uint32_t n_values;      /* of those it could use so far */
  Value *pool;
  uint32_t *seen; /* by number of a key, all of them: the serial of the object that had it last; of KEY_UNKNOWN the greatest */
  uint32_t n_seen;
  uint32_t serial, first_serial; /* the newest; the one of this event's root */
  Level *top;                    /* innermost open one; before open[0] at the end of the event */
  uint64_t left;
  Level open[1 + LIMIT_EVENT_DEPTH];
  Marks marks;
};

typedef struct {
  const uint32_t *mark;
  uint32_t p;
} MembersEnd;

/* reader_members.c: reads members of the innermost object as long as they are of the usual kind, from the comma before one on
 * whose quote is at the mark. Returns where the first one that is not ends or begins, with its mark. */
MembersEnd reader_members(Reader *r, uint32_t p, const uint32_t *mark);

/* reader_rest.c: what is off the main path. Numbers are offsets in the text. */

/* The mark at or behind a byte; NO_MARK behind the end of the text. */
const uint32_t *reader_seek(Reader *r, const uint32_t *mark, uint32_t to);
/* From a mark that is no quote to the one that ends the string, of which the bytes before `next` are looked at; NULL after an
 * error. */
const uint32_t *reader_string_end(Reader *r, const uint32_t *mark, uint32_t next);
uint32_t reader_space_end(const char *text, uint32_t p, uint32_t n);
/* Behind a number whose fraction or exponent begins here; 0 after an error. */
uint32_t reader_number_end(const char *text, uint32_t p);

static inline bool reader_is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
static inline uint32_t reader_digits_end(const char *text, uint32_t p) {
  while (ascii_digit(text[p])) p++;
  return p;
}

#endif

/* SPDX-License-Identifier: MIT
 * The first look at an event, a part of its text at a time: where the bytes are that cannot just be passed over in a string.
 * For reader.c alone. */
#ifndef SIGMAC_RUNTIME_READER_MARKS_H
#define SIGMAC_RUNTIME_READER_MARKS_H

#include "base/str.h"

enum { MARKS_PART = 4096, MARKS_SPILL = 64 };
#define NO_MARK UINT32_MAX

/* Marked are quotes without a backslash that counts before them, control characters, bytes that are not ASCII, and what
 * follows a backslash that counts unless it makes an escape of two characters with it. Outside of strings, where no
 * backslash can be, all this means nothing. */
typedef struct {
  uint32_t from, to; /* the part; a multiple of 64 bytes unless the text ends with it */
  bool solidus;      /* set where one is escaped; who asks clears it */
  bool escaped;      /* the byte behind the part has a backslash before it that counts */
  /* A bit for each byte of the part: it is marked, and a backslash is between it and the mark before it. */
  uint64_t behind_backslash[MARKS_PART / 64];
  uint32_t n;                            /* of marks */
  uint32_t at[MARKS_PART + MARKS_SPILL]; /* offsets, ascending; NO_MARK behind the last one */
} Marks;

/* Marks a part of the text of n bytes; `from` is m->to, or a byte that no backslash before it belongs to. Nothing outside of
 * the part is read. */
typedef void MarksFind(Marks *m, const char *text, uint32_t from, uint32_t n);
MarksFind marks_find_words;
/* NULL where this processor has none. */
MarksFind *marks_find_simd(void);

/* Whether a backslash is between a mark of the part and the one before it. */
static inline bool marks_backslash(const Marks *m, uint32_t mark) {
  uint32_t i = mark - m->from;
  return m->behind_backslash[i / 64] >> i % 64 & 1;
}

#endif

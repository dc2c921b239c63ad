/* SPDX-License-Identifier: MIT
 * Lines of a file, as checks that look at its text count them: each ends behind its line feed. */
#ifndef SIGMAC_LINT_LINES_H
#define SIGMAC_LINT_LINES_H

#include "base/str.h"

/* The first byte of the line that byte `at` is in. */
static inline uint32_t lines_start(Str s, size_t at) {
  while (at && s.p[at - 1] != '\n') at--;
  return (uint32_t)at;
}

/* The first byte of the next line; the end of the text where there is none. */
static inline uint32_t lines_next(Str s, size_t at) {
  const char *end = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;
  return end ? (uint32_t)(end - s.p) + 1 : (uint32_t)s.n;
}

#endif

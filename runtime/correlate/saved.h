/* SPDX-License-Identifier: MIT
 * Texts one behind the other, each after its length (4 bytes, little endian): in tuples, and in files of state. */
#ifndef SIGMAC_RUNTIME_CORRELATE_SAVED_H
#define SIGMAC_RUNTIME_CORRELATE_SAVED_H

#include "base/buf.h"

static inline void saved_put(Buf *out, Str s) {
  for (unsigned i = 0; i < 4; i++) buf_char(out, (char)(s.n >> 8 * i));
  buf_str(out, s);
}

/* The first text of `bytes`, borrowed, which then begins behind it; false where there is none. */
static inline bool saved_get(Str *bytes, Str *s) {
  if (bytes->n < 4) return false;
  size_t n = 0;
  for (unsigned i = 0; i < 4; i++) n |= (size_t)(unsigned char)bytes->p[i] << 8 * i;
  if (bytes->n - 4 < n) return false;
  *s = str_sub(*bytes, 4, 4 + n);
  *bytes = str_from(*bytes, 4 + n);
  return true;
}

#endif

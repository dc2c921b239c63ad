/* SPDX-License-Identifier: MIT
 * The plain stretches of a text that is folded: ASCII letters become small, other ASCII stays. For json_text.c alone. */
#ifndef SIGMAC_RUNTIME_JSON_FOLD_H
#define SIGMAC_RUNTIME_JSON_FOLD_H

#include "base/str.h"

/* Folds up to the first byte that is not ASCII, or is a backslash where they stop it; returns how many bytes those are.
 * `out` has room for n + 32 bytes, of which those behind are written at random. Nothing behind p + n is read. */
size_t fold_plain_words(const char *p, size_t n, char *out, bool stop_at_escapes);
size_t fold_plain_simd(const char *p, size_t n, char *out, bool stop_at_escapes);

/* Whether the second form is another one than the first, on this processor. */
static inline bool fold_has_simd(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

#endif

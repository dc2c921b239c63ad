/* SPDX-License-Identifier: MIT
 * Folding of what is ASCII in a text: letters become small. For json_text.c alone. */
#ifndef SIGMAC_RUNTIME_JSON_FOLD_H
#define SIGMAC_RUNTIME_JSON_FOLD_H

#include "base/str.h"

enum { FOLD_ROOM = 32 };

/* Folds from *from up to `end`, a byte that is not ASCII or, where the text has escapes, one that begins with \u; the other
 * escapes become what they stand for. At *to there is room for FOLD_ROOM bytes more than are left to fold; those behind the
 * new *to are written at random. Nothing behind `end` is read. */
typedef void FoldAscii(const char **from, const char *end, char **to, bool escapes);
FoldAscii fold_ascii_words, fold_ascii_simd;

/* Whether the second form is another one than the first, on this processor. */
static inline bool fold_has_simd(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

#endif

/* SPDX-License-Identifier: MIT
 * Texts of JSON as they stand between their quotes, with escapes: made plain, or folded at once. Whoever read them has
 * checked them: the escapes are good and the rest is UTF-8. */
#ifndef SIGMAC_RUNTIME_JSON_TEXT_H
#define SIGMAC_RUNTIME_JSON_TEXT_H

#include "base/arena.h"

/* The character that a backslash before c stands for; 0 where it stands for none by itself. */
extern const char json_escapes[256];
static inline char json_escaped(char c) { return json_escapes[(unsigned char)c]; }
Str json_unescape(Str raw, Arena *scratch);

/* fold_text (base/utf8.h) of what json_unescape would make. */
Str json_fold(Str raw, Arena *scratch);
/* fold_text of a text without escapes, which need not be of JSON. */
Str text_fold(Str s, Arena *scratch);

/* How the last two go about it; both find the same. SIMD is never used where the processor lacks it. */
typedef enum { FOLD_WORDS, FOLD_SIMD } FoldForm;
Str json_fold_by(Str raw, Arena *scratch, FoldForm form);
Str text_fold_by(Str s, Arena *scratch, FoldForm form);

#endif

/* SPDX-License-Identifier: MIT
 * UTF-8 (RFC 3629) and case folding. Folding is that of docs/semantics.md: an ASCII letter folds with its ASCII
 * counterpart only, every other code point by Unicode simple folding (CaseFolding.txt, status C and S), one code
 * point to one code point; a code point whose folding would be ASCII (K U+212A, long s U+017F) stays. */
#ifndef SIGMAC_BASE_UTF8_H
#define SIGMAC_BASE_UTF8_H

#include "base/arena.h"

/* Decodes the code point at byte i < s.n. Returns its length (1-4), or 0 when the bytes there are not well-formed
 * UTF-8 (overlong, surrogate, above U+10FFFF, cut off). */
size_t utf8_decode(Str s, size_t i, uint32_t *cp);
/* Writes 1-4 bytes; cp must be a scalar value. Returns the length. */
size_t utf8_encode(uint32_t cp, char out[4]);
/* Byte offset of the first malformed byte; s.n where all is well-formed. */
size_t utf8_check(Str s);
static inline bool utf8_valid(Str s) { return utf8_check(s) == s.n; }
/* Length of the well-formed sequence that starts with byte c. */
static inline size_t utf8_len(char c) {
  unsigned char b = (unsigned char)c;
  return b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
}
/* True when eight bytes are all ASCII: most text is, and goes eight bytes at a time. */
static inline bool utf8_ascii8(const char *p) {
  uint64_t w;
  memcpy(&w, p, 8);
  return (w & 0x8080808080808080ull) == 0;
}
size_t utf8_count(Str s); /* code points; each malformed byte counts as one */

uint32_t fold_code_point(uint32_t cp);
/* The folded text; s itself where folding changes nothing, else a copy in the arena. Malformed bytes are kept. */
Str fold_text(Arena *a, Str s);
/* The code points that fold to the same as cp, cp included; writes at most 4 and returns the number. */
unsigned fold_class(uint32_t cp, uint32_t out[4]);
/* A character of the text folds to the same as another one, so that letter case may count; or the text is malformed. */
bool fold_matters(Str s);
/* Row i of the table of foldings outside of ASCII, ascending by `from`; false behind the last row. */
bool fold_row(size_t i, uint32_t *from, uint32_t *to);
extern const char fold_unicode_version[]; /* of the table, such as "15.0.0" */

#endif

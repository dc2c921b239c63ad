/* SPDX-License-Identifier: MIT */
#include "base/glob.h"

#include "base/utf8.h"

static bool same(char a, char b, bool nocase) { return nocase ? ascii_lower(a) == ascii_lower(b) : a == b; }

/* Bytes of the character at t. */
static size_t step(Str text, size_t t) {
  size_t n = utf8_len(text.p[t]);
  return n < text.n - t ? n : text.n - t;
}

/* Only the last `*` needs another try: what an earlier one could give up, the last one can take. */
bool glob_fits(Str pattern, Str text, bool nocase) {
  size_t p = 0, t = 0, star = SIZE_MAX, retry = 0;
  while (t < text.n) {
    if (p < pattern.n && pattern.p[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.n && (pattern.p[p] == '?' || same(pattern.p[p], text.p[t], nocase))) {
      t += pattern.p[p++] == '?' ? step(text, t) : 1;
    } else if (star != SIZE_MAX) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.n && pattern.p[p] == '*') p++;
  return p == pattern.n;
}

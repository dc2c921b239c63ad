/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

size_t utf8_decode(Str s, size_t i, uint32_t *cp) {
  const unsigned char *p = (const unsigned char *)s.p + i;
  size_t left = s.n - i;
  uint32_t c = p[0];
  if (c < 0x80) {
    *cp = c;
    return 1;
  }
  size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  if (c < 0xC2 || c > 0xF4 || left < n) return 0;
  c &= 0x7Fu >> n;
  for (size_t k = 1; k < n; k++) {
    if ((p[k] & 0xC0) != 0x80) return 0;
    c = c << 6 | (p[k] & 0x3Fu);
  }
  static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return 0;
  *cp = c;
  return n;
}

size_t utf8_encode(uint32_t cp, char out[4]) {
  if (cp < 0x80) {
    out[0] = (char)cp;
    return 1;
  }
  if (cp < 0x800) {
    out[0] = (char)(0xC0 | cp >> 6);
    out[1] = (char)(0x80 | (cp & 0x3F));
    return 2;
  }
  if (cp < 0x10000) {
    out[0] = (char)(0xE0 | cp >> 12);
    out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[2] = (char)(0x80 | (cp & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | cp >> 18);
  out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
  out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
  out[3] = (char)(0x80 | (cp & 0x3F));
  return 4;
}

size_t utf8_check(Str s) {
  for (size_t i = 0; i < s.n;) {
    if (s.n - i >= 8 && utf8_ascii8(s.p + i)) {
      i += 8;
      continue;
    }
    uint32_t cp;
    size_t n = utf8_decode(s, i, &cp);
    if (!n) return i;
    i += n;
  }
  return s.n;
}

size_t utf8_count(Str s) {
  size_t count = 0;
  for (size_t i = 0; i < s.n; count++) {
    uint32_t cp;
    size_t n = utf8_decode(s, i, &cp);
    i += n ? n : 1;
  }
  return count;
}

#include "base/fold_table.inc"

uint32_t fold_code_point(uint32_t cp) {
  if (cp < 0x80) return (cp >= 'A' && cp <= 'Z') ? cp + 32 : cp;
  size_t low = 0, high = sizeof fold_table / sizeof *fold_table;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (fold_table[mid].from < cp) low = mid + 1;
    else high = mid;
  }
  if (low < sizeof fold_table / sizeof *fold_table && fold_table[low].from == cp) return fold_table[low].to;
  return cp;
}

unsigned fold_class(uint32_t cp, uint32_t out[4]) {
  uint32_t folded = fold_code_point(cp);
  unsigned n = 0;
  out[n++] = folded;
  if (folded < 0x80) {
    if (folded >= 'a' && folded <= 'z') out[n++] = folded - 32;
    return n;
  }
  for (size_t i = 0; i < sizeof fold_table / sizeof *fold_table && n < 4; i++)
    if (fold_table[i].to == folded) out[n++] = fold_table[i].from;
  return n;
}

bool fold_matters(Str s) {
  uint32_t cp, same[4];
  for (size_t i = 0, n; i < s.n; i += n) {
    n = utf8_decode(s, i, &cp);
    if (!n || fold_class(cp, same) > 1) return true;
  }
  return false;
}

bool fold_row(size_t i, uint32_t *from, uint32_t *to) {
  if (i >= sizeof fold_table / sizeof *fold_table) return false;
  *from = fold_table[i].from;
  *to = fold_table[i].to;
  return true;
}

/* First byte that folding changes or that is not ASCII; s.n where there is none. */
static size_t fold_start(Str s) {
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c >= 0x80 || (c >= 'A' && c <= 'Z')) return i;
  }
  return s.n;
}

Str fold_text(Arena *a, Str s) {
  size_t i = fold_start(s);
  if (i == s.n) return s;
  /* The longest growth of simple folding is from 2 bytes to 3 (U+023A). */
  char *out = arena_alloc(a, s.n + s.n / 2 + 4);
  size_t n = i;
  if (n) memcpy(out, s.p, n);
  while (i < s.n) {
    unsigned char c = (unsigned char)s.p[i];
    uint32_t cp;
    size_t len = c < 0x80 ? 0 : utf8_decode(s, i, &cp);
    if (!len) {
      out[n++] = ascii_lower((char)c);
      i++;
    } else {
      n += utf8_encode(fold_code_point(cp), out + n);
      i += len;
    }
  }
  return (Str){out, n};
}

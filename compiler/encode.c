/* SPDX-License-Identifier: MIT */
#include "compiler/encode.h"

#include "base/utf8.h"

static size_t put_byte(char *out, size_t n, uint32_t byte) { return n + utf8_encode(byte & 0xFF, out + n); }

static size_t put_unit(char *out, size_t n, uint32_t unit, Utf16Form form) {
  bool big = form == UTF16_BE;
  n = put_byte(out, n, big ? unit >> 8 : unit);
  return put_byte(out, n, big ? unit : unit >> 8);
}

Str encode_utf16(Arena *a, Str text, Utf16Form form) {
  char *out = arena_alloc(a, text.n * 4 + 4); /* a unit is at most two characters of two bytes, from at least one byte */
  size_t n = 0;
  for (size_t i = 0; i < text.n;) {
    uint32_t cp = 0xFFFD;
    size_t len = utf8_decode(text, i, &cp);
    i += len ? len : 1;
    if (cp < 0x10000) {
      n = put_unit(out, n, cp, form);
    } else {
      n = put_unit(out, n, 0xD800 + ((cp - 0x10000) >> 10), form);
      n = put_unit(out, n, 0xDC00 + ((cp - 0x10000) & 0x3FF), form);
    }
  }
  return (Str){out, n};
}

Str encode_latin1(Arena *a, Str text) {
  char *out = arena_alloc(a, text.n);
  size_t n = 0;
  for (size_t i = 0; i < text.n;) {
    uint32_t cp = 0;
    size_t len = utf8_decode(text, i, &cp);
    i += len ? len : 1;
    out[n++] = (char)(unsigned char)cp;
  }
  return (Str){out, n};
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Str encode_base64(Arena *a, Str s) {
  char *out = arena_alloc(a, (s.n + 2) / 3 * 4);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i += 3) {
    uint32_t w = (uint32_t)(unsigned char)s.p[i] << 16;
    if (i + 1 < s.n) w |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
    if (i + 2 < s.n) w |= (unsigned char)s.p[i + 2];
    out[n++] = alphabet[w >> 18];
    out[n++] = alphabet[w >> 12 & 63];
    out[n++] = i + 1 < s.n ? alphabet[w >> 6 & 63] : '=';
    out[n++] = i + 2 < s.n ? alphabet[w & 63] : '=';
  }
  return (Str){out, n};
}

Str encode_base64_offset(Arena *a, Str bytes, unsigned offset) {
  static const size_t start[3] = {0, 2, 3}, cut[3] = {0, 3, 2};
  char *shifted = arena_alloc(a, bytes.n + offset);
  if (bytes.n) memcpy(shifted + offset, bytes.p, bytes.n);
  Str all = encode_base64(a, (Str){shifted, bytes.n + offset});
  size_t end = all.n - cut[all.n ? (bytes.n + offset) % 3 : 0];
  return end > start[offset] ? str_sub(all, start[offset], end) : STR("");
}

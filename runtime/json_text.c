/* SPDX-License-Identifier: MIT */
#include "runtime/json_text.h"

#include "base/utf8.h"
#include "runtime/json_fold.h"

const char json_escapes[256] = {
  ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
};

static uint32_t hex4(const char *p) {
  uint32_t v = 0;
  for (int i = 0; i < 4; i++) v = v << 4 | ascii_hex(p[i]);
  return v;
}

/* `u` and four digits at *p, with the other half of a surrogate pair if it follows. */
static uint32_t unicode_escape(const char **p, const char *end) {
  enum { REPLACEMENT = 0xFFFD };
  uint32_t cp = hex4(*p + 1);
  *p += 5;
  if (cp < 0xD800 || cp > 0xDFFF) return cp;
  if (cp > 0xDBFF || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u') return REPLACEMENT;
  uint32_t low = hex4(*p + 2);
  if (low < 0xDC00 || low > 0xDFFF) return REPLACEMENT;
  *p += 6;
  return 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
}

/* No escape is shorter than what it stands for. */
Str json_unescape(Str raw, Arena *scratch) {
  char *start = arena_room(scratch, raw.n), *out = start;
  const char *p = raw.p, *end = raw.p + raw.n;
  while (p < end) {
    const char *backslash = memchr(p, '\\', (size_t)(end - p));
    size_t plain = (size_t)((backslash ? backslash : end) - p);
    memcpy(out, p, plain);
    out += plain;
    p += plain;
    if (p == end) break;
    p++;
    if (*p == 'u') out += utf8_encode(unicode_escape(&p, end), out);
    else *out++ = json_escaped(*p++);
  }
  return (Str){start, (size_t)(out - start)};
}

/* --- folding ------------------------------------------------------------------------------------------------ */

/* One \u escape of an ASCII character at *from; false where it is none. */
static bool fold_unicode_escape(const char **from, char **to) {
  if ((*from)[0] != '\\') return false;
  uint32_t cp = hex4(*from + 2);
  if (cp >= 0x80) return false;
  *(*to)++ = ascii_lower((char)cp);
  *from += 6;
  return true;
}

Str json_fold_by(Str raw, Arena *scratch, FoldForm form) {
  FoldAscii *fold = form == FOLD_SIMD ? fold_ascii_simd : fold_ascii_words;
  char *start = arena_room(scratch, raw.n + FOLD_ROOM), *to = start;
  const char *from = raw.p, *end = raw.p + raw.n;
  do {
    fold(&from, end, &to, true);
    if (from == end) return (Str){start, (size_t)(to - start)};
  } while (fold_unicode_escape(&from, &to));
  return fold_text(scratch, json_unescape(raw, scratch));
}

Str text_fold_by(Str s, Arena *scratch, FoldForm form) {
  if (!s.n) return s;
  FoldAscii *fold = form == FOLD_SIMD ? fold_ascii_simd : fold_ascii_words;
  char *start = arena_room(scratch, s.n + FOLD_ROOM), *to = start;
  const char *from = s.p;
  fold(&from, s.p + s.n, &to, false);
  return from == s.p + s.n ? (Str){start, s.n} : fold_text(scratch, s);
}

static FoldForm best_form(void) { return fold_has_simd() ? FOLD_SIMD : FOLD_WORDS; }
Str json_fold(Str raw, Arena *scratch) { return json_fold_by(raw, scratch, best_form()); }
Str text_fold(Str s, Arena *scratch) { return text_fold_by(s, scratch, best_form()); }

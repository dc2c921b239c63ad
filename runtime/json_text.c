/* SPDX-License-Identifier: MIT */
#include "runtime/json_text.h"

#include "base/utf8.h"
#include "runtime/json_fold.h"

char json_escaped(char c) {
  switch (c) {
  case '"':
  case '\\':
  case '/': return c;
  case 'b': return '\b';
  case 'f': return '\f';
  case 'n': return '\n';
  case 'r': return '\r';
  case 't': return '\t';
  default: return 0;
  }
}

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

enum { ESCAPE_ROOM = 32 }; /* SIMD writes whole blocks */

/* One escape of an ASCII character at *p; false where it is none. */
static bool fold_escape(const char **p, char **out) {
  const char *q = *p + 1;
  if (*q != 'u') {
    *(*out)++ = json_escaped(*q);
    *p = q + 1;
    return true;
  }
  uint32_t cp = hex4(q + 1);
  if (cp >= 0x80) return false;
  *(*out)++ = ascii_lower((char)cp);
  *p = q + 5;
  return true;
}

static size_t lower(const char *p, size_t n, char *out, FoldForm form, bool stop_at_escapes) {
  return form == FOLD_SIMD ? fold_plain_simd(p, n, out, stop_at_escapes) : fold_plain_words(p, n, out, stop_at_escapes);
}

Str json_fold_by(Str raw, Arena *scratch, FoldForm form) {
  char *start = arena_room(scratch, raw.n + ESCAPE_ROOM), *out = start;
  const char *p = raw.p, *end = raw.p + raw.n;
  for (;;) {
    size_t n = lower(p, (size_t)(end - p), out, form, true);
    p += n;
    out += n;
    if (p == end) return (Str){start, (size_t)(out - start)};
    if (*p != '\\' || !fold_escape(&p, &out)) return fold_text(scratch, json_unescape(raw, scratch));
  }
}

Str text_fold_by(Str s, Arena *scratch, FoldForm form) {
  if (!s.n) return s;
  char *out = arena_room(scratch, s.n + ESCAPE_ROOM);
  if (lower(s.p, s.n, out, form, false) == s.n) return (Str){out, s.n};
  return fold_text(scratch, s);
}

static FoldForm best_form(void) { return fold_has_simd() ? FOLD_SIMD : FOLD_WORDS; }
Str json_fold(Str raw, Arena *scratch) { return json_fold_by(raw, scratch, best_form()); }
Str text_fold(Str s, Arena *scratch) { return text_fold_by(s, scratch, best_form()); }

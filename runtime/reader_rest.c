/* SPDX-License-Identifier: MIT
 * What the fast reader meets now and then: the end of a part, \u escapes, characters that are not ASCII, fractions. */
#include "base/utf8.h"
#include "runtime/reader_internal.h"

const uint32_t *reader_seek(Reader *r, const uint32_t *mark, uint32_t to) {
  while (*mark < to) mark++;
  while (*mark == NO_MARK && r->marks.to < r->n) {
    r->find(&r->marks, r->text, to > r->marks.to ? to : r->marks.to, r->n);
    mark = r->marks.at;
  }
  return mark;
}

/* Whether an odd number of backslashes is before i. */
static bool is_escaped(const Reader *r, uint32_t i) {
  uint32_t first = i;
  while (r->text[first - 1] == '\\') first--; /* a quote is before them */
  return (i - first) % 2;
}

/* Behind an escape, whose backslash is before i; 0 where it is none. */
static uint32_t escape_end(const Reader *r, uint32_t i) {
  if (r->text[i] != 'u' || r->n - i < 5) return 0;
  for (uint32_t k = i + 1; k < i + 5; k++)
    if (ascii_hex(r->text[k]) > 15) return 0;
  return i + 5;
}

/* Behind characters that are not ASCII; 0 where they are no UTF-8. */
static uint32_t utf8_end(const Reader *r, uint32_t i) {
  if (is_escaped(r, i)) return 0;
  while ((unsigned char)r->text[i] >= 0x80) {
    uint32_t cp;
    size_t n = utf8_decode((Str){r->text, r->n}, i, &cp);
    if (!n) return 0;
    i += (uint32_t)n;
  }
  return i;
}

const uint32_t *reader_string_end(Reader *r, const uint32_t *mark, uint32_t next) {
  for (;;) {
    if (*mark < next || *mark == NO_MARK) mark = reader_seek(r, mark, next);
    if (*mark == NO_MARK) return NULL;
    unsigned char at = (unsigned char)r->text[*mark];
    if (at == '"') return mark;
    next = at >= 0x80 ? utf8_end(r, *mark) : escape_end(r, *mark);
    if (!next) return NULL;
    r->wide |= at >= 0x80;
    r->escapes |= at < 0x80;
  }
}

uint32_t reader_space_end(const char *text, uint32_t p, uint32_t n) {
  while (p < n && reader_is_space(text[p])) p++;
  return p;
}

uint32_t reader_number_end(const char *text, uint32_t p) {
  if (text[p] == '.') {
    uint32_t start = p + 1;
    p = reader_digits_end(text, start);
    if (p == start) return 0;
  }
  if (text[p] == 'e' || text[p] == 'E') {
    p++;
    uint32_t start = p + (text[p] == '+' || text[p] == '-');
    p = reader_digits_end(text, start);
    if (p == start) return 0;
  }
  return p;
}

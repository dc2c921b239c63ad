/* SPDX-License-Identifier: MIT
 * YAML in block style. A text is written in the plainest style that both versions of YAML read as this text: bare,
 * in single quotes, as a block, in double quotes. */
#include "backends/data.h"
#include "backends/data_text.h"

/* Words that some version takes for a boolean or null. */
static bool reserved(Str s) {
  static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(s, str_of(words[i]))) return true;
  return false;
}

/* Durations, versions and ids, which no version takes for a number or a date: 1h, 1.0.0, a UUID. */
static bool bare_digits(Str s) {
  size_t digits = 0, dots = 0, dashes = 0;
  for (size_t i = 0; i < s.n; i++) {
    digits += ascii_digit(s.p[i]);
    dots += s.p[i] == '.';
    dashes += s.p[i] == '-';
    if (ascii_hex(s.p[i]) == 16 && !memchr(".-smh", s.p[i], 5)) return false;
  }
  if (!s.n || !ascii_digit(s.p[0])) return false;
  if (digits + dots == s.n) return dots == 2 && ascii_digit(s.p[s.n - 1]);
  if (digits + 1 == s.n) return memchr("smhd", s.p[s.n - 1], 4) != NULL;
  return s.n == 36 && dashes == 4 && !dots;
}

/* Begins with a letter, so it is no number, date, indicator or marker; nothing in it has a meaning. */
static bool bare(Str s) {
  if (!s.n || !ascii_letter(s.p[0]) || s.p[s.n - 1] == ' ' || reserved(s)) return false;
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_letter(s.p[i]) && !ascii_digit(s.p[i]) && !memchr(" _.()/+-", s.p[i], 8)) return false;
  return true;
}

static void single_quoted(Buf *out, Str s) {
  buf_char(out, '\'');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\'') buf_char(out, '\'');
    buf_char(out, s.p[i]);
  }
  buf_char(out, '\'');
}

/* A line end at its end would need another chomping, and a block of blanks alone has no certain indentation. */
static bool can_be_block(Str s) {
  size_t blanks = 0;
  while (blanks < s.n && (s.p[blanks] == ' ' || s.p[blanks] == '\n')) blanks++;
  return blanks < s.n && s.p[s.n - 1] != '\n' && text_is_plain(s, true);
}

static void block(Buf *out, Str s, int depth) {
  bool leading = memchr(" \n\t", s.p[0], 3) != NULL; /* hides the indentation, which is then said */
  buf_str(out, leading ? STR("|2-") : STR("|-"));
  for (size_t at = 0; at <= s.n;) {
    size_t end = str_find(s, STR("\n"), at);
    if (end == SIZE_MAX) end = s.n;
    buf_char(out, '\n');
    if (end > at) buf_printf(out, "%*s", depth * 2, "");
    buf_str(out, str_sub(s, at, end));
    at = end + 1;
  }
}

static void text(Buf *out, const Data *d, int depth) {
  if (d->kind == DATA_BLOCK && can_be_block(d->text)) block(out, d->text, depth);
  else if (bare(d->text) || bare_digits(d->text)) buf_str(out, d->text);
  else if (text_is_plain(d->text, false)) single_quoted(out, d->text);
  else text_quoted(out, d->text);
}

static void members(Buf *out, const Data *d, int depth, bool at_dash);

/* What stands behind `key:` or `-`, up to the end of its last line. */
static void value(Buf *out, const Data *d, int depth, bool at_dash) {
  bool inner = (d->kind == DATA_MAP || d->kind == DATA_LIST) && d->first;
  if (!inner || at_dash) buf_char(out, ' ');
  if (inner && !at_dash) buf_char(out, '\n');
  switch (d->kind) {
  case DATA_TEXT:
  case DATA_BLOCK: text(out, d, depth); break;
  case DATA_NUMBER: buf_printf(out, "%lld", (long long)d->number); break;
  case DATA_BOOL: buf_str(out, d->number ? STR("true") : STR("false")); break;
  case DATA_LIST:
  case DATA_MAP:
    if (inner) members(out, d, depth, at_dash);
    else buf_str(out, d->kind == DATA_LIST ? STR("[]") : STR("{}"));
    break;
  }
  if (!inner) buf_char(out, '\n');
}

static void members(Buf *out, const Data *d, int depth, bool at_dash) {
  for (const Data *kid = d->first; kid; kid = kid->next) {
    if (!at_dash || kid != d->first) buf_printf(out, "%*s", depth * 2, "");
    if (d->kind == DATA_LIST) buf_char(out, '-');
    else buf_printf(out, "%s:", kid->key);
    value(out, kid, depth + 1, d->kind == DATA_LIST);
  }
}

void data_yaml(Buf *out, const Data *map) { members(out, map, 0, false); }

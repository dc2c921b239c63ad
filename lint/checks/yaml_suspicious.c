/* SPDX-License-Identifier: MIT
 * Reading tokens takes as long as reading the tree, and most files have none that a check would report. What such a token needs is
 * looked for in the bytes: a file without it is not read again. More may be suspected than there is, never less; yaml-indent,
 * which looks at every line, is not covered. tests/fuzz/fuzz_lint.c compares both ways. */
#include "lint/checks/yaml.h"

static bool blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static char at(Str s, size_t i) { return i < s.n ? s.p[i] : '\n'; }

/* yes, no, on, off, and true and false with capitals, where a value or a key stands. */
static bool truthy(Str s, size_t from) {
  static const char *const words[] = {"yes", "no", "on", "off", "true", "false", "y", "n"};
  size_t to = from;
  while (to < s.n && ascii_letter(s.p[to])) to++;
  if (to - from > 5 || !(blank(at(s, to)) || at(s, to) == ':' || at(s, to) == ',')) return false;
  Str word = str_sub(s, from, to);
  if (str_is(word, "true") || str_is(word, "false")) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(word, str_of(words[i]))) return true;
  return false;
}

/* A run of `#` that may begin a comment, or stands where one should not. */
static bool odd_comment(Str s, size_t i, char before) {
  size_t to = i;
  while (at(s, to) == '#') to++;
  if (before == '#') return false; /* its first one was judged */
  return strchr("\"']}", before) || (blank(before) && !blank(at(s, to)));
}

/* At the start of a line: indicators of documents and directives, complex keys, and more indentation than a rule needs. */
static bool odd_line(Str s, size_t i) {
  enum { DEEP = 28 };
  size_t first = i;
  while (at(s, first) == ' ') first++;
  Str rest = str_from(s, i);
  return first - i >= DEEP || at(s, i) == '%' || at(s, first) == '?' || str_starts(rest, STR("---")) ||
         str_starts(rest, STR("..."));
}

static bool odd(Str s, size_t i, char before) {
  char c = s.p[i], next = at(s, i + 1);
  switch (c) {
  case '\t':
  case '\r':
  case '[':
  case '{': return c == '\t' || c == '\r' || !before || blank(before) || strchr(":-,", before);
  case '&':
  case '*':
  case '!': return blank(before) || strchr(":-,?", before);
  case ':': return (blank(before) && blank(next)) || (next == ' ' && at(s, i + 2) == ' ');
  case '-': return blank(before) && next == ' ' && (at(s, i + 2) == ' ' || at(s, i + 2) == '-');
  case '#': return odd_comment(s, i, before);
  default: return ascii_letter(c) && blank(before) && truthy(s, i);
  }
}

bool yaml_suspicious(Str s) {
  if (str_starts(s, STR("\xEF\xBB\xBF"))) s = str_from(s, 3); /* a byte order mark is no character of the first line */
  for (size_t i = 0; i < s.n; i++) {
    char before = i ? s.p[i - 1] : '\n';
    if (ascii_letter(s.p[i]) && ascii_letter(before)) continue; /* most of a file */
    if ((before == '\n' && odd_line(s, i)) || odd(s, i, before)) return true;
  }
  return false;
}

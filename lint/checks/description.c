/* SPDX-License-Identifier: MIT
 * Descriptions. */
#include "base/utf8.h"
#include "lint/checks/metadata.h"

enum { SHORTEST = 16 };

/* `Detects`, which the convention asks for, and what is used in its place, in any form of the verb. */
static bool starts_well(Str text) {
  return str_starts(text, STR("Detect")) || str_starts(text, STR("Identif")) || str_starts(text, STR("Monitor"));
}

void check_description(Lint *l, const LintAt *at) {
  const YamlNode *n = meta_text(at->doc, "description");
  if (!n) return;
  size_t length = utf8_count(n->text), from, to, i = 0;
  if (length < SHORTEST)
    lint_report(l, CHECK_description_too_short, n->at, "`description` has %zu characters, less than %d", length, SHORTEST);
  if (starts_well(n->text) || !meta_word(n->text, &i, &from, &to)) return;
  lint_report(l, CHECK_description_start, yaml_sub_span(n, from, to), "the description does not start with `Detects`");
}

/* The first byte at or after `from` where `word` stands, in any letter case; SIZE_MAX. */
static size_t find_nocase(Str text, Str word) {
  for (size_t i = 0; i + word.n <= text.n; i++)
    if (str_eq_nocase(str_sub(text, i, i + word.n), word)) return i;
  return SIZE_MAX;
}

static bool has_references(const LintDoc *doc) {
  const YamlNode *n = meta_value(doc, "references");
  return n ? n->kind == YAML_SCALAR || n->n : !yaml_get(doc->root, "references") && lint_key(doc, "references");
}

/* The description stays as it is: what it says of the link may need it. */
static void add_reference(Lint *l, const LintDoc *doc, Str link) {
  size_t n = link.n;
  while (n && strchr(".,;:!?)>]}'\"", link.p[n - 1])) n--;
  bool is_link = str_starts(link, STR("http")) && n > strlen("https://");
  if (is_link && !memchr(link.p, '<', n) && !lint_key(doc, "references"))
    meta_add_to_list(l, doc, "references", str_sub(link, 0, n));
}

void check_description_link(Lint *l, const LintAt *at) {
  static const char *const words[] = {"http://", "https://", "internal research"};
  const YamlNode *n = meta_text(at->doc, "description");
  size_t first = SIZE_MAX, end = 0;
  if (!n || has_references(at->doc)) return;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t found = find_nocase(n->text, str_of(words[i]));
    if (found < first) first = found, end = found + strlen(words[i]);
  }
  if (first == SIZE_MAX) return;
  while (end < n->text.n && (unsigned char)n->text.p[end] > ' ') end++;
  Str link = str_sub(n->text, first, end);
  lint_report(l, CHECK_link_in_description, yaml_sub_span(n, first, end), "`" STR_FMT "` in the description, and no `references`",
              STR_ARG(link));
  lint_hint(l, "add it to `references`");
  add_reference(l, at->doc, link);
}

/* The next letter, digit or other character that is no ASCII punctuation or blank; false behind the last. */
static bool next_letter(Str s, size_t *i, char *c) {
  while (*i < s.n && !ascii_letter(s.p[*i]) && !ascii_digit(s.p[*i]) && (unsigned char)s.p[*i] < 0x80) ++*i;
  if (*i >= s.n) return false;
  *c = s.p[(*i)++];
  return true;
}

static bool says_the_same(Str a, Str b) {
  size_t i = 0, j = 0, letters = 0;
  for (char x, y;; letters++) {
    bool more = next_letter(a, &i, &x);
    if (more != next_letter(b, &j, &y)) return false;
    if (!more) return letters;
    if (ascii_lower(x) != ascii_lower(y)) return false;
  }
}

void check_description_title(Lint *l, const LintAt *at) {
  const YamlNode *n = meta_text(at->doc, "description"), *title = meta_text(at->doc, "title");
  if (!n || !title || !says_the_same(n->text, title->text)) return;
  lint_report(l, CHECK_description_equals_title, n->at, "`description` says what `title` says");
  lint_hint(l, "say what the rule looks for, and why that matters");
}

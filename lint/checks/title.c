/* SPDX-License-Identifier: MIT
 * Titles by the title convention of SigmaHQ. */
#include "base/utf8.h"
#include "lint/checks/fixes.h"
#include "lint/checks/metadata.h"

/* What is left begins with a capital letter. */
static void drop_start(Lint *l, const LintAt *at, const YamlNode *title, size_t n) {
  while (n < title->text.n && title->text.p[n] == ' ') n++;
  if (n == title->text.n) return;
  char first = title->text.p[n];
  bool small = first >= 'a' && first <= 'z';
  if (small) first = (char)(first - 32);
  edit_part(l, at->file, title, 0, n + small, (Str){&first, small});
}

void check_title_ends(Lint *l, const LintAt *at) {
  static const char *const starts[] = {"Detect ", "Detects "};
  const YamlNode *title = meta_text(at->doc, "title");
  if (!title) return;
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
    size_t n = strlen(starts[i]);
    if (!str_starts(title->text, str_of(starts[i]))) continue;
    lint_report(l, CHECK_title_start, yaml_sub_span(title, 0, n - 1), "the title starts with `%.*s`", (int)n - 1, starts[i]);
    lint_hint(l, "drop the word");
    drop_start(l, at, title, n);
  }
  size_t n = title->text.n;
  if (!str_ends(title->text, STR("."))) return;
  lint_report(l, CHECK_title_end, yaml_sub_span(title, n - 1, n), "the title ends with a full stop");
  lint_hint(l, "delete it");
  edit_part(l, at->file, title, n - 1, n, STR(""));
}

/* --- letter case --------------------------------------------------------------------------------------------- */

static bool small_word(Str word) {
  static const char *const words[] = {"a",  "an", "and", "as",   "at",  "by",      "for", "from", "in",   "new",
                                      "of", "on", "or",  "over", "the", "through", "to",  "via",  "with", "without"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(word, words[i])) return true;
  return false;
}

/* There is a letter in it, and none is a capital one. */
static bool all_lower(Str word) {
  bool letter = false;
  for (size_t i = 0, n; i < word.n; i += n) {
    uint32_t cp, same[4];
    n = utf8_decode(word, i, &cp);
    if (!n) return false;
    if (cp < 0x80 ? cp >= 'A' && cp <= 'Z' : fold_code_point(cp) != cp) return false;
    letter |= cp < 0x80 ? cp >= 'a' && cp <= 'z' : fold_class(cp, same) > 1;
  }
  return letter;
}

static bool looks_like_a_name(Str word) {
  return ascii_digit(word.p[0]) || memchr(word.p, '.', word.n) || memchr(word.p, '/', word.n) || memchr(word.p, '_', word.n);
}

void check_title_case(Lint *l, const LintAt *at) {
  const YamlNode *title = meta_text(at->doc, "title");
  size_t from, to;
  for (size_t i = 0; title && meta_word(title->text, &i, &from, &to);) {
    Str word = str_sub(title->text, from, to);
    if (looks_like_a_name(word) || small_word(word) || !all_lower(word)) continue;
    lint_report(l, CHECK_title_case, yaml_sub_span(title, from, to), "`" STR_FMT "` is in lower case", STR_ARG(word));
    lint_hint(l, "start it with a capital letter");
    fix_capital(l, at->file, title, from + (word.n > 1 && strchr("(\"'", word.p[0]) != NULL));
  }
}

/* --- word and level ------------------------------------------------------------------------------------------ */

static bool contradicts(Str word, Str level) {
  if (str_is(word, "Suspicious")) return str_is(level, "low") || str_is(level, "informational");
  return str_is(word, "Potential") && str_is(level, "critical");
}

void check_title_level(Lint *l, const LintAt *at) {
  const YamlNode *title = meta_text(at->doc, "title");
  Str level = at->doc->rule->level.text;
  size_t from, to;
  for (size_t i = 0; title && level.n && meta_word(title->text, &i, &from, &to);) {
    Str word = str_sub(title->text, from, to);
    if (!contradicts(word, level)) continue;
    lint_report(l, CHECK_title_level, yaml_sub_span(title, from, to), "`" STR_FMT "` is no word for the level `" STR_FMT "`",
                STR_ARG(word), STR_ARG(level));
    return;
  }
}

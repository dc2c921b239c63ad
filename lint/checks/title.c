/* SPDX-License-Identifier: MIT
 * `title`: specification, "Title"; SigmaHQ's title convention. */
#include "base/utf8.h"
#include "lint/lint.h"

static const YamlNode *title_of(const LintDoc *doc) {
  const YamlNode *n = yaml_get(doc->root, "title");
  return n && n->kind == YAML_SCALAR && n->text.n ? n : NULL;
}

void check_title_length(Lint *l, const LintAt *at) {
  enum { LONGEST = 256, LONGEST_SIGMAHQ = 120 };
  const YamlNode *n = title_of(at->doc);
  size_t chars = n ? utf8_count(n->text) : 0;
  if (chars > LONGEST)
    lint_report_as(l, CHECK_title_too_long, SEV_ERROR, n->at, "`title` has %zu characters, at most %d are allowed", chars, LONGEST);
  else if (chars > LONGEST_SIGMAHQ && l->profile >= PROFILE_SIGMAHQ)
    lint_report(l, CHECK_title_too_long, n->at, "`title` has %zu characters, at most %d are wanted", chars, LONGEST_SIGMAHQ);
}

/* Words that a title may have in lower case. */
static bool is_small(Str word) {
  static const char *const small[] = {"a",  "an", "and", "as",   "at",  "by",      "for", "from", "in",   "new",
                                      "of", "on", "or",  "over", "the", "through", "to",  "via",  "with", "without"};
  for (size_t i = 0; i < sizeof small / sizeof *small; i++)
    if (str_is(word, small[i])) return true;
  return false;
}

/* Has a lower-case letter and no capital; letters outside of ASCII that fold to others are capitals. */
static bool is_lower(Str word) {
  bool letters = false;
  uint32_t cp;
  for (size_t i = 0, n; i < word.n; i += n) {
    n = utf8_decode(word, i, &cp);
    if (!n) return false;
    if (fold_code_point(cp) != cp) return false;
    letters |= cp < 0x80 ? ascii_letter((char)cp) : true;
  }
  return letters;
}

/* Names of files, paths and of functions stay as they are. */
static bool has_mark(Str word) {
  for (size_t i = 0; i < word.n; i++)
    if (word.p[i] == '.' || word.p[i] == '/' || word.p[i] == '_') return true;
  return ascii_digit(word.p[0]);
}

static void check_words(Lint *l, const YamlNode *n) {
  for (size_t from = 0, to; from < n->text.n; from = to + 1) {
    to = str_find(n->text, STR(" "), from);
    if (to == SIZE_MAX) to = n->text.n;
    Str word = str_sub(n->text, from, to);
    if (!word.n || !is_lower(word) || is_small(word) || has_mark(word)) continue;
    lint_report(l, CHECK_title_case, yaml_sub_span(n, from, to), "the word `" STR_FMT "` of `title` is in lower case",
                STR_ARG(word));
  }
}

void check_title(Lint *l, const LintAt *at) {
  const YamlNode *n = title_of(at->doc);
  if (!n) return;
  Str t = n->text;
  size_t first = str_starts(t, STR("Detects ")) ? 7 : str_starts(t, STR("Detect ")) ? 6 : 0;
  if (first)
    lint_report(l, CHECK_title_start, yaml_sub_span(n, 0, first), "`title` starts with `" STR_FMT "`",
                STR_ARG(str_sub(t, 0, first)));
  if (str_ends(t, STR("."))) lint_report(l, CHECK_title_end, yaml_sub_span(n, t.n - 1, t.n), "`title` ends with a full stop");
  check_words(l, n);
}

/* Of a file with one document. */
void check_title_first(Lint *l, const LintAt *at) {
  const YamlNode *root = at->doc->root;
  if (at->file->docs.docs.n != 1 || !root->n || str_is(root->pairs[0].key->text, "title")) return;
  lint_report(l, CHECK_title_first, root->pairs[0].key->at, "the first key is `" STR_FMT "`, not `title`",
              STR_ARG(root->pairs[0].key->text));
}

/* sigmahq-title-convention.md: Suspicious is for medium and above, Potential stands for doubt. */
void check_title_level(Lint *l, const LintAt *at) {
  const YamlNode *n = title_of(at->doc);
  Str level = at->doc->rule->level.text;
  bool low = str_is(level, "low") || str_is(level, "informational");
  const char *word = low ? "Suspicious" : str_is(level, "critical") ? "Potential" : NULL;
  if (!n || !word) return;
  size_t from = str_find(n->text, str_of(word), 0);
  if (from == SIZE_MAX) return;
  lint_report(l, CHECK_title_level, yaml_sub_span(n, from, from + strlen(word)), "`%s` in the title of a rule of level " STR_FMT,
              word, STR_ARG(level));
}

/* SPDX-License-Identifier: MIT
 * Lists of texts: references, falsepositives, fields, scope. */
#include "base/utf8.h"
#include "lint/lint.h"

/* Entries of a list; a text alone counts as a list of one. */
static uint32_t entries(const LintDoc *doc, const char *key, const YamlNode *const **out) {
  const YamlNode *n = yaml_get(doc->root, key);
  if (!n || n->kind != YAML_LIST) return 0;
  *out = n->items;
  return n->n;
}

/* For each entry that came before: the check, at the second. Folded: letter case aside. */
static void check_repeated(Lint *l, const LintDoc *doc, const char *key, CheckId check, bool folded) {
  const YamlNode *const *list = NULL;
  uint32_t n = entries(doc, key, &list);
  if (n < 2 || !lint_enabled(l, check)) return;
  Intern seen;
  intern_init(&seen, l->arena);
  for (uint32_t i = 0; i < n; i++) {
    if (list[i]->kind != YAML_SCALAR) continue;
    uint32_t known = seen.names.n;
    if (intern_id(&seen, folded ? fold_text(l->arena, list[i]->text) : list[i]->text) < known)
      lint_report(l, check, list[i]->at, "`" STR_FMT "` stands in `%s` twice", STR_ARG(list[i]->text), key);
  }
}

/* --- references ---------------------------------------------------------------------------------------------- */

/* 40 hexadecimal digits between slashes. */
static bool has_commit(Str url) {
  size_t digits = 0;
  for (size_t i = 0; i <= url.n; i++) {
    bool end = i == url.n || url.p[i] == '/' || url.p[i] == '?' || url.p[i] == '#';
    if (end && digits == 40) return true;
    digits = end ? 0 : ascii_hex(url.p[i]) < 16 ? digits + 1 : digits + 1000;
  }
  return false;
}

static bool is_branch_link(Str url) {
  static const char *const hosts[] = {"https://github.com/", "https://gitlab.com/", "http://github.com/", "http://gitlab.com/"};
  bool host = false;
  for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) host |= str_starts(url, str_of(hosts[i]));
  return host && str_find(url, STR("/blob/"), 0) != SIZE_MAX && !has_commit(url);
}

void check_references(Lint *l, const LintAt *at) {
  const YamlNode *const *list = NULL;
  uint32_t n = entries(at->doc, "references", &list);
  for (uint32_t i = 0; i < n; i++) {
    if (!yaml_is_text(list[i])) continue;
    if (str_starts(list[i]->text, STR("https://attack.mitre.org/")))
      lint_report(l, CHECK_mitre_link, list[i]->at, "a link to attack.mitre.org");
    if (is_branch_link(list[i]->text))
      lint_report(l, CHECK_github_branch_link, list[i]->at, "the link names a branch, not a commit: what stands there will change");
  }
  check_repeated(l, at->doc, "references", CHECK_duplicate_reference, false);
}

/* --- falsepositives ------------------------------------------------------------------------------------------ */

static bool starts_low(Str s) {
  uint32_t cp;
  if (!s.n || !utf8_decode(s, 0, &cp)) return false;
  return cp < 0x80 ? s.p[0] >= 'a' && s.p[0] <= 'z' : false;
}

static const char *banned_word(Str word) {
  static const char *const words[] = {"none", "pentest", "penetration"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(word, str_of(words[i]))) return words[i];
  return NULL;
}

static const char *typo_of(Str word) {
  static const char *const words[][2] = {{"unkown", "unknown"},
                                         {"ligitimate", "legitimate"},
                                         {"legitim", "legitimate"},
                                         {"legitimeate", "legitimate"},
                                         {"unknow", "unknown"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(word, str_of(words[i][0]))) return words[i][1];
  return NULL;
}

static void check_words(Lint *l, const YamlNode *n) {
  for (size_t from = 0, to; from < n->text.n; from = to + 1) {
    to = from;
    while (to < n->text.n && (ascii_letter(n->text.p[to]) || (unsigned char)n->text.p[to] >= 0x80)) to++;
    Str word = str_sub(n->text, from, to);
    const char *right = typo_of(word);
    if (banned_word(word))
      lint_report(l, CHECK_falsepositive_banned, yaml_sub_span(n, from, to), "`" STR_FMT "` says nothing of false positives",
                  STR_ARG(word));
    if (!right) continue;
    lint_report(l, CHECK_falsepositive_typo, yaml_sub_span(n, from, to), "`" STR_FMT "` is misspelt", STR_ARG(word));
    lint_hint(l, "write `%s`", right);
  }
}

void check_falsepositives(Lint *l, const LintAt *at) {
  const YamlNode *const *list = NULL;
  uint32_t n = entries(at->doc, "falsepositives", &list);
  for (uint32_t i = 0; i < n; i++) {
    if (!yaml_is_text(list[i])) continue;
    if (utf8_count(list[i]->text) < 2)
      lint_report(l, CHECK_falsepositive_too_short, list[i]->at, "an entry of fewer than 2 characters");
    if (starts_low(list[i]->text))
      lint_report(l, CHECK_falsepositive_case, list[i]->at, "the entry does not start with a capital letter");
    check_words(l, list[i]);
  }
  check_repeated(l, at->doc, "falsepositives", CHECK_duplicate_falsepositive, true);
}

/* --- fields, scope ------------------------------------------------------------------------------------------- */

void check_fields_list(Lint *l, const LintAt *at) {
  const YamlNode *key = yaml_key(at->doc->root, "fields");
  if (key) lint_report(l, CHECK_fields_deprecated, key->at, "`fields` is not used any more");
  check_repeated(l, at->doc, "fields", CHECK_duplicate_field_entry, false);
}

void check_scope(Lint *l, const LintAt *at) {
  const YamlNode *const *list = NULL;
  uint32_t n = entries(at->doc, "scope", &list);
  for (uint32_t i = 0; i < n; i++)
    if (yaml_is_text(list[i]) && utf8_count(list[i]->text) < 2)
      lint_report(l, CHECK_scope_too_short, list[i]->at, "an entry of fewer than 2 characters");
}

/* SPDX-License-Identifier: MIT
 * Attributes of a document one by one: id, status, name, description, related. */
#include "base/utf8.h"
#include "lint/lint.h"

/* RFC 9562: the version stands in the third group, the variant in the fourth. */
void check_id_version(Lint *l, const LintAt *at) {
  const Text *id = &at->doc->rule->id;
  if (id->text.n != 36) return;
  char version = id->text.p[14], variant = ascii_lower(id->text.p[19]);
  bool random = version == '4' && (variant == '8' || variant == '9' || variant == 'a' || variant == 'b');
  if (!random) lint_report(l, CHECK_id_not_v4, id->at, "the UUID is not a random one (version 4)");
}

static bool below(Str path, const char *folder, bool prefix) {
  for (size_t from = 0, to; (to = str_find(path, STR("/"), from)) != SIZE_MAX; from = to + 1) {
    Str part = str_sub(path, from, to);
    if (prefix ? str_starts(part, str_of(folder)) : str_is(part, folder)) return true;
  }
  return false;
}

/* The folders of SigmaHQ's repository: deprecated/, unsupported/, rules*. */
void check_status_folder(Lint *l, const LintAt *at) {
  const Text *status = &at->doc->rule->status;
  static const char *const own[] = {"deprecated", "unsupported"};
  for (unsigned i = 0; i < 2 && status->text.n; i++) {
    bool here = below(at->file->path, own[i], false), is = str_is(status->text, own[i]);
    if (is && !here && below(at->file->path, "rules", true))
      lint_report(l, CHECK_status_folder, status->at, "a rule that is %s stands among the active ones", own[i]);
    if (here && !is)
      lint_report(l, CHECK_status_folder, status->at, "`status` is " STR_FMT " in a folder %s/", STR_ARG(status->text), own[i]);
  }
}

static const char *const starts[] = {"Detects",   "Detect",   "Identifies", "Identify", "Monitors",
                                     "Detection", "Attempts", "Attempt",    "Alerts"};

static bool starts_well(Str s) {
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
    if (str_starts(s, str_of(starts[i]))) return true;
  return false;
}

/* The first link in it; SIZE_MAX where there is none. */
static size_t find_link(Str s) {
  static const char *const marks[] = {"http://", "https://", "internal research"};
  size_t first = SIZE_MAX;
  for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
    size_t n = strlen(marks[k]);
    for (size_t i = 0; i + n <= s.n && i < first; i++)
      if (str_eq_nocase(str_sub(s, i, i + n), str_of(marks[k]))) first = i;
  }
  return first;
}

static size_t link_end(Str s, size_t from) {
  while (from < s.n && s.p[from] != ' ' && s.p[from] != '\n') from++;
  return from;
}

void check_description(Lint *l, const LintAt *at) {
  enum { SHORTEST = 16, LONGEST = 65535 };
  const YamlNode *n = yaml_get(at->doc->root, "description");
  if (!n || n->kind != YAML_SCALAR) return;
  size_t chars = utf8_count(n->text), link = lint_key(at->doc, "references") ? SIZE_MAX : find_link(n->text);
  if (chars < SHORTEST)
    lint_report(l, CHECK_description_too_short, n->at, "`description` has %zu characters, fewer than %d say little", chars,
                SHORTEST);
  if (chars > LONGEST)
    lint_report(l, CHECK_description_too_long, n->at, "`description` has %zu characters, more than %d", chars, LONGEST);
  if (!starts_well(n->text))
    lint_report(l, CHECK_description_start, n->at, "`description` does not start with `Detects` or the like");
  if (link != SIZE_MAX)
    lint_report(l, CHECK_link_in_description, yaml_sub_span(n, link, link_end(n->text, link)),
                "a link in `description`, and no `references`");
}

static void check_length(Lint *l, const LintDoc *doc, CheckId check, const char *key) {
  enum { LONGEST = 256 };
  const YamlNode *n = yaml_get(doc->root, key);
  size_t chars = yaml_is_text(n) ? utf8_count(n->text) : 0;
  if (chars > LONGEST) lint_report(l, check, n->at, "`%s` has %zu characters, more than %d", key, chars, LONGEST);
}

void check_names(Lint *l, const LintAt *at) {
  check_length(l, at->doc, CHECK_name_too_long, "name");
  check_length(l, at->doc, CHECK_taxonomy_too_long, "taxonomy");
}

void check_deprecated(Lint *l, const LintAt *at) {
  const YamlNode *related = yaml_get(at->doc->root, "related");
  const Text *status = &at->doc->rule->status;
  bool given = related ? related->kind != YAML_LIST || related->n : lint_key(at->doc, "related") != NULL;
  if (str_is(status->text, "deprecated") && !given)
    lint_report(l, CHECK_deprecated_without_related, status->at, "deprecated, and `related` does not say by which rule");
}

/* Sigma 1, "Rule collections". */
void check_multi_action(Lint *l, const LintAt *at) {
  for (uint32_t i = 0; i < at->file->docs.docs.n; i++) {
    const YamlNode *root = at->file->docs.docs.p[i];
    const YamlNode *key = root->kind == YAML_MAP ? yaml_key(root, "action") : NULL;
    if (key) lint_report(l, CHECK_yaml_multi_action, key->at, "`action` was removed in Sigma 2: write each rule out in full");
  }
}

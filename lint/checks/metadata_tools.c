/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "lint/checks/metadata.h"
#include "lint/edit.h"

bool meta_applies(const LintDoc *doc) {
  const YamlNode *root = doc->root;
  if (root->kind != YAML_MAP) return false;
  return doc->rule->kind != DOC_RULE || yaml_get(root, "detection") || yaml_get(root, "logsource") || yaml_get(root, "title");
}

const YamlNode *meta_value(const LintDoc *doc, const char *key) {
  const YamlNode *n = doc->root->kind == YAML_MAP ? yaml_get(doc->root, key) : NULL;
  return yaml_is_null(n) ? NULL : n;
}

const YamlNode *meta_text(const LintDoc *doc, const char *key) {
  const YamlNode *n = meta_value(doc, key);
  return yaml_is_text(n) ? n : NULL;
}

const YamlNode *meta_list(const LintDoc *doc, const char *key) {
  const YamlNode *n = meta_value(doc, key);
  return n && n->kind == YAML_LIST ? n : NULL;
}

int64_t meta_day(Text t) {
  char day[10];
  if (t.text.n != sizeof day) return LINT_NO_DAY;
  memcpy(day, t.text.p, sizeof day);
  if (day[4] == '/' && day[7] == '/') day[4] = day[7] = '-';
  return lint_day((Str){day, sizeof day});
}

bool meta_word(Str text, size_t *at, size_t *from, size_t *to) {
  while (*at < text.n && text.p[*at] == ' ') ++*at;
  if (*at >= text.n) return false;
  *from = *at;
  while (*at < text.n && text.p[*at] != ' ') ++*at;
  *to = *at;
  return true;
}

void meta_duplicates(Lint *l, const LintFile *file, CheckId check, const YamlNode *list, bool fold_case) {
  Intern seen;
  if (!list || !lint_enabled(l, check)) return;
  Arena *scratch = arena_sub(l->arena);
  intern_init(&seen, scratch);
  for (uint32_t i = 0; i < list->n; i++) {
    const YamlNode *e = list->items[i];
    uint32_t known = seen.names.n;
    if (!yaml_is_text(e)) continue;
    if (intern_id(&seen, fold_case ? fold_text(scratch, e->text) : e->text) == known) continue;
    lint_report(l, check, e->at, "`" STR_FMT "` is listed twice", STR_ARG(e->text));
    lint_hint(l, "delete one of them");
    edit_drop_item(l, file, list, i);
  }
  arena_sub_done(scratch);
}

void meta_too_short(Lint *l, CheckId check, const YamlNode *list) {
  for (uint32_t i = 0; list && i < list->n; i++) {
    const YamlNode *e = list->items[i];
    if (!yaml_is_text(e) || utf8_count(e->text) >= 2) continue;
    lint_report(l, check, e->at, "`" STR_FMT "` is shorter than 2 characters", STR_ARG(e->text));
  }
}

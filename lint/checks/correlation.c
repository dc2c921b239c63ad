/* SPDX-License-Identifier: MIT
 * Correlations: what the compiler takes, but is probably not meant, and the windows of rsigma, which it ignores. */
#include "lint/edit.h"

/* The map `correlation`; NULL where the document has none. */
static const YamlNode *correlation_map(const LintDoc *doc) {
  const YamlNode *map = doc->rule->kind == DOC_CORRELATION ? yaml_get(doc->root, "correlation") : NULL;
  return map && map->kind == YAML_MAP ? map : NULL;
}

static bool text_is(const YamlNode *n, const char *word) { return yaml_is_text(n) && str_is(n->text, word); }

/* --- rules --------------------------------------------------------------------------------------------------- */

/* By name and by id a rule is the same one. */
static void find_duplicates(Lint *l, const LintFile *file, const YamlNode *list, const TextList *rules) {
  Arena *scratch = arena_sub(l->arena);
  Intern seen;
  intern_init(&seen, scratch);
  const Rule **to = arena_array(scratch, const Rule *, rules->n);
  for (uint32_t i = 0; i < rules->n; i++) {
    Text name = rules->p[i];
    uint32_t known = seen.names.n;
    to[i] = rules_find(&l->compiler.rules, name.text);
    if (intern_id(&seen, to[i] ? (Str){(const char *)&to[i], sizeof to[i]} : name.text) == known) continue;
    lint_report(l, CHECK_correlation_duplicate_rule, name.at, "the rule `" STR_FMT "` is named twice", STR_ARG(name.text));
    if (list->n == rules->n) edit_drop_item(l, file, list, i);
  }
  arena_sub_done(scratch);
}

void check_correlation_rules(Lint *l, const LintAt *at) {
  const YamlNode *map = correlation_map(at->doc), *list = map ? yaml_get(map, "rules") : NULL, *type;
  const TextList *rules = &at->doc->rule->correlation.rules;
  if (!list) return;
  type = yaml_get(map, "type");
  bool ordered = text_is(type, "temporal_ordered");
  if (list->kind == YAML_LIST && !list->n) lint_report(l, CHECK_correlation_empty_rules, list->at, "`rules` is empty");
  if (rules->n == 1 && (ordered || text_is(type, "temporal")))
    lint_report(l, CHECK_correlation_min_rules, list->at, "a correlation of type `" STR_FMT "` needs two rules or more",
                STR_ARG(type->text));
  if (!ordered) find_duplicates(l, at->file, list, rules);
}

/* --- group-by ------------------------------------------------------------------------------------------------ */

void check_correlation_group_by(Lint *l, const LintAt *at) {
  const YamlNode *map = correlation_map(at->doc), *n = map ? yaml_get(map, "group-by") : NULL;
  if (!map) return;
  if (!n) {
    lint_report(l, CHECK_correlation_no_group_by, yaml_key(at->doc->root, "correlation")->at, "no `group-by`");
    lint_hint(l, "name the fields that the events must share");
  } else if (yaml_is_null(n) || (n->kind == YAML_LIST && !n->n)) {
    lint_report(l, CHECK_correlation_no_group_by, n->at, "`group-by` is empty");
  }
}

/* --- windows (rsigma-parser 0.23, lint/rules/correlation.rs) ---------------------------------------------------- */

/* `rsigma.window` at the top goes before `window` in the correlation. */
static YamlPair extension(const LintDoc *doc, const YamlNode *map, const char *top, const char *inner) {
  const YamlNode *from = yaml_key(doc->root, top) ? doc->root : map;
  const char *key = from == map ? inner : top;
  return (YamlPair){yaml_key(from, key), yaml_get(from, key)};
}

static bool is_window(const YamlNode *n) { return text_is(n, "sliding") || text_is(n, "tumbling") || text_is(n, "session"); }

static void check_gap(Lint *l, const YamlNode *n) {
  uint64_t seconds;
  if (yaml_is_text(n) && timespan_parse(n->text, &seconds)) return;
  lint_report(l, CHECK_correlation_gap, n->at, "`gap` is not a positive number with a unit");
  lint_hint(l, "write it as in 30s, 5m, 1h");
}

void check_correlation_window(Lint *l, const LintAt *at) {
  const YamlNode *map = correlation_map(at->doc);
  if (!map) return;
  YamlPair window = extension(at->doc, map, "rsigma.window", "window"), gap = extension(at->doc, map, "rsigma.gap", "gap");
  if (gap.key) check_gap(l, gap.value);
  if (window.key && !is_window(window.value)) {
    lint_report(l, CHECK_correlation_window, window.value->at, "`window` is not sliding, tumbling or session");
    return;
  }
  bool session = window.key && text_is(window.value, "session");
  if (session && !gap.key) lint_report(l, CHECK_correlation_gap_missing, window.key->at, "`window: session` needs `gap`");
  if (!session && gap.key)
    lint_report(l, CHECK_correlation_gap_unused, gap.key->at, "`gap` has no meaning without `window: session`");
}

/* SPDX-License-Identifier: MIT */
#include "base/intern.h"
#include "compiler/rule_internal.h"

/* Where a value is wrong: of an empty one (`key:`), which has no characters, the key. */
static Span value_or_key(const YamlNode *key, const YamlNode *value) {
  return yaml_is_null(value) && !value->text.n ? key->at : value->at;
}

Span doc_start(const DocReader *r) {
  Span at = r->rule->at;
  return (Span){at.file, at.start, at.start + (at.end > at.start)};
}

/* --- detection rules --------------------------------------------------------------------------------------- */

static bool listed(Str s, const char *const *words) {
  for (; *words; words++)
    if (str_is(s, *words)) return true;
  return false;
}

void read_detections(DocReader *r, const YamlNode *map, const char *const *not_identifiers) {
  r->rule->detections = arena_array(r->arena, Detection, map->n);
  for (uint32_t i = 0; i < map->n; i++) {
    const YamlPair *p = &map->pairs[i];
    if (listed(p->key->text, not_identifiers)) continue;
    const YamlNode *v = p->value;
    if (yaml_is_null(v) || (v->kind != YAML_SCALAR && v->n == 0)) {
      diag_error(r->diags, ID_empty_selection, value_or_key(p->key, v), "the search identifier `" STR_FMT "` is %s",
                 STR_ARG(p->key->text), yaml_kind_words(v));
      diag_hint(r->diags, "give it items, or delete it");
      r->rule->broken = true;
    }
    r->rule->detections[r->rule->n_detections++] = (Detection){p->key->text, p->key->at, v};
  }
}

static void condition_error(DocReader *r, Span at, const YamlNode *n, const char *message) {
  diag_error(r->diags, ID_condition_type, at, "%s, not %s", message, yaml_kind_words(n));
  r->rule->broken = true;
}

static void read_conditions(DocReader *r, const YamlNode *detection) {
  const YamlNode *n = yaml_get(detection, "condition");
  if (!n) {
    diag_error(r->diags, ID_missing_condition, yaml_key(r->rule->root, "detection")->at, "no `condition` in `detection`");
    diag_hint(r->diags, "add a line such as `condition: selection`");
    r->rule->broken = true;
    return;
  }
  if (!yaml_is_text(n) && (n->kind != YAML_LIST || !n->n)) {
    condition_error(r, value_or_key(yaml_key(detection, "condition"), n), n, "`condition` must be text or a list of texts");
    return;
  }
  uint32_t count = n->kind == YAML_LIST ? n->n : 1;
  r->rule->conditions = arena_array(r->arena, const YamlNode *, count);
  for (uint32_t i = 0; i < count; i++) {
    const YamlNode *c = n->kind == YAML_LIST ? n->items[i] : n;
    if (yaml_is_text(c)) r->rule->conditions[r->rule->n_conditions++] = c;
    else condition_error(r, c->at, c, "each condition must be text");
  }
}

static void read_rule(DocReader *r) {
  static const char *const not_identifiers[] = {"condition", "timeframe", NULL};
  const YamlNode *d = yaml_get(r->rule->root, "detection");
  read_logsource(r, ID_missing_logsource);
  if (!d || d->kind != YAML_MAP) {
    diag_error(r->diags, ID_missing_detection, d ? value_or_key(yaml_key(r->rule->root, "detection"), d) : doc_start(r),
               d ? "`detection` must be a map, not %s" : "no `detection`%s", d ? yaml_kind_words(d) : "");
    r->rule->broken = true;
    return;
  }
  const YamlNode *timeframe = yaml_key(d, "timeframe");
  if (timeframe) {
    diag_warning(r->diags, ID_timeframe, timeframe->at, "`timeframe` has no effect");
    diag_hint(r->diags, "write a correlation with `timespan`");
  }
  read_detections(r, d, not_identifiers);
  if (!r->rule->n_detections) {
    diag_error(r->diags, ID_empty_detection, yaml_key(r->rule->root, "detection")->at, "`detection` has no search identifier");
    r->rule->broken = true;
  }
  read_conditions(r, d);
  if (!r->rule->n_detections) r->rule->n_conditions = 0; /* whatever they name is not there: said above */
}

/* --- documents --------------------------------------------------------------------------------------------- */

static void read_document(RuleSet *set, const YamlNode *root, Span at, uint32_t file, Arena *arena, Diags *diags) {
  Rule *rule = vec_add(arena, &set->list);
  *rule = (Rule){.file = file, .at = at, .root = root};
  if (root->kind != YAML_MAP) {
    diag_error(diags, ID_not_a_mapping, root->at, "a rule must be a map, not %s", yaml_kind_words(root));
    rule->broken = true;
    return;
  }
  DocReader r = {arena, diags, file, rule};
  rule->kind = yaml_get(root, "correlation") ? DOC_CORRELATION : yaml_get(root, "filter") ? DOC_FILTER : DOC_RULE;
  if (rule->kind == DOC_RULE && !yaml_get(root, "detection") && !yaml_get(root, "logsource") && !yaml_get(root, "title")) {
    diag_error(diags, ID_document_kind, doc_start(&r), "the document is neither rule, correlation nor filter");
    rule->broken = true;
    return;
  }
  read_metadata(&r);
  switch (rule->kind) {
  case DOC_RULE: read_rule(&r); break;
  case DOC_CORRELATION: read_correlation(&r); break;
  case DOC_FILTER: read_filter(&r); break;
  }
}

void rule_expect_filter(Rule *rule, Diags *d) {
  bool wrong = rule->kind != DOC_FILTER && !rule->broken;
  if (!wrong) return;
  Span at = rule->at;
  diag_error(d, ID_filter_file, (Span){at.file, at.start, at.start + (at.end > at.start)},
             "%s in a file that is given for its filters", rule->kind == DOC_RULE ? "a rule" : "a correlation");
  diag_hint(d, "name the file among the rules");
  rule->broken = true;
}

bool rules_read(RuleSet *set, const YamlDocs *docs, uint32_t file, Arena *arena, Diags *diags) {
  uint32_t errors = diags->errors;
  Actions actions = {0};
  for (uint32_t i = 0; i < docs->docs.n; i++) {
    const YamlNode *root = docs->docs.p[i];
    Span at = docs->spans.p[i];
    if (!merge_actions(&actions, &root, arena, diags))
      *vec_add(arena, &set->list) = (Rule){.broken = true, .file = file, .at = at, .root = root};
    else if (root) read_document(set, root, at, file, arena, diags);
  }
  return diags->errors == errors;
}

/* SPDX-License-Identifier: MIT
 * Correlations and filters: their syntax (semantics 11.1, 11.2, 12), and the references between documents. */
#include "base/decimal.h"
#include "base/limits.h"
#include "compiler/condition.h"
#include "compiler/rule_internal.h"

static bool error(DocReader *r, DiagId id, Span at, const char *message) {
  diag_error(r->diags, id, at, "%s", message);
  r->rule->broken = true;
  return false;
}

/* The place for what is missing in a map: its key. */
static Span key_at(const DocReader *r, const char *key) { return yaml_key(r->rule->root, key)->at; }

static int word_index(Str s, const char *const *words, int n) {
  for (int i = 0; i < n; i++)
    if (str_is(s, words[i])) return i;
  return -1;
}

static void hint_nearest(DocReader *r, Str s, const char *const *words, int n) {
  for (unsigned d = 1; d < 4; d++)
    for (int i = 0; i < n; i++)
      if (str_distance(s, str_of(words[i]), 3) == d) {
        diag_hint(r->diags, "did you mean `%s`?", words[i]);
        return;
      }
}

static bool temporal(const Correlation *c) { return c->type == CORR_TEMPORAL || c->type == CORR_TEMPORAL_ORDERED; }

static bool takes_field(const Correlation *c) { return !temporal(c) && c->type != CORR_EVENT_COUNT; }

static bool read_type(DocReader *r, const YamlNode *map) {
  const YamlNode *n = yaml_get(map, "type");
  if (!n || yaml_is_null(n))
    return error(r, ID_correlation_no_type, n ? n->at : key_at(r, "correlation"), "the correlation has no `type`");
  int i = yaml_is_text(n) ? word_index(n->text, correlation_type_name, CORR_TYPE_COUNT) : -1;
  if (i < 0) {
    error(r, ID_correlation_type, n->at, "unknown type of correlation");
    if (yaml_is_text(n)) hint_nearest(r, n->text, correlation_type_name, CORR_TYPE_COUNT);
    return false;
  }
  r->rule->correlation.type = (CorrelationType)i;
  return true;
}

static void read_rules(DocReader *r, const YamlNode *map) {
  const YamlNode *n = yaml_get(map, "rules");
  if (!n || yaml_is_null(n)) {
    error(r, ID_correlation_no_rules, n ? n->at : key_at(r, "correlation"), "the correlation names no `rules`");
    return;
  }
  if (!read_texts(r, &r->rule->correlation.rules, n, "`rules`", ID_correlation_no_rules, true)) return;
  if (!r->rule->correlation.rules.n) error(r, ID_correlation_no_rules, n->at, "`rules` is empty");
}

bool timespan_parse(Str s, uint64_t *seconds) {
  static const struct {
    char unit;
    uint64_t seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {'M', 2629746}, {'y', 31556952}};
  uint64_t value = 0;
  size_t i = 0;
  for (; i < s.n && ascii_digit(s.p[i]); i++) {
    if (value > 1000000000000) return false;
    value = value * 10 + (uint64_t)(s.p[i] - '0');
  }
  if (i == 0 || i + 1 != s.n || !value) return false;
  for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
    if (s.p[i] != units[k].unit) continue;
    *seconds = value * units[k].seconds;
    return value <= UINT64_MAX / units[k].seconds;
  }
  return false;
}

static void read_timespan(DocReader *r, const YamlNode *map) {
  const YamlNode *n = yaml_get(map, "timespan");
  if (!n || yaml_is_null(n)) {
    error(r, ID_correlation_no_timespan, n ? n->at : key_at(r, "correlation"), "the correlation has no `timespan`");
    return;
  }
  uint64_t *seconds = &r->rule->correlation.timespan;
  if (yaml_is_text(n) && timespan_parse(n->text, seconds)) {
    if (*seconds > CORR_TIMESPAN_MOST) error(r, ID_correlation_timespan, n->at, "`timespan` is longer than 100 years");
    return;
  }
  error(r, ID_correlation_timespan, n->at, "`timespan` is not a positive number with a unit");
  diag_hint(r->diags, "write it as in 30s, 5m, 1h, 7d, 2w, 1M, 1y");
}

/* --- conditions -------------------------------------------------------------------------------------------- */

static void read_fields(DocReader *r, const YamlNode *n) {
  bool several = r->rule->correlation.type == CORR_VALUE_COUNT;
  if (!several && n->kind == YAML_LIST) {
    error(r, ID_correlation_no_field, n->at, "`field` must be one name here; only value_count takes a list");
    return;
  }
  TextList *fields = &r->rule->correlation.fields;
  if (!read_texts(r, fields, n, "`field`", ID_correlation_no_field, true)) return;
  for (uint32_t i = 0; i < fields->n; i++)
    if (!fields->p[i].text.n) error(r, ID_correlation_no_field, fields->p[i].at, "`field` is empty");
}

/* A number from 0 to 100 in parts of CORR_PERCENTILE_ONE; false where it is another, or has more digits than these. */
static bool percentile_parse(Str number, uint32_t *out) {
  enum { DIGITS = 6, MOST = 100 * CORR_PERCENTILE_ONE };
  Decimal d;
  uint64_t value = 0;
  if (!decimal_parse(&d, number) || d.exp > 3 || (d.negative && d.n)) return false;
  int64_t places = DIGITS + d.exp; /* digits that stand in front of the point, once it has moved */
  for (uint32_t i = 0; i < d.n; i++)
    if (d.p[i] != '.') {
      if (--places < 0) return false;
      value = value * 10 + (uint64_t)(d.p[i] - '0');
    }
  while (value && places-- > 0) value *= 10;
  *out = (uint32_t)value;
  return value <= MOST;
}

static void read_percentile(DocReader *r, const YamlNode *n) {
  if (n->kind == YAML_SCALAR && n->number.n && percentile_parse(n->number, &r->rule->correlation.percentile)) return;
  error(r, ID_correlation_value_type, n->at,
        "`percentile` must be a number from 0 to 100, with at most six digits behind the point");
}

/* Values of events are numbers only up to there, so others could not be compared exactly. */
static bool threshold_fits(Str number) {
  Decimal d;
  return decimal_parse(&d, number) && d.exp <= LIMIT_CORRELATION_DIGITS && d.exp - (int64_t)d.n >= -LIMIT_CORRELATION_DIGITS;
}

static void hint_operator(DocReader *r, Str word) {
  static const char *const known[] = {"gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile"};
  enum { KNOWN = sizeof known / sizeof *known };
  for (unsigned i = 0; i < KNOWN; i++)
    if (word.n > 2 && str_distance(word, str_of(known[i]), 1) == 1) {
      diag_hint(r->diags, "did you mean `%s`?", known[i]);
      return;
    }
  diag_hint(r->diags, "known are gt, gte, lt, lte, eq, neq, field, percentile");
}

static void read_threshold(DocReader *r, const YamlPair *p) {
  Correlation *c = &r->rule->correlation;
  int op = word_index(p->key->text, correlation_op_name, CORR_OP_COUNT);
  if (op < 0) {
    error(r, ID_correlation_operator, p->key->at, "unknown operator in the condition of the correlation");
    hint_operator(r, p->key->text);
    return;
  }
  if (p->value->kind != YAML_SCALAR || !p->value->number.n) {
    error(r, ID_correlation_value_type, p->value->at, "the threshold must be a number");
    return;
  }
  if (!threshold_fits(p->value->number)) {
    error(r, ID_correlation_value_type, p->value->at, "the threshold has more digits than a number of an event may have");
    return;
  }
  c->thresholds[c->n_thresholds++] = (Threshold){(CorrelationOp)op, p->value->number};
}

static void read_operators(DocReader *r, const YamlNode *n) {
  Correlation *c = &r->rule->correlation;
  uint32_t errors = r->diags->errors;
  c->thresholds = arena_array(r->arena, Threshold, n->n);
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlPair *p = &n->pairs[i];
    if (str_is(p->key->text, "field")) read_fields(r, p->value);
    else if (str_is(p->key->text, "percentile")) read_percentile(r, p->value);
    else read_threshold(r, p);
  }
  if (!takes_field(c)) c->fields = (TextList){0}; /* it has no meaning there */
  if (c->type == CORR_VALUE_MEDIAN) c->percentile = 50 * CORR_PERCENTILE_ONE;
  if (r->diags->errors > errors) return;
  if (!c->n_thresholds)
    error(r, ID_correlation_no_condition, yaml_key(yaml_get(r->rule->root, "correlation"), "condition")->at,
          "the condition has no operator such as `gte: 10`");
  if (takes_field(c) && !c->fields.n)
    error(r, ID_correlation_no_field, yaml_key(yaml_get(r->rule->root, "correlation"), "condition")->at,
          "this type of correlation needs `field` in its condition");
}

/* Boolean text over rule references, for the temporal types (semantics 12.6; pySigma correlations.py: the condition names
 * exactly the rules that `rules` lists). */
typedef struct {
  DocReader *r;
  Intern listed; /* the references of `rules` ... */
  bool *named;   /* ... and whether the condition names each */
} TextCondition;

static bool check_names(TextCondition *t, const Cond *c) {
  if (c->kind == COND_SELECTOR) return error(t->r, ID_condition_syntax, c->at, "a correlation names rules one by one");
  uint32_t id = c->kind == COND_NAME ? intern_find(&t->listed, c->name) : 0;
  if (id == INTERN_NONE) {
    diag_error(t->r->diags, ID_correlation_unknown_rule, c->at, "the condition names `" STR_FMT "`, which is not in `rules`",
               STR_ARG(c->name));
    t->r->rule->broken = true;
    return false;
  }
  if (c->kind == COND_NAME) t->named[id] = true;
  for (uint32_t i = 0; i < c->n_kids; i++)
    if (!check_names(t, c->kids[i])) return false;
  return true;
}

static void check_text_condition(DocReader *r, const Cond *c) {
  Arena *scratch = arena_sub(r->arena);
  TextCondition t = {.r = r};
  const TextList *rules = &r->rule->correlation.rules;
  intern_init(&t.listed, scratch);
  for (uint32_t i = 0; i < rules->n; i++) intern_id(&t.listed, rules->p[i].text);
  t.named = arena_array(scratch, bool, t.listed.names.n);
  bool ok = check_names(&t, c);
  for (uint32_t i = 0; ok && i < rules->n; i++)
    if (!t.named[intern_find(&t.listed, rules->p[i].text)])
      ok = error(r, ID_correlation_no_condition, rules->p[i].at, "the condition of the correlation does not name this rule");
  arena_sub_done(scratch);
}

static void read_text_condition(DocReader *r, const YamlNode *n) {
  Cond *c;
  if (!temporal(&r->rule->correlation)) {
    error(r, ID_correlation_no_condition, n->at, "only temporal correlations take a condition as text");
    return;
  }
  r->rule->correlation.text_condition = n;
  if (!cond_parse(&c, n, NULL, r->arena, r->diags)) r->rule->broken = true;
  else {
    r->rule->correlation.text_tree = c;
    check_text_condition(r, c);
  }
}

static void read_condition(DocReader *r, const YamlNode *map) {
  const YamlNode *n = yaml_get(map, "condition");
  if (!n || yaml_is_null(n)) {
    if (!temporal(&r->rule->correlation))
      error(r, ID_correlation_no_condition, n ? n->at : key_at(r, "correlation"), "the correlation has no `condition`");
    return;
  }
  if (n->kind == YAML_MAP) read_operators(r, n);
  else if (yaml_is_text(n)) read_text_condition(r, n);
  else error(r, ID_correlation_no_condition, n->at, "`condition` must be a map of operators");
}

/* --- other keys -------------------------------------------------------------------------------------------- */

static void read_alias(DocReader *r, const YamlPair *alias) {
  Correlation *c = &r->rule->correlation;
  if (alias->value->kind != YAML_MAP) {
    error(r, ID_correlation_alias, alias->value->at, "an alias must be a map from rules to fields");
    return;
  }
  for (uint32_t i = 0; i < alias->value->n; i++) {
    const YamlPair *p = &alias->value->pairs[i];
    if (!yaml_is_text(p->value)) {
      error(r, ID_correlation_alias, p->value->at, "an alias must name a field of each rule");
      return;
    }
    c->aliases[c->n_aliases++] =
      (CorrelationAlias){{alias->key->text, alias->key->at}, {p->key->text, p->key->at}, {p->value->text, p->value->at}};
  }
}

static void read_aliases(DocReader *r, const YamlNode *map) {
  const YamlNode *n = yaml_get(map, "aliases");
  if (!n || yaml_is_null(n)) return;
  if (n->kind != YAML_MAP) {
    error(r, ID_correlation_alias, n->at, "`aliases` must be a map");
    return;
  }
  uint32_t count = 0;
  for (uint32_t i = 0; i < n->n; i++) count += n->pairs[i].value->kind == YAML_MAP ? n->pairs[i].value->n : 0;
  r->rule->correlation.aliases = arena_array(r->arena, CorrelationAlias, count);
  for (uint32_t i = 0; i < n->n; i++) read_alias(r, &n->pairs[i]);
}

/* At the top of the document, or inside of `correlation` (semantics 12.8). */
static void read_generate(DocReader *r, const YamlNode *map) {
  const YamlNode *places[] = {yaml_get(r->rule->root, "generate"), yaml_get(map, "generate")};
  for (int i = 0; i < 2; i++) {
    const YamlNode *n = places[i];
    if (!n || yaml_is_null(n)) continue;
    if (n->kind == YAML_SCALAR && n->type == SCALAR_BOOL) r->rule->correlation.generate = n->truth;
    else error(r, ID_correlation_generate, n->at, "`generate` must be true or false");
  }
}

static void warn_keys(DocReader *r, const YamlNode *map) {
  static const char *const known[] = {"type", "rules", "group-by", "timespan", "condition", "aliases", "generate"};
  enum { KNOWN = sizeof known / sizeof *known };
  for (uint32_t i = 0; i < map->n; i++) {
    const YamlNode *key = map->pairs[i].key;
    if (word_index(key->text, known, KNOWN) >= 0) continue;
    diag_warning(r->diags, ID_correlation_key, key->at, "the key `" STR_FMT "` has no meaning in a correlation and is ignored",
                 STR_ARG(key->text));
    hint_nearest(r, key->text, known, KNOWN);
  }
}

static void check_size(DocReader *r, const YamlNode *map) {
  const Correlation *c = &r->rule->correlation;
  if (c->rules.n > LIMIT_CORRELATION_REFS)
    error(r, ID_rule_too_large, yaml_key(map, "rules")->at, "the correlation refers to more rules than the limit");
  if (c->group_by.n > LIMIT_CORRELATION_FIELDS || c->fields.n > LIMIT_CORRELATION_FIELDS)
    error(r, ID_rule_too_large, yaml_key(map, c->group_by.n > LIMIT_CORRELATION_FIELDS ? "group-by" : "condition")->at,
          "the correlation has more fields than the limit");
}

void read_correlation(DocReader *r) {
  const YamlNode *map = yaml_get(r->rule->root, "correlation");
  Correlation *c = &r->rule->correlation;
  if (map->kind != YAML_MAP) {
    error(r, ID_correlation_missing, key_at(r, "correlation"), "`correlation` must be a map");
    return;
  }
  c->percentile = 50 * CORR_PERCENTILE_ONE;
  warn_keys(r, map);
  read_rules(r, map);
  read_timespan(r, map);
  const YamlNode *group = yaml_get(map, "group-by");
  if (group && !yaml_is_null(group)) read_texts(r, &c->group_by, group, "`group-by`", ID_correlation_group_by, true);
  read_aliases(r, map);
  read_generate(r, map);
  if (read_type(r, map)) read_condition(r, map);
  check_size(r, map);
}

/* --- filters ----------------------------------------------------------------------------------------------- */

static void read_filter_rules(DocReader *r, const YamlNode *map) {
  const YamlNode *n = yaml_get(map, "rules");
  Filter *f = &r->rule->filter;
  if (!n || yaml_is_null(n)) {
    error(r, ID_filter_rules, n ? n->at : key_at(r, "filter"), "the filter does not say to which `rules` it applies");
    diag_hint(r->diags, "list ids or names of rules, or write `rules: any`");
    return;
  }
  f->at = n->at;
  if (yaml_is_text(n) && str_eq_nocase(n->text, STR("any"))) {
    f->any = true;
    return;
  }
  if (read_texts(r, &f->rules, n, "`rules`", ID_filter_rules, true) && !f->rules.n)
    error(r, ID_filter_empty_rules, n->at, "`rules` is empty");
}

void read_filter(DocReader *r) {
  static const char *const not_identifiers[] = {"rules", "condition", NULL};
  const YamlNode *map = yaml_get(r->rule->root, "filter"), *condition;
  read_logsource(r, ID_filter_no_logsource);
  if (map->kind != YAML_MAP) {
    error(r, ID_filter_missing, key_at(r, "filter"), "`filter` must be a map");
    return;
  }
  read_filter_rules(r, map);
  read_detections(r, map, not_identifiers);
  if (!r->rule->n_detections) error(r, ID_filter_no_selection, key_at(r, "filter"), "the filter has no search identifier");
  condition = yaml_get(map, "condition");
  if (!yaml_is_text(condition)) {
    error(r, ID_filter_no_condition, condition ? condition->at : key_at(r, "filter"), "a filter needs `condition`, one text");
    return;
  }
  r->rule->conditions = arena_array(r->arena, const YamlNode *, 1);
  r->rule->conditions[r->rule->n_conditions++] = condition;
}

/* --- references -------------------------------------------------------------------------------------------- */

static Str lower(Arena *a, Str s) {
  char *p = arena_alloc(a, s.n);
  for (size_t i = 0; i < s.n; i++) p[i] = ascii_lower(s.p[i]);
  return (Str){p, s.n};
}

static void add_name(RuleSet *set, uint32_t rule, Text name, bool id, Arena *a, Diags *d) {
  if (!name.text.p || !name.text.n) return;
  uint32_t known = set->names.names.n, at = intern_id(&set->names, id ? lower(a, name.text) : name.text);
  if (at == known) *vec_add(a, &set->by_name) = rule;
  else diag_warning(d, ID_duplicate_id, name.at, "the %s `" STR_FMT "` is used twice", id ? "id" : "name", STR_ARG(name.text));
}

static uint32_t find(const RuleSet *set, Str reference) {
  Arena *scratch = arena_sub(set->names.arena);
  uint32_t at = intern_find(&set->names, reference);
  if (at == INTERN_NONE && is_uuid(reference)) at = intern_find(&set->names, lower(scratch, reference)); /* an id: case ignored */
  arena_sub_done(scratch);
  return at == INTERN_NONE ? INTERN_NONE : set->by_name.p[at];
}

const Rule *rules_find(const RuleSet *set, Str reference) {
  uint32_t i = find(set, reference);
  return i == INTERN_NONE ? NULL : &set->list.p[i];
}

static void resolve_correlation(RuleSet *set, Rule *rule, Diags *d) {
  for (uint32_t i = 0; i < rule->correlation.rules.n; i++) {
    Text name = rule->correlation.rules.p[i];
    const Rule *to = rules_find(set, name.text);
    if (to && to->kind != DOC_FILTER) continue;
    diag_error(d, ID_correlation_unknown_rule, name.at, "the correlation refers to `" STR_FMT "`, which is %s", STR_ARG(name.text),
               to ? "a filter" : "not loaded");
    diag_hint(d, "write the `name` or `id` of a rule, and load its file too");
    rule->broken = true;
  }
}

static void resolve_aliases(const RuleSet *set, Rule *rule, Diags *d) {
  for (uint32_t i = 0; i < rule->correlation.n_aliases; i++) {
    Text name = rule->correlation.aliases[i].rule;
    if (rules_find(set, name.text)) continue;
    diag_error(d, ID_correlation_unknown_rule, name.at, "the alias refers to `" STR_FMT "`, which is not loaded",
               STR_ARG(name.text));
    rule->broken = true;
  }
}

static void resolve_filter(const RuleSet *set, const Rule *rule, Diags *d) {
  for (uint32_t i = 0; i < rule->filter.rules.n; i++) {
    Text name = rule->filter.rules.p[i];
    const Rule *to = rules_find(set, name.text);
    if (!to) {
      diag_warning(d, ID_filter_unknown_rule, name.at, "the filter refers to `" STR_FMT "`, which is not loaded",
                   STR_ARG(name.text));
    } else if (to->kind != DOC_RULE) {
      diag_warning(d, ID_filter_no_rule, name.at,
                   "the filter refers to `" STR_FMT "`, which is %s: it changes detection rules alone", STR_ARG(name.text),
                   to->kind == DOC_FILTER ? "a filter" : "a correlation");
      if (to->kind == DOC_CORRELATION) diag_hint(d, "name the rules that the correlation counts");
    }
  }
}

/* --- circles ----------------------------------------------------------------------------------------------- */

typedef struct {
  uint32_t rule, edge;
} Step;

static bool is_circle(const RuleSet *set, uint32_t i) { return set->list.p[i].kind == DOC_CORRELATION; }

/* Everything on the way from the first occurrence of `from` is in the circle. */
static void report_circle(RuleSet *set, const Step *way, uint32_t n, uint32_t from, Diags *d) {
  while (n > 0) {
    Rule *rule = &set->list.p[way[--n].rule];
    if (!rule->broken) {
      Text name = rule->correlation.rules.p[way[n].edge - 1];
      diag_error(d, ID_correlation_cycle, name.at, "the correlation refers to itself through `" STR_FMT "`", STR_ARG(name.text));
      rule->broken = true;
    }
    if (way[n].rule == from) return;
  }
}

/* Depth-first search with its own stack: a chain may be as long as the rule set. */
static void find_circles(RuleSet *set, Arena *a, Diags *d) {
  uint32_t n = set->list.n;
  uint8_t *state = arena_array(a, uint8_t, n); /* 0 new, 1 on the way, 2 done */
  Step *way = arena_array(a, Step, n);
  for (uint32_t start = 0; start < n; start++) {
    uint32_t depth = 0;
    if (state[start] || !is_circle(set, start)) continue;
    way[depth++] = (Step){start, 0};
    state[start] = 1;
    while (depth) {
      Step *top = &way[depth - 1];
      const Correlation *c = &set->list.p[top->rule].correlation;
      if (top->edge == c->rules.n) {
        state[top->rule] = 2;
        depth--;
        continue;
      }
      uint32_t to = find(set, c->rules.p[top->edge++].text);
      if (to == INTERN_NONE || !is_circle(set, to)) continue;
      if (state[to] == 1) report_circle(set, way, depth, to, d);
      if (state[to]) continue;
      state[to] = 1;
      way[depth++] = (Step){to, 0};
    }
  }
}

bool rules_resolve(RuleSet *set, Arena *arena, Diags *diags) {
  uint32_t errors = diags->errors;
  intern_init(&set->names, arena);
  for (uint32_t i = 0; i < set->list.n; i++) {
    add_name(set, i, set->list.p[i].id, true, arena, diags);
    add_name(set, i, set->list.p[i].name, false, arena, diags);
  }
  for (uint32_t i = 0; i < set->list.n; i++) {
    Rule *rule = &set->list.p[i];
    if (rule->kind == DOC_CORRELATION) {
      resolve_correlation(set, rule, diags);
      resolve_aliases(set, rule, diags);
    }
    if (rule->kind == DOC_FILTER) resolve_filter(set, rule, diags);
  }
  find_circles(set, arena, diags);
  return diags->errors == errors;
}

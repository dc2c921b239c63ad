/* SPDX-License-Identifier: MIT
 * Conditions of pipeline items: one function and one row each. */
#include "base/decimal.h"
#include "compiler/pipeline_internal.h"

const char *const level_name[LEVELS] = {"rule", "detection_item", "field_name"};

/* --- comparing ------------------------------------------------------------------------------------------------ */

bool relation_holds(Relation r, int order) {
  switch (r) {
  case REL_EQ: return order == 0;
  case REL_NE: return order != 0;
  case REL_GTE: return order >= 0;
  case REL_GT: return order > 0;
  case REL_LTE: return order <= 0;
  case REL_LT: return order < 0;
  case REL_IN:
  case REL_NOT_IN: break;
  }
  return false;
}

static bool is_number(const YamlNode *n) { return n->kind == YAML_SCALAR && (n->type == SCALAR_INT || n->type == SCALAR_FLOAT); }

static int number_order(Str a, Str b) {
  Decimal x, y;
  return decimal_parse(&x, a) && decimal_parse(&y, b) ? decimal_cmp(&x, &y) : str_cmp(a, b);
}

/* Texts with texts, numbers with numbers, booleans with booleans. False where the two have no order. */
static bool scalar_order(const YamlNode *a, const YamlNode *b, int *order) {
  if (is_number(a) && is_number(b)) *order = number_order(a->number, b->number);
  else if (yaml_is_text(a) && yaml_is_text(b)) *order = str_cmp(a->text, b->text);
  else if (a->kind == YAML_SCALAR && b->kind == YAML_SCALAR && a->type == SCALAR_BOOL && b->type == SCALAR_BOOL)
    *order = (int)a->truth - (int)b->truth;
  else return false;
  return true;
}

/* A state that was not set satisfies nothing. Values of different kinds are unequal; to order them is an error. */
static bool state_holds(const Subject *s, const PipelineCond *c) {
  enum { KEY, VAL, OP };
  const YamlNode *state = state_get(s->run, c->params[KEY].text);
  Relation op = (Relation)c->params[OP].choice;
  int order;
  if (!state) return false;
  if (scalar_order(state, c->params[VAL].node, &order)) return relation_holds(op, order);
  if (op == REL_EQ || op == REL_NE) return op == REL_NE;
  return run_error(s->run, ID_pipeline_format, c->at, "the state `" STR_FMT "` is %s, which has no order with %s",
                   STR_ARG(c->params[KEY].text), yaml_kind_words(state), yaml_kind_words(c->params[VAL].node));
}

/* --- rules ---------------------------------------------------------------------------------------------------- */

static bool attribute_is(const ParamValue *wanted, Text has) {
  return !wanted->node || (has.text.p && str_eq(wanted->text, has.text));
}

static bool logsource_holds(const Subject *s, const PipelineCond *c) {
  const Logsource *l = &s->run->logsource;
  return attribute_is(&c->params[0], l->category) && attribute_is(&c->params[1], l->product) &&
         attribute_is(&c->params[2], l->service);
}

typedef bool ItemTest(const IrItem *item, const IrTest *t, const PipelineCond *c, Arena *a);

static bool any_item(const IrNode *n, ItemTest *test, const PipelineCond *c, Arena *a) {
  if (n->kind == IR_ITEM && !n->item->any_field && str_eq(n->item->field, c->params[0].text)) {
    if (!test) return true;
    for (uint32_t i = 0; i < n->item->n_values; i++)
      for (uint32_t k = 0; k < n->item->values[i].n_alts; k++)
        if (test(n->item, &n->item->values[i].alts[k], c, a)) return true;
  }
  for (uint32_t i = 0; i < n->n_kids; i++)
    if (any_item(n->kids[i], test, c, a)) return true;
  return false;
}

static bool contains_field_holds(const Subject *s, const PipelineCond *c) { return any_item(s->run->root, NULL, c, s->run->arena); }

/* As pySigma compares: type and whole value; a text is a pattern, and its letter case counts. */
static bool same_value(const IrTest *t, const IrTest *want) {
  if (t->pred != want->pred) return false;
  if (t->pred == PRED_GLOB) return pattern_same(&t->pattern, &want->pattern);
  return t->pred == PRED_BOOL ? t->truth == want->truth : number_order(t->text, want->text) == 0;
}

static bool value_is(const IrTest *t, const YamlNode *value, Arena *a) {
  Arena *scratch = arena_sub(a);
  IrTest want = lower_scalar(scratch, value, false);
  bool same = same_value(t, &want);
  arena_sub_done(scratch);
  return same;
}

static bool item_value_is(const IrItem *item, const IrTest *t, const PipelineCond *c, Arena *a) {
  (void)item;
  return value_is(t, c->params[1].node, a);
}

static bool contains_item_holds(const Subject *s, const PipelineCond *c) {
  return any_item(s->run->root, item_value_is, c, s->run->arena);
}

static bool rule_applied_holds(const Subject *s, const PipelineCond *c) {
  return intern_find(&s->run->applied, c->params[0].text) != INTERN_NONE;
}

static bool is_rule_holds(const Subject *s, const PipelineCond *c) {
  (void)c;
  return s->run->rule->kind == DOC_RULE;
}

static bool is_correlation_holds(const Subject *s, const PipelineCond *c) {
  (void)c;
  return s->run->rule->kind == DOC_CORRELATION;
}

static bool tag_holds(const Subject *s, const PipelineCond *c) {
  const TextList *tags = &s->run->rule->tags;
  for (uint32_t i = 0; i < tags->n; i++)
    if (str_eq(tags->p[i].text, c->params[0].text)) return true;
  return false;
}

/* Words with an order, least first. */
static const char levels[] = "informational low medium high critical";
static const char statuses[] = "unsupported deprecated experimental test stable";

static int place_of(const char *words, Str word) {
  int n = 0;
  for (const char *p = words; *p; n++) {
    const char *end = strchr(p, ' ');
    Str w = {p, end ? (size_t)(end - p) : strlen(p)};
    if (str_eq_nocase(w, word)) return n;
    p += w.n + (end != NULL);
  }
  return -1;
}

static bool ordered_holds(const Subject *s, const PipelineCond *c, const char *words, Str has, Str wanted, Relation op) {
  int x = place_of(words, has), y = place_of(words, wanted);
  if (y < 0)
    return run_error(s->run, ID_pipeline_format, c->params[1].node->at, "`" STR_FMT "` is no " STR_FMT, STR_ARG(wanted),
                     STR_ARG(c->params[0].text));
  return relation_holds(op, x - y);
}

static bool list_holds(const YamlNode *list, Str wanted, Relation op) {
  bool in = false;
  for (uint32_t i = 0; i < list->n; i++) in = in || (list->items[i]->kind == YAML_SCALAR && str_eq(list->items[i]->text, wanted));
  return op == REL_IN ? in : op == REL_NOT_IN ? !in : op == REL_NE;
}

static const YamlNode *attribute_get(const Subject *s, Str name) {
  for (uint32_t i = s->run->attributes.n; i-- > 0;)
    if (str_eq(s->run->attributes.p[i].key, name)) return s->run->attributes.p[i].value;
  const YamlNode *n = s->run->rule->root ? yaml_get(s->run->rule->root, arena_cstr(s->run->arena, name)) : NULL;
  return yaml_is_null(n) ? NULL : n;
}

/* Attributes of the rule, and those that `set_custom_attribute` gave it. One that is not there satisfies nothing. */
static bool attribute_holds(const Subject *s, const PipelineCond *c) {
  enum { ATTRIBUTE, VALUE, OP };
  Str name = c->params[ATTRIBUTE].text, wanted = c->params[VALUE].text;
  const YamlNode *has = attribute_get(s, name), *value = c->params[VALUE].node;
  Relation op = (Relation)c->params[OP].choice;
  int order;
  if (!has) return false;
  if (has->kind == YAML_LIST) return list_holds(has, wanted, op);
  bool comparable = has->kind == YAML_SCALAR && op != REL_IN && op != REL_NOT_IN;
  if (comparable && str_is(name, "level")) return ordered_holds(s, c, levels, has->text, wanted, op);
  if (comparable && str_is(name, "status")) return ordered_holds(s, c, statuses, has->text, wanted, op);
  bool date = str_is(name, "date") || str_is(name, "modified"); /* ISO 8601: the order of texts is that of days */
  if (comparable && (date || op == REL_EQ || op == REL_NE) && yaml_is_text(has))
    return relation_holds(op, str_cmp(has->text, wanted));
  if (comparable && scalar_order(has, value, &order) && !yaml_is_text(has)) return relation_holds(op, order);
  if (comparable && (op == REL_EQ || op == REL_NE)) return op == REL_NE;
  return run_error(s->run, ID_pipeline_format, c->at, "`" STR_FMT "` of the rule is %s, which `" STR_FMT "` cannot compare",
                   STR_ARG(name), yaml_kind_words(has), STR_ARG(c->params[OP].text));
}

/* --- detection items ------------------------------------------------------------------------------------------ */

typedef bool ValueTest(const Subject *s, const PipelineCond *c, const IrValue *v, const IrTest *t);

/* Each alternative of a value (of windash, base64offset) counts as a value. */
static bool values_hold(const Subject *s, const PipelineCond *c, ValueTest *test) {
  bool all = c->params[0].choice == 1;
  for (uint32_t i = 0; i < s->item->n_values; i++)
    for (uint32_t k = 0; k < s->item->values[i].n_alts; k++)
      if (test(s, c, &s->item->values[i], &s->item->values[i].alts[k]) != all) return !all;
  return all;
}

static bool string_matches(const Subject *s, const PipelineCond *c, const IrValue *v, const IrTest *t) {
  enum { COND, PATTERN, NEGATE };
  Arena *scratch = arena_sub(s->run->arena);
  Str text;
  bool hit = false;
  if (plain_text(scratch, t, &text)) run_search(s->run, NULL, v->at, c->params[PATTERN].regex[0], text, true, &hit);
  arena_sub_done(scratch);
  return hit != c->params[NEGATE].truth;
}

static bool value_matches(const Subject *s, const PipelineCond *c, const IrValue *v, const IrTest *t) {
  (void)v;
  return value_is(t, c->params[1].node, s->run->arena);
}

static bool has_wildcard(const Subject *s, const PipelineCond *c, const IrValue *v, const IrTest *t) {
  (void)s, (void)c, (void)v;
  for (uint32_t i = 0; t->pred == PRED_GLOB && i < t->pattern.n; i++)
    if (t->pattern.p[i].kind == PAT_ANY || t->pattern.p[i].kind == PAT_ONE) return true;
  return false;
}

static bool is_null(const Subject *s, const PipelineCond *c, const IrValue *v, const IrTest *t) {
  (void)s, (void)c, (void)v;
  return t->pred == PRED_IS_NULL;
}

static bool match_string_holds(const Subject *s, const PipelineCond *c) { return values_hold(s, c, string_matches); }
static bool match_value_holds(const Subject *s, const PipelineCond *c) { return values_hold(s, c, value_matches); }
static bool contains_wildcard_holds(const Subject *s, const PipelineCond *c) { return values_hold(s, c, has_wildcard); }
static bool is_null_holds(const Subject *s, const PipelineCond *c) { return values_hold(s, c, is_null); }
static bool item_applied_holds(const Subject *s, const PipelineCond *c) { return has_mark(s->item->marks, c->params[0].text); }

/* --- field names ---------------------------------------------------------------------------------------------- */

static bool named(const Subject *s, const PipelineCond *c) {
  const ParamValue *fields = &c->params[0];
  bool hit = false;
  if (s->any_field) return false;
  if (!fields->regex) return intern_find(&fields->names, s->field) != INTERN_NONE;
  for (uint32_t i = 0; i < fields->list.n && !hit && !s->run->failed; i++)
    run_search(s->run, NULL, s->item ? s->item->field_at : run_place(s->run), fields->regex[i], s->field, true, &hit);
  return hit;
}

static bool include_holds(const Subject *s, const PipelineCond *c) { return named(s, c); }
static bool exclude_holds(const Subject *s, const PipelineCond *c) { return !named(s, c); }

/* The field of an item was renamed with the item; one of `fields` or of a reference has marks of its own. */
static bool field_applied_holds(const Subject *s, const PipelineCond *c) {
  if (s->item) return has_mark(s->item->marks, c->params[0].text);
  uint32_t i = intern_find(&s->run->fields_marked, s->field);
  return i != INTERN_NONE && has_mark(s->run->field_marks.p[i], c->params[0].text);
}

/* --- rows ----------------------------------------------------------------------------------------------------- */

#define ATTRIBUTE_OF_LOGSOURCE(name) \
  { name, PARAM_TEXT }
#define COND_PARAM \
  { "cond", PARAM_CHOICE, true, NULL, "any all" }
#define ID_PARAM                               \
  {                                            \
    { "processing_item_id", PARAM_TEXT, true } \
  }
#define STATE_PARAMS                                                                                       \
  {                                                                                                        \
    {"key", PARAM_TEXT, true}, {"val", PARAM_SCALAR, true}, { "op", PARAM_CHOICE, false, "eq", RELATIONS } \
  }
#define FIELD_PARAMS                                                                    \
  {                                                                                     \
    {"fields", PARAM_RANGE, true}, { "mode", PARAM_CHOICE, false, "plain", "plain re" } \
  }

static const Condition rule_rows[] = {
  {"logsource",
   {ATTRIBUTE_OF_LOGSOURCE("category"), ATTRIBUTE_OF_LOGSOURCE("product"), ATTRIBUTE_OF_LOGSOURCE("service")},
   logsource_holds,
   "the log source has these attributes"},
  {"contains_field", {{"field", PARAM_TEXT, true}}, contains_field_holds, "some item of the rule has this field"},
  {"contains_detection_item",
   {{"field", PARAM_TEXT, true}, {"value", PARAM_SCALAR, true}},
   contains_item_holds,
   "some item of the rule has this field and this value"},
  {"processing_item_applied", ID_PARAM, rule_applied_holds, "the item with this id has applied to the rule"},
  {"processing_state", STATE_PARAMS, state_holds, "what `set_state` gave to the key compares so with val"},
  {"is_sigma_rule", {{0}}, is_rule_holds, "the rule is no correlation"},
  {"is_sigma_correlation_rule", {{0}}, is_correlation_holds, "the rule is a correlation"},
  {"rule_attribute",
   {{"attribute", PARAM_TEXT, true}, {"value", PARAM_SCALAR, true}, {"op", PARAM_CHOICE, false, "eq", RELATIONS " in not_in"}},
   attribute_holds,
   "an attribute of the rule compares so with value; levels, statuses and dates have their order; in and not_in are for lists"},
  {"tag", {{"tag", PARAM_TEXT, true}}, tag_holds, "the rule has this tag"},
};

static const Condition item_rows[] = {
  {"match_string",
   {COND_PARAM, {"pattern", PARAM_REGEX, true}, {"negate", PARAM_BOOL, false, "false"}},
   match_string_holds,
   "the text of any or all values matches, from its start; other values do not"},
  {"match_value",
   {COND_PARAM, {"value", PARAM_SCALAR, true}},
   match_value_holds,
   "any or all values are this one, of the same type"},
  {"contains_wildcard", {COND_PARAM}, contains_wildcard_holds, "any or all values have a wildcard"},
  {"is_null", {COND_PARAM}, is_null_holds, "any or all values are null"},
  {"processing_item_applied", ID_PARAM, item_applied_holds, "the item with this id has changed the detection item"},
  {"processing_state", STATE_PARAMS, state_holds, "as for rules"},
};

static const Condition field_rows[] = {
  {"include_fields", FIELD_PARAMS, include_holds, "the field is one of these, or (mode re) its start matches one"},
  {"exclude_fields", FIELD_PARAMS, exclude_holds, "the field is none of these"},
  {"processing_item_applied", ID_PARAM, field_applied_holds,
   "the item with this id has changed the field's item, or renamed the field"},
  {"processing_state", STATE_PARAMS, state_holds, "as for rules"},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
static const struct {
  const Condition *rows;
  size_t n;
} levels_of[LEVELS] = {{rule_rows, COUNT(rule_rows)}, {item_rows, COUNT(item_rows)}, {field_rows, COUNT(field_rows)}};

const Condition *condition_row(Level level, unsigned i) { return i < levels_of[level].n ? &levels_of[level].rows[i] : NULL; }

const Condition *condition_find(Level level, Str name) {
  for (unsigned i = 0; i < levels_of[level].n; i++)
    if (str_is(name, levels_of[level].rows[i].name)) return &levels_of[level].rows[i];
  return NULL;
}

/* --- all of a level ------------------------------------------------------------------------------------------- */

typedef struct {
  const Conditions *conditions;
  const Subject *const *subjects; /* a condition holds if it does for one of them */
  uint32_t n;
} Asked;

static bool one_holds(const Asked *q, uint32_t i) {
  const PipelineCond *c = &q->conditions->list.p[i];
  for (uint32_t k = 0; k < q->n; k++)
    if (c->kind->holds(q->subjects[k], c)) return true;
  return false;
}

static bool expr_holds(const Asked *q, const Cond *e) {
  if (e->kind == COND_NAME) return one_holds(q, intern_find(&q->conditions->names, e->name));
  if (e->kind == COND_NOT) return !expr_holds(q, e->kids[0]);
  bool any = e->kind == COND_OR;
  for (uint32_t i = 0; i < e->n_kids; i++)
    if (expr_holds(q, e->kids[i]) == any) return any;
  return !any;
}

/* Without conditions an item applies, negated or not. */
static bool asked_hold(const Asked *q) {
  const Conditions *c = q->conditions;
  if (!c->list.n) return true;
  if (c->expr) return expr_holds(q, c->expr) != c->negated;
  for (uint32_t i = 0; i < c->list.n; i++)
    if (one_holds(q, i) == c->any) return c->any != c->negated;
  return c->any == c->negated;
}

bool conditions_hold(const Conditions *c, const Subject *s) { return asked_hold(&(Asked){c, &s, 1}); }

bool field_matches(PipelineRun *run, const PipelineItem *item, const IrItem *it, Str field, bool any_field) {
  return conditions_hold(&item->conditions[LEVEL_FIELD], &(Subject){run, it, field, any_field});
}

/* Whether the fields that values of an item refer to are asked about too. */
static uint32_t references(const IrItem *it) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < it->n_values; i++)
    for (uint32_t k = 0; k < it->values[i].n_alts; k++) n += it->values[i].alts[k].pred == PRED_FIELDREF;
  return n;
}

static bool field_or_reference_matches(PipelineRun *run, const PipelineItem *item, const IrItem *it) {
  uint32_t n = references(it), at = 1;
  if (!n) return field_matches(run, item, it, it->field, it->any_field);
  Subject *subjects = arena_array(run->arena, Subject, n + 1);
  const Subject **list = arena_array(run->arena, const Subject *, n + 1);
  subjects[0] = (Subject){run, it, it->field, it->any_field};
  list[0] = subjects;
  for (uint32_t i = 0; i < it->n_values; i++)
    for (uint32_t k = 0; k < it->values[i].n_alts; k++) {
      if (it->values[i].alts[k].pred != PRED_FIELDREF) continue;
      subjects[at] = (Subject){run, NULL, it->values[i].alts[k].text, false};
      list[at] = &subjects[at];
      at++;
    }
  return asked_hold(&(Asked){&item->conditions[LEVEL_FIELD], list, at});
}

bool item_matches(PipelineRun *run, const PipelineItem *item, const IrItem *it) {
  Subject s = {run, it, it->field, it->any_field};
  return conditions_hold(&item->conditions[LEVEL_ITEM], &s) && field_or_reference_matches(run, item, it);
}

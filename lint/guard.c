/* SPDX-License-Identifier: MIT */
#include "lint/guard.h"

#include "lint/facts.h"
#include "lint/normal.h"

/* --- reading ------------------------------------------------------------------------------------------------- */

/* A placeholder without values would keep a rule from being compiled. */
static void give_value(void *ctx, IrNode *n) {
  Compiler *c = ctx;
  if (n->kind != IR_ITEM || !n->item->open) return;
  for (uint32_t i = 0; i < n->item->n_values; i++)
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++) {
      const Pattern *p = &n->item->values[i].alts[k].pattern;
      for (uint32_t j = 0; j < p->n; j++) {
        Str name = p->p[j].text;
        if (p->p[j].kind == PAT_PLACEHOLDER && !vars_find(&c->vars, name))
          vars_assign(&c->vars, arena_printf(c->arena, STR_FMT "=value of " STR_FMT, STR_ARG(name), STR_ARG(name)), c->arena);
      }
    }
}

/* As the passes leave it in front of the last one; NULL where it is refused. */
static const IrNode *lower(Compiler *c, IrRule *ir, const Rule *rule) {
  bool good = lower_rule(ir, rule, &c->passes);
  for (uint32_t i = 0; good && i < rule->n_detections; i++) ir_walk(ir->selections[i], give_value, c);
  good = good && expand_rule(ir, &c->passes);
  for (uint32_t i = 0; good && i < rule->n_detections; i++) normal_tests(c->arena, ir->selections[i]);
  return good ? ir->root : NULL;
}

static void open_budget(Compiler *c, const Rule *rule) { budget_open(&c->passes.budget, rule->at, rule->at.end - rule->at.start); }

static void compile(Compiler *c, GuardDoc *out, const Rule *rule) {
  IrRule ir;
  out->good = !rule->broken;
  if (rule->kind == DOC_CORRELATION) return;
  open_budget(c, rule);
  if (lower(c, &ir, rule) && simplify_rule(&ir, &c->passes)) out->root = ir.root;
  else out->good = false;
  budget_close(&c->passes.budget);
}

/* Simplifying changes tests: anew. */
static const IrNode *lowered(Compiler *c, const Rule *rule) {
  IrRule ir;
  open_budget(c, rule);
  const IrNode *root = lower(c, &ir, rule);
  budget_close(&c->passes.budget);
  return root;
}

void guard_read(GuardText *out, Arena *arena, Str text) {
  *out = (GuardText){.text = text};
  Compiler *c = &out->compiler;
  compiler_init(c, arena);
  compiler_add(c, STR(""), text);
  out->docs = arena_array(arena, GuardDoc, c->rules.list.n);
  for (uint32_t i = 0; i < c->rules.list.n; i++) compile(c, &out->docs[i], &c->rules.list.p[i]);
}

/* --- values -------------------------------------------------------------------------------------------------- */

static bool same_scalar(const YamlNode *x, const YamlNode *y) {
  if (x->type != y->type) return false;
  switch (x->type) {
  case SCALAR_NULL: return true;
  case SCALAR_BOOL: return x->truth == y->truth;
  case SCALAR_INT:
  case SCALAR_FLOAT: return str_eq(x->number, y->number) && str_eq(x->text, y->text);
  case SCALAR_NONFINITE:
  case SCALAR_TEXT: return str_eq(x->text, y->text);
  }
  return false;
}

/* As deep as YAML may be nested. */
static bool same_value(const YamlNode *x, const YamlNode *y) {
  if (x->kind != y->kind || x->n != y->n) return false;
  if (x->kind == YAML_SCALAR) return same_scalar(x, y);
  for (uint32_t i = 0; i < x->n; i++) {
    if (x->kind == YAML_LIST && !same_value(x->items[i], y->items[i])) return false;
    if (x->kind == YAML_MAP && !str_eq(x->pairs[i].key->text, y->pairs[i].key->text)) return false;
    if (x->kind == YAML_MAP && !same_value(x->pairs[i].value, y->pairs[i].value)) return false;
  }
  return true;
}

static const YamlNode *value_of(const YamlNode *map, Str key) {
  for (uint32_t i = 0; map->kind == YAML_MAP && i < map->n; i++)
    if (str_eq(map->pairs[i].key->text, key)) return map->pairs[i].value;
  return NULL;
}

/* Its lines as a whole: a new element stands behind the last one. */
static bool touches(Str text, const YamlPair *entry, const Span *touched, uint32_t n) {
  uint32_t start = entry->key->at.start,
           end = entry->value->at.end > entry->key->at.end ? entry->value->at.end : entry->key->at.end;
  while (start && text.p[start - 1] != '\n') start--;
  while (end < text.n && text.p[end] != '\n') end++;
  end += end < text.n;
  for (uint32_t i = 0; i < n; i++)
    if (touched[i].start <= end && touched[i].end >= start) return true;
  return false;
}

/* The order of the entries of a document says nothing. */
static bool same_entries(Str text, const YamlNode *x, const YamlNode *y, const Span *touched, uint32_t n) {
  if (x->kind != YAML_MAP || y->kind != YAML_MAP) return same_value(x, y);
  if (!n && x->n != y->n) return false;
  for (uint32_t i = 0; i < x->n; i++) {
    if (n && touches(text, &x->pairs[i], touched, n)) continue;
    const YamlNode *value = value_of(y, x->pairs[i].key->text);
    if (!value || !same_value(x->pairs[i].value, value)) return false;
  }
  return true;
}

/* --- documents ----------------------------------------------------------------------------------------------- */

static bool same_texts(const TextList *x, const TextList *y) {
  if (x->n != y->n) return false;
  for (uint32_t i = 0; i < x->n; i++)
    if (!str_eq(x->p[i].text, y->p[i].text)) return false;
  return true;
}

static bool same_aliases(const Correlation *x, const Correlation *y) {
  if (x->n_aliases != y->n_aliases) return false;
  for (uint32_t i = 0; i < x->n_aliases; i++) {
    const CorrelationAlias *a = &x->aliases[i], *b = &y->aliases[i];
    if (!str_eq(a->alias.text, b->alias.text) || !str_eq(a->rule.text, b->rule.text) || !str_eq(a->field.text, b->field.text))
      return false;
  }
  return true;
}

static bool same_condition(const Correlation *x, const Correlation *y) {
  if (x->n_thresholds != y->n_thresholds || !x->text_condition != !y->text_condition) return false;
  for (uint32_t i = 0; i < x->n_thresholds; i++)
    if (x->thresholds[i].op != y->thresholds[i].op || !str_eq(x->thresholds[i].number, y->thresholds[i].number)) return false;
  return !x->text_condition || same_value(x->text_condition, y->text_condition);
}

static bool same_correlation(const Correlation *x, const Correlation *y) {
  return x->type == y->type && x->timespan == y->timespan && x->percentile == y->percentile && x->generate == y->generate &&
         same_texts(&x->rules, &y->rules) && same_texts(&x->group_by, &y->group_by) && same_texts(&x->fields, &y->fields) &&
         same_aliases(x, y) && same_condition(x, y);
}

/* What other documents call it. */
static bool same_names(const Rule *x, const Rule *y) {
  return (!x->id.text.n || str_eq_nocase(x->id.text, y->id.text)) && str_eq(x->name.text, y->name.text);
}

/* Whom it names. */
static bool same_references(const Rule *x, const Rule *y) {
  return x->filter.any == y->filter.any && same_texts(&x->filter.rules, &y->filter.rules) &&
         same_texts(&x->correlation.rules, &y->correlation.rules);
}

typedef struct {
  Facts there, back;
  uint32_t steps; /* that are left: parts of a tree are shared, and seen again */
} Proof;

static bool same_one(const IrItem *x, uint32_t i, const IrItem *y, uint32_t k) {
  IrItem a = *x, b = *y;
  a.values += i;
  b.values += k;
  a.n_values = b.n_values = 1;
  return ir_same(&(IrNode){.kind = IR_ITEM, .item = &a}, &(IrNode){.kind = IR_ITEM, .item = &b});
}

static bool has_implied(Facts *f, const IrItem *x, uint32_t i, const IrItem *y) {
  for (uint32_t k = 0; k < y->n_values; k++)
    if (x->all ? facts_value_implies(f, y, &y->values[k], &x->values[i]) : facts_value_implies(f, x, &x->values[i], &y->values[k]))
      return true;
  return false;
}

/* Each value of x is one of y, in order, but for some that a value of y covers (under `all`: that cover one of y). */
static bool covered(Facts *f, const IrItem *x, const IrItem *y) {
  for (uint32_t i = 0, k = 0; i < x->n_values; i++) {
    uint32_t next = k;
    while (next < y->n_values && next < k + 2 && !same_one(x, i, y, next)) next++;
    if (next < y->n_values && next < k + 2) k = next + 1;
    else if (!has_implied(f, x, i, y)) return false;
  }
  return true;
}

/* Long lists are too long for proofs of trees. */
static bool items_find_same(Proof *p, const IrNode *x, const IrNode *y) {
  if (x->kind != IR_ITEM || y->kind != IR_ITEM) return false;
  const IrItem *a = x->item, *b = y->item;
  if (a->any_field != b->any_field || a->all != b->all || !str_eq(a->field, b->field)) return false;
  return covered(&p->there, a, b) && covered(&p->back, b, a);
}

static bool finds_same(Proof *p, const IrNode *x, const IrNode *y);

static bool kids_find_same(Proof *p, const IrNode *x, const IrNode *y) {
  if (x->kind != y->kind || x->n_kids != y->n_kids) return false;
  if (x->kind == IR_ITEM || x->kind == IR_CONST) return ir_same(x, y);
  for (uint32_t i = 0; i < x->n_kids; i++)
    if (!finds_same(p, x->kids[i], y->kids[i])) return false;
  return true;
}

/* Part by part where the trees have the same shape: what differs is small then. Else what one of them finds, the other must, and the
 * other way round, whatever the log source is said to hold. */
static bool finds_same(Proof *p, const IrNode *x, const IrNode *y) {
  if (!p->steps) return false;
  p->steps--;
  return kids_find_same(p, x, y) || items_find_same(p, x, y) || (facts_implies(&p->there, x, y) && facts_implies(&p->back, y, x));
}

static bool proved_same(Compiler *cx, const Rule *x, Compiler *cy, const Rule *y) {
  enum { STEPS = 1 << 16 };
  Proof p = {.steps = STEPS};
  const LintSources none = {0};
  const IrNode *before = lowered(cx, x), *after = lowered(cy, y);
  facts_init(&p.there, cy->arena, &none, y);
  facts_init(&p.back, cy->arena, &none, y);
  return before && after && finds_same(&p, before, after);
}

static bool same_correlations(const Rule *x, const Rule *y) {
  return x->broken || x->kind != DOC_CORRELATION || same_correlation(&x->correlation, &y->correlation);
}

static bool same_doc(GuardText *before, uint32_t i, GuardText *after, uint32_t k, Guard guard, const Span *touched, uint32_t n) {
  const Rule *x = &before->compiler.rules.list.p[i], *y = &after->compiler.rules.list.p[k];
  const GuardDoc *dx = &before->docs[i], *dy = &after->docs[k];
  if (x->kind != y->kind || (dx->good && !(dy->good && same_names(x, y)))) return false;
  if (guard == GUARD_WHOLE) return true;
  if (dx->good && !same_references(x, y)) return false;
  if (!same_entries(before->text, x->root, y->root, touched, guard == GUARD_LAYOUT ? 0 : n)) return false;
  if (!dx->root) return same_correlations(x, y);
  return dy->root && (ir_same(dx->root, dy->root) || proved_same(&before->compiler, x, &after->compiler, y));
}

/* Of a text that is not well-formed, only some documents could be read: those must be among the others then. */
bool guard_passes(GuardText *before, GuardText *after, Guard guard, const Span *touched, uint32_t n_touched) {
  const Compiler *x = &before->compiler, *y = &after->compiler;
  bool partly = x->unreadable > 0;
  uint32_t found = 0, k = 0;
  if (y->unreadable > x->unreadable || (!partly && (x->rules.list.n != y->rules.list.n || y->diags.errors > x->diags.errors)))
    return false;
  for (; found < x->rules.list.n && k < y->rules.list.n; k++) {
    if (same_doc(before, found, after, k, guard, touched, n_touched)) found++;
    else if (!partly) return false;
  }
  return found == x->rules.list.n;
}

/* SPDX-License-Identifier: MIT
 * Lowering: a Rule → IR. Search identifiers become trees of detection items (semantics 4), modifiers are applied up to
 * a placeholder (9), and the condition joins the identifiers (10). Each identifier is lowered once, used or not: it
 * must be valid; every use in the condition shares the tree. */
#include "base/limits.h"
#include "compiler/condition.h"
#include "compiler/modifiers.h"
#include "compiler/passes.h"

typedef struct {
  Arena *arena;
  Diags *diags;
  Passes *passes;
  const Rule *rule;
  Intern names;        /* search identifiers, by number */
  IrNode **selections; /* by search identifier; NULL: an error was reported */
} Lower;

typedef VEC(IrNode *) Nodes;

/* --- values ------------------------------------------------------------------------------------------------ */

static bool value_error(Lower *l, DiagId id, const YamlNode *n, const char *where) {
  if (n->kind == YAML_SCALAR) {
    diag_error(l->diags, id, n->at, "`" STR_FMT "` is no value: a number must be finite", STR_ARG(n->text));
    diag_hint(l->diags, "put it in quotes to mean the text");
  } else {
    diag_error(l->diags, id, n->at, "%s %s", yaml_kind_words(n), where);
  }
  return false;
}

IrTest lower_scalar(Arena *a, const YamlNode *n, bool placeholders) {
  switch (n->type) {
  case SCALAR_NULL: return (IrTest){.pred = PRED_IS_NULL};
  case SCALAR_BOOL: return (IrTest){.pred = PRED_BOOL, .truth = n->truth};
  case SCALAR_INT:
  case SCALAR_FLOAT: return (IrTest){.pred = PRED_NUMBER, .text = n->number};
  case SCALAR_TEXT:
  case SCALAR_NONFINITE: break;
  }
  Pattern p = placeholders ? pattern_parse_placeholders(a, n->text) : pattern_parse(a, n->text);
  return (IrTest){.pred = PRED_GLOB, .text = n->text, .pattern = p};
}

static bool add_value(Lower *l, IrItem *item, const YamlNode *n, bool expands) {
  if (n->kind != YAML_SCALAR) return value_error(l, n->kind == YAML_LIST ? ID_nested_list : ID_value_type, n, "is no value");
  if (n->type == SCALAR_NONFINITE) return value_error(l, ID_value_type, n, "");
  IrTest *alt = arena_new(l->arena, IrTest);
  *alt = lower_scalar(l->arena, n, expands);
  item->values[item->n_values++] = (IrValue){.at = n->at, .node = n, .alts = alt, .n_alts = 1};
  return true;
}

static void warn_null(Lower *l, const IrItem *item) {
  for (uint32_t i = 0; i < item->n_values && item->n_values > 1; i++)
    if (item->values[i].alts[0].pred == PRED_IS_NULL)
      diag_warning(l->diags, ID_null_in_list, item->values[i].at,
                   "null in a list means: field absent or null, or one of the others");
}

/* --- modifiers --------------------------------------------------------------------------------------------- */

typedef struct {
  const Modifier *p[LIMIT_MODIFIERS];
  Span at[LIMIT_MODIFIERS];
  uint32_t n;
  bool expands, encodes;
} Chain;

static bool add_modifier(Lower *l, Chain *chain, Str name, Span at) {
  const Modifier *m = modifier_find(name);
  if (!m) {
    diag_error(l->diags, ID_unknown_modifier, at, name.n ? "unknown modifier `" STR_FMT "`" : "empty modifier" STR_FMT,
               STR_ARG(name));
    m = modifier_nearest(name);
    if (m && name.n) diag_hint(l->diags, "did you mean `%s`?", m->name);
    else if (!name.n) diag_hint(l->diags, "drop the `|`, or write a modifier behind it");
    return false;
  }
  if (chain->n == LIMIT_MODIFIERS) {
    diag_error(l->diags, ID_unknown_modifier, at, "more than %d modifiers", LIMIT_MODIFIERS);
    return false;
  }
  chain->expands = chain->expands || str_is(name, "expand");
  chain->encodes = chain->encodes || modifier_encodes(m);
  chain->p[chain->n] = m;
  chain->at[chain->n++] = at;
  return true;
}

/* `field|mod1|mod2`: everything before the first `|` is the field (semantics 4.5). */
static bool split_key(Lower *l, const YamlNode *key, IrItem *item, Chain *chain) {
  Str s = key->text;
  size_t bar = str_find(s, STR("|"), 0), end = bar == SIZE_MAX ? s.n : bar;
  item->field = str_sub(s, 0, end);
  item->field_at = yaml_sub_span(key, 0, end);
  item->any_field = end == 0;
  while (bar != SIZE_MAX) {
    size_t from = bar + 1;
    bar = str_find(s, STR("|"), from);
    size_t to = bar == SIZE_MAX ? s.n : bar;
    Span at = to > from ? yaml_sub_span(key, from, to) : yaml_sub_span(key, from - 1, from);
    if (!add_modifier(l, chain, str_sub(s, from, to), at)) return false;
  }
  return modifier_chain_ok(l->diags, chain->p, chain->at, chain->n);
}

static bool has_placeholder(const IrItem *item) {
  for (uint32_t i = 0; i < item->n_values; i++)
    for (uint32_t k = 0; k < item->values[i].n_alts; k++)
      if (pattern_has_placeholder(&item->values[i].alts[k].pattern)) return true;
  return false;
}

/* What stands behind `expand` waits until placeholders have values (expand.c). */
static bool apply_chain(Lower *l, IrItem *item, const Chain *chain) {
  ModifierChain c = {
    .arena = l->arena, .diags = l->diags, .passes = l->passes, .item = item, .expands = chain->expands, .encodes = chain->encodes};
  for (uint32_t i = 0; i < chain->n; i++) {
    if (!modifier_apply(&c, chain->p[i], chain->at[i])) return false;
    if (!str_is(STR("expand"), chain->p[i]->name) || !has_placeholder(item)) continue;
    uint32_t left = chain->n - i - 1;
    item->open = true;
    item->stage = c.stage;
    item->n_pending = left;
    item->pending = arena_array(l->arena, const Modifier *, left);
    item->pending_at = arena_array(l->arena, Span, left);
    memcpy(item->pending, chain->p + i + 1, left * sizeof *chain->p);
    memcpy(item->pending_at, chain->at + i + 1, left * sizeof *chain->at);
    return true;
  }
  return modifier_finish(&c);
}

/* neq among the pending ones is known already: the tree around the item is built now. */
static bool negated(const IrItem *item) {
  bool is = item->negated;
  for (uint32_t i = 0; i < item->n_pending; i++) is = is || str_is(STR("neq"), item->pending[i]->name);
  return is;
}

static IrNode *item_node(Lower *l, Span at, IrItem *item) {
  IrNode *n = ir_item(l->arena, at, item);
  return negated(item) ? ir_not(l->arena, at, n) : n;
}

/* --- search identifiers ------------------------------------------------------------------------------------ */

static IrNode *lower_item(Lower *l, const YamlPair *pair) {
  const YamlNode *v = pair->value;
  IrItem *item = arena_new(l->arena, IrItem);
  Chain chain = {.n = 0};
  item->at = (Span){pair->key->at.file, pair->key->at.start, v->at.end > pair->key->at.start ? v->at.end : pair->key->at.end};
  if (!split_key(l, pair->key, item, &chain)) return NULL;
  if (v->kind == YAML_MAP) {
    value_error(l, ID_value_type, v, "is no value of a field");
    return NULL;
  }
  uint32_t n = v->kind == YAML_LIST ? v->n : 1;
  if (!n) {
    diag_error(l->diags, ID_empty_value_list, v->at, "an empty list of values matches nothing");
    diag_hint(l->diags, "drop the item, or write `null` for an absent field");
    return NULL;
  }
  item->values = arena_array(l->arena, IrValue, n);
  bool ok = true;
  for (uint32_t i = 0; i < n; i++) ok = add_value(l, item, v->kind == YAML_LIST ? v->items[i] : v, chain.expands) && ok;
  if (!ok) return NULL;
  warn_null(l, item);
  return apply_chain(l, item, &chain) ? item_node(l, item->at, item) : NULL;
}

static IrNode *lower_map(Lower *l, const YamlNode *map) {
  if (!map->n) {
    diag_error(l->diags, ID_empty_selection, map->at, "an empty map selects nothing");
    return NULL;
  }
  IrNode **kids = arena_array(l->arena, IrNode *, map->n);
  bool ok = true;
  for (uint32_t i = 0; i < map->n; i++) {
    kids[i] = lower_item(l, &map->pairs[i]);
    ok = ok && kids[i];
  }
  return ok ? ir_join(l->arena, map->at, IR_AND, kids, map->n) : NULL;
}

/* Neighbouring keywords are one item: any of them. */
static IrNode *lower_keywords(Lower *l, const YamlNode *const *words, uint32_t n) {
  IrItem *item = arena_new(l->arena, IrItem);
  Chain chain = {.n = 0};
  item->any_field = true;
  item->at = item->field_at = words[0]->at;
  item->at.end = words[n - 1]->at.end > item->at.start ? words[n - 1]->at.end : item->at.end;
  item->values = arena_array(l->arena, IrValue, n);
  bool ok = true;
  for (uint32_t i = 0; i < n; i++) ok = add_value(l, item, words[i], false) && ok;
  return ok && apply_chain(l, item, &chain) ? item_node(l, item->at, item) : NULL;
}

static IrNode *lower_list(Lower *l, const YamlNode *list) {
  Nodes kids = {0};
  bool ok = true;
  for (uint32_t i = 0, next; i < list->n; i = next) {
    const YamlNode *e = list->items[i];
    IrNode *kid = NULL;
    next = i + 1;
    if (e->kind == YAML_MAP) {
      kid = lower_map(l, e);
    } else if (e->kind == YAML_LIST) {
      value_error(l, ID_nested_list, e, "inside a list: write its elements one level up");
    } else {
      while (next < list->n && list->items[next]->kind == YAML_SCALAR) next++;
      kid = lower_keywords(l, list->items + i, next - i);
    }
    ok = ok && kid;
    if (kid) *vec_add(l->arena, &kids) = kid;
  }
  return ok ? ir_join(l->arena, list->at, IR_OR, kids.p, kids.n) : NULL;
}

static void name_nodes(IrNode *n, Str selection) {
  n->selection = selection;
  for (uint32_t i = 0; i < n->n_kids; i++) name_nodes(n->kids[i], selection);
}

static IrNode *lower_selection(Lower *l, const Detection *d) {
  IrNode *n = NULL;
  if (yaml_is_null(d->node) || (d->node->kind != YAML_SCALAR && !d->node->n)) return NULL; /* rule.c said so */
  switch (d->node->kind) {
  case YAML_MAP: n = lower_map(l, d->node); break;
  case YAML_LIST: n = lower_list(l, d->node); break;
  case YAML_SCALAR: n = lower_keywords(l, &d->node, 1); break;
  }
  if (n) name_nodes(n, d->name);
  return n;
}

/* --- conditions -------------------------------------------------------------------------------------------- */

static void suggest(Lower *l, Str name) {
  enum { MOST = 200 }; /* a longer list is not written by hand */
  const Detection *best = NULL;
  unsigned least = name.n < 4 ? (unsigned)name.n : 4; /* something must be the same */
  for (uint32_t i = 0; i < l->rule->n_detections && i < MOST && !l->diags->dropped; i++) {
    unsigned d = str_distance(name, l->rule->detections[i].name, 3);
    if (d < least) {
      least = d;
      best = &l->rule->detections[i];
    }
  }
  if (best) diag_hint(l->diags, "did you mean `" STR_FMT "`?", STR_ARG(best->name));
}

static IrNode *lower_name(Lower *l, const Cond *c) {
  uint32_t i = intern_find(&l->names, c->name);
  if (i != INTERN_NONE) return l->selections[i]; /* NULL where it had an error, which was reported */
  diag_error(l->diags, ID_condition_unknown, c->at, "the condition names `" STR_FMT "`, which is no search identifier",
             STR_ARG(c->name));
  suggest(l, c->name);
  return NULL;
}

static IrNode *lower_selector(Lower *l, const Cond *c) {
  Nodes kids = {0};
  bool ok = budget_take(&l->passes->budget, sizeof(IrNode *) * l->rule->n_detections), any = !ok;
  for (uint32_t i = 0; ok && i < l->rule->n_detections; i++) {
    if (!cond_selects(c, l->rule->detections[i].name)) continue;
    any = true;
    ok = l->selections[i] != NULL;
    *vec_add(l->arena, &kids) = l->selections[i];
  }
  if (any) return ok ? ir_join(l->arena, c->at, c->all ? IR_AND : IR_OR, kids.p, kids.n) : NULL;
  diag_error(l->diags, ID_condition_unknown, c->at, "`" STR_FMT "` selects no search identifier", STR_ARG(c->name));
  if (c->them) diag_hint(l->diags, "`them` leaves out names that start with `_`");
  else suggest(l, c->name);
  return NULL;
}

static IrNode *lower_cond(Lower *l, const Cond *c) {
  switch (c->kind) {
  case COND_NAME: return lower_name(l, c);
  case COND_SELECTOR: return lower_selector(l, c);
  case COND_NOT: {
    IrNode *kid = lower_cond(l, c->kids[0]);
    return kid ? ir_not(l->arena, c->at, kid) : NULL;
  }
  case COND_AND:
  case COND_OR: break;
  }
  IrNode **kids = arena_array(l->arena, IrNode *, c->n_kids);
  bool ok = true;
  for (uint32_t i = 0; i < c->n_kids; i++) {
    kids[i] = lower_cond(l, c->kids[i]);
    ok = ok && kids[i];
    if (l->passes->budget.told) return NULL;
  }
  return ok ? ir_join(l->arena, c->at, c->kind == COND_AND ? IR_AND : IR_OR, kids, c->n_kids) : NULL;
}

/* With aliases and merged documents expanded. */
static uint64_t detection_nodes(const Rule *rule) {
  uint64_t n = 0;
  for (uint32_t i = 0; i < rule->n_detections; i++) n += rule->detections[i].node->size;
  return n;
}

static bool lower_selections(Lower *l) {
  uint32_t n = l->rule->n_detections;
  l->selections = arena_array(l->arena, IrNode *, n);
  intern_init(&l->names, l->arena);
  bool ok = true;
  for (uint32_t i = 0; i < n; i++) {
    intern_id(&l->names, l->rule->detections[i].name);
    l->selections[i] = lower_selection(l, &l->rule->detections[i]);
    ok = ok && l->selections[i];
  }
  return ok;
}

IrNode *lower_detection(const YamlNode *map, Str name, Passes *passes) {
  Lower l = {.arena = passes->arena, .diags = passes->diags, .passes = passes};
  IrNode *n = budget_take(&passes->budget, COST_NODE * (uint64_t)map->size) ? lower_map(&l, map) : NULL;
  if (n) name_nodes(n, name);
  return n;
}

/* Several conditions are linked by or (semantics 10.9). */
bool lower_rule(IrRule *out, const Rule *rule, Passes *passes) {
  Lower l = {.arena = passes->arena, .diags = passes->diags, .passes = passes, .rule = rule};
  *out = (IrRule){.rule = rule};
  if (!budget_take(&passes->budget, COST_NODE * detection_nodes(rule))) return false;
  bool ok = lower_selections(&l);
  IrNode **conditions = arena_array(l.arena, IrNode *, rule->n_conditions);
  for (uint32_t i = 0; i < rule->n_conditions && !passes->budget.told; i++) {
    Cond *c;
    conditions[i] = cond_parse(&c, rule->conditions[i], &l.names, l.arena, l.diags) ? lower_cond(&l, c) : NULL;
    ok = ok && conditions[i];
  }
  if (!ok || passes->budget.told) return false;
  out->selections = l.selections;
  out->root = ir_join(l.arena, rule->n_conditions ? rule->conditions[0]->at : rule->at, IR_OR, conditions, rule->n_conditions);
  return true;
}

/* SPDX-License-Identifier: MIT
 * The last pass: text tests get the simplest predicate that says the same, constants fold, and/or flatten, though not
 * across the border of a selection: what a rule is explained by must stay a node. Its result is the frozen IR. Nodes
 * are made anew, since selections may be shared; items are rewritten in place, at their first use.
 * Here a rule has its full size: each node and test is paid for before it is made. */
#include "compiler/modifiers.h"
#include "compiler/passes.h"

/* `*` beside `*` says nothing more, and `*?` is `?*`: one spelling for one meaning. */
static Pattern normal_pattern(Arena *a, const Pattern *p) {
  Pattern out = {arena_array(a, PatPart, p->n), 0};
  for (uint32_t i = 0; i < p->n;) {
    if (p->p[i].kind != PAT_ANY && p->p[i].kind != PAT_ONE) {
      out.p[out.n++] = p->p[i++];
      continue;
    }
    bool star = false;
    for (; i < p->n && (p->p[i].kind == PAT_ANY || p->p[i].kind == PAT_ONE); i++) {
      if (p->p[i].kind == PAT_ONE) out.p[out.n++] = p->p[i];
      else star = true;
    }
    if (star) out.p[out.n++] = (PatPart){.kind = PAT_ANY};
  }
  return out;
}

static bool is_any(const Pattern *p, uint32_t i) { return i < p->n && p->p[i].kind == PAT_ANY; }

/* EQ, PREFIX, SUFFIX or CONTAINS where the pattern is just that. */
static void classify(Arena *a, IrTest *t) {
  t->pattern = normal_pattern(a, &t->pattern);
  const Pattern *p = &t->pattern;
  bool start = is_any(p, 0), end = p->n && is_any(p, p->n - 1);
  uint32_t from = start, to = p->n - (end && p->n > start);
  if (to > from + 1 || (to == from + 1 && p->p[from].kind != PAT_LITERAL)) return;
  static const PredKind kinds[2][2] = {{PRED_EQ, PRED_PREFIX}, {PRED_SUFFIX, PRED_CONTAINS}};
  t->pred = kinds[start][end];
  t->text = to > from ? p->p[from].text : STR("");
}

/* Tests that can be told to be the same; only texts, which expansions repeat. */
static bool same_test(const IrTest *x, const IrTest *y) {
  return x->pred == y->pred && x->cased == y->cased && pred_info[x->pred].operand == OPERAND_TEXT && str_eq(x->text, y->text) &&
         pattern_same(&x->pattern, &y->pattern);
}

/* Alternatives of one value come from windash, base64offset and placeholders; neighbours may be equal. */
static void drop_repeats(IrValue *v) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < v->n_alts; i++)
    if (!kept || !same_test(&v->alts[kept - 1], &v->alts[i])) v->alts[kept++] = v->alts[i];
  v->n_alts = kept;
}

static void simplify_item(Arena *a, IrItem *item) {
  for (uint32_t i = 0; i < item->n_values && !item->simplified; i++) {
    IrValue *v = &item->values[i];
    for (uint32_t k = 0; k < v->n_alts; k++)
      if (v->alts[k].pred == PRED_GLOB) classify(a, &v->alts[k]);
    drop_repeats(v);
  }
  item->simplified = true;
}

static uint64_t cost_of(const IrNode *n) {
  uint64_t cost = COST_NODE;
  for (uint32_t i = 0; n->kind == IR_ITEM && i < n->item->n_values; i++)
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++) cost += modifier_cost(&n->item->values[i].alts[k]);
  return cost;
}

/* It keeps the place of what made it one, however far up it is folded. */
static IrNode *constant(Arena *a, const IrNode *n, bool truth) {
  IrNode *out = ir_const(a, n->at, truth);
  out->selection = n->selection;
  return out;
}

/* Values without alternatives never hold: under `all` nothing does, else the others decide. */
static IrNode *item_const(Arena *a, IrNode *n) {
  IrItem *item = n->item;
  uint32_t kept = 0, never = 0;
  for (uint32_t i = 0; i < item->n_values; i++) never += item->values[i].n_alts == 0;
  if (!never) return n;
  if (item->all || never == item->n_values) return constant(a, n, false);
  for (uint32_t i = 0; i < item->n_values; i++)
    if (item->values[i].n_alts) item->values[kept++] = item->values[i];
  item->n_values = kept;
  return n;
}

static IrNode *simplify(Passes *p, IrNode *n);

/* Neither has a border of a selection between itself and the other. */
static bool same_side(const IrNode *n, const IrNode *kid) { return str_eq(n->selection, kid->selection); }

static IrNode *simplify_not(Passes *p, IrNode *n) {
  Arena *a = p->arena;
  IrNode *kid = simplify(p, n->kids[0]);
  if (kid->kind == IR_CONST) return constant(a, kid, !kid->truth);
  if (kid->kind == IR_NOT && same_side(n, kid)) return kid->kids[0];
  IrNode *out = ir_not(a, n->at, kid);
  out->selection = n->selection;
  return out;
}

typedef VEC(IrNode *) Kids;

static IrNode *simplify_join(Passes *p, IrNode *n) {
  Arena *a = p->arena;
  Kids kids = {0};
  bool neutral = n->kind == IR_AND;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    IrNode *kid = simplify(p, n->kids[i]);
    if (p->budget.told) return n;
    if (kid->kind == IR_CONST && kid->truth != neutral) return kid;
    if (kid->kind == IR_CONST) continue;
    bool flat = kid->kind == n->kind && same_side(n, kid);
    if (!flat) *vec_add(a, &kids) = kid;
    for (uint32_t k = 0; flat && k < kid->n_kids; k++) *vec_add(a, &kids) = kid->kids[k];
  }
  if (!kids.n) return constant(a, n, neutral);
  IrNode *out = ir_join(a, n->at, n->kind, kids.p, kids.n);
  if (kids.n > 1) out->selection = n->selection;
  return out;
}

/* Where the rule becomes too large, it is of no more use: anything will do. */
static IrNode *simplify(Passes *p, IrNode *n) {
  if (!budget_take(&p->budget, cost_of(n))) return n;
  switch (n->kind) {
  case IR_CONST: return n;
  case IR_NOT: return simplify_not(p, n);
  case IR_AND:
  case IR_OR: return simplify_join(p, n);
  case IR_ITEM: simplify_item(p->arena, n->item); return item_const(p->arena, n);
  }
  return n;
}

bool simplify_rule(IrRule *rule, Passes *passes) {
  rule->root = simplify(passes, rule->root);
  return !passes->budget.told;
}

/* SPDX-License-Identifier: MIT
 * Branches of the plans of a correlation: which are alike, which no event can match both, what several are together. */
#include "backends/correlation.h"

bool feeds_same(const Feed *x, const Feed *y, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (!str_eq(x->fields[i], y->fields[i])) return false;
  return true;
}

const Str *ref_keys(const Joint *j, uint32_t ref) {
  const Feed *first = NULL;
  for (uint32_t i = 0; i < j->feeds.n; i++) {
    const Feed *f = &j->feeds.p[i];
    if (f->ref != ref) continue;
    if (!first) first = f;
    else if (!feeds_same(first, f, j->n_keys)) return NULL;
  }
  return first ? first->fields : NULL;
}

void joint_ask(Joint *j, bool on) {
  for (uint32_t i = 0; i < j->feeds.n; i++)
    for (uint32_t k = 0; k < j->n_keys; k++) {
      IrNode *n = j->feeds.p[i].asked[k];
      n->kind = on ? IR_ITEM : IR_CONST;
      n->truth = true;
    }
}

/* False where a column is computed in two ways. */
static bool add_columns(Joint *j, PlanBranch *to, const PlanBranch *b) {
  PlanColumn *all = arena_array(j->arena, PlanColumn, to->n_columns + b->n_columns);
  uint32_t n = to->n_columns, k;
  if (n) memcpy(all, to->columns, n * sizeof *all);
  for (uint32_t i = 0; i < b->n_columns; i++) {
    for (k = 0; k < n && !str_eq(all[k].name, b->columns[i].name); k++) continue;
    if (k < n && !str_eq(all[k].expr, b->columns[i].expr)) return false;
    if (k == n) all[n++] = b->columns[i];
  }
  to->columns = all;
  to->n_columns = n;
  return true;
}

bool joint_merge(Joint *j, IrKind kind, const PlanBranch *branches, uint32_t n, PlanBranch *out) {
  IrNode **kids = arena_array(j->arena, IrNode *, n);
  *out = branches[0];
  for (uint32_t i = 0; i < n; i++) {
    kids[i] = branches[i].root;
    if (!str_eq(branches[i].category, out->category)) out->category = STR("any");
    if (i && !add_columns(j, out, &branches[i])) return false;
  }
  out->root = ir_join(j->arena, branches[0].root->at, kind, kids, n);
  return true;
}

bool joint_query(Joint *j, const PlanBranch *branches, uint32_t n, unsigned indent, Str *out, Diags *diags) {
  Plan plan = j->refs.p[0].plan;
  Query query;
  PrintOptions options = *j->options;
  options.indent = indent;
  plan.branches = arena_array(j->arena, PlanBranch, n);
  memcpy(plan.branches, branches, n * sizeof *branches);
  plan.n_branches = n;
  bool good = backend_print(&query, j->backend, &plan, &options, j->arena, diags);
  j->assumed |= query.assumed;
  j->ok = j->ok && good;
  *out = query.text;
  return good;
}

/* --- what cannot both be --------------------------------------------------------------------------------------- */

static bool is_equality(const IrNode *n) {
  if (n->kind != IR_ITEM || n->item->any_field || (n->item->all && n->item->n_values > 1)) return false;
  for (uint32_t i = 0; i < n->item->n_values; i++)
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++) {
      PredKind pred = n->item->values[i].alts[k].pred;
      if (pred != PRED_EQ && pred != PRED_NUMBER) return false;
    }
  return true;
}

typedef VEC(const IrNode *) Tests;

static void find_equalities(Joint *j, const IrNode *n, Tests *out) {
  if (is_equality(n)) *vec_add(j->arena, out) = n;
  for (uint32_t i = 0; n->kind == IR_AND && i < n->n_kids; i++) find_equalities(j, n->kids[i], out);
}

static bool is_ascii(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] >= 0x80) return false;
  return true;
}

/* One value may be equal to both. */
static bool may_agree(const IrTest *x, const IrTest *y) {
  Decimal a, b;
  if (decimal_parse(&a, x->text) && decimal_parse(&b, y->text)) return decimal_cmp(&a, &b) == 0;
  if (!is_ascii(x->text) || !is_ascii(y->text)) return true; /* letter case beyond ASCII is not looked at here */
  return str_eq_nocase(x->text, y->text);
}

static bool values_disjoint(Joint *j, const IrValue *x, const IrValue *y) {
  enum { MOST = 1 << 20 }; /* of all rules together; beyond, nothing is known */
  for (uint32_t m = 0; m < x->n_alts; m++)
    for (uint32_t n = 0; n < y->n_alts; n++)
      if (++j->compared > MOST || may_agree(&x->alts[m], &y->alts[n])) return false;
  return true;
}

static bool items_disjoint(Joint *j, const IrItem *x, const IrItem *y) {
  if (!str_eq(x->field, y->field)) return false;
  for (uint32_t i = 0; i < x->n_values; i++)
    for (uint32_t k = 0; k < y->n_values; k++)
      if (!values_disjoint(j, &x->values[i], &y->values[k])) return false;
  return true;
}

bool feeds_disjoint(Joint *j, const Feed *x, const Feed *y) {
  enum { MOST = 64 };
  Tests a = {0}, b = {0};
  if (x->branch.table.n && y->branch.table.n && !str_eq(x->branch.table, y->branch.table)) return true;
  find_equalities(j, x->branch.root, &a);
  find_equalities(j, y->branch.root, &b);
  for (uint32_t i = 0; i < a.n && i < MOST; i++)
    for (uint32_t k = 0; k < b.n && k < MOST; k++)
      if (items_disjoint(j, a.p[i]->item, b.p[k]->item)) {
        joint_assume(j, ASSUME_SINGLE_VALUE);
        return true;
      }
  return false;
}

bool refs_disjoint(Joint *j, uint32_t x, uint32_t y) {
  for (uint32_t i = 0; i < j->feeds.n; i++)
    for (uint32_t k = 0; k < j->feeds.n; k++)
      if (j->feeds.p[i].ref == x && j->feeds.p[k].ref == y && !feeds_disjoint(j, &j->feeds.p[i], &j->feeds.p[k])) return false;
  return true;
}

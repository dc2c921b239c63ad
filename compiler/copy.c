/* SPDX-License-Identifier: MIT */
#include "compiler/passes.h"

static uint64_t cost_of(const IrNode *n) {
  uint64_t cost = COST_NODE + n->n_kids * sizeof(IrNode *);
  if (n->kind == IR_ITEM) {
    cost += sizeof(IrItem) + n->item->n_values * sizeof(IrValue);
    for (uint32_t i = 0; i < n->item->n_values; i++) cost += n->item->values[i].n_alts * sizeof(IrTest);
  }
  return cost;
}

/* As deep as conditions and selections are nested. */
IrNode *passes_copy(Passes *p, const IrNode *n) {
  if (!budget_take(&p->budget, cost_of(n))) return NULL;
  if (n->kind == IR_ITEM) return ir_copy(p->arena, n);
  IrNode *out = arena_new(p->arena, IrNode);
  *out = *n;
  out->kids = arena_array(p->arena, IrNode *, n->n_kids);
  for (uint32_t i = 0; i < n->n_kids; i++)
    if (!(out->kids[i] = passes_copy(p, n->kids[i]))) return NULL;
  return out;
}

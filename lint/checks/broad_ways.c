/* SPDX-License-Identifier: MIT */
#include "lint/checks/broad.h"

static const IrTest *wide_alternative(const Broad *b, const IrItem *item, const IrValue *v) {
  for (uint32_t i = 0; i < v->n_alts; i++)
    if (b->wide(b, item, &v->alts[i])) return &v->alts[i];
  return NULL;
}

static Width item_width(Broad *b, const IrItem *item) {
  const IrTest *test = NULL;
  const IrValue *value = NULL;
  if (item->any_field || item->negated || !item->n_values) return NARROW;
  for (uint32_t i = 0; i < item->n_values; i++) {
    const IrTest *found = wide_alternative(b, item, &item->values[i]);
    if (!found && item->all) return NARROW;
    if (found && !test) test = found, value = &item->values[i];
  }
  if (!test) return NARROW;
  b->n_items++;
  if (!b->item) b->item = item, b->test = test, b->value = value;
  return WIDE;
}

static Width all_width(Broad *b, const IrNode *n) {
  Width all = OPEN;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    Width one = broad_width(b, n->kids[i]);
    if (one == NARROW) return NARROW;
    if (one == WIDE) all = WIDE;
  }
  return all;
}

/* The first way that is wide. What the others noted does not count. */
static Width any_width(Broad *b, const IrNode *n) {
  Width any = NARROW;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    Broad one = *b;
    Width width = broad_width(&one, n->kids[i]);
    if (width > any) any = width;
    if (width != WIDE) continue;
    *b = one;
    return WIDE;
  }
  if (any == OPEN) b->filtered = true;
  return any;
}

Width broad_width(Broad *b, const IrNode *n) {
  switch (n->kind) {
  case IR_CONST: return n->truth ? OPEN : NARROW;
  case IR_NOT: b->filtered = true; return OPEN;
  case IR_AND: return all_width(b, n);
  case IR_OR: return any_width(b, n);
  case IR_ITEM: return item_width(b, n->item);
  }
  return NARROW;
}

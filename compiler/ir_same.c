/* SPDX-License-Identifier: MIT */
#include "compiler/ir.h"

static bool same_test(const IrTest *x, const IrTest *y) {
  if (x->pred != y->pred) return false;
  switch (pred_info[x->pred].operand) {
  case OPERAND_NONE: return true;
  case OPERAND_TEXT: return x->cased == y->cased && str_eq(x->text, y->text);
  case OPERAND_PATTERN: return x->cased == y->cased && pattern_same(&x->pattern, &y->pattern);
  case OPERAND_REGEX: return x->flags == y->flags && str_eq(x->text, y->text);
  case OPERAND_NET:
  case OPERAND_NUMBER: return str_eq(x->text, y->text);
  case OPERAND_BOOL: return x->truth == y->truth;
  case OPERAND_FIELD: return x->flags == y->flags && str_eq(x->text, y->text);
  case OPERAND_TIME: return x->part == y->part && x->compare == y->compare && str_eq(x->text, y->text);
  }
  return false;
}

static bool same_value(const IrValue *x, const IrValue *y) {
  if (x->n_alts != y->n_alts) return false;
  for (uint32_t i = 0; i < x->n_alts; i++)
    if (!same_test(&x->alts[i], &y->alts[i])) return false;
  return true;
}

static bool same_item(const IrItem *x, const IrItem *y) {
  if (x->any_field != y->any_field || x->all != y->all || x->n_values != y->n_values || !str_eq(x->field, y->field)) return false;
  for (uint32_t i = 0; i < x->n_values; i++)
    if (!same_value(&x->values[i], &y->values[i])) return false;
  return true;
}

bool ir_same(const IrNode *x, const IrNode *y) {
  if (x->kind != y->kind || x->n_kids != y->n_kids) return false;
  if (x->kind == IR_CONST) return x->truth == y->truth;
  if (x->kind == IR_ITEM) return same_item(x->item, y->item);
  for (uint32_t i = 0; i < x->n_kids; i++)
    if (!ir_same(x->kids[i], y->kids[i])) return false;
  return true;
}

static uint64_t hash_number(uint64_t h, uint32_t n) { return hash_bytes(h, &n, sizeof n); }

static uint64_t hash_item(const IrItem *item, uint64_t h) {
  h = hash_bytes(hash_number(h, item->n_values), item->field.p, item->field.n);
  for (uint32_t i = 0; i < item->n_values; i++) {
    const IrValue *v = &item->values[i];
    h = hash_number(h, v->n_alts);
    for (uint32_t k = 0; k < v->n_alts; k++) {
      h = hash_number(h, v->alts[k].pred);
      if (pred_info[v->alts[k].pred].operand == OPERAND_TEXT) h = hash_bytes(h, v->alts[k].text.p, v->alts[k].text.n);
    }
  }
  return h;
}

static uint64_t hash_node(const IrNode *n, uint64_t h) {
  h = hash_number(h, n->kind);
  if (n->kind == IR_CONST) return hash_number(h, n->truth);
  if (n->kind == IR_ITEM) return hash_item(n->item, h);
  h = hash_number(h, n->n_kids);
  for (uint32_t i = 0; i < n->n_kids; i++) h = hash_node(n->kids[i], h);
  return h;
}

uint64_t ir_hash(const IrNode *n) { return hash_node(n, HASH_SEED); }

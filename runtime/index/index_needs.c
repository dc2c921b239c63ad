/* SPDX-License-Identifier: MIT
 * Rules without witnesses: most say `not`, and not for events without some field, such as `not Image: null`. */
#include "runtime/index/index_internal.h"
#include "runtime/index/witness.h"

enum { MOST_TRIED = 8 };

typedef struct {
  const Program *p;
  uint32_t field;
} Without;

/* What a predicate can be in an event without the field. */
static unsigned can_without(const void *ctx, uint32_t pred) {
  const Without *w = ctx;
  const PredRec *r = &w->p->PREDS[pred];
  const TestRec *t = &w->p->TESTS[r->test];
  if (t->kind == PRED_FIELDREF && t->a == w->field) return CAN_FALSE;
  if (r->field != w->field) return CAN_BOTH;
  if (t->kind == PRED_IS_NULL) return CAN_TRUE;
  return t->kind == PRED_EXISTS && t->a == 0 ? CAN_TRUE : CAN_FALSE;
}

/* The first fields that a rule looks at. */
static uint32_t fields_of(const Program *p, const RuleRec *r, uint32_t out[MOST_TRIED]) {
  uint32_t n = 0;
  for (uint32_t i = r->code; i < r->code + r->n_code && n < MOST_TRIED; i++) {
    if (insn_op(p->CODE[i]) != OP_PRED) continue;
    uint32_t field = p->PREDS[insn_arg(p->CODE[i])].field, k = 0;
    while (k < n && out[k] != field) k++;
    if (k == n && field != FIELD_ANY) out[n++] = field;
  }
  return n;
}

uint32_t index_needed_field(const Program *p, const Stats *stats, uint32_t rule, Arena *scratch) {
  static const Anchor present = {.kind = ANCHOR_PRESENT};
  uint32_t fields[MOST_TRIED], best = FIELD_ANY;
  float least = 0;
  uint32_t n = fields_of(p, &p->RULES[rule], fields);
  for (uint32_t i = 0; i < n; i++) {
    float rate = stats_rate(stats, p->fields[fields[i]], &present);
    if (best != FIELD_ANY && rate >= least) continue;
    if (!rule_is_false(p, rule, can_without, &(Without){p, fields[i]}, scratch)) continue;
    best = fields[i];
    least = rate;
  }
  return best;
}

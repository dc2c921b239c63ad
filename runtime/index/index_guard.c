/* SPDX-License-Identifier: MIT
 * Rules that say `and not` of what is common: one predicate that is looked at first spares most of their runs. */
#include "runtime/index/index_internal.h"
#include "runtime/index/witness.h"

enum { LONGEST_CODE = 1024, MOST_PROOFS = 16 };
#define LEAST_RATE 0.01f

static unsigned can_with(const void *ctx, uint32_t pred) { return pred == *(const uint32_t *)ctx ? CAN_TRUE : CAN_BOTH; }

/* In how many events a predicate holds, if it is a cheap one; 0 else. */
static float rate_of(const Program *p, const Stats *stats, uint32_t pred) {
  static const AnchorKind kinds[PRED_COUNT] = {
    [PRED_EQ] = ANCHOR_WHOLE, [PRED_PREFIX] = ANCHOR_PREFIX, [PRED_SUFFIX] = ANCHOR_SUFFIX, [PRED_CONTAINS] = ANCHOR_INSIDE};
  const PredRec *r = &p->PREDS[pred];
  const TestRec *t = &p->TESTS[r->test];
  Anchor a = {kinds[t->kind], program_str(p, t->text)};
  if (a.kind == ANCHOR_PRESENT || t->cased || !a.text.n || r->field == FIELD_ANY) return 0;
  return stats_rate(stats, p->fields[r->field], &a);
}

static bool negates(const Program *p, const RuleRec *r) {
  for (uint32_t i = r->code; i < r->code + r->n_code; i++)
    if (insn_op(p->CODE[i]) == OP_NOT) return true;
  return false;
}

/* A proof takes as long as the code is, so only what would be better than the best so far is tried. */
uint32_t index_guard(const Program *p, const Stats *stats, uint32_t rule, Arena *scratch) {
  const RuleRec *r = &p->RULES[rule];
  uint32_t best = INDEX_NO_GUARD, proofs = 0;
  float most = LEAST_RATE;
  if (r->n_code > LONGEST_CODE || !negates(p, r)) return INDEX_NO_GUARD;
  for (uint32_t i = r->code; i < r->code + r->n_code && proofs < MOST_PROOFS; i++) {
    if (insn_op(p->CODE[i]) != OP_PRED) continue;
    uint32_t pred = insn_arg(p->CODE[i]);
    float rate = rate_of(p, stats, pred);
    if (rate <= most) continue;
    proofs++;
    if (!rule_is_false(p, rule, can_with, &pred, scratch)) continue;
    best = pred;
    most = rate;
  }
  return best;
}

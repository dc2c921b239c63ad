/* SPDX-License-Identifier: MIT */
#include "runtime/index/witness_cost.h"

#include <math.h>

#include "runtime/event.h"

/* Longer texts are rarer. */
static float text_cost(size_t n) { return 1.0f / (float)(1 + n); }

static float cost_of(const Program *p, const PredRec *pred) {
  const TestRec *t = &p->TESTS[pred->test];
  float any = pred->field == FIELD_ANY ? 0.1f : 0;
  switch ((PredKind)t->kind) {
  case PRED_EQ:
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS: return any + text_cost(t->text.len);
  case PRED_NUMBER: return any + 0.1f;
  case PRED_GLOB:
  case PRED_RE: return any + 0.3f;
  case PRED_CIDR:
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE:
  case PRED_BOOL:
  case PRED_TIME:
  case PRED_FIELDREF: return any + 0.9f;
  case PRED_EXISTS: return t->a ? any + 1 : INFINITY;
  case PRED_IS_NULL:
  case PRED_COUNT: break;
  }
  return INFINITY;
}

const float *witness_costs(const Program *p, const Stats *stats, Arena *a) {
  (void)stats;
  float *costs = arena_array(a, float, p->n_PREDS);
  for (uint32_t i = 0; i < p->n_PREDS; i++) costs[i] = cost_of(p, &p->PREDS[i]);
  return costs;
}

/* SPDX-License-Identifier: MIT */
#include "runtime/correlate/thresholds.h"

Thresholds thresholds_of(const Program *program, const CorrRec *rec, Arena *a) {
  Thresholds t = {arena_array(a, Threshold, rec->thresholds.n), rec->thresholds.n};
  for (uint32_t i = 0; i < t.n; i++) {
    const ThresholdRec *r = &program->THRESHOLDS[rec->thresholds.first + i];
    Decimal d = {0};
    decimal_parse(&d, program_str(program, r->number)); /* which the verifier has seen */
    t.p[i].op = (CorrelationOp)r->op;
    number_of_decimal(&t.p[i].number, &d);
    t.p[i].fits = fixed_of_decimal(&t.p[i].fixed, &d);
  }
  return t;
}

static bool op_holds(CorrelationOp op, int c) {
  switch (op) {
  case CORR_GT: return c > 0;
  case CORR_GTE: return c >= 0;
  case CORR_LT: return c < 0;
  case CORR_LTE: return c <= 0;
  case CORR_EQ: return c == 0;
  case CORR_NEQ: return c != 0;
  case CORR_OP_COUNT: break;
  }
  return false;
}

bool thresholds_hold(const Thresholds *t, ThresholdCompare *compare, void *ctx) {
  for (uint32_t i = 0; i < t->n; i++)
    if (!op_holds(t->p[i].op, compare(ctx, &t->p[i]))) return false;
  return true;
}

/* Counts are less than 2^63. */
static int compare_count(void *ctx, const Threshold *t) {
  Fixed value = {(int64_t) * (const uint64_t *)ctx, 0};
  if (t->fits) return fixed_cmp(value, t->fixed);
  Wide w;
  wide_zero(&w);
  wide_add_fixed(&w, value, 1);
  wide_add(&w, &t->number, -1);
  return wide_settle(&w);
}

bool thresholds_hold_count(const Thresholds *t, uint64_t value) { return thresholds_hold(t, compare_count, &value); }

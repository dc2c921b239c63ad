/* SPDX-License-Identifier: MIT
 * value_sum and value_avg. The average is never made to be compared: the sum is, with the threshold times n. */
#include "runtime/correlate/number_row.h"
#include "runtime/correlate/sum.h"

static uint32_t state_bytes(const CorrRec *rec) {
  (void)rec;
  return sizeof(ExactSum);
}

static void enter(Aggregates *a, void *state, const void *row) {
  sum_add(state, a->pool, &number_rows(a)->shared, number_row_name(row), 1);
}

static void leave(Aggregates *a, void *state, const void *row) {
  sum_add(state, a->pool, &number_rows(a)->shared, number_row_name(row), -1);
}

static void end(Aggregates *a, void *state) { sum_clear(state, a->pool); }

/* A sum, and how many thresholds it is compared with: 1 for a sum, n for an average. */
typedef struct {
  const ExactSum *sum;
  const Pool *pool;
  int64_t n;
} Compared;

static int compare(void *ctx, const Threshold *t) {
  const Compared *c = ctx;
  Fixed sum, other = t->fixed;
  bool simple = t->fits && sum_fixed(c->sum, &sum);
  if (simple && c->n > 1) simple = !other.parts && !__builtin_mul_overflow(other.whole, c->n, &other.whole);
  if (simple) return fixed_cmp(sum, other);
  Wide w;
  sum_at(c->sum, c->pool, &w);
  wide_add(&w, &t->number, -c->n);
  return wide_settle(&w);
}

static int64_t parts(const Aggregates *a, uint64_t n) { return a->rec->type == CORR_VALUE_AVG ? (int64_t)n : 1; }

static bool holds(Aggregates *a, void *state, uint64_t n) {
  Compared c = {state, a->pool, parts(a, n)};
  return thresholds_hold(&number_rows(a)->thresholds, compare, &c);
}

static void print(Aggregates *a, void *state, uint64_t n, Buf *out) {
  Wide w;
  sum_at(state, a->pool, &w);
  wide_settle(&w);
  bool exact = wide_divide(&w, (uint64_t)parts(a, n));
  wide_print(&w, exact, out);
}

const Aggregate aggregate_number = {
  .name = "number",
  .row_bytes = number_row_bytes,
  .state_bytes = state_bytes,
  .open = number_rows_open,
  .take = number_row_take,
  .drop = number_row_drop,
  .enter = enter,
  .leave = leave,
  .end = end,
  .holds = holds,
  .print = print,
  .save = number_row_save,
  .load = number_row_load,
  .bytes = number_rows_bytes,
};

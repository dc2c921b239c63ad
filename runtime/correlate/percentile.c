/* SPDX-License-Identifier: MIT
 * value_percentile and value_median: at rank p/100 * (n - 1) of the numbers in their order. Between two of them it is interpolated, exactly: as
 * so many parts of the one and so many of the other. */
#include "runtime/correlate/number_row.h"
#include "runtime/correlate/ranks.h"

enum { PARTS = 100 * CORR_PERCENTILE_ONE }; /* of a rank */

static uint32_t state_bytes(const CorrRec *rec) {
  (void)rec;
  return sizeof(Ranks);
}

static RankPlaces places(const Aggregates *a) { return (RankPlaces){.pool = a->pool, .shared = &number_rows(a)->shared}; }

/* The memory of nodes is counted. */
static void count_nodes(Aggregates *a, uint32_t before, uint32_t now) {
  number_rows(a)->state_bytes += (uint64_t)now * RANK_NODE_BYTES - (uint64_t)before * RANK_NODE_BYTES;
}

static void enter(Aggregates *a, void *state, const void *row) {
  Ranks *r = state;
  RankPlaces p = places(a);
  uint32_t before = r->nodes;
  ranks_add(r, &p, number_row_name(row));
  count_nodes(a, before, r->nodes);
}

static void leave(Aggregates *a, void *state, const void *row) {
  Ranks *r = state;
  RankPlaces p = places(a);
  uint32_t before = r->nodes;
  ranks_remove(r, &p, number_row_name(row));
  count_nodes(a, before, r->nodes);
}

static void end(Aggregates *a, void *state) {
  Ranks *r = state;
  RankPlaces p = places(a);
  count_nodes(a, r->nodes, 0);
  ranks_clear(r, &p);
}

/* low * (PARTS - part) + high * part, of PARTS. */
typedef struct {
  const Texts *shared;
  NumberName low, high;
  int64_t part;
} Between;

static Between between(const Aggregates *a, const Ranks *r, uint64_t n) {
  RankPlaces p = places(a);
  uint64_t rank = a->rec->percentile * (n - 1); /* in PARTS */
  Between b = {.shared = p.shared, .part = (int64_t)(rank % PARTS)};
  uint32_t k = (uint32_t)(rank / PARTS);
  b.low = ranks_at(r, &p, k);
  b.high = b.part ? ranks_at(r, &p, k + 1) : b.low;
  if (b.low == b.high) b.part = 0;
  return b;
}

static void add_up(const Between *b, Wide *w) {
  wide_zero(w);
  wide_add_name(w, b->shared, b->low, PARTS - b->part);
  if (b->part) wide_add_name(w, b->shared, b->high, b->part);
}

static int compare(void *ctx, const Threshold *t) {
  const Between *b = ctx;
  Fixed value;
  if (!b->part && t->fits && number_fixed(b->low, &value)) return fixed_cmp(value, t->fixed);
  Wide w;
  add_up(b, &w);
  wide_add(&w, &t->number, -PARTS);
  return wide_settle(&w);
}

static bool holds(Aggregates *a, void *state, uint64_t n) {
  Between b = between(a, state, n);
  return thresholds_hold(&number_rows(a)->thresholds, compare, &b);
}

static void print(Aggregates *a, void *state, uint64_t n, Buf *out) {
  Between b = between(a, state, n);
  Wide w;
  add_up(&b, &w);
  wide_settle(&w);
  bool exact = wide_divide(&w, PARTS); /* always: by a power of ten */
  wide_print(&w, exact, out);
}

const Aggregate aggregate_percentile = {
  .name = "percentile",
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

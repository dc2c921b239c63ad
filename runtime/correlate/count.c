/* SPDX-License-Identifier: MIT
 * event_count: how many events. */
#include "runtime/correlate/aggregate.h"
#include "runtime/correlate/thresholds.h"

static uint32_t nothing(const CorrRec *rec) {
  (void)rec;
  return 0;
}

static void open_it(Aggregates *a) {
  Thresholds *t = arena_new(a->owner, Thresholds);
  *t = thresholds_of(a->program, a->rec, a->owner);
  a->own = t;
}

static bool take(Aggregates *a, const RowFacts *facts, void *row) {
  (void)a, (void)facts, (void)row;
  return true;
}

static void move(Aggregates *a, void *state, const void *row) { (void)a, (void)state, (void)row; }

static bool holds(Aggregates *a, void *state, uint64_t n) {
  (void)state;
  return thresholds_hold_count(a->own, n);
}

static void print(Aggregates *a, void *state, uint64_t n, Buf *out) {
  (void)a, (void)state;
  buf_printf(out, "%llu", (unsigned long long)n);
}

static void save(Aggregates *a, const void *row, Buf *out) { (void)a, (void)row, (void)out; }

static bool load(Aggregates *a, Str *bytes, void *row) {
  (void)a, (void)bytes, (void)row;
  return true;
}

const Aggregate aggregate_count = {.name = "event_count",
                                   .row_bytes = nothing,
                                   .state_bytes = nothing,
                                   .open = open_it,
                                   .take = take,
                                   .enter = move,
                                   .leave = move,
                                   .holds = holds,
                                   .print = print,
                                   .save = save,
                                   .load = load};

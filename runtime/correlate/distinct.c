/* SPDX-License-Identifier: MIT
 * value_count: how many different texts. Of several fields, the text is each of them behind its length, so that no two tuples are one. */
#include "runtime/correlate/aggregate.h"
#include "runtime/correlate/bag.h"
#include "runtime/correlate/saved.h"
#include "runtime/correlate/texts.h"
#include "runtime/correlate/thresholds.h"

enum {
  NAME_COST = 16, /* of a name in a window */
  TEXT_MOST = 1 << 30
}; /* of all fields together; only where the same long one is named again and again */

typedef struct {
  Thresholds thresholds;
  Texts texts;
  uint64_t names; /* in all windows together */
} Distinct;

static uint32_t row_bytes(const CorrRec *rec) {
  (void)rec;
  return sizeof(TextName);
}

static uint32_t state_bytes(const CorrRec *rec) {
  (void)rec;
  return sizeof(Bag);
}

static void open_it(Aggregates *a) {
  Distinct *d = arena_new(a->owner, Distinct);
  d->thresholds = thresholds_of(a->program, a->rec, a->owner);
  texts_open(&d->texts, a->pool);
  a->own = d;
}

static TextName name_of(const void *row) {
  TextName name;
  memcpy(&name, row, sizeof name);
  return name;
}

static void take_text(Aggregates *a, Str text, void *row) {
  Distinct *d = a->own;
  TextName name = texts_take(&d->texts, text);
  memcpy(row, &name, sizeof name);
}

static bool take(Aggregates *a, const RowFacts *facts, void *row) {
  uint32_t n = a->rec->n_values;
  if (n == 1) {
    take_text(a, facts->values[0], row);
    return true;
  }
  Arena *scratch = arena_sub(a->owner);
  Buf tuple = {.arena = scratch};
  for (uint32_t i = 0; i < n; i++) saved_put(&tuple, facts->values[i]);
  bool fits = tuple.n <= TEXT_MOST;
  if (fits) take_text(a, buf_view(&tuple), row);
  arena_sub_done(scratch);
  return fits;
}

static void drop(Aggregates *a, void *row) {
  Distinct *d = a->own;
  texts_drop(&d->texts, name_of(row));
}

static void enter(Aggregates *a, void *state, const void *row) {
  Distinct *d = a->own;
  d->names += bag_add(state, a->pool, name_of(row));
}

static void leave(Aggregates *a, void *state, const void *row) {
  Distinct *d = a->own;
  d->names -= bag_remove(state, a->pool, name_of(row));
}

static void end(Aggregates *a, void *state) {
  Distinct *d = a->own;
  d->names -= ((Bag *)state)->n;
  bag_clear(state, a->pool);
}

static bool holds(Aggregates *a, void *state, uint64_t n) {
  const Distinct *d = a->own;
  (void)n;
  return thresholds_hold_count(&d->thresholds, ((Bag *)state)->n);
}

static void print(Aggregates *a, void *state, uint64_t n, Buf *out) {
  (void)a, (void)n;
  buf_printf(out, "%u", ((Bag *)state)->n);
}

static void save(Aggregates *a, const void *row, Buf *out) {
  const Distinct *d = a->own;
  saved_put(out, texts_at(&d->texts, name_of(row)));
}

/* A tuple has as many parts as there are fields, and nothing behind them. */
static bool is_tuple(Str text, uint32_t n) {
  Str part;
  for (uint32_t i = 0; i < n; i++)
    if (!saved_get(&text, &part)) return false;
  return text.n == 0;
}

static bool load(Aggregates *a, Str *bytes, void *row) {
  Str text;
  if (!saved_get(bytes, &text) || (a->rec->n_values > 1 && !is_tuple(text, a->rec->n_values))) return false;
  take_text(a, text, row);
  return true;
}

static uint64_t bytes_of(const Aggregates *a) {
  const Distinct *d = a->own;
  return d->texts.bytes + d->names * NAME_COST;
}

const Aggregate aggregate_distinct = {
  .name = "distinct",
  .row_bytes = row_bytes,
  .state_bytes = state_bytes,
  .open = open_it,
  .take = take,
  .drop = drop,
  .enter = enter,
  .leave = leave,
  .end = end,
  .holds = holds,
  .print = print,
  .save = save,
  .load = load,
  .bytes = bytes_of,
};

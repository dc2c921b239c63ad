/* SPDX-License-Identifier: MIT */
#include "runtime/correlate/number_row.h"

#include "runtime/correlate/saved.h"

void number_rows_open(Aggregates *a) {
  NumberRows *r = arena_new(a->owner, NumberRows);
  texts_open(&r->shared, a->pool);
  r->thresholds = thresholds_of(a->program, a->rec, a->owner);
  a->own = r;
}

uint32_t number_row_bytes(const CorrRec *rec) {
  (void)rec;
  return sizeof(NumberName);
}

/* What a row may add to a wide sum: limbs from the point to its far end. */
static uint64_t wide_cost(const NumberRows *r, NumberName x) {
  Fixed f;
  if (number_fixed(x, &f)) return 0;
  Number n = number_shared(&r->shared, x);
  int low = n.low < 0 ? n.low : 0, high = n.low + n.n > 0 ? n.low + n.n : 0;
  return (uint64_t)(high - low) * sizeof(int64_t);
}

static bool take_text(Aggregates *a, Str text, void *row) {
  NumberRows *r = number_rows(a);
  NumberName x;
  if (!numbers_take(&r->shared, text, &x)) return false;
  r->state_bytes += wide_cost(r, x);
  memcpy(row, &x, sizeof x);
  return true;
}

bool number_row_take(Aggregates *a, const RowFacts *facts, void *row) { return take_text(a, facts->values[0], row); }

void number_row_drop(Aggregates *a, void *row) {
  NumberRows *r = number_rows(a);
  NumberName x = number_row_name(row);
  r->state_bytes -= wide_cost(r, x);
  numbers_drop(&r->shared, x);
}

void number_row_save(Aggregates *a, const void *row, Buf *out) {
  Buf text = {.arena = arena_sub(a->owner)};
  numbers_print(&number_rows(a)->shared, number_row_name(row), &text);
  saved_put(out, buf_view(&text));
  arena_sub_done(text.arena);
}

bool number_row_load(Aggregates *a, Str *bytes, void *row) {
  Str text;
  return saved_get(bytes, &text) && take_text(a, text, row);
}

uint64_t number_rows_bytes(const Aggregates *a) { return number_rows(a)->shared.bytes + number_rows(a)->state_bytes; }

/* SPDX-License-Identifier: MIT
 * Rows that are a number: what aggregates over numbers have in common. */
#ifndef SIGMAC_RUNTIME_CORRELATE_NUMBER_ROW_H
#define SIGMAC_RUNTIME_CORRELATE_NUMBER_ROW_H

#include "runtime/correlate/aggregate.h"
#include "runtime/correlate/thresholds.h"

/* What `own` of such an aggregate is. */
typedef struct {
  Texts shared;
  Thresholds thresholds;
  uint64_t state_bytes; /* of all windows together, about, beside their states */
} NumberRows;

void number_rows_open(Aggregates *a);
static inline NumberRows *number_rows(const Aggregates *a) { return a->own; }
static inline NumberName number_row_name(const void *row) {
  NumberName x;
  memcpy(&x, row, sizeof x);
  return x;
}

/* Of struct Aggregate. */
uint32_t number_row_bytes(const CorrRec *rec);
bool number_row_take(Aggregates *a, const RowFacts *facts, void *row);
void number_row_drop(Aggregates *a, void *row);
void number_row_save(Aggregates *a, const void *row, Buf *out);
bool number_row_load(Aggregates *a, Str *bytes, void *row);
uint64_t number_rows_bytes(const Aggregates *a);

#endif

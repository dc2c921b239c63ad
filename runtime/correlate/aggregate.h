/* SPDX-License-Identifier: MIT
 * What the value of a window is made of, by type of correlation (semantics 13.5). A window is a queue of rows, one for each event that
 * counts, in the order of (time, arrival); rows enter it at its young end and leave at its old one. An aggregate knows the value of
 * the rows that are in the window now. The window of the newest event has one that is kept; late events make one for the
 * moment, and slide it over the windows they touch.
 *
 * Behind the time of its event, a row has `row_bytes` of what the aggregate wants to know of it (an id of a text, a number ...). Texts
 * and numbers are shared by rows: `take` counts them, `drop` gives them back. Rows are aligned to 4, states to 8. */
#ifndef SIGMAC_RUNTIME_CORRELATE_AGGREGATE_H
#define SIGMAC_RUNTIME_CORRELATE_AGGREGATE_H

#include "base/buf.h"
#include "runtime/correlate/pool.h"
#include "runtime/program.h"

/* What belongs to all groups of one correlation: its record, pools, tables of texts. */
typedef struct {
  const Program *program;
  const CorrRec *rec;
  Arena *owner;
  Pool *pool; /* for what comes and goes; shared by all correlations */
  void *own;  /* of the aggregate, made by open */
} Aggregates;

typedef struct {
  const uint64_t *refs; /* bits: the refs of the correlation that the event matches (64 to a word) */
  const Str *values;    /* of the fields of the condition */
} RowFacts;

typedef struct {
  const char *name;
  uint32_t (*row_bytes)(const CorrRec *rec), (*state_bytes)(const CorrRec *rec); /* multiples of 4 and 8 */
  void (*open)(Aggregates *a);                                                   /* once; may be NULL */
  /* The row of an event. False where it has none (a value that is no number): the event does not take part. */
  bool (*take)(Aggregates *a, const RowFacts *facts, void *row);
  void (*drop)(Aggregates *a, void *row);    /* the row is forgotten; may be NULL */
  void (*begin)(Aggregates *a, void *state); /* of zeroed memory: an empty window; may be NULL */
  void (*enter)(Aggregates *a, void *state, const void *row);
  void (*leave)(Aggregates *a, void *state, const void *row);
  void (*end)(Aggregates *a, void *state); /* gives back what it holds; may be NULL */
  /* Whether the condition holds for a window of n rows, at least one. */
  bool (*holds)(Aggregates *a, void *state, uint64_t n);
  void (*print)(Aggregates *a, void *state, uint64_t n, Buf *out); /* its value as decimal text */
  /* A row for the state file, and back; false where the bytes are none. NULL: its bytes are. */
  void (*save)(Aggregates *a, const void *row, Buf *out);
  bool (*load)(Aggregates *a, Str *bytes, void *row);
  uint64_t (*bytes)(const Aggregates *a); /* of what it shares, about: for the limits; may be NULL */
} Aggregate;

extern const Aggregate aggregate_count, aggregate_distinct, aggregate_number, aggregate_percentile, aggregate_temporal;

/* By type; NULL where there is none yet. temporal_ordered has that of temporal: what else it wants to know stands in the order of rows
 * (ordered.h). */
extern const Aggregate *const aggregate_of_type[CORR_TYPE_COUNT];

/* For temporal ones: whether a number, as value of the correlation, satisfies all thresholds. */
bool aggregate_count_holds(const Aggregates *a, uint64_t value);

#endif

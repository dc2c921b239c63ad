/* SPDX-License-Identifier: MIT
 * Counts what statistics know (runtime/index/stats_table.h) in a sample of events. Bounded memory, whatever the events are:
 * rare things may be taken for a little more common than they are. The same events in the same order give the same. */
#ifndef SIGMAC_COMPILER_TUNE_H
#define SIGMAC_COMPILER_TUNE_H

#include "runtime/index/stats_table.h"

typedef struct Tune Tune;
struct Value; /* runtime/value.h */

/* `as_is`: rules see events as they are, else in the common shape (runtime/shape.h). */
Tune *tune_new(bool as_is, Arena *owner);
/* root is an object in scratch. It counts as `weight` events, at least one. */
void tune_event(Tune *t, struct Value *root, uint32_t weight, Arena *scratch);

/* How much is kept. */
typedef struct {
  uint32_t fields, values;      /* at most */
  uint32_t grams[FAMILY_COUNT]; /* likewise */
  uint32_t least_family;        /* grams of a family are kept where it has so many values ... */
  uint32_t least_value;         /* of so many events with the field, one must have the value */
} TuneSize;

/* What an image has room for. */
extern const TuneSize tune_size;

typedef struct {
  Str name; /* empty: all others */
  uint32_t level;
} TunedField;

typedef struct {
  const TunedField *fields; /* by name */
  const uint32_t *values;
  const uint32_t *grams;
  uint32_t n_fields, n_values, n_grams;
} Tuned;

/* In the arena. */
Tuned tune_finish(const Tune *t, TuneSize size, Arena *a);

#endif

/* SPDX-License-Identifier: MIT
 * What the value of a correlation is compared with, as numbers. */
#ifndef SIGMAC_RUNTIME_CORRELATE_THRESHOLDS_H
#define SIGMAC_RUNTIME_CORRELATE_THRESHOLDS_H

#include "runtime/correlate/numbers.h"
#include "runtime/program.h"

typedef struct {
  CorrelationOp op;
  Number number;
  bool fits; /* and is the same as: */
  Fixed fixed;
} Threshold;

typedef struct {
  Threshold *p;
  uint32_t n;
} Thresholds;

/* Those of a correlation, in the arena. */
Thresholds thresholds_of(const Program *program, const CorrRec *rec, Arena *a);
/* Whether all are satisfied by a value of which `compare` says how it stands to a threshold (<0, 0, >0). */
typedef int ThresholdCompare(void *ctx, const Threshold *t);
bool thresholds_hold(const Thresholds *t, ThresholdCompare *compare, void *ctx);
/* Whether all are satisfied by a whole number. */
bool thresholds_hold_count(const Thresholds *t, uint64_t value);

#endif

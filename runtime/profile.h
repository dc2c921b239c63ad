/* SPDX-License-Identifier: MIT
 * What evaluating costs: by step, and by rule. A scanner that has Costs looks at the clock between its steps; without one
 * it does not know of time. Time in which others had the processor is taken out. */
#ifndef SIGMAC_RUNTIME_PROFILE_H
#define SIGMAC_RUNTIME_PROFILE_H

#include "base/arena.h"

typedef enum { STEP_READING, STEP_LOGSOURCE, STEP_INDEX_MADE, STEP_INDEX, STEP_RULES, STEP_COUNT } ProfileStep;

typedef struct {
  uint64_t offered;     /* events; complete behind scanner_profile */
  uint64_t runs;        /* times that it was run */
  uint64_t matches;     /* of those */
  uint64_t nanoseconds; /* in them. Verdicts are shared: of several rules with a predicate, the one that asks first has its cost */
} RuleCosts;

typedef struct {
  uint64_t events;
  uint64_t nanoseconds[STEP_COUNT];
  RuleCosts *rules; /* by rule */
  uint64_t clock;   /* nanoseconds that it takes to look at the clock: subtracted from each step */
  uint64_t since;   /* when the present step began */
  int64_t waited;   /* nanoseconds that the thread did not run, from anywhere on: seen when a step took long */
} Costs;

/* Nothing counted yet. */
Costs *profile_new(uint32_t n_rules, Arena *owner);
void profile_clear(Costs *p, uint32_t n_rules);
/* A step begins. */
void profile_begin(Costs *p);
/* It ends, and the next one begins: how long it took. */
uint64_t profile_step(Costs *p, ProfileStep step);

#endif

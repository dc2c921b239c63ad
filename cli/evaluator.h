/* SPDX-License-Identifier: MIT
 * One scanner with what belongs to it: events go in, matches with their texts and reports of bad events come out, to
 * whoever is given. One evaluator is used by one thread at a time. */
#ifndef SIGMAC_CLI_EVALUATOR_H
#define SIGMAC_CLI_EVALUATOR_H

#include "cli/events.h"
#include "cli/format.h"
#include "cli/found.h"
#include "cli/limits_seen.h"
#include "cli/rule_set.h"

typedef struct {
  uint64_t unmapped, outside, timeless, given_up; /* as sigmac_scanner_counts */
} ScanCounts;

typedef struct {
  const RuleSet *set;
  sigmac_scanner *scanner;
  Formatter formatter;
  Buf text; /* of the present match or report */
  /* Who takes what comes out; texts live until they return: */
  void (*match)(void *ctx, const Found *m);
  void (*bad)(void *ctx, const Event *e, Str report);
  void *ctx;
  const Event *event; /* the present one ... */
  bool event_given;   /* ... and whether correlations have its text */
} Evaluator;

/* Begins with a set of rules; match, bad and ctx are kept. */
void evaluator_begin(Evaluator *e, const RuleSet *set);
void evaluator_run(Evaluator *e, const Event *event);
/* Ends with its set: what its scanner counted is added to `counts`, what it gave up to `limits`. */
void evaluator_end(Evaluator *e, ScanCounts *counts, LimitsSeen *limits);

#endif

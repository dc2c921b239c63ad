/* SPDX-License-Identifier: MIT
 * Correlations in a run of `eval`: the facts of the matches of one event are gathered until the event is over; then a
 * correlator sees it, and tells of alerts. It stands in the stage, where matches come in the order of the events. */
#ifndef SIGMAC_CLI_CORRELATING_H
#define SIGMAC_CLI_CORRELATING_H

#include "cli/found.h"
#include "cli/rule_set.h"
#include "cli/summary.h"

typedef struct {
  sigmac_correlator *correlator; /* NULL: no correlation is selected */
  const RuleSet *set;
  /* Who takes alerts that are to be reported; what they point to lives until it returns: */
  void (*alert)(void *ctx, const sigmac_alert *alert);
  void *ctx;
  bool pending; /* there are facts of this event: */
  uint64_t index;
  bool has_time;
  sigmac_time time;
  Buf facts, event;
  CorrelatingCounts counts; /* of the correlators that have ended; correlating_counts adds that of the present one */
} Correlating;

/* Begins with a set of rules; alert and ctx are kept. */
void correlating_begin(Correlating *c, const RuleSet *set);
/* Whether this match belongs to another event than what was added: that one is over then. */
static inline bool correlating_next(const Correlating *c, const Found *m) { return c->pending && c->index != m->event_index; }
/* Adds a match with facts. */
void correlating_add(Correlating *c, const Found *m);
/* The event is over. */
void correlating_event(Correlating *c);
/* What was seen so far goes on with other rules: what of it they change starts afresh, which is said. The set before must still
 * be there. */
void correlating_change_rules(Correlating *c, const RuleSet *set);
CorrelatingCounts correlating_counts(const Correlating *c);
void correlating_end(Correlating *c);

#endif

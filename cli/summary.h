/* SPDX-License-Identifier: MIT
 * What a run of `eval` did, counted while it runs and told at its end. */
#ifndef SIGMAC_CLI_SUMMARY_H
#define SIGMAC_CLI_SUMMARY_H

#include "base/buf.h"
#include "base/vec.h"
#include "cli/level.h"
#include "cli/library.h"

/* The matches of a rule, or the alerts of a correlation. */
typedef struct {
  Str id, title, level, path;
  uint64_t matches;
  bool correlation;
} RuleCount;

/* As sigmac_correlator_counts. */
typedef struct {
  uint64_t timeless, late, too_late, expired, evicted, suppressed;
  uint64_t groups;
} CorrelatingCounts;

typedef struct {
  Arena *arena;
  const sigmac_rules *rules; /* all that were loaded */
  uint32_t n_rules, n_correlations;
  uint64_t events; /* read, bad ones included */
  uint64_t bytes;  /* of the inputs */
  double seconds;
  uint64_t matches;
  uint64_t alerts; /* of correlations, that were reported */
  uint64_t silent; /* matches for correlations alone, that are no part of `matches` */
  uint64_t by_level[LEVELS + 1], alerts_by_level[LEVELS + 1];
  uint64_t *by_rule;     /* matches, and behind them the alerts of correlations */
  uint32_t room;         /* of by_rule */
  VEC(RuleCount) gone;   /* rules that were there once, and are not in the set that was loaded since */
  uint32_t evaluated;    /* rules */
  uint32_t refused;      /* with errors */
  uint32_t not_selected; /* by the options */
  uint32_t correlations, correlations_not_selected;
  CorrelatingCounts over_time;
  uint32_t other_source; /* left out, since no event has their log source */
  uint64_t bad;          /* events that are none */
  uint64_t outside;      /* events outside of the range of time, not evaluated */
  uint64_t timeless;     /* events without a time, where there is such a range */
  uint64_t unmapped;     /* events that no log source fits */
  uint64_t given_up;     /* times that a test was taken as no match, because it took too long */
  const char *ended;     /* why before the end of the input; NULL for no */
} Summary;

void summary_begin(Summary *s, const sigmac_rules *rules, Arena *a);
/* From now on matches are of this set: what a rule had, the one with the same id goes on with (without ids: with the same
 * path and title). The set before must still be there. */
void summary_change_rules(Summary *s, const sigmac_rules *rules);
void summary_match(Summary *s, uint32_t number, const sigmac_rule *rule);
void summary_alert(Summary *s, uint32_t number, const sigmac_rule *rule);
/* For people: aligned lines, of which those that have nothing to tell are left out. */
void summary_print(Buf *out, const Summary *s, bool colour);
/* How the JSON begins: a file that begins otherwise is no summary, and is not replaced by one. */
#define SUMMARY_BEGIN "{\"events\":"
/* For programs: one JSON object, with all numbers and the rules that matched. */
void summary_json(Buf *out, const Summary *s);

#endif

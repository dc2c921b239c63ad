/* SPDX-License-Identifier: MIT
 * What the parts of the correlator share. An event goes through it like this:
 *
 *   facts -> matches       each rule that the event matches, with its values          (intake.c)
 *         -> contributions for each correlation: groups, with the refs that agree      (contribute.c)
 *         -> a row in its group, the window of the newest event follows               (judge.c, late.c, ordered.c)
 *         -> an alert, which is a match for the correlations that refer to it          (alert.c)
 *
 * and then groups are forgotten while there are too many (forget.c). */
#ifndef SIGMAC_RUNTIME_CORRELATE_CORRELATE_INTERNAL_H
#define SIGMAC_RUNTIME_CORRELATE_CORRELATE_INTERNAL_H

#include "runtime/correlate/aggregate.h"
#include "runtime/correlate/correlate.h"
#include "runtime/correlate/facts.h"
#include "runtime/correlate/groups.h"

/* A match of the present event: of a rule, as its facts tell. */
typedef struct {
  uint32_t rule;
  const Fact *values; /* of its needs */
} Match;

/* A ref of a correlation that the present event matches; `match` is that of the rule behind it. */
typedef struct {
  uint32_t ref, match;
  uint32_t contribution; /* the one that it belongs to; UINT32_MAX: none, since a value of its group is missing */
} Hit;

/* One correlation. */
typedef struct {
  const CorrRec *rec;
  uint32_t number;  /* of the correlation: from n_RULES */
  bool referred;    /* others refer to it */
  int64_t timespan; /* nanoseconds */
  const Aggregate *kind;
  Aggregates shared;
  RowShape shape;
  Groups groups;
  const uint32_t *steps; /* temporal_ordered: the refs of its sequence, in order */
  uint32_t n_steps;
  bool holds_of_n, holds_of_0;      /* temporal_ordered with thresholds: what they say of n and of 0 */
  uint32_t ordered_at, reported_at; /* where these begin in the state of a group, behind the state of the aggregate */
  bool keeps_reported;              /* whether there is the latter */
  bool any;                         /* whether there was an event */
  int64_t newest;                   /* the time of the newest */
  bool forgot;                      /* whether a group was forgotten for its age */
  int64_t forgotten;                /* the newest event of such a group */
  uint64_t shared_bytes;            /* what kind->bytes said last */
  VEC(Hit) hits;                    /* of the present event */
} Correlation;

/* Who refers to a rule or correlation. */
typedef struct {
  uint32_t correlation, ref;
} Referrer;

typedef struct TextPool TextPool;

struct Correlator {
  const Program *program;
  CorrelateOptions options;
  Arena *owner;
  Arena scratch; /* of the present event */
  Pool *pool;
  Correlation *correlations;
  uint32_t n;
  Referrer *referrers;      /* by number of the rule or correlation, then of the correlation that refers to it */
  uint32_t *first_referrer; /* n_RULES + n + 1 of them */
  uint64_t *waiting;        /* bits: correlations with hits of the present event */
  VEC(Match) matches;       /* of the present event */
  TextPool *texts;          /* of events that are kept */
  CorrelateCounts counts;
  uint64_t bytes; /* all state, logically */
  /* the present event */
  const CorrelateEvent *event;
  int64_t time;
  uint32_t text; /* its name in texts; 0: not kept yet */
  bool counted;
  CorrelateAlert *fn;
  void *ctx;
};

/* What the state of a correlation is kept under: the meaning that it has in the image. */
static inline uint64_t correlation_meaning(const Correlation *k) {
  return (uint64_t)k->rec->meaning_high << 32 | k->rec->meaning_low;
}
/* Nanoseconds since 1970; false outside of 1678-2261. */
bool correlate_nanos(int64_t *out, EventTime t);
EventTime correlate_time(int64_t nanos);
/* t - span, or the earliest there is. */
static inline int64_t time_minus(int64_t t, int64_t span) { return t < INT64_MIN + span ? INT64_MIN : t - span; }

/* --- for who restores a state (state.c): groups in any order, the rows of each in their order ------------------------------------------ */

/* A new group without rows. Its key must be one (n lengths and values), and not be there yet: else 0. */
PoolRef correlate_group_new(Correlator *c, Correlation *k, Str key);
/* A row behind all others of the group, with the bytes that kind->save or the row itself gave. `text` with KEEP_FULL. False where it is
 * older than the last, or the bytes are none. */
bool correlate_row_add(Correlator *c, Correlation *k, PoolRef group, int64_t time, uint64_t index, Str facts, Str text);
/* After its last row: its newest event, and what follows from its rows. newest must not be older than the last row, nor may that be older than the
 * first by more than two timespans. */
bool correlate_group_done(Correlator *c, Correlation *k, PoolRef group, int64_t newest, uint64_t newest_index);
/* Gives back all groups of all correlations, as after correlator_new. */
void correlate_clear(Correlator *c);
/* When a group last reported; NULL where that is not kept (no suppress). */
typedef struct {
  bool any;
  int64_t time;
} Reported;
static inline Reported *group_reported(const Correlation *k, Group *g) {
  return k->keeps_reported ? (Reported *)((char *)group_state(g) + k->reported_at) : NULL;
}
/* The text of an event that is kept, by the name that stands in its row. */
Str correlate_text(const Correlator *c, uint32_t name);

#endif

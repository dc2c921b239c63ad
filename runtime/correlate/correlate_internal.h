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
#include "runtime/correlate/texts.h"

/* A match of the present event: of a rule, as its facts tell. */
typedef struct {
  uint32_t rule;
  const Fact *values; /* of its needs */
} Match;

/* A ref of a correlation that the present event matches; `match` is that of the rule behind it. */
typedef struct {
  uint32_t ref, match;
} Hit;

/* What the present event is for one group of a correlation. */
typedef struct {
  Str key;
  uint64_t *refs;    /* bits */
  const Str *values; /* of the condition; NULL: none of the refs has them */
  uint32_t match;    /* of its first ref */
} Contribution;

/* That the condition holds, and of what. */
typedef struct {
  int64_t start, end;
  Buf value;
  RowPlace first, behind;   /* the rows of the window ... */
  const RowPlace *sequence; /* ... or, in their order, those of a sequence: as many as the correlation has steps */
} Verdict;

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

struct Correlator {
  const Program *program;
  CorrelateOptions options;
  Arena *owner;
  Arena *scratch; /* of the present event */
  Pool *pool;
  Correlation *correlations;
  uint32_t n;
  Referrer *referrers;      /* by number of the rule or correlation, then of the correlation that refers to it */
  uint32_t *first_referrer; /* n_RULES + n + 1 of them */
  uint64_t *waiting;        /* bits: correlations with hits of the present event */
  VEC(Match) matches;       /* of the present event */
  Texts texts;              /* of events that are kept */
  CorrelateCounts counts;
  uint64_t bytes; /* of groups and rows, and what aggregates share, logically */
  /* the present event */
  const CorrelateEvent *event;
  int64_t time;
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

static inline int64_t time_plus(int64_t t, int64_t span) { return t > INT64_MAX - span ? INT64_MAX : t + span; }

static inline void *correlate_row(const Correlator *c, const Correlation *k, RowPlace p) { return rows_at(c->pool, &k->shape, p); }
static inline int64_t correlate_row_time(const Correlator *c, const Correlation *k, RowPlace p) {
  return row_time(correlate_row(c, k, p));
}
static inline bool refs_have(const uint64_t *refs, uint32_t ref) { return refs[ref / 64] >> ref % 64 & 1; }

/* contribute.c: the contributions of the present event to a correlation, by its hits; in the scratch arena. */
typedef VEC(Contribution) Contributions;
void correlate_contributions(Correlator *c, Correlation *k, Contributions *out);

/* judge.c: the contribution becomes a row of its group; alerts. */
void correlate_judge(Correlator *c, Correlation *k, const Contribution *x);
/* A row of the group is forgotten; what its window holds is not looked at. */
void correlate_forget_row(Correlator *c, Correlation *k, void *row);
/* All rows. */
void correlate_empty_group(Correlator *c, Correlation *k, Group *g);
/* The window of the newest event as it follows from the rows. */
void correlate_make_window(Correlator *c, Correlation *k, Group *g);

/* late.c: whether the condition holds of a window with the row in it, which ends at it or behind it. Also where it is the newest. */
bool correlate_slide(Correlator *c, Correlation *k, Group *g, RowPlace row, Verdict *v);

/* ordered.c: steps of sequences */
bool correlate_ordered(Correlator *c, Correlation *k, Group *g, RowPlace row, bool late, Verdict *v);
/* The starts of sequences, anew from the rows of the window. */
void correlate_ordered_again(Correlator *c, Correlation *k, Group *g);
bool correlate_row_has(const void *row, uint32_t ref); /* temporal.c: whether the event matches the ref */

/* alert.c */
void correlate_alert(Correlator *c, Correlation *k, Group *g, const Contribution *x, const Verdict *v);
/* forget.c: groups of one correlation, where it has too many; groups of all, where they take too many bytes. */
void correlate_limit_groups(Correlator *c, Correlation *k);
void correlate_forget(Correlator *c);
/* What the aggregate shares counts from now on as it is now. */
void correlate_share_bytes(Correlator *c, Correlation *k);
uint64_t correlate_bytes(const Correlator *c);
/* What a group takes without its rows, about. */
uint64_t correlate_group_bytes(const Correlation *k, size_t key);
void correlate_remove_oldest(Correlator *c, Correlation *k);
/* intake.c: a rule or correlation is in the present event: for those that refer to it. */
void correlate_hit(Correlator *c, uint32_t number, uint32_t match);

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

#endif

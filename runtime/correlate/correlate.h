/* SPDX-License-Identifier: MIT
 * Correlations over time (semantics 13). Events come in one after another, as what correlations need of them (facts.h) and with
 * their time; alerts come out. One correlator for a program and a stream of events, used by one thread at a time: it stands
 * behind the stage that puts the events of several threads in order.
 *
 * Time. An event is judged by its own time, never by the clock. It must lie in 1678-2261 (64-bit nanoseconds); others count as
 * events without a time, which take part in no correlation (13.13). Events in the order of their time cost O(1) amortised
 * (percentiles O(log n)); one that is late costs the windows it touches.
 *
 * State. A group keeps its events of the last two timespans: a late event may still look back one timespan from its own time.
 * Under its limits the state is exact. Where there are too many groups, or too many bytes, groups are forgotten (out of date ones from 64 MiB on): first those
 * whose newest event is more than two timespans older than the newest event of their correlation (they are `expired`: only an event
 * that is late by more than a timespan could tell the difference; such events are counted as `too_late`), then those with the oldest
 * newest event (`evicted`, semantics 13.12). What counts are logical sizes, so that a state that was restored goes on in the same way.
 *
 * A chain: a correlation that fires is part of the same event for those that refer to it, with the fields that its triggering rule saw. */
#ifndef SIGMAC_RUNTIME_CORRELATE_CORRELATE_H
#define SIGMAC_RUNTIME_CORRELATE_CORRELATE_H

#include "base/buf.h"
#include "runtime/eventtime.h"
#include "runtime/program.h"

typedef struct Correlator Correlator;

/* Which events of an alert are remembered. */
typedef enum { KEEP_NONE, KEEP_REFS, KEEP_FULL } CorrelateKeep;

typedef struct {
  CorrelateKeep keep;
  uint64_t suppress;   /* nanoseconds: alerts of a group less than this behind the last one that was reported are not reported
                          (correlations that refer to it see them); 0: all are */
  bool reset;          /* an alert empties its group */
  uint32_t max_groups; /* of each correlation; 0: LIMIT_CORRELATION_GROUPS */
  uint64_t max_bytes;  /* of all state, about; 0: LIMIT_CORRELATION_BYTES */
} CorrelateOptions;

/* One event that made an alert; in the order of (time, arrival). */
typedef struct {
  uint64_t index;
  EventTime time;
  Str text; /* KEEP_FULL */
} AlertEvent;

enum { ALERT_ID_ROOM = 33 };

typedef struct {
  uint32_t number;        /* n_RULES + that of the correlation */
  bool reported;          /* else it is silent, or suppressed: told all the same, for those who count */
  uint64_t event_index;   /* of the event that made it fire */
  EventTime time;         /* its time */
  const Str *group;       /* values in the order of group_by */
  Str value;              /* decimal text; temporal: how many rules; ordered: how many, or 0 */
  EventTime start, end;   /* of the window: the first and last event in it that count */
  char id[ALERT_ID_ROOM]; /* 32 hexadecimal digits: of the correlation's meaning, the group, the time and number of the event */
  const AlertEvent
    *events; /* KEEP_REFS, KEEP_FULL, and where it is reported: those of the window; ordered: those of the sequence */
  uint32_t n_events;
} Alert;

typedef void CorrelateAlert(void *ctx, const Alert *alert);

typedef struct {
  uint64_t events;   /* that took part in some correlation */
  uint64_t timeless; /* that would have, but have no time */
  uint64_t late;     /* contributions that were dropped: older than the newest of their group by more than the timespan (13.10) */
  uint64_t too_late; /* contributions of which it is not known whether their group was forgotten */
  uint64_t expired, evicted; /* groups */
  uint64_t alerts, suppressed;
  uint64_t groups, bytes; /* now */
} CorrelateCounts;

/* Memory from the heap of owner. NULL where the program has no correlations. */
Correlator *correlator_new(const Program *p, const CorrelateOptions *options, Arena *owner);
/* One event with a match that a correlation rests on. `facts` of its matches; `text` is kept with KEEP_FULL. Alerts are told in the order
 * of the numbers of correlations; what they point to lives until fn returns. */
typedef struct {
  uint64_t index;
  bool has_time;
  EventTime time;
  Str facts, text;
} CorrelateEvent;
void correlator_event(Correlator *c, const CorrelateEvent *e, CorrelateAlert *fn, void *ctx);
const CorrelateCounts *correlator_counts(Correlator *c);

/* The state as bytes, added to out: versioned, by correlation, each under its id (or title and path) and its meaning. No checksum: that is
 * for the file that it stands in. */
void correlator_save(Correlator *c, Buf *out);
/* Into a new correlator. What is kept under another meaning starts afresh, which is told. False where the bytes are no state; then all
 * starts afresh. Bytes may come from anywhere: nothing of them is believed unchecked. */
typedef enum {
  STATE_RESUMED,
  STATE_CHANGED,
  STATE_NEW,
  STATE_GONE
} StateFate; /* changed: starts afresh; new: none was kept; gone: no such correlation any more */
typedef void CorrelateFate(void *ctx, StateFate fate, Str id, Str title);
bool correlator_load(Correlator *c, Str state, CorrelateFate *fn, void *ctx);

#endif

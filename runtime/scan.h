/* SPDX-License-Identifier: MIT
 * The scanner: one event → the rules that match. One scanner per thread, the Program is shared. */
#ifndef SIGMAC_RUNTIME_SCAN_H
#define SIGMAC_RUNTIME_SCAN_H

#include "runtime/event_cjson.h"
#include "runtime/eventtime.h"
#include "runtime/index/index.h"
#include "runtime/logsource.h"
#include "runtime/profile.h"
#include "runtime/reader.h"
#include "runtime/shape.h"
#include "runtime/vm.h"

/* Rules that see an event through one view. */
typedef struct {
  uint32_t view; /* 0: the event as it is */
  uint32_t n;
  uint32_t *rules; /* ascending */
  Index *index;    /* of them; NULL before it is first used */
  bool passing;    /* for one event: not worth an index */
  uint64_t events; /* offered while there is a profile, and not added up yet */
} Offer;

typedef struct {
  uint32_t n;
  bool made;
  Offer *p;
} Offers;

/* Of events that say what their log source is. */
typedef struct {
  Str names[3]; /* category, product, service */
  Offers offers;
} OwnOffers;

enum { MOST_OWN = 32 };

/* The rules that see events, by what these are, and their indexes: made when an event first needs them. */
typedef struct {
  Arena *arena;      /* of all below but by_row itself */
  Offers *by_row;    /* by row of the table of log sources; NULL where they are not looked for */
  Offers everything; /* all active rules */
  OwnOffers own[MOST_OWN];
  uint32_t n_own;
  const Stats *stats; /* for the indexes */
  IndexScan *find;
} OfferTable;

/* Which events are evaluated, by their time: from <= time < to. Events without a time are evaluated. */
typedef struct {
  const Str *fields; /* where the time stands; none: the known fields (eventtime.h) */
  uint32_t n_fields;
  bool has_from, has_to;
  EventTime from, to;
  uint64_t outside, timeless; /* events so far; counted where there is a bound */
} TimeRange;

typedef struct {
  Arena *owner;
  Vm vm;
  Reader *reader;   /* of events that are text */
  Arena scratch;    /* per event */
  uint32_t *active; /* rules to run, ascending */
  uint32_t n_active;
  CodeForm form;
  bool index;                 /* rules that cannot match an event are left out by an index (fused code only) */
  bool as_is;                 /* rules have the names of a target: events keep their shape, and their log sources do not count */
  Shaper *shaper;             /* NULL where they keep it */
  LogsourceFinder *logsource; /* finds the labels of each event; NULL: every event is offered to all active rules */
  OfferTable offers;
  uint64_t unmapped; /* events that the table does not know: offered to all active rules */
  TimeRange range;
  TimeFinder *times;
  Value *read, *shaped; /* the present event, before and after event_shape */
  Str line;             /* what it was read from; empty where it was not */
  EventTime time;       /* of it, where it has one; looked up when first asked for */
  bool time_known, has_time;
  bool stop;      /* a callback sets it: the rest of the rules is left out */
  Costs *profile; /* NULL for none; scanner_profile */
} Scanner;

/* How a rule sees an event. */
typedef struct {
  Labels labels; /* what the event is; none where the table does not know it */
  bool offered;  /* the rule fits, or the event is not known */
  uint32_t view; /* through which it sees the event; 0: as it is */
} Offered;

typedef void ScanMatch(void *ctx, uint32_t rule);

/* All rules are active, and no log source is looked for. The scanner holds heap memory: scanner_free. */
void scanner_init(Scanner *s, const Program *p, Arena *owner);
/* All rules are active again. */
void scanner_reset(Scanner *s);
/* Before the first event, or after a reset: keeps the rules for which `keep` says so. */
typedef bool ScanKeep(const void *ctx, const Program *p, const RuleRec *rule);
void scanner_keep(Scanner *s, ScanKeep *keep, const void *ctx);
/* Keeps the rules that fit a label: all events are known to be of it. */
void scanner_restrict(Scanner *s, const Label *label);
/* From now on an event is offered only to the rules that fit one of its labels (semantics 3.1, `--logsource auto`). Not where
 * the program has pipelines: their conditions say of which events a rule is. */
void scanner_find_logsources(Scanner *s);
/* Whether an index finds the rules that can match an event, or all that are offered it are run; the matches are the same.
 * It does at first. */
void scanner_set_index(Scanner *s, bool on);
/* From now on costs are counted there; NULL: no more. What was counted for the one before is complete then. */
void scanner_profile(Scanner *s, Costs *profile);
/* Adds up the events that each rule was offered. */
void scanner_profile_sum(Scanner *s);
void scanner_free(Scanner *s);

/* Evaluates one event; calls back for each rule that matches: first the rules that see the event as it is, in their
 * order, then those of each view. During the call back, s->vm.event is the event as that rule sees it. False with *error
 * set when the text is no event. The tree of values is valid until the next call. */
bool scan_text(Scanner *s, Str text, ScanMatch *match, void *ctx, JsonError *error);
/* The same for an event that is a tree of cJSON. */
bool scan_cjson(Scanner *s, const struct cJSON *event, ScanMatch *match, void *ctx, JsonError *error);
/* The same for a tree in s->scratch, which the caller reset before making it. */
void scan_value(Scanner *s, Value *root, ScanMatch *match, void *ctx);
/* The time of the present event; false where it has none. */
bool scan_time(Scanner *s, EventTime *out);

/* For explaining. Makes a tree in s->scratch the present event of s->vm as this rule sees it; where the rule is not offered
 * the event, as it is. `all` is what all events are, where the scanner finds no log sources. */
Offered scan_offer(Scanner *s, const Label *all, Value *root, uint32_t rule);
/* Makes each tree of the event the present one in turn, first the event as it is, then its views. */
void scan_each_tree(Scanner *s, Value *root, void (*fn)(void *ctx, Value *tree), void *ctx);

#endif

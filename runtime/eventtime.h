/* SPDX-License-Identifier: MIT
 * The time of an event. It stands in a field that is named, or in the first of the fields known for it that holds a time.
 * What is read as a time:
 *   - texts of dates and times in the forms of timetext.h, years 1-9999; without an offset they are UTC;
 *   - numbers, and texts that are numbers, since 1970: seconds below 10^12, milliseconds below 10^15, microseconds below
 *     10^17, nanoseconds from 10^18 (between these two lie Windows FILETIMEs, which count something else). Below 10^8, in
 *     1973, numbers are taken for durations, counters or dates like 20240501, not for times;
 *   - `/Date(MILLISECONDS)/`, as .NET writes it; an offset in it is for display and changes nothing.
 * A leap second is the second that follows it. What is finer than a nanosecond is cut off; nothing is rounded. */
#ifndef SIGMAC_RUNTIME_EVENTTIME_H
#define SIGMAC_RUNTIME_EVENTTIME_H

#include "runtime/keys.h"

typedef struct {
  int64_t seconds; /* since 1970-01-01T00:00:00Z, without leap seconds */
  uint32_t nanos;  /* 0-999,999,999 */
} EventTime;

bool event_time_read(EventTime *out, Str text);
int event_time_cmp(EventTime a, EventTime b);       /* <0, 0, >0 */
bool event_time_add(EventTime *t, int64_t seconds); /* false outside of years 1-9999 */
bool event_time_ok(EventTime t);                    /* whether it is in these, and its nanoseconds in a second */

/* The same as event_time_read, or `now`, or what counts back from it: -90s, -30m, -24h, -7d, -2w. */
bool event_time_read_from(EventTime *out, Str text, EventTime now);

enum { EVENT_TIME_ROOM = 40 };
/* ISO 8601 UTC, with 0, 3, 6 or 9 digits of fraction, and NUL. Returns the bytes before the NUL. */
size_t event_time_print(char out[EVENT_TIME_ROOM], EventTime t);

/* Fields that hold the time of events, in the order in which they are asked. */
typedef struct {
  const char *path, *source; /* who writes it */
} EventTimeField;
extern const EventTimeField event_time_fields[];
extern const unsigned event_time_field_count;

/* Looks for the time of events whose names are numbered by `keys`, which it asks for the known fields. One per thread;
 * tables in owner. */
typedef struct TimeFinder TimeFinder;
TimeFinder *time_finder_new(KeyTable *keys, Arena *owner, Arena *scratch);
/* The time of the event, from the first of the fields that holds one: those named, or where n_named is 0 those known. */
bool event_time_find(TimeFinder *f, EventTime *out, Value *root, const Str *named, uint32_t n_named);

#endif

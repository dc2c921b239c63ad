/* SPDX-License-Identifier: MIT
 * The options that choose events by their time. A time is what sigmac_time_read takes for one, counted
 * back from now too. */
#ifndef SIGMAC_CLI_TIMEOPTS_H
#define SIGMAC_CLI_TIMEOPTS_H

#include "cli/library.h"
#include "cli/options.h"

#define TIME_OPTIONS                                                                                       \
  {"from", 0, "TIME", "at this time or later: 2024-05-01, 2024-05-01T08:00:00+02:00, -24h, now",           \
   "which events (one without a time is evaluated, and counted)"},                                         \
    {"to", 0, "TIME", "before this time; a date is the start of its day, UTC where no offset is given"}, { \
    "timestamp-field", 0, "NAME", "where the time stands, instead of the known fields; may be repeated"    \
  }

typedef struct {
  const StrList *fields;
  bool has_from, has_to;
  sigmac_time from, to;
} TimeOptions;

/* False when they are wrong, which is explained then. */
bool time_options_read(TimeOptions *range, const Args *args);
void time_options_apply(const TimeOptions *range, sigmac_scanner *scanner);

#endif

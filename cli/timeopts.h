/* SPDX-License-Identifier: MIT
 * The options that choose events by their time. A time is one of runtime/eventtime.h, or `now`, or counts back from now:
 * -90s, -30m, -24h, -7d, -2w. */
#ifndef SIGMAC_CLI_TIMEOPTS_H
#define SIGMAC_CLI_TIMEOPTS_H

#include "cli/options.h"
#include "runtime/scan.h"

#define TIME_OPTIONS                                                                                       \
  {"from", 0, "TIME", "at this time or later: 2024-05-01, 2024-05-01T08:00:00+02:00, -24h, now",           \
   "which events (one without a time is evaluated, and counted)"},                                         \
    {"to", 0, "TIME", "before this time; a date is the start of its day, UTC where no offset is given"}, { \
    "timestamp-field", 0, "NAME", "where the time stands, instead of the known fields; may be repeated"    \
  }

/* False when they are wrong, which is explained then. */
bool time_options_read(TimeRange *range, const Args *args);

#endif

/* SPDX-License-Identifier: MIT
 * The options of correlations over time. */
#ifndef SIGMAC_CLI_CORRELATIONOPTS_H
#define SIGMAC_CLI_CORRELATIONOPTS_H

#include "cli/library.h"
#include "cli/options.h"

#define OVER_TIME_OPTIONS                                                                                                      \
  {"correlation-events", 0, "refs|full", "put the events of its window into each alert: their numbers, or themselves too",     \
   "correlations (docs/correlations.md)"},                                                                                     \
    {"suppress", 0, "DURATION", "after an alert, none of the same group for so long: 30s, 5m, 1h, 7d; by the time of events"}, \
    {"reset-on-alert", 0, NULL, "an alert empties its group: what it counted does not count again"},                           \
    {"correlation-groups", 0, "N", "groups of one correlation, before the oldest are forgotten (default: 4 million)"}, {       \
    "correlation-memory", 0, "SIZE", "about so much state of all correlations, likewise: 512M, 4G (default: 1G)"               \
  }

typedef struct {
  sigmac_keep keep;
  uint64_t suppress; /* seconds; 0: not */
  bool reset;
  uint32_t max_groups; /* 0: as the library likes */
  uint64_t max_bytes;  /* likewise */
} OverTime;

/* False where they are wrong, which is explained then. */
bool over_time_read(OverTime *o, const Args *args);

#endif

/* SPDX-License-Identifier: MIT
 * The options that say of which log source events are. */
#ifndef SIGMAC_CLI_LOGSOURCEOPTS_H
#define SIGMAC_CLI_LOGSOURCEOPTS_H

#include "cli/library.h"
#include "cli/options.h"

#define LOGSOURCE_OPTIONS                                                                                          \
  {"logsource", 0, "auto|off", "auto (the default): a rule gets the events of its log source; off: all events"}, { \
    "event-logsource", 0, "LABELS", "category=X,product=Y,service=Z, or some of them: what all events are"         \
  }

/* What all events are, where they are not looked at; empty: not known. */
typedef struct {
  bool find; /* look at each event */
  Str category, product, service;
} Logsource;

/* False when they are wrong, which is explained then. */
bool logsource_options_read(Logsource *l, const Args *args);
void logsource_options_apply(const Logsource *l, sigmac_scanner *scanner);

#endif

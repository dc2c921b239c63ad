/* SPDX-License-Identifier: MIT
 * A match on its way from the scanner that found it to where it is written. */
#ifndef SIGMAC_CLI_FOUND_H
#define SIGMAC_CLI_FOUND_H

#include "cli/library.h"

typedef struct {
  uint64_t event_index;
  uint32_t number; /* of the rule in the present set */
  const sigmac_rule *rule;
  bool has_time; /* the event has one */
  sigmac_time time;
  bool reported; /* it is written; else it is for correlations alone */
  Str text;      /* as it is written, without what stands between two matches */
  Str facts;     /* what correlations need to know; empty where none wants the match */
  Str event;     /* the text of the event, where correlations keep it; with the first match of an event that has facts */
} Found;

#endif

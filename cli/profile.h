/* SPDX-License-Identifier: MIT
 * `explain --profile`: what each rule costs on some events. */
#ifndef SIGMAC_CLI_PROFILE_H
#define SIGMAC_CLI_PROFILE_H

#include "cli/logsourceopts.h"

typedef struct {
  const Args *args; /* its paths are the events */
  Logsource logsource;
  const uint32_t *rules; /* numbers of those that take part */
  uint32_t n_rules;
  uint32_t top; /* how many of them to tell of */
  bool json;
} Profile;

/* Evaluates the events, and writes the report on stdout. Returns the exit status. */
int profile_run(const Profile *p, const sigmac_rules *rules);

#endif

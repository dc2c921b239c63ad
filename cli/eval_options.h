/* SPDX-License-Identifier: MIT
 * What the options of `eval` say, read and checked once. */
#ifndef SIGMAC_CLI_EVAL_OPTIONS_H
#define SIGMAC_CLI_EVAL_OPTIONS_H

#include "cli/correlationopts.h"
#include "cli/format.h"
#include "cli/logsourceopts.h"
#include "cli/select.h"
#include "cli/timeopts.h"

typedef struct {
  const Args *args;
  TimeOptions range;
  Logsource logsource;
  Look look;
  bool matched_fields, plain, no_index, follow;
  unsigned threads; /* at least 1 */
  OverTime over_time;
} EvalOptions;

/* False where the usage is wrong, which is explained then. */
bool eval_options_read(EvalOptions *o, const Args *args);

#endif

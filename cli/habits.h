/* SPDX-License-Identifier: MIT
 * Words of sigma-cli: its options, targets and pipelines, and what stands for them here (docs/from-sigma-cli.md). */
#ifndef SIGMAC_CLI_HABITS_H
#define SIGMAC_CLI_HABITS_H

#include "cli/options.h"

/* Rows for the table of options, not shown in --help. */
#define HABIT_OPTIONS                                                                                                    \
  {"skip-unsupported", 's', NULL, NULL}, {"fail-unsupported", 0, NULL, NULL}, {"without-pipeline", 0, NULL, NULL},       \
    {"pipeline-check", 0, NULL, NULL}, {"disable-pipeline-check", 0, NULL, NULL}, {"verbose", 0, NULL, NULL},            \
    {"correlation-method", 'c', "METHOD", NULL}, {"file-pattern", 'P', "PATTERN", NULL}, {"output-dir", 0, "DIR", NULL}, \
    {"output-filename-template", 0, "TEMPLATE", NULL}, {"encoding", 'e', "NAME", NULL}, {"json-indent", 'j', "N", NULL}, \
    {"backend-option", 'O', "KEY=VALUE", NULL}, {"enable-template-vars", 0, NULL, NULL}, {                               \
    "template-vars-path", 0, "PATH", NULL                                                                                \
  }

/* Answers such options: a note where nothing is lost by going on, else a usage error, and then false. */
bool habits_check(const Args *args);
/* What a target is called here; NULL where the name is none of sigma-cli's, or there is nothing like it. */
const char *habit_target(Str name);
/* The same for a format, and for a pipeline. */
const char *habit_format(Str name);
const char *habit_pipeline(Str name);

#endif

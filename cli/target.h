/* SPDX-License-Identifier: MIT
 * Options for a target: pipelines, types of its fields, and what becomes of fields that it never has (docs/pipelines.md). */
#ifndef SIGMAC_CLI_TARGET_H
#define SIGMAC_CLI_TARGET_H

#include "cli/files.h"
#include "cli/library.h"

#define TARGET_OPTIONS                                                                                                 \
  {"pipeline", 'p', "NAME|FILE",                                                                                       \
   "what a target calls fields and where it keeps events; may be repeated; `sigmac list pipelines`"},                  \
    {"types", 0, "FILE", "types of fields in the target: a map FIELD: TYPE; may be repeated"}, {                       \
    "absent", 0, "refuse|false", "fields that the target never has: refuse the rule (the default), or they are absent" \
  }

bool target_options_given(const Args *args);
/* Gives them to the compiler. A file that cannot be read is told. False where the command cannot go on. */
bool target_add(sigmac_compiler *c, const Args *args, FileProblem *problem, void *ctx);

#endif

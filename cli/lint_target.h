/* SPDX-License-Identifier: MIT
 * `lint --target`: what translation to query languages would refuse, or do only under an assumption, among the findings of lint. */
#ifndef SIGMAC_CLI_LINT_TARGET_H
#define SIGMAC_CLI_LINT_TARGET_H

#include "cli/lint_output.h"
#include "cli/options.h"
#include "cli/target.h"
#include "cli/vars.h"

#define LINT_TARGET_OPTIONS                                                                                                       \
  {"target", 't', "TARGET", "also what translation to this language refuses or assumes; `eql,kql`, or repeated"}, TARGET_OPTIONS, \
    {"assume", 0, "ID", "with --target: as with translate"}, VARS_OPTIONS

/* Whether these options go together; else how they are used. */
bool lint_target_fits(const Args *args);
/* Whether --enable and --disable may name it: a diagnostic of translation, or an assumption. */
bool lint_target_knows(const Args *args, Str id);
/* Translates the rules of the command line for each target, and puts what is told of them among the findings. Not EXIT_OK where that
 * could not be done, which is said. */
int lint_target(const Args *args, LintResult *r, Str standard);

#endif

/* SPDX-License-Identifier: MIT
 * Where values of placeholders come from on the command line: files beside the rules (defaults), then --vars, then --var. */
#ifndef SIGMAC_CLI_VARS_H
#define SIGMAC_CLI_VARS_H

#include "cli/files.h"
#include "compiler/compile.h"

/* Whether a path has the name of a file of values, NAME.vars.yml or NAME.vars.yaml. Such a file is no rule. */
bool vars_is_file(Str path);
/* Adds the file of values beside one rule file, if there is one: x.vars.yml or x.vars.yaml for x.yml. */
void vars_find_beside(StrList *out, Arena *a, Str rule);
/* Gives the compiler the defaults, each file once, then the options `vars` and `var` of the command, each in their order.
 * EXIT_USAGE where the command must end, else EXIT_OK, whatever was reported. */
int vars_load(Compiler *c, const Args *args, const StrList *defaults, FileProblem *problem, void *ctx);
/* When the rules are compiled: warns of each --var whose placeholder no rule has, which is most likely misspelt. */
void vars_warn_unused(const Compiler *c, const Args *args);

#endif

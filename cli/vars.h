/* SPDX-License-Identifier: MIT
 * Values of placeholders that the command line gives, after those of files beside the rules: --vars, then --var. */
#ifndef SIGMAC_CLI_VARS_H
#define SIGMAC_CLI_VARS_H

#include "cli/files.h"
#include "cli/library.h"

#define VARS_OPTIONS                                                                                                    \
  {"vars", 0, "FILE", "values of placeholders, added to the *.vars.yml beside the rules; may be repeated"}, {           \
    "var", 0, "NAME=VALUE", "one more value of %NAME%; may be repeated; NAME alone empties the list, defaults included" \
  }

/* Gives the compiler the options `vars` and `var` of the command, each in their order. False where they are wrong, which is
 * explained then. */
bool vars_add(sigmac_compiler *c, const Args *args, FileProblem *problem, void *ctx);
/* When the rules are compiled: warns of each --var whose placeholder no rule has, which is most likely misspelt. */
void vars_warn_unused(const sigmac_compiler *c, const Args *args);

#endif

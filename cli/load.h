/* SPDX-License-Identifier: MIT
 * Rules from files, folders or an image into a verified Program; diagnostics go to stderr. */
#ifndef SIGMAC_CLI_LOAD_H
#define SIGMAC_CLI_LOAD_H

#include "cli/options.h"
#include "compiler/compile.h"

typedef struct {
  Compiler compiler;
  Program *program; /* NULL where loading failed */
  Str image;
  uint32_t correlations, filters, refused;
  bool no_files; /* there was no rule file at all, which was said */
  int status;    /* exit status so far */
} Loaded;

/* Loads the rules of `paths` (or one image) with the options `vars` and `var` of the command (cli/vars.h). */
void load_rules(Loaded *out, const Args *args, const StrList *paths);

#endif

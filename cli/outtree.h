/* SPDX-License-Identifier: MIT
 * translate -o FOLDER/: a file for each rule, in folders as the rules have them. */
#ifndef SIGMAC_CLI_OUTTREE_H
#define SIGMAC_CLI_OUTTREE_H

#include "base/intern.h"
#include "cli/options.h"

typedef struct {
  const Args *args;
  Str folder;         /* ends in a slash */
  const char *ending; /* of the files: ".eql" */
  Intern taken;       /* paths of this run */
  Str rule_path;      /* the present rule file, in the arena, and how many of its documents came so far */
  uint32_t documents;
  uint32_t written, removed;
  int status; /* exit status so far */
} OutTree;

/* Whether the value of -o is a folder: it ends in a slash, or is one. */
bool outtree_is(Str path);
/* Whether there is a file that holds a rule: a query must not be the end of it, as where an option has lost its value and takes
 * the next argument, or where queries in YAML go beside the rules. */
bool outtree_is_rule(const char *path);
void outtree_begin(OutTree *o, const Args *args, Str folder, const char *ending);
/* The document of the rule file has this text; empty text: it was refused, and what an earlier run left in its place is removed,
 * since it no longer says what the rule says. What cannot be done is told and ends in the status. */
void outtree_put(OutTree *o, Str rule_path, Str text);

#endif

/* SPDX-License-Identifier: MIT
 * What lint is told by files: tables, configuration, baseline, which files changed. */
#ifndef SIGMAC_CLI_LINT_SETTINGS_H
#define SIGMAC_CLI_LINT_SETTINGS_H

#include "cli/lint_output.h"
#include "cli/options.h"

/* Reads the files that options name, and the configuration that is found. False where one cannot be read or has a fault, which is
 * told: settings that are not as they were meant would make every finding doubtful, so that nothing is linted then. */
bool lint_settings(const Args *args, sigmac_linter *l);
/* Whether these options go together; else how they are used. */
bool lint_settings_fit(const Args *args);

/* The configuration that counts for the paths: .sigmac.yml in the folder that they have in common, or above it, but not above the top
 * of a repository. Empty where there is none. */
Str lint_find_config(Arena *arena, const StrList *paths);

/* Names of files, one a line as `git diff --name-only` prints them, or with a NUL behind each as with its -z. */
void lint_read_names(StrList *out, Arena *arena, Str text);

/* Behind the run: writes the file of --write-baseline. */
int lint_write_baseline(const Args *args, sigmac_linter *l, const LintResult *r);
/* What the summary of the findings does not say, on stderr. */
void lint_settings_summary(const Args *args, const LintResult *r);

#endif

/* SPDX-License-Identifier: MIT
 * Fixed files: written, or shown as differences. */
#ifndef SIGMAC_CLI_LINT_FIX_H
#define SIGMAC_CLI_LINT_FIX_H

#include "base/buf.h"
#include "cli/options.h"
#include "sigmac.h"

typedef struct {
  const Args *args;
  bool diff;           /* nothing is written */
  uint32_t stdin_file; /* the number of standard input among the files ... */
  Str stdin_text;      /* ... and its text; without pointer where it is none of them */
  /* Made by lint_mend: */
  Buf out;
  uint32_t fixes, files, unwritten;
  int status;
} LintFix;

/* Fixes the files of a linter: they are written, each whole or not at all; standard input and differences are printed. What cannot
 * be written is told, and the others go on: EXIT_BAD_INPUT then. */
int lint_mend(LintFix *x, sigmac_linter *l, bool unsafe);
/* On stderr, where it is not to be quiet. */
void lint_mend_summary(const LintFix *x, uint32_t findings);

#endif

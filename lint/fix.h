/* SPDX-License-Identifier: MIT
 * From findings to a new text of their file. */
#ifndef SIGMAC_LINT_FIX_H
#define SIGMAC_LINT_FIX_H

#include "lint/lint.h"

typedef struct {
  Str text;               /* in the arena */
  VEC(uint32_t) applied;  /* numbers among l->findings, in order */
  VEC(uint32_t) left_out; /* the guard did not let them pass: a fault of the check */
} LintFixed;

/* One round: applies fixes of the findings [from, to) of a linter that has run, which are all of one file. Each fix as a whole; of two
 * that overlap or touch, the first one: the other waits for the next round, and so do unsafe ones where a safe one was applied.
 * False where nothing was applied; what was left out is known then too. */
bool lint_fix_file(LintFixed *out, const Lint *l, uint32_t from, uint32_t to, bool unsafe, Arena *arena);

#endif

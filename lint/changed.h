/* SPDX-License-Identifier: MIT
 * Which files a change is about: all are read, so that what concerns several is found, but only what these files are to blame for
 * is told. */
#ifndef SIGMAC_LINT_CHANGED_H
#define SIGMAC_LINT_CHANGED_H

#include "lint/lint.h"

struct LintChanged {
  Intern names; /* of files: from the root on, and their identities */
};

/* One that changed; it may exist no more, or be no rule. */
void lint_changed_add(LintChanged *c, Arena *arena, Str path);
/* All files are known: which of them are unchanged. */
void lint_changed_prepare(Lint *l);
/* Takes out the findings that are not told. */
void lint_changed_apply(Lint *l);
/* The order of files in which the later one of two that have something in common is to blame: changed ones come behind the others, else
 * as their paths do. */
int lint_blame_order(const LintFile *a, const LintFile *b);

#endif

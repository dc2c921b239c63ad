/* SPDX-License-Identifier: MIT
 * What checks of several rules together share. */
#ifndef SIGMAC_LINT_CHECKS_SET_H
#define SIGMAC_LINT_CHECKS_SET_H

#include "lint/lint.h"

/* Of two rules with a `detection` that is a map: duplicate-detection says that they have the same log source and detection. */
bool set_same_detection(const LintDoc *x, const LintDoc *y, Arena *arena);

#endif

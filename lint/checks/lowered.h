/* SPDX-License-Identifier: MIT
 * From items as lowered back to what is written. */
#ifndef SIGMAC_LINT_CHECKS_LOWERED_H
#define SIGMAC_LINT_CHECKS_LOWERED_H

#include "lint/lint.h"

/* The item that is written with these values; NULL for keywords among maps. Takes time: for findings alone. */
const LintItem *lowered_item(const LintAt *at, const IrItem *item);
/* Less or greater than a number, or of a part of a time: what numeric-range-empty looks at. */
bool lowered_compares(const IrTest *t);
/* The line of a place, for a hint. */
unsigned lowered_line(Lint *l, Span at);

#endif

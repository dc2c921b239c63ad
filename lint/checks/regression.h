/* SPDX-License-Identifier: MIT
 * A rule against the events of its own test. */
#ifndef SIGMAC_LINT_CHECKS_REGRESSION_H
#define SIGMAC_LINT_CHECKS_REGRESSION_H

#include "lint/lint.h"

/* How many events of a file (objects one behind the other, or an array of them) the rule with this id matches; source: the text of
 * its file. False where the rule does not compile, or the events cannot be read: other checks say so. */
bool regression_matches(Arena *arena, Str path, Str source, Str id, Str json, uint32_t *out);

#endif

/* SPDX-License-Identifier: MIT
 * Entries of a document in another order. */
#ifndef SIGMAC_LINT_CHECKS_MOVES_H
#define SIGMAC_LINT_CHECKS_MOVES_H

#include "lint/lint.h"

/* Where the lines of each entry begin, and behind them where those of the last one end: n + 1 bytes. False where entries do not have
 * lines of their own in the first column, or come from another document. */
bool move_starts(Str text, const YamlNode *root, uint32_t *starts);
/* A fix of the newest report: the entries of the document in the order of these numbers, each with its lines, what stands between
 * them and the next one, and the comment lines right above. What stands above the first entry stays there. Nothing where entries do
 * not have lines of their own, or come from another document. */
void move_entries(Lint *l, const LintDoc *doc, const uint32_t *order);

#endif

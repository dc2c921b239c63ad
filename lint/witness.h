/* SPDX-License-Identifier: MIT
 * An event that shows what a finding says: JSON of one line, made of the values of a rule. */
#ifndef SIGMAC_LINT_WITNESS_H
#define SIGMAC_LINT_WITNESS_H

#include "compiler/ir.h"

/* An event that satisfies every `yes` and no `no` (either may have none). False where none was found, which does not say that there is none:
 * placeholders and regular expressions that are not portable are not understood, and of the others only some texts are tried. What is found
 * has been checked: each tree was evaluated on it. In the arena; at most some 200 bytes long, else none. */
bool witness_find(Str *json, Arena *arena, const IrNode *const *yes, uint32_t n_yes, const IrNode *const *no, uint32_t n_no);

#endif

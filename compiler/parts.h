/* SPDX-License-Identifier: MIT
 * A field that the target keeps in two: `User` is `user.domain`, a backslash and `user.name`. A test of the whole becomes
 * tests of its parts, in the IR, so that every target can say it. */
#ifndef SIGMAC_COMPILER_PARTS_H
#define SIGMAC_COMPILER_PARTS_H

#include "compiler/model.h"

/* The tree for a node that is an item without placeholders on the field that `step` makes. It holds for two parts, neither of
 * which has `by` in it, as the item would for the whole: the character between the two is covered by a literal, a `?` or a `*`
 * of the pattern, and for each that may, what stands before it is a test of the first part and what stands behind it of the
 * last. NULL after reporting that the target cannot test it so (target-field), or that the rule becomes too large. */
IrNode *parts_rewrite(const IrNode *node, const ModelStep *step, Passes *passes);

#endif

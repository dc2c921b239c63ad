/* SPDX-License-Identifier: MIT
 * What a tree says, as a number: equal for trees that differ in the order of their parts, in parts that are there twice, in letter
 * case where it does not count, in the names of selections. Different trees have different numbers, but for a chance of 1 in 2^64
 * among billions. */
#ifndef SIGMAC_LINT_CANON_H
#define SIGMAC_LINT_CANON_H

#include "compiler/ir.h"

typedef struct {
  uint64_t a, b;
} Canon;

static inline bool canon_same(Canon x, Canon y) { return x.a == y.a && x.b == y.b; }

/* Of each selection of a rule, in the arena, and of its condition with these in the places of their names. As lowered
 * (SCOPE_MEANING); placeholders without values are compared by their names. */
const Canon *canon_selections(const IrRule *rule, Arena *arena);
Canon canon_condition(const IrRule *rule, const Canon *selections, Arena *arena);

#endif

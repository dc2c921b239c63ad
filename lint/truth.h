/* SPDX-License-Identifier: MIT
 * Truth tables of a rule over its selections: what the condition alone says, whatever the selections are.
 *
 * A table is a set of rows, one bit each, 64 to a word; in row r variable k is bit k of r. A word has all combinations of six
 * variables; with fewer of them the rows repeat. Tables live in the arena that the variables were collected in. */
#ifndef SIGMAC_LINT_TRUTH_H
#define SIGMAC_LINT_TRUTH_H

#include "compiler/ir.h"

enum {
  TRUTH_VARS = 20, /* selections that a condition uses; of more, nothing is said */
  TRUTH_DEPTH = 32 /* brackets in each other; each takes a table */
};

typedef struct {
  Arena *arena;
  const IrNode *vars[TRUTH_VARS];
  uint32_t n_vars;
  uint32_t n_nodes; /* of the condition: not, and, or, and each use of a selection */
  size_t words;     /* of a table */
  uint64_t *spare[TRUTH_DEPTH];
} Truth;

/* The selections that a tree uses, in its order. False where they are more than TRUTH_VARS, it is nested too deeply, or something stands
 * outside of named selections. */
bool truth_init(Truth *t, Arena *arena, const IrNode *root);
/* The variable of a node; TRUTH_VARS: it is none. */
uint32_t truth_var(const Truth *t, const IrNode *n);

uint64_t *truth_new(const Truth *t);
void truth_fill(const Truth *t, uint64_t *table, bool full); /* all rows, or none */
void truth_copy(const Truth *t, uint64_t *out, const uint64_t *table);
/* The rows in which the tree holds; it uses these variables alone. */
void truth_of(Truth *t, uint64_t *out, const IrNode *n);
/* The table with variable k given the value: it no longer depends on k. `out` may be the table itself. */
void truth_fix(const Truth *t, uint64_t *out, const uint64_t *table, uint32_t k, bool value);
/* Takes out the rows in which variable i has one value and variable j another; with i == j and equal values, of one variable. */
void truth_drop(const Truth *t, uint64_t *table, uint32_t i, bool vi, uint32_t j, bool vj);
void truth_keep(const Truth *t, uint64_t *table, const uint64_t *other);  /* the rows of both */
void truth_minus(const Truth *t, uint64_t *table, const uint64_t *other); /* the rows of the first alone */

/* Whether a row is in both tables. */
bool truth_meet(const Truth *t, const uint64_t *x, const uint64_t *y);
/* Whether a row of `among` is in one of them and not in the other. */
bool truth_differ(const Truth *t, const uint64_t *x, const uint64_t *y, const uint64_t *among);
/* Whether every row of x is one of y. */
bool truth_within(const Truth *t, const uint64_t *x, const uint64_t *y);

#endif

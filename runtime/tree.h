/* SPDX-License-Identifier: MIT
 * The plain code of a rule as a tree again: and, or, not, tests, with places and selections. It is what explaining is
 * made from, so that an image tells as much as the YAML that it came from.
 *
 * Code of this compiler is always such a tree. An image that something else wrote may be valid and still jump criss-cross
 * or nest deeper than LIMIT_TREE_DEPTH: then the tree is TREE_FLAT, a mere list of its tests. So every function on a
 * tree may go down by recursion. */
#ifndef SIGMAC_RUNTIME_TREE_H
#define SIGMAC_RUNTIME_TREE_H

#include "runtime/vm.h"

typedef enum { TREE_CONST, TREE_TEST, TREE_NOT, TREE_AND, TREE_OR, TREE_FLAT } TreeKind;

typedef struct TreeNode TreeNode;
struct TreeNode {
  TreeKind kind;
  uint32_t line, col; /* in the rule's file; 0 for none */
  Str selection;      /* the search identifier that this stands in; empty above selections; borrowed from the program */
  uint32_t depth;     /* of the tree below, 1 for a leaf */
  uint32_t field, test;
  bool truth;         /* CONST */
  TreeNode *kids;     /* the first one; NOT: one; AND, OR: two or more; FLAT: any number */
  TreeNode *last_kid; /* of kids */
  TreeNode *next;     /* of the same parent */
  uint32_t n_kids;
  bool held;    /* by tree_eval, for the present event */
  bool decides; /* by tree_mark */
};

/* Never NULL. The nodes live in the arena and borrow from the program. Linear in the size of the code. */
TreeNode *tree_of_rule(const Program *p, uint32_t rule, Arena *a);
/* Sets `held` in every node, tests without short circuit, and returns the verdict on the present event of the Vm: that of
 * vm_run on the rule, which the root of a flat list takes over. */
bool tree_eval(TreeNode *root, Vm *vm, uint32_t rule);
/* Sets `decides` in the nodes that make the verdict what it is, from the root down: of an `and` that does not hold those
 * that do not, of an `or` that holds those that do, else all. */
void tree_mark(TreeNode *root);

#endif

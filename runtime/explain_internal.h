/* SPDX-License-Identifier: MIT
 * What the writers of explanations share; nobody else includes it. */
#ifndef SIGMAC_RUNTIME_EXPLAIN_INTERNAL_H
#define SIGMAC_RUNTIME_EXPLAIN_INTERNAL_H

#include "runtime/explain.h"
#include "runtime/hints.h"
#include "runtime/words.h"

typedef struct {
  Buf *out;
  const Program *p;
  Vm *vm; /* NULL: a rule alone */
  uint32_t rule;
  const ExplainStyle *style;
  Arena *scratch;
  TreeNode *tree;
  Hints hints;
} Explain;

void explain_text(Explain *e);    /* explain_text.c */
void explain_json(Explain *e);    /* explain_json.c */
void explain_meaning(Explain *e); /* meaning.c */
/* Where a document stands, and what it says of itself. */
void explain_header(Buf *out, const Program *p, const MetaRec *meta); /* explain_text.c */

/* All operands are tests that differ in their operand only, so that what is the same is told once. */
bool explain_is_group(const Program *p, const TreeNode *n);
/* Names a selection that does not stand inside of itself. */
static inline bool explain_is_selection(const TreeNode *n, bool inside) { return n->selection.n && !inside; }
/* The first value of the field that the test holds for; NULL for none. */
Value *explain_value_of(Vm *vm, uint32_t field, uint32_t test);

#endif

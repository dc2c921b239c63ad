/* SPDX-License-Identifier: MIT */
#include "lint/checks/lowered.h"

const LintItem *lowered_item(const LintAt *at, const IrItem *item) {
  for (uint32_t i = 0; item->n_values && i < at->doc->items.n; i++) {
    const LintItem *written = &at->doc->items.p[i];
    if (written->n_values == item->n_values && written->values[0] == item->values[0].node) return written;
  }
  return NULL;
}

unsigned lowered_line(Lint *l, Span at) { return (unsigned)source_place(&l->compiler.sources, at).line; }

bool lowered_compares(const IrTest *t) {
  return t->pred == PRED_LT || t->pred == PRED_LTE || t->pred == PRED_GT || t->pred == PRED_GTE ||
         (t->pred == PRED_TIME && t->compare != CMP_EQ);
}

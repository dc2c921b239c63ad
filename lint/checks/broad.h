/* SPDX-License-Identifier: MIT
 * Ways to satisfy a rule in which nothing restricts the events but what most of them have. */
#ifndef SIGMAC_LINT_CHECKS_BROAD_H
#define SIGMAC_LINT_CHECKS_BROAD_H

#include "compiler/ir.h"
#include "lint/lint.h"

/* Of a part of a rule: NARROW: it restricts; OPEN: it does not, or only by what is left out; WIDE: some way to satisfy it has wide items, and
 * nothing that restricts. */
typedef enum { NARROW, OPEN, WIDE } Width;

typedef struct Broad Broad;
struct Broad {
  Lint *l;
  const LintAt *at;
  bool (*wide)(const Broad *b, const IrItem *item, const IrTest *test);
  /* Of the way that was found: */
  const IrItem *item; /* the first wide one, with its value and test */
  const IrValue *value;
  const IrTest *test;
  uint32_t n_items; /* wide ones */
  bool filtered;    /* something is left out, or may be */
};

/* As deep as conditions may be. */
Width broad_width(Broad *b, const IrNode *n);

#endif

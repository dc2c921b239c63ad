/* SPDX-License-Identifier: MIT
 * How much a rule may become. A few lines can say a great deal: an alias repeats a list, `1 of them` every search
 * identifier, `windash` and placeholders multiply values. Whatever makes more of a rule than its text takes from here
 * before it allocates. A rule has an allowance by the length of its text, which ordinary rules never use up; what goes
 * beyond it comes out of a pool that all rules share, so that a hostile one cannot take from the others' allowances.
 * Units are bytes, roughly. */
#ifndef SIGMAC_COMPILER_BUDGET_H
#define SIGMAC_COMPILER_BUDGET_H

#include "base/diag.h"

/* Of a node of YAML or IR, a test, a part of a pattern, a byte of a compiled regular expression. */
enum { COST_NODE = 128, COST_TEST = 160, COST_PART = 32, COST_REGEX = 8 };

typedef struct {
  uint64_t pool; /* for all rules; what is left */
  /* The present rule: */
  uint64_t allowance, used;
  uint64_t charged; /* of what it used, already taken out of the pool */
  Span at;
  bool told; /* that it is too large */
  Diags *diags;
} Budget;

void budget_init(Budget *b, Diags *diags);
/* Begins a rule whose text has so many bytes; `at` is where to report that it is too large. */
void budget_open(Budget *b, Span at, uint64_t text_bytes);
/* False after reporting, once per rule, that it becomes too large. */
bool budget_take(Budget *b, uint64_t bytes);
/* Ends the rule: what it took beyond its allowance is gone from the pool. */
void budget_close(Budget *b);

#endif

/* SPDX-License-Identifier: MIT
 * What conditions mean: the selections of a rule as variables, what is known of them together, and the places that findings name. */
#ifndef SIGMAC_LINT_CHECKS_LOGIC_H
#define SIGMAC_LINT_CHECKS_LOGIC_H

#include "lint/facts.h"
#include "lint/lint.h"
#include "lint/truth.h"

/* Where a condition names a selection, or selects it. */
typedef struct {
  const YamlNode *text; /* of the condition; NULL: nowhere */
  const Cond *cond;
} Mention;

/* A selection that the condition uses. */
typedef struct {
  const Detection *detection;
  const IrNode *node;
  Mention plain, negated; /* by the number of `not` around; its name rather than a pattern, then the first */
  bool never, always;     /* no event satisfies it, or each */
  bool idle;              /* the condition alone does not depend on it */
  bool told;              /* there is a finding of it */
} LogicVar;

/* What is known of selection i with selection j. */
typedef struct {
  bool implies, disjoint;
  bool implies_single, disjoint_single; /* that needs a field to hold one value */
} Relation;

typedef struct {
  Lint *lint;
  const LintAt *at;
  const IrRule *ir;
  Arena *scratch;
  Facts facts;
  Truth truth;
  LogicVar vars[TRUTH_VARS];
  Relation with[TRUTH_VARS][TRUTH_VARS];
  /* Tables: all rows; those of the condition; those that events can have; and what is tried. */
  uint64_t *all, *holds, *feasible, *a, *b, *c;
} Logic;

/* --- logic_places.c: where, and how it is written ------------------------------------------------------------ */

void logic_find_mentions(Logic *g);
/* The mention to report a selection at. */
Span logic_mention(const LogicVar *v);
/* The whole condition; of several, the first. */
Span logic_condition(const Logic *g);
/* The operator in front of an operand that is not the first. */
Span logic_operator(const YamlNode *text, const Cond *operand);
/* A part of a condition as it could be written; long ones are cut. */
Str logic_shown(Logic *g, const Cond *c);
uint32_t logic_line(const Logic *g, Span at);

/* Two items of one selection, or of two of them, that exclude each other; x == y where one alone cannot hold. */
typedef struct {
  const IrNode *x, *y;
  bool single; /* that needs the field to hold one value */
} Clash;
/* Why no event satisfies a selection. False: not to be shown. */
bool logic_clash_in(Logic *g, const IrNode *n, Clash *out);
/* Why no event satisfies both. */
bool logic_clash_between(Logic *g, const IrNode *x, const IrNode *y, Clash *out);

/* A hint that names two items, of one and of the other, that exclude each other. False: there is none. */
bool logic_hint_clash(Logic *g, const IrNode *x, const IrNode *y);

/* --- logic_false.c: conditions that never hold, or always ---------------------------------------------------- */

/* A selection, or a map of its list, that no event satisfies; whole: nor does one the condition. */
void logic_report_never(Logic *g, const LogicVar *v, const IrNode *part, bool whole);
void logic_report_false(Logic *g);
void logic_report_true(Logic *g);

/* --- logic_redundant.c: selections that change nothing ------------------------------------------------------- */

/* Filters that take out all that the rest finds. False: there is none. */
bool logic_report_swallows(Logic *g);
void logic_report_unreachable(Logic *g);
void logic_report_redundant(Logic *g);

/* --- logic_maps.c -------------------------------------------------------------------------------------------- */

void logic_report_maps(Logic *g);

#endif

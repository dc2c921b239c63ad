/* SPDX-License-Identifier: MIT
 * What can be said of two parts of a rule without an event: that every event of the one is one of the other, or that none is of both.
 * Always sound, for all events that the evaluator takes; never complete. Whatever is not understood (regular expressions, placeholders
 * without their values) implies itself, and that the field has a text; nothing more.
 *
 * Trees are IR as lowered (SCOPE_MEANING), where text tests are patterns, or frozen. Letter case is that of evaluation (semantics 5.3).
 *
 * A field may hold a list of values, and then one of them satisfies a test while another satisfies the other: that tests of one field
 * exclude each other is said only of fields that hold one value (facts_single), and noted. */
#ifndef SIGMAC_LINT_FACTS_H
#define SIGMAC_LINT_FACTS_H

#include "compiler/ir.h"
#include "lint/sources.h"

typedef struct FactsText FactsText; /* lint/facts_internal.h */

typedef struct {
  Arena *arena;          /* for what is needed as long as this is used */
  const LintSource *row; /* of the log source of the rule; NULL: none, no field is known to hold one value */
  uint64_t budget;       /* comparisons left for this rule: then all answers are no */
  bool all_single;       /* each field is taken for one that holds one value */
  bool used_single;      /* an answer since this was last cleared needs a field to hold one value */
  FactsText **texts;     /* patterns made ready, by their address; a power of two */
  uint32_t n_texts, room_texts;
  FactsText *last; /* the left one of the last comparison: it is often that of the next */
} Facts;

void facts_init(Facts *f, Arena *arena, const LintSources *sources, const Rule *rule);
/* The field of an item is known to hold one value at most, in events of this log source. */
bool facts_single(const Facts *f, const IrItem *item);
/* Every event that satisfies `a` satisfies `b`. False: not known. */
bool facts_implies(Facts *f, const IrNode *a, const IrNode *b);
/* No event satisfies both. */
bool facts_disjoint(Facts *f, const IrNode *a, const IrNode *b);
/* No event satisfies it; every event does. */
bool facts_never(Facts *f, const IrNode *n);
bool facts_always(Facts *f, const IrNode *n);
/* The same of two values of one item, which decides for its field: every value of an event that satisfies `a` satisfies `b`. */
bool facts_value_implies(Facts *f, const IrItem *item, const IrValue *a, const IrValue *b);

#endif

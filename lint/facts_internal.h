/* SPDX-License-Identifier: MIT
 * For the files of facts alone. Tests without their fields: what holds for one value of an event holds for a field. */
#ifndef SIGMAC_LINT_FACTS_INTERNAL_H
#define SIGMAC_LINT_FACTS_INTERNAL_H

#include "lint/facts.h"

/* Takes from the budget; false where it is used up. */
static inline bool facts_pay(Facts *f, uint64_t cost) {
  f->budget = f->budget > cost ? f->budget - cost : 0;
  return f->budget > 0;
}

/* What holds for any value of a field that satisfies `a`; for a test of the field as a whole, what holds for the field. */
bool facts_test_implies(Facts *f, const IrTest *a, const IrTest *b);

typedef enum {
  APART_NO,
  APART_VALUE, /* no value satisfies both; a list of values may */
  APART_FIELD  /* no field does */
} Apart;
Apart facts_test_apart(Facts *f, const IrTest *a, const IrTest *b);

/* --- texts: EQ, PREFIX, SUFFIX, CONTAINS, GLOB, and BOOL, which is the text `true` or `false` in any letter case --- */

bool facts_is_text(const IrTest *t);
bool facts_text_implies(Facts *f, const IrTest *a, const IrTest *b);
bool facts_text_apart(Facts *f, const IrTest *a, const IrTest *b);
/* It fits every text. */
bool facts_text_all(const IrTest *t);
/* The one text that it fits, but for letter case. False where there are several. */
bool facts_text_word(Facts *f, const IrTest *t, Str *word);
/* Each text that it fits has a character that is none of these (of ASCII, letters in lower case). */
bool facts_text_needs_other(Facts *f, const IrTest *t, const char *known);

/* --- numbers: NUMBER, LT, LTE, GT, GTE, and the parts of TIME ------------------------------------------------------ */

static inline bool facts_is_number(const IrTest *t) {
  return t->pred == PRED_NUMBER || t->pred == PRED_LT || t->pred == PRED_LTE || t->pred == PRED_GT || t->pred == PRED_GTE;
}
/* Every number of `a` is one of `b`; no number is of both. Of TIME the parts are compared as numbers. */
bool facts_number_inside(const IrTest *a, const IrTest *b);
bool facts_number_apart(const IrTest *a, const IrTest *b);
/* A text is a number, and one that satisfies the test. */
bool facts_number_has(const IrTest *t, Str text);

#endif

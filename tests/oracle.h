/* SPDX-License-Identifier: MIT
 * The referee: says what a rule means by evaluating its frozen IR the plain way, statement by statement of
 * docs/semantics.md. It shares no evaluation with the runtime: fields, patterns, numbers, addresses and times are done
 * here once more, simply and slowly. Shared are the data types, the table of letter case (fold_code_point), PCRE2 and the
 * trees of portable regular expressions. What the virtual machine says of a rule and an event must be what the referee
 * says. */
#ifndef SIGMAC_TESTS_ORACLE_H
#define SIGMAC_TESTS_ORACLE_H

#include "compiler/ir.h"
#include "runtime/value.h"

/* What was looked at, added up over all calls. */
typedef struct {
  uint64_t tests[PRED_COUNT][2]; /* by kind and verdict */
  uint64_t undecided;            /* searches that hit the match limit and cannot be decided otherwise; they count as no match */
  uint64_t faults;               /* operands that no frozen rule may have; they hold for nothing */
} OracleNotes;

/* Whether the rule matches the event, an object. Adds to *notes, which must not be NULL. Any thread. */
bool oracle_matches(const IrRule *rule, const Value *event, OracleNotes *notes);

#endif

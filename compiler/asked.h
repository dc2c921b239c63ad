/* SPDX-License-Identifier: MIT
 * What a field is called in the events that a rule is for, when pipelines have run. It is found by planning the rule with a
 * test of presence for the field, and looking for what became of the test. So the field is renamed as any field in the rule is. */
#ifndef SIGMAC_COMPILER_ASKED_H
#define SIGMAC_COMPILER_ASKED_H

#include "compiler/plan.h"

typedef struct {
  Str name;
  Str fault; /* why there is no one name, as words behind a colon; empty: there is */
} Asked;

/* Of a rule that can be planned. Reports nothing; the texts are in owner. Between budget_open and budget_close. */
Asked asked_name(Str field, const IrRule *rule, const struct Pipelines *pipelines, const PlanOptions *options, Passes *passes,
                 Arena *owner);

/* The parts of that, for who plans a rule with several tests at once. A test that there is a value; its selection tells it apart from
 * those of the rule, by where it stands in memory. */
IrNode *asked_test(Arena *a, Str field, Span at, Str selection);
/* What became of it in a branch: the item that an event must satisfy, or NULL where it is no one such item. Returns how many
 * tests there are in its place; 0: pipelines dropped it. */
uint32_t asked_find(IrNode **out, IrNode *root, Str selection);

#endif

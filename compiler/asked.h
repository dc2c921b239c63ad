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

#endif

/* SPDX-License-Identifier: MIT
 * Shared by the files that make plans: plan.c (sources and branches), plan_wide.c (rules over several sources), plan_fields.c
 * (what a source says of fields), plan_columns.c (computed columns). Not for others. Steps are those of docs/pipelines.md. */
#ifndef SIGMAC_COMPILER_PLAN_INTERNAL_H
#define SIGMAC_COMPILER_PLAN_INTERNAL_H

#include "compiler/model.h"

/* The work on one rule. */
typedef struct {
  Passes *passes;
  Arena *arena;
  const Pipelines *pipelines;
  const PlanOptions *options;
  const Model *model; /* NULL: none */
  const Rule *rule;
  Plan *plan;
  PipelineRun *run; /* of the branch at work; NULL: no pipelines */
  Intern told;      /* faults that were reported: branches share items */
  Intern as_absent; /* fields that were folded by --absent=false ... */
  Span absent_at;   /* ... and the first of them */
  bool ok;
} Planner;

/* passes_copy. */
IrNode *plan_copy(Planner *p, const IrNode *n);

/* Runs the pipelines on a tree that is the branch's alone, and freezes it; `e` may be NULL. False after reporting an error. */
bool plan_branch(Planner *p, PlanBranch *b, IrNode *root, const ModelEntry *e, Logsource logsource);
/* What the run of the branch that was made last says of the whole plan. */
void plan_take_results(Planner *p);
/* A branch for each of the sources, all selected by a rule that none fits alone, that takes part. */
void plan_wide(Planner *p, const IrRule *rule, const ModelSources *selected);
/* Refuses the rule for its log source. */
void plan_no_source(Planner *p, const char *hint);

/* Wide rules, step 2: fields that a kind of events does not have are absent there; constants are folded up. */
IrNode *plan_fold_kind(Planner *p, IrNode *root, const Kind *kind);
/* Reports every field of the tree that none of the kinds has. */
void plan_check_kinds(Planner *p, IrNode *root, const Kind *const *kinds, uint32_t n);
/* What happens to a rule, step 2: fields that are never there, and fields made of parts. NULL after reporting an error. */
IrNode *plan_sigma_fields(Planner *p, IrNode *root, const ModelEntry *e);
/* Step 4: every field of a frozen tree is known; faults are reported. */
void plan_target_fields(Planner *p, const PlanBranch *b, const ModelEntry *e);
/* The types of a branch, and the computed columns that its tree needs. `e` may be NULL. */
void plan_types(Planner *p, PlanBranch *b, const ModelEntry *e);
void plan_columns(Planner *p, PlanBranch *b, const ModelEntry *e);

#endif

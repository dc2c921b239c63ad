/* SPDX-License-Identifier: MIT
 * A rule as a target sees it: what is left when pipelines have run. A rule with one kind of events has one branch; a wide
 * rule (docs/pipelines.md) has one per source, of which any may match. Each branch has a frozen tree of its own, in which
 * fields have the names of the target, so that VM, EQL and KQL read the same. */
#ifndef SIGMAC_COMPILER_PLAN_H
#define SIGMAC_COMPILER_PLAN_H

#include "compiler/passes.h"
#include "compiler/target.h"
#include "compiler/types.h"

/* A column that the query computes before its condition (KQL): `extend name = expr`. */
typedef struct {
  Str name;
  FieldType type;
  Str expr; /* target text by the author of the pipeline */
} PlanColumn;

typedef struct {
  Str table;                 /* KQL: table or parser function; empty: none is known */
  Str category;              /* EQL: word before `where`; empty: none is known */
  IrNode *root;              /* frozen; where there is a category, it is also a test of event.category in its and */
  const PlanColumn *columns; /* in the order to print; those alone that the condition names, and what these need */
  uint32_t n_columns;
  Logsource logsource;    /* refined to the source */
  const TypeTable *types; /* for plan_type */
} PlanBranch;

typedef struct {
  Text name, value; /* set_custom_attribute, or state that wrappers read (index) */
} PlanAttribute;

typedef struct {
  const Rule *rule;
  Target target;
  bool scoped; /* by a pipeline: table or category is known */
  PlanBranch *branches;
  uint32_t n_branches;
  TextList fields; /* the rule's `fields`, in the target's names */
  VEC(PlanAttribute) attributes;
  Str time_field;          /* `vars.sigmac.time`; empty: not known */
  TextList index;          /* state `index` (EQL): index patterns for wrappers */
  uint64_t timespan;       /* of a correlation, seconds; 0: of a rule */
  bool groups;             /* of a correlation: the rows of the query are groups, without the columns of tables */
  TextList table_fields;   /* names under which an event may tell its own table */
  struct PipelineRun *run; /* of the first branch: it has what comes behind the query; NULL: no pipeline */
} Plan;

typedef enum { ABSENT_REFUSE, ABSENT_FALSE } AbsentFields; /* --absent */

typedef struct Model Model; /* compiler/model.h */

struct PipelineRun;
struct PipelineStep;

/* What is told of the way to a plan (`pipeline show`). */
typedef struct {
  void *ctx;
  /* A branch, before pipelines run on it: its tree has the names of Sigma. */
  void (*source)(void *ctx, const PlanBranch *branch);
  void (*step)(void *ctx, const struct PipelineRun *run, const struct PipelineStep *step);
} PlanTrace;

typedef struct {
  Target target;
  AbsentFields absent;
  const TypeTable *types; /* --types; NULL: none */
  const Model *model;     /* of the pipelines; NULL: none of them has a `vars.sigmac` */
  bool for_vm;            /* there is no query: nothing is said of types */
  const PlanTrace *trace; /* NULL: nobody is told */
} PlanOptions;

struct Pipelines;

/* Lowers nothing: `rule` comes from lower_rule and is not changed; may be planned several times, for different targets.
 * `pipelines` may be NULL. Between budget_open and budget_close. False after reporting errors (passes->diags): the rule has
 * no meaning in this target. Everything is in the arena of passes. */
bool plan_rule(Plan *out, const IrRule *rule, const struct Pipelines *pipelines, const PlanOptions *options, Passes *passes);

/* How the tests of a field in a branch use it; presence is asked of any. */
typedef struct {
  uint32_t numbers, networks, addresses, others;
} FieldUses;
void plan_uses(FieldUses *uses, const IrItem *item); /* adds those of an item of the field */

/* The type of a field of a branch. Where nothing says it (no pipeline, no --types), it is told by the rule's own values: if
 * all tests of the field in the branch compare numbers, it is a number; if they are for networks, and addresses beside them,
 * it is an address; else text. */
FieldType plan_type(const PlanBranch *branch, Str field, const FieldUses *uses);

/* The category that all branches share; `any` where there is none, or they have several, so that what tells their events apart
 * are their conditions. */
Str plan_category(const Plan *plan);
/* The test of event.category in the and of a branch that its category says already, so that EQL does not print it; NULL where
 * there is none. */
const IrNode *plan_category_test(const PlanBranch *branch);

/* The plan as one rule for the VM: branches joined by or, each with a test of its table where the event names one. */
bool plan_join(IrRule *out, const Plan *plan, Passes *passes);

#endif

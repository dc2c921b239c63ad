/* SPDX-License-Identifier: MIT */
#include "compiler/plan.h"

/* --- types --------------------------------------------------------------------------------------------------- */

typedef struct {
  Str field;
  uint32_t numbers, others;
} Uses;

static bool is_numeric(PredKind pred) {
  return pred == PRED_NUMBER || pred == PRED_LT || pred == PRED_LTE || pred == PRED_GT || pred == PRED_GTE;
}

static void count_uses(void *ctx, IrNode *n) {
  Uses *uses = ctx;
  if (n->kind != IR_ITEM || n->item->any_field || !str_eq(n->item->field, uses->field)) return;
  for (uint32_t i = 0; i < n->item->n_values; i++)
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++) {
      PredKind pred = n->item->values[i].alts[k].pred;
      if (pred == PRED_IS_NULL || pred == PRED_EXISTS) continue;
      if (is_numeric(pred)) uses->numbers++;
      else uses->others++;
    }
}

FieldType plan_type(const PlanBranch *branch, Str field) {
  Uses uses = {.field = field};
  ir_walk(branch->root, count_uses, &uses);
  return uses.numbers && !uses.others ? FIELD_REAL : FIELD_KEYWORD;
}

/* --- planning ------------------------------------------------------------------------------------------------ */

bool plan_rule(Plan *out, const IrRule *rule, const struct Pipelines *pipelines, const PlanOptions *options, Passes *passes) {
  (void)pipelines;
  Arena *a = passes->arena;
  *out = (Plan){.rule = rule->rule, .target = options->target, .fields = rule->rule->fields};
  IrRule copy = {.rule = rule->rule, .root = ir_copy(a, rule->root)};
  if (!expand_tree(copy.root, passes) || !simplify_rule(&copy, passes)) return false;
  out->branches = arena_new(a, PlanBranch);
  out->n_branches = 1;
  out->branches[0] = (PlanBranch){.root = copy.root, .logsource = rule->rule->logsource};
  return true;
}

bool plan_join(IrRule *out, const Plan *plan, Passes *passes) {
  IrNode **kids = arena_array(passes->arena, IrNode *, plan->n_branches);
  for (uint32_t i = 0; i < plan->n_branches; i++) kids[i] = plan->branches[i].root;
  *out = (IrRule){.rule = plan->rule};
  out->root = ir_join(passes->arena, plan->rule->at, IR_OR, kids, plan->n_branches);
  return true;
}

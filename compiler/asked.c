/* SPDX-License-Identifier: MIT */
#include "compiler/asked.h"

static const char asked_selection[] = "asked";

IrNode *asked_test(Arena *a, Str field, Span at, Str selection) {
  IrItem *item = arena_new(a, IrItem);
  *item = (IrItem){.field = field, .at = at, .field_at = at, .values = arena_new(a, IrValue), .n_values = 1};
  item->values[0] = (IrValue){.at = at, .alts = arena_new(a, IrTest), .n_alts = 1};
  item->values[0].alts[0] = (IrTest){.pred = PRED_EXISTS, .truth = true};
  IrNode *n = ir_item(a, at, item);
  n->selection = selection;
  return n;
}

static IrRule with_presence(const IrRule *rule, Str field, Arena *a) {
  IrRule out = *rule;
  IrNode **kids = arena_array(a, IrNode *, 2);
  kids[0] = rule->root;
  kids[1] = asked_test(a, field, rule->rule->at, (Str){asked_selection, sizeof asked_selection - 1});
  out.root = ir_join(a, rule->rule->at, IR_AND, kids, 2);
  return out;
}

typedef struct {
  Str selection;
  IrNode *found; /* the last that is neither and nor or */
  uint32_t n;
} Search;

static void search(void *ctx, IrNode *n) {
  Search *s = ctx;
  if (n->selection.p != s->selection.p || n->kind == IR_AND || n->kind == IR_OR) return;
  s->n++;
  s->found = n;
}

/* In an and of ands: else the field need not be there. */
static bool is_required(const IrNode *root, const IrNode *n) {
  bool found = root == n;
  for (uint32_t i = 0; root->kind == IR_AND && i < root->n_kids && !found; i++) found = is_required(root->kids[i], n);
  return found;
}

uint32_t asked_find(IrNode **out, IrNode *root, Str selection) {
  Search s = {.selection = selection};
  ir_walk(root, search, &s);
  *out = s.n == 1 && s.found->kind == IR_ITEM && !s.found->item->any_field && is_required(root, s.found) ? s.found : NULL;
  return s.n;
}

/* NULL, or what is wrong with this branch. */
static const char *name_in(Str *name, const PlanBranch *b) {
  IrNode *found;
  if (!asked_find(&found, b->root, (Str){asked_selection, sizeof asked_selection - 1})) return "the pipeline drops it";
  if (!found) return "the pipeline puts it into several fields";
  *name = found->item->field;
  return NULL;
}

/* Branches whose events never have the field are not there, or false. */
static Asked in_branches(const Plan *plan, Arena *owner) {
  Asked out = {0};
  for (uint32_t i = 0; i < plan->n_branches; i++) {
    const PlanBranch *b = &plan->branches[i];
    Str name = {0};
    if (b->root->kind == IR_CONST && !b->root->truth) continue;
    const char *fault = name_in(&name, b);
    if (fault) return (Asked){.fault = str_of(fault)};
    if (out.name.p && !str_eq(out.name, name))
      return (Asked){.fault =
                       arena_printf(owner, "the rule covers events that have it as `" STR_FMT "`, and others as `" STR_FMT "`",
                                    STR_ARG(out.name), STR_ARG(name))};
    out.name = name;
  }
  if (!out.name.p) return (Asked){.fault = STR("the events of the rule never have it")};
  out.name = arena_dup(owner, out.name);
  return out;
}

/* The first error of a plan that failed. */
static Asked refusal(const Diags *diags, Arena *owner) {
  for (uint32_t i = 0; i < diags->list.n; i++)
    if (diags->list.p[i].severity == SEV_ERROR) return (Asked){.fault = arena_dup(owner, diags->list.p[i].msg)};
  return (Asked){.fault = STR("the rule becomes too large")};
}

Asked asked_name(Str field, const IrRule *rule, const struct Pipelines *pipelines, const PlanOptions *options, Passes *passes,
                 Arena *owner) {
  Diags *told = passes->diags, own = {.arena = passes->arena};
  uint64_t regex_bytes = passes->regex_bytes;
  IrRule with = with_presence(rule, field, passes->arena);
  Plan plan;
  passes->diags = passes->budget.diags = &own;
  bool ok = plan_rule(&plan, &with, pipelines, options, passes);
  passes->diags = passes->budget.diags = told;
  passes->regex_bytes = regex_bytes;
  return ok ? in_branches(&plan, owner) : refusal(&own, owner);
}

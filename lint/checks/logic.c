/* SPDX-License-Identifier: MIT
 * What conditions mean. One cause is one finding; the first of these that fits ends the matter, but for those of one line:
 *   1. the condition alone is false, or true, whatever the selections are: always-false, always-true
 *   2. a selection never matches: always-false where the condition cannot hold for it, else unreachable-selection
 *   3. with what is known of two selections each (lint/facts.h), the condition is false: filter-swallows, else always-false;
 *      or true: always-true
 *   4. a selection cannot change the result: unreachable-selection by the condition alone; else filter-no-effect, selection-subsumed
 *      the condition holds where no selection matches: negative-only
 *      a map of a list is part of another: selection-subsumed
 * Findings of the compiler come before all: a rule that it refuses has no meaning. */
#include "lint/checks/logic.h"

/* Words of tables that may be computed for one rule, and for each byte of it; of SigmaHQ's rules none needs more than a third, or 1300. */
enum { MOST_WORDS = 1 << 24, WORDS_PER_BYTE = 2048 };

static bool affordable(const Logic *g) {
  Span at = g->at->doc->root->at;
  uint64_t most = (uint64_t)(at.end - at.start) * WORDS_PER_BYTE,
           needed = (g->truth.n_nodes + 16 * (uint64_t)g->truth.n_vars) * g->truth.words;
  return needed <= most && needed <= MOST_WORDS;
}

static void find_detections(Logic *g) {
  for (uint32_t k = 0; k < g->truth.n_vars; k++) {
    uint32_t i = 0;
    while (g->ir->selections[i] != g->truth.vars[k]) i++;
    g->vars[k] = (LogicVar){.detection = &g->ir->rule->detections[i], .node = g->truth.vars[k]};
  }
}

/* --- facts --------------------------------------------------------------------------------------------------- */

static void find_constants(Logic *g) {
  for (uint32_t k = 0; k < g->truth.n_vars; k++) {
    LogicVar *v = &g->vars[k];
    v->never = facts_never(&g->facts, v->node);
    v->always = !v->never && facts_always(&g->facts, v->node);
    if (v->never) truth_drop(&g->truth, g->feasible, k, true, k, true);
    if (v->always) truth_drop(&g->truth, g->feasible, k, false, k, false);
  }
}

static void find_relation(Logic *g, uint32_t i, uint32_t j) {
  Relation *r = &g->with[i][j];
  const IrNode *x = g->vars[i].node, *y = g->vars[j].node;
  g->facts.used_single = false;
  r->implies = facts_implies(&g->facts, x, y);
  r->implies_single = g->facts.used_single;
  if (r->implies) truth_drop(&g->truth, g->feasible, i, true, j, false);
  if (i > j) {
    r->disjoint = g->with[j][i].disjoint;
    r->disjoint_single = g->with[j][i].disjoint_single;
    return;
  }
  g->facts.used_single = false;
  r->disjoint = facts_disjoint(&g->facts, x, y);
  r->disjoint_single = g->facts.used_single;
  if (r->disjoint) truth_drop(&g->truth, g->feasible, i, true, j, true);
}

static bool constant(const LogicVar *v) { return v->never || v->always; }

static void find_relations(Logic *g) {
  for (uint32_t i = 0; i < g->truth.n_vars; i++)
    for (uint32_t j = 0; j < g->truth.n_vars; j++)
      if (i != j && !constant(&g->vars[i]) && !constant(&g->vars[j])) find_relation(g, i, j);
}

/* --- one after the other ------------------------------------------------------------------------------------- */

static bool is_false(const Logic *g) { return !truth_meet(&g->truth, g->holds, g->feasible); }
static bool is_true(const Logic *g) { return truth_within(&g->truth, g->feasible, g->holds); }

/* Either end of what there is to say. */
static bool report_constant(Logic *g) {
  if (is_false(g)) logic_report_false(g);
  else if (is_true(g)) logic_report_true(g);
  else return false;
  return true;
}

static bool report_never(Logic *g) {
  bool whole = is_false(g), any = false;
  for (uint32_t k = 0; k < g->truth.n_vars; k++) {
    const LogicVar *v = &g->vars[k];
    if (!v->never || (whole && !v->plain.text)) continue;
    logic_report_never(g, v, v->node, whole);
    any = true;
  }
  return any && (whole || is_true(g));
}

/* Every row stays in the table when a variable of it becomes false: no selection is needed. */
static bool needs_none(Logic *g) {
  for (uint32_t k = 0; k < g->truth.n_vars; k++) {
    truth_fix(&g->truth, g->a, g->holds, k, false);
    if (!truth_within(&g->truth, g->holds, g->a)) return false;
  }
  return true;
}

static bool test_without_field(const IrTest *t) { return t->pred == PRED_IS_NULL || (t->pred == PRED_EXISTS && !t->truth); }

static bool item_without_field(const IrItem *item) {
  for (uint32_t i = 0; i < item->n_values; i++) {
    bool some = false;
    for (uint32_t k = 0; k < item->values[i].n_alts && !item->any_field; k++) some |= test_without_field(&item->values[i].alts[k]);
    if (some != item->all) return some;
  }
  return item->all;
}

/* Whether an event without any field satisfies it. Nested as conditions and selections are. */
static bool holds_without_fields(const IrNode *n) {
  if (n->kind == IR_CONST) return n->truth;
  if (n->kind == IR_ITEM) return item_without_field(n->item);
  if (n->kind == IR_NOT) return !holds_without_fields(n->kids[0]);
  bool all = n->kind == IR_AND;
  for (uint32_t i = 0; i < n->n_kids; i++)
    if (holds_without_fields(n->kids[i]) != all) return !all;
  return all;
}

/* The condition of a filter is to leave out what it names. */
static void report_negative_only(Logic *g) {
  if (g->ir->rule->kind != DOC_RULE || !needs_none(g) || !holds_without_fields(g->ir->root)) return;
  lint_report(g->lint, CHECK_negative_only, logic_condition(g), "the condition only says what is not to match");
  lint_hint(g->lint, "every other event matches, `{}` too: add a selection of what is looked for");
}

static void look(Logic *g) {
  truth_of(&g->truth, g->holds, g->ir->root);
  truth_fill(&g->truth, g->all, true);
  truth_copy(&g->truth, g->feasible, g->all);
  if (report_constant(g)) return;
  find_constants(g);
  if (report_never(g)) return;
  find_relations(g);
  if (is_false(g) && logic_report_swallows(g)) return;
  if (report_constant(g)) return;
  report_negative_only(g);
  logic_report_maps(g);
  logic_report_unreachable(g);
  logic_report_redundant(g);
}

void check_logic(Lint *l, const LintAt *at) {
  Arena *scratch = arena_sub(l->arena);
  Logic *g = arena_new(scratch, Logic);
  g->lint = l, g->at = at, g->ir = at->ir, g->scratch = scratch;
  if (truth_init(&g->truth, scratch, at->ir->root) && affordable(g)) {
    uint64_t **tables[] = {&g->all, &g->holds, &g->feasible, &g->a, &g->b, &g->c};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) *tables[i] = truth_new(&g->truth);
    facts_init(&g->facts, scratch, &l->data.sources, at->ir->rule);
    find_detections(g);
    logic_find_mentions(g);
    look(g);
  }
  arena_sub_done(scratch);
}

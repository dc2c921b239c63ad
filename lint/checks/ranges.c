/* SPDX-License-Identifier: MIT
 * Comparisons of one field in one map that no number satisfies. */
#include "lint/checks/lowered.h"
#include "lint/facts.h"
#include "lint/facts_internal.h"

typedef struct {
  Lint *l;
  const LintAt *at;
} Ranging;

/* What all values of an item come to: any of them, the widest; all, the narrowest. NULL: not only comparisons. */
static const IrTest *bound_of(const IrNode *n) {
  const IrTest *best = NULL;
  if (n->kind != IR_ITEM || n->item->open || n->item->any_field) return NULL;
  for (uint32_t i = 0; i < n->item->n_values; i++) {
    const IrValue *v = &n->item->values[i];
    if (v->n_alts != 1 || !lowered_compares(&v->alts[0])) return NULL;
    bool wider = best && facts_number_inside(best, &v->alts[0]);
    if (!best || wider != n->item->all) best = &v->alts[0];
  }
  return best;
}

/* The modifier that compares. */
static Span comparison_at(const LintAt *at, const IrItem *item) {
  const LintItem *written = lowered_item(at, item);
  static const char *const names[] = {"lt", "lte", "gt", "gte"};
  for (uint32_t i = 0; written && i < written->n_modifiers; i++)
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
      if (str_is(written->modifiers[i].name, names[k])) return written->modifiers[i].at;
  return item->field_at;
}

typedef struct {
  const IrItem *item;
  const IrTest *test;
} Bound;

static void report_range(const Ranging *r, const Bound *first, const Bound *second) {
  Facts facts;
  facts_init(&facts, r->l->arena, &r->l->data.sources, r->at->doc->rule);
  bool single = facts_single(&facts, second->item);
  const char *what = second->test->pred == PRED_TIME ? time_part_name[second->test->part] : "number";
  lint_report_as(r->l, CHECK_numeric_range_empty, single ? SEV_ERROR : SEV_WARNING, comparison_at(r->at, second->item),
                 "no %s in `" STR_FMT "` satisfies both this and the comparison in line %u%s", what, STR_ARG(second->item->field),
                 lowered_line(r->l, comparison_at(r->at, first->item)), single ? "" : ", unless the field holds several");
}

/* Of the same field, and of the same part of a time. */
static bool apart(const Bound *x, const Bound *y) {
  const IrTest *a = x->test, *b = y->test;
  if (!str_eq(x->item->field, y->item->field) || (a->pred == PRED_TIME) != (b->pred == PRED_TIME)) return false;
  return (a->pred != PRED_TIME || a->part == b->part) && facts_number_apart(a, b);
}

static void range_map(void *ctx, IrNode *n) {
  enum { MOST = 64 }; /* comparisons of one map */
  Bound bounds[MOST];
  uint32_t n_bounds = 0;
  if (n->kind != IR_AND || !n->selection.n) return;
  for (uint32_t i = 0; i < n->n_kids && n_bounds < MOST; i++) {
    Bound b = {n->kids[i]->item, bound_of(n->kids[i])};
    uint32_t k = 0;
    if (!b.test) continue;
    while (k < n_bounds && !apart(&bounds[k], &b)) k++;
    if (k < n_bounds) report_range(ctx, &bounds[k], &b);
    bounds[n_bounds++] = b;
  }
}

void check_numeric_range(Lint *l, const LintAt *at) {
  Ranging r = {l, at};
  for (uint32_t i = 0; i < at->doc->rule->n_detections; i++) ir_walk(at->ir->selections[i], range_map, &r);
}

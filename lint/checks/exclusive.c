/* SPDX-License-Identifier: MIT
 * `all` needs values that can be true together: texts that are looked for anywhere can, two exact ones cannot. */
#include "lint/facts.h"
#include "lint/lint.h"

typedef struct {
  Lint *l;
  const LintAt *at;
  Arena *scratch; /* NULL: no item needed it yet */
  Facts facts;    /* one allowance for all items of the rule */
} Excluding;

static bool is_anywhere(const IrTest *t) {
  const Pattern *p = &t->pattern;
  return t->pred == PRED_GLOB && p->n && p->p[0].kind == PAT_ANY && p->p[p->n - 1].kind == PAT_ANY;
}

/* Nearly all items with `all` have no other values: they never exclude each other. */
static bool only_anywhere(const IrItem *item) {
  for (uint32_t i = 0; i < item->n_values; i++)
    for (uint32_t k = 0; k < item->values[i].n_alts; k++)
      if (!is_anywhere(&item->values[i].alts[k])) return false;
  return true;
}

static bool never_holds(Excluding *e, const IrNode *n, bool *single) {
  if (!e->scratch) facts_init(&e->facts, e->scratch = arena_sub(e->l->arena), &e->l->data.sources, e->at->doc->rule);
  e->facts.all_single = e->facts.used_single = false;
  *single = facts_single(&e->facts, n->item);
  e->facts.all_single = true;
  bool never = facts_never(&e->facts, n);
  *single |= !e->facts.used_single;
  return never;
}

static void look_at_item(void *ctx, IrNode *n) {
  Excluding *e = ctx;
  bool single;
  if (n->kind != IR_ITEM || !n->item->all || n->item->open || n->item->any_field || only_anywhere(n->item)) return;
  if (!never_holds(e, n, &single)) return;
  lint_report_as(e->l, CHECK_all_without_contains, single ? SEV_ERROR : SEV_WARNING, n->item->all_at,
                 "one field cannot have all of these values at once%s", single ? "" : ", unless it holds several");
  lint_hint(e->l, "write `contains|all`, or drop `|all`");
}

void check_all_exclusive(Lint *l, const LintAt *at) {
  Excluding e = {.l = l, .at = at};
  for (uint32_t i = 0; i < at->doc->rule->n_detections; i++) ir_walk(at->ir->selections[i], look_at_item, &e);
  if (e.scratch) arena_sub_done(e.scratch);
}

/* SPDX-License-Identifier: MIT
 * Selections named like filters, which leave nothing out. */
#include "lint/checks/selected.h"

/* Flags of a selection. */
enum { PLAIN = 1, BELOW_NOT = 2 };

typedef struct {
  const Rule *rule;
  uint8_t *use;       /* by selection */
  const Cond **plain; /* where first without `not` */
  Selecting selecting;
} FilterUses;

static bool is_filter(Str name) { return str_starts(name, STR("filter")); }

static bool mark(FilterUses *u, const Cond *c, uint8_t use) {
  if (c->n_kids == 0 && !selecting_pay(&u->selecting, u->rule->n_detections)) return false;
  for (uint32_t i = 0; c->n_kids == 0 && i < u->rule->n_detections; i++) {
    Str name = u->rule->detections[i].name;
    if (!is_filter(name) || !(c->kind == COND_NAME ? str_eq(c->name, name) : cond_selects(c, name))) continue;
    u->use[i] |= use;
    if (use == PLAIN && !u->plain[i]) u->plain[i] = c;
  }
  for (uint32_t i = 0; i < c->n_kids; i++)
    if (!mark(u, c->kids[i], c->kind == COND_NOT ? BELOW_NOT : use)) return false;
  return true;
}

static bool any_filter(const Rule *r) {
  uint32_t i = 0;
  while (i < r->n_detections && !is_filter(r->detections[i].name)) i++;
  return i < r->n_detections;
}

/* The selections of a filter (the kind of document) are what it is about. `1 of them` means all, whatever their names. */
void check_filter_not_negated(Lint *l, const LintAt *at) {
  const Rule *r = at->doc->rule;
  if (r->kind != DOC_RULE || !any_filter(r)) return;
  Arena *scratch = arena_sub(l->arena);
  FilterUses u = {
    .rule = r, .use = arena_array(scratch, uint8_t, r->n_detections), .plain = arena_array(scratch, const Cond *, r->n_detections)};
  bool known = true;
  for (uint32_t i = 0; known && i < at->doc->conditions.n; i++)
    known = at->doc->conditions.p[i].tree && mark(&u, at->doc->conditions.p[i].tree, PLAIN);
  for (uint32_t i = 0; known && i < r->n_detections; i++) {
    if (u.use[i] != PLAIN || u.plain[i]->them) continue;
    Str name = r->detections[i].name;
    lint_report(l, CHECK_filter_not_negated, u.plain[i]->at, "`" STR_FMT "` is named like a filter, and selects", STR_ARG(name));
    lint_hint(l, "write `not` in front of it, or begin its name with `selection`");
  }
  arena_sub_done(scratch);
}

/* SPDX-License-Identifier: MIT
 * Rules over several kinds of events: a branch for each source that takes part (docs/pipelines.md, Wide rules). */
#include <stdlib.h>

#include "compiler/plan_internal.h"

typedef struct {
  const ModelSource *source;
  const Kind *kind;
  uint32_t order; /* as selected */
} WideSource;

typedef struct {
  VEC(WideSource) chosen; /* in the order of the kinds */
  uint32_t raw;           /* selected sources without a list */
} Wide;

static bool is_covered(const ModelSource *s, const ModelSources *by) {
  Str cover = s->entry->covered_by.text;
  for (uint32_t i = 0; cover.n && i < by->n; i++)
    if (str_eq_nocase(by->p[i]->category, cover) && str_eq_nocase(by->p[i]->product, s->product)) return true;
  return false;
}

static int by_kind(const void *x, const void *y) {
  const WideSource *a = x, *b = y;
  if (a->kind->number != b->kind->number) return a->kind->number < b->kind->number ? -1 : 1;
  return (a->order > b->order) - (a->order < b->order);
}

static void choose(Planner *p, Wide *w, const ModelSources *selected) {
  for (uint32_t i = 0; i < selected->n; i++) {
    const ModelSource *s = selected->p[i];
    const Kind *kind = kinds_find(&p->model->kinds, s->product, s->category);
    w->raw += !kind;
    if (!kind || is_covered(s, selected)) continue;
    *vec_add(p->arena, &w->chosen) = (WideSource){s, kind, i};
  }
  if (w->chosen.n) qsort(w->chosen.p, w->chosen.n, sizeof *w->chosen.p, by_kind);
}

static bool same_columns(const PlanBranch *x, const PlanBranch *y) {
  if (x->n_columns != y->n_columns) return false;
  for (uint32_t i = 0; i < x->n_columns; i++)
    if (!str_eq(x->columns[i].name, y->columns[i].name) || !str_eq(x->columns[i].expr, y->columns[i].expr) ||
        x->columns[i].type != y->columns[i].type)
      return false;
  return true;
}

static bool same_branch(const PlanBranch *x, const PlanBranch *y) {
  return str_eq(x->table, y->table) && str_eq(x->category, y->category) && same_columns(x, y) && ir_same(x->root, y->root);
}

/* Products that share a table give one branch. */
static bool is_repeated(const Plan *plan, const uint64_t *hashes, const PlanBranch *b, uint64_t hash) {
  for (uint32_t i = 0; i < plan->n_branches; i++)
    if (hashes[i] == hash && same_branch(&plan->branches[i], b)) return true;
  return false;
}

static void name_source(Buf *out, const ModelSource *s) {
  const Str parts[] = {s->product, s->category, s->service};
  for (int i = 0; i < 3; i++) {
    if (!parts[i].n) continue;
    if (out->n && out->p[out->n - 1] != ' ') buf_char(out, '/');
    buf_str(out, parts[i]);
  }
}

static void tell_wide(Planner *p, const ModelSources *used, uint32_t raw) {
  enum { MOST = 12 };
  Buf out = {.arena = p->arena};
  for (uint32_t i = 0; i < used->n && i < MOST; i++) {
    if (i) buf_str(&out, STR(", "));
    name_source(&out, used->p[i]);
  }
  if (used->n > MOST) buf_printf(&out, " and %u more", used->n - MOST);
  diag_warning(p->passes->diags, ID_target_wide, p->rule->logsource.at,
               "the rule covers several kinds of events: it is used for " STR_FMT, STR_ARG(buf_view(&out)));
  if (raw)
    diag_hint(p->passes->diags, "%u raw event logs fit too, and are no part of it: a rule for one of them names it in `logsource`",
              raw);
}

static void tell_all(Planner *p, const ModelSource *s) {
  Buf out = {.arena = p->arena};
  name_source(&out, s);
  diag_warning(p->passes->diags, ID_target_wide, p->rule->logsource.at, "the condition holds for every event of " STR_FMT,
               STR_ARG(buf_view(&out)));
}

/* One source: what it does not have is absent there. False where the source takes no part, or an error was reported. */
static bool wide_branch(Planner *p, PlanBranch *b, const IrNode *root, const ModelSource *s, const Kind *kind) {
  IrNode *own = plan_copy(p, root);
  if (!own) return p->ok = false;
  own = plan_fold_kind(p, own, kind);
  if (own->kind == IR_CONST && !own->truth) return false;
  if (own->kind == IR_CONST) tell_all(p, s);
  if (!plan_branch(p, b, own, s->entry, model_logsource(s, &p->rule->logsource))) return p->ok = false;
  return b->root->kind != IR_CONST || b->root->truth;
}

void plan_wide(Planner *p, const IrRule *rule, const ModelSources *selected) {
  Wide w = {0};
  ModelSources used = {0};
  Plan *plan = p->plan;
  choose(p, &w, selected);
  if (!w.chosen.n) {
    plan_no_source(p, "it fits raw event logs alone: name the `service` or `category` of one");
    return;
  }
  const Kind **kinds = arena_array(p->arena, const Kind *, w.chosen.n);
  for (uint32_t i = 0; i < w.chosen.n; i++) kinds[i] = w.chosen.p[i].kind;
  plan_check_kinds(p, rule->root, kinds, w.chosen.n);
  if (!p->ok) return;
  plan->scoped = true;
  plan->branches = arena_array(p->arena, PlanBranch, w.chosen.n);
  uint64_t *hashes = arena_array(p->arena, uint64_t, w.chosen.n);
  for (uint32_t i = 0; i < w.chosen.n && !p->passes->budget.told; i++) {
    PlanBranch b;
    if (!wide_branch(p, &b, rule->root, w.chosen.p[i].source, kinds[i])) continue;
    *vec_add(p->arena, &used) = w.chosen.p[i].source;
    plan_take_results(p);
    uint64_t hash = ir_hash(b.root);
    if (is_repeated(plan, hashes, &b, hash)) continue;
    hashes[plan->n_branches] = hash;
    plan->branches[plan->n_branches++] = b;
  }
  if (!p->ok) return;
  if (used.n) tell_wide(p, &used, w.raw);
  else plan_no_source(p, "no kind of events that it covers has the fields of the rule together");
}

/* SPDX-License-Identifier: MIT
 * Selections that change nothing: filters that take out everything or nothing, selections that are part of others. */
#include "lint/checks/logic.h"
#include "lint/witness.h"

static bool filters(const LogicVar *v) { return !v->plain.text && v->negated.text; }

static Str name_of(const Logic *g, uint32_t k) { return g->vars[k].detection->name; }

/* Where the other one stands, and an event of both that shows it. */
static void hint_other(Logic *g, Span other, const IrNode *x, const IrNode *y, bool single) {
  const IrNode *both[] = {x, y};
  Buf b = {.arena = g->scratch};
  Str event;
  buf_printf(&b, "compare line %u", logic_line(g, other));
  if (single) buf_str(&b, STR(", where each field holds one value"));
  if (witness_find(&event, g->scratch, both, 2, NULL, 0)) buf_printf(&b, "; `" STR_FMT "` satisfies both", STR_ARG(event));
  lint_hint(g->lint, STR_FMT, STR_ARG(buf_view(&b)));
}

/* --- filters that take out everything ------------------------------------------------------------------------ */

/* Whether this filter alone leaves nothing of what the condition finds without filters. */
static bool swallows(Logic *g, uint32_t filter) {
  const Truth *t = &g->truth;
  truth_copy(t, g->a, g->holds);
  for (uint32_t k = 0; k < t->n_vars; k++)
    if (k != filter && filters(&g->vars[k])) truth_fix(t, g->a, g->a, k, false);
  truth_fix(t, g->b, g->a, filter, false);
  return !truth_meet(t, g->a, g->feasible) && truth_meet(t, g->b, g->feasible);
}

static void report_swallows(Logic *g, uint32_t filter) {
  const LogicVar *f = &g->vars[filter];
  Span at = f->negated.cond->at;
  Str name = f->detection->name;
  uint32_t causes = 0, cause = 0;
  for (uint32_t i = 0; i < g->truth.n_vars; i++)
    if (g->with[i][filter].implies && !filters(&g->vars[i])) cause = i, causes++;
  if (causes == 1)
    lint_report(g->lint, CHECK_filter_swallows, at, "every event of `" STR_FMT "` is one of `" STR_FMT "`, so %s",
                STR_ARG(name_of(g, cause)), STR_ARG(name),
                g->ir->rule->kind == DOC_RULE ? "the rule never fires" : "the condition never holds");
  else lint_report(g->lint, CHECK_filter_swallows, at, "`" STR_FMT "` leaves out every event that the rest finds", STR_ARG(name));
  if (causes) hint_other(g, g->vars[cause].detection->name_at, g->vars[cause].node, f->node, g->with[cause][filter].implies_single);
}

bool logic_report_swallows(Logic *g) {
  bool any = false;
  for (uint32_t k = 0; k < g->truth.n_vars; k++) {
    if (!filters(&g->vars[k]) || !swallows(g, k)) continue;
    report_swallows(g, k);
    any = true;
  }
  return any;
}

static bool same_place(Span x, Span y) { return x.file == y.file && x.start == y.start && x.end == y.end; }

/* --- selections without effect ------------------------------------------------------------------------------- */

/* Selections that one selector selects are told together. */
static void report_unreachable(Logic *g, uint32_t k) {
  Span at = logic_mention(&g->vars[k]);
  Buf names = {.arena = g->scratch};
  for (uint32_t j = k; j < g->truth.n_vars; j++) {
    LogicVar *v = &g->vars[j];
    if (!v->idle || v->told || !same_place(logic_mention(v), at)) continue;
    v->told = true;
    buf_printf(&names, "%s`" STR_FMT "`", names.n ? ", " : "", STR_ARG(v->detection->name));
  }
  lint_report(g->lint, CHECK_unreachable_selection, at, STR_FMT " cannot change the result", STR_ARG(buf_view(&names)));
  lint_hint(g->lint, "the condition means the same without it");
}

void logic_report_unreachable(Logic *g) {
  for (uint32_t k = 0; k < g->truth.n_vars; k++) {
    LogicVar *v = &g->vars[k];
    truth_fix(&g->truth, g->a, g->holds, k, false);
    v->idle = !truth_differ(&g->truth, g->holds, g->a, g->all);
    v->told = v->never; /* why it is idle */
  }
  for (uint32_t k = 0; k < g->truth.n_vars; k++)
    if (g->vars[k].idle && !g->vars[k].told) report_unreachable(g, k);
}

/* Why a selection has no effect: the others that it is compared with. */
typedef struct {
  uint32_t p[TRUTH_VARS], n;
} Causes;

static bool related(const Logic *g, uint32_t k, uint32_t j) {
  return g->with[k][j].implies || g->with[j][k].implies || g->with[k][j].disjoint;
}

/* Takes the rows out of table b that what is known of the two excludes. */
static void drop_related(Logic *g, uint32_t k, uint32_t j) {
  if (g->with[k][j].implies) truth_drop(&g->truth, g->b, k, true, j, false);
  if (g->with[j][k].implies) truth_drop(&g->truth, g->b, k, false, j, true);
  if (g->with[k][j].disjoint) truth_drop(&g->truth, g->b, k, true, j, true);
}

/* Whether the condition and table a, in which k is settled, are the same by what is known of k with these; but for one of them. */
static bool suffice(Logic *g, uint32_t k, const Causes *causes, uint32_t but) {
  truth_fill(&g->truth, g->b, true);
  for (uint32_t i = 0; i < causes->n; i++)
    if (i != but) drop_related(g, k, causes->p[i]);
  return !truth_differ(&g->truth, g->holds, g->a, g->b);
}

/* One that suffices; else as few as do, where that takes few steps. None: it takes what is known of others too. */
static void find_causes(Logic *g, uint32_t k, Causes *causes) {
  enum { MOST_STEPS = 1 << 18, NONE = UINT32_MAX };
  Causes one = {.n = 1}, all = {.n = 0};
  for (uint32_t j = 0; j < g->truth.n_vars; j++) {
    if (!related(g, k, j)) continue;
    one.p[0] = all.p[all.n++] = j;
    if (!suffice(g, k, &one, NONE)) continue;
    *causes = one;
    return;
  }
  if (!suffice(g, k, &all, NONE)) all.n = 0;
  if (all.n * all.n * g->truth.words <= MOST_STEPS)
    for (uint32_t i = all.n; i-- > 0;)
      if (suffice(g, k, &all, i)) all.p[i] = all.p[--all.n];
  *causes = all;
}

static void clause(Logic *g, Buf *b, uint32_t k, uint32_t j) {
  Str x = name_of(g, k), y = name_of(g, j);
  bool in = g->with[k][j].implies, around = g->with[j][k].implies;
  if (b->n) buf_str(b, STR(", "));
  if (in && around) buf_printf(b, "`" STR_FMT "` has the events of `" STR_FMT "`", STR_ARG(x), STR_ARG(y));
  else if (in) buf_printf(b, "every event of `" STR_FMT "` is one of `" STR_FMT "`", STR_ARG(x), STR_ARG(y));
  else if (around) buf_printf(b, "every event of `" STR_FMT "` is one of `" STR_FMT "`", STR_ARG(y), STR_ARG(x));
  else buf_printf(b, "no event of `" STR_FMT "` is one of `" STR_FMT "`", STR_ARG(y), STR_ARG(x));
}

enum { MOST_NAMED = 3 };

static void clauses(Logic *g, Buf *b, uint32_t k, const Causes *causes) {
  const LogicVar *v = &g->vars[k];
  if (v->always) buf_printf(b, "every event is one of `" STR_FMT "`", STR_ARG(v->detection->name));
  else if (!causes->n || causes->n > MOST_NAMED) buf_printf(b, "`" STR_FMT "` never decides", STR_ARG(v->detection->name));
  else
    for (uint32_t i = 0; i < causes->n; i++) clause(g, b, k, causes->p[i]);
}

/* The selections that a filter has no event in common with. */
static void apart_from(Logic *g, Buf *b, uint32_t k, const Causes *causes) {
  for (uint32_t i = 0; i < causes->n && i < MOST_NAMED; i++)
    buf_printf(b, "%s`" STR_FMT "`", i ? ", " : "no event of ", STR_ARG(name_of(g, causes->p[i])));
  if (causes->n > MOST_NAMED) buf_printf(b, " and %u more", causes->n - MOST_NAMED);
  buf_printf(b, " is one of `" STR_FMT "`", STR_ARG(name_of(g, k)));
}

static void hint_cause(Logic *g, uint32_t k, uint32_t j) {
  const LogicVar *v = &g->vars[k], *other = &g->vars[j];
  const Relation *r = &g->with[k][j];
  bool apart = !r->implies && !g->with[j][k].implies;
  if (apart && logic_hint_clash(g, other->node, v->node)) return;
  bool single = r->implies_single || g->with[j][k].implies_single || (apart && r->disjoint_single);
  hint_other(g, other->detection->name_at, v->node, other->node, single);
}

/* False: another check tells it. Table a is the condition with k settled. */
static bool report_redundant(Logic *g, uint32_t k) {
  const LogicVar *v = &g->vars[k];
  Buf why = {.arena = g->scratch};
  Causes causes;
  find_causes(g, k, &causes);
  if (causes.n == 1 && ir_same(v->node, g->vars[causes.p[0]].node)) return false; /* duplicate-selection */
  bool filter = filters(v) && causes.n;
  for (uint32_t i = 0; i < causes.n; i++) filter &= g->with[k][causes.p[i]].disjoint;
  if (filter) apart_from(g, &why, k, &causes);
  else clauses(g, &why, k, &causes);
  lint_report(g->lint, filter ? CHECK_filter_no_effect : CHECK_selection_subsumed, logic_mention(v),
              STR_FMT ", so `" STR_FMT "` %s", STR_ARG(buf_view(&why)), STR_ARG(v->detection->name),
              filter ? "leaves out nothing" : "changes nothing");
  if (causes.n) hint_cause(g, k, causes.p[0]);
  return true;
}

static bool settled(Logic *g, uint64_t *out, const uint64_t *table, uint32_t k, bool value) {
  truth_fix(&g->truth, out, table, k, value);
  return !truth_differ(&g->truth, table, out, g->feasible);
}

/* The last one first: of two that say the same, the second goes. What is told is true of the condition as it stands, and also behind what
 * was told before: table c is the condition without that. */
void logic_report_redundant(Logic *g) {
  truth_copy(&g->truth, g->c, g->holds);
  for (uint32_t k = g->truth.n_vars; k-- > 0;) {
    if (g->vars[k].told || g->vars[k].idle) continue;
    for (unsigned value = 0; value < 2; value++) {
      if (!settled(g, g->b, g->c, k, value) || !settled(g, g->a, g->holds, k, value)) continue;
      if (report_redundant(g, k)) truth_fix(&g->truth, g->c, g->c, k, value);
      break;
    }
  }
}

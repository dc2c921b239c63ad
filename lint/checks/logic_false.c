/* SPDX-License-Identifier: MIT
 * Conditions that never hold, or always do: the part that is to blame, and why. Parts of conditions and the trees that they were lowered
 * to are gone through side by side; a selector has only a tree of its own. */
#include "lint/checks/logic.h"
#include "lint/checks/lowered.h"

/* --- what excludes what -------------------------------------------------------------------------------------- */

bool logic_hint_clash(Logic *g, const IrNode *x, const IrNode *y) {
  Clash c;
  if (!logic_clash_between(g, x, y, &c) || c.x->kind != IR_ITEM || c.y->kind != IR_ITEM || c.x->item->any_field) return false;
  uint32_t i = logic_line(g, c.x->at), j = logic_line(g, c.y->at);
  uint32_t first = i < j ? i : j, second = i < j ? j : i;
  if (c.single)
    lint_hint(g->lint, "lines %u and %u have no value in common, and `" STR_FMT "` holds one", first, second,
              STR_ARG(c.x->item->field));
  else lint_hint(g->lint, "no event satisfies both line %u and line %u", first, second);
  return true;
}

/* Whether what is known of two selections alone keeps a table from holding. */
static bool explains(Logic *g, uint32_t i, uint32_t j, const uint64_t *table) {
  truth_fill(&g->truth, g->c, true);
  if (g->with[i][j].disjoint) truth_drop(&g->truth, g->c, i, true, j, true);
  if (g->with[i][j].implies) truth_drop(&g->truth, g->c, i, true, j, false);
  return !truth_meet(&g->truth, table, g->c);
}

static void hint_relation(Logic *g, const uint64_t *table) {
  for (uint32_t i = 0; i < g->truth.n_vars; i++) {
    for (uint32_t j = 0; j < g->truth.n_vars; j++) {
      const Relation *r = &g->with[i][j];
      if (!(r->disjoint || r->implies) || !explains(g, i, j, table)) continue;
      const LogicVar *x = &g->vars[i], *y = &g->vars[j];
      if (r->disjoint) (void)logic_hint_clash(g, x->node, y->node);
      lint_hint(g->lint,
                r->disjoint ? "no event is one of `" STR_FMT "` and of `" STR_FMT "`"
                            : "every event of `" STR_FMT "` is one of `" STR_FMT "`",
                STR_ARG(x->detection->name), STR_ARG(y->detection->name));
      return;
    }
  }
}

/* --- false --------------------------------------------------------------------------------------------------- */

typedef struct {
  const YamlNode *text;
  const Cond *cond;
  const IrNode *node;
  const char *what; /* the condition, for messages */
} FalsePart;

static bool holds(Logic *g, uint64_t *table, const IrNode *n) {
  truth_of(&g->truth, table, n);
  return truth_meet(&g->truth, table, g->feasible);
}

/* The kid that never holds by itself; else n_kids. */
static uint32_t false_kid(Logic *g, const IrNode *n) {
  uint32_t i = 0;
  while (i < n->n_kids && holds(g, g->a, n->kids[i])) i++;
  return i;
}

/* Two kids of an `and` that exclude each other; where it takes more, *i is n_kids, and *j the one with which it becomes false. Table a is
 * what of them is false. */
static void find_pair(Logic *g, const IrNode *n, uint32_t *i, uint32_t *j) {
  truth_copy(&g->truth, g->a, g->feasible);
  for (*j = 0; *j + 1 < n->n_kids; ++*j) {
    truth_of(&g->truth, g->b, n->kids[*j]);
    truth_keep(&g->truth, g->a, g->b);
    if (!truth_meet(&g->truth, g->a, g->feasible)) break;
  }
  truth_of(&g->truth, g->b, n->kids[*j]);
  for (*i = 0; *i < n->n_kids; ++*i) {
    truth_of(&g->truth, g->a, n->kids[*i]);
    truth_keep(&g->truth, g->a, g->b);
    if (*i != *j && !truth_meet(&g->truth, g->a, g->feasible)) return;
  }
  truth_of(&g->truth, g->a, n);
}

static void report_pair(Logic *g, const FalsePart *p) {
  Lint *l = g->lint;
  uint32_t i, j;
  find_pair(g, p->node, &i, &j);
  bool selector = p->cond->kind == COND_SELECTOR, pair = i < p->node->n_kids;
  if (pair && j < i) {
    uint32_t swap = i;
    i = j, j = swap;
  }
  Span at = selector ? p->cond->at : logic_operator(p->text, p->cond->kids[j]);
  if (!pair) lint_report(l, CHECK_always_false, at, "no event satisfies all that `and` joins here, so %s never holds", p->what);
  else if (selector)
    lint_report(l, CHECK_always_false, at, "`" STR_FMT "` and `" STR_FMT "` exclude each other, so %s never holds",
                STR_ARG(p->node->kids[i]->selection), STR_ARG(p->node->kids[j]->selection), p->what);
  else
    lint_report(l, CHECK_always_false, at, "`" STR_FMT "` and `" STR_FMT "` exclude each other, so %s never holds",
                STR_ARG(logic_shown(g, p->cond->kids[i])), STR_ARG(logic_shown(g, p->cond->kids[j])), p->what);
  hint_relation(g, g->a);
}

/* Down to the innermost part that never holds. */
static void report_part(Logic *g, FalsePart p) {
  while (p.cond->kind == COND_AND || p.cond->kind == COND_OR) {
    uint32_t kid = false_kid(g, p.node);
    if (kid == p.node->n_kids) break;
    p.cond = p.cond->kids[kid];
    p.node = p.node->kids[kid];
  }
  if (p.node->kind == IR_AND && truth_var(&g->truth, p.node) == TRUTH_VARS) {
    report_pair(g, &p);
    return;
  }
  lint_report(g->lint, CHECK_always_false, p.cond->at, "`" STR_FMT "` never holds, so %s does not", STR_ARG(logic_shown(g, p.cond)),
              p.what);
  truth_of(&g->truth, g->a, p.node);
  hint_relation(g, g->a);
}

void logic_report_false(Logic *g) {
  const LintDoc *doc = g->at->doc;
  uint32_t n = doc->conditions.n;
  for (uint32_t i = 0; i < n; i++) {
    const LintCondition *c = &doc->conditions.p[i];
    report_part(
      g, (FalsePart){c->text, c->tree, n == 1 ? g->ir->root : g->ir->root->kids[i], n == 1 ? "the condition" : "this condition"});
  }
}

static bool compares(const IrNode *n) {
  return n->kind == IR_ITEM && n->item->n_values && n->item->values[0].n_alts && lowered_compares(&n->item->values[0].alts[0]);
}

/* numeric-range-empty, all-without-contains. */
static bool told_elsewhere(const Clash *c) {
  if (c->x == c->y) return c->y->kind == IR_ITEM && c->y->item->all;
  return compares(c->x) && compares(c->y);
}

void logic_report_never(Logic *g, const LogicVar *v, const IrNode *part, bool whole) {
  Lint *l = g->lint;
  CheckId check = whole ? CHECK_always_false : CHECK_unreachable_selection;
  Str name = v->detection->name;
  const char *what = part == v->node ? "" : "this part of ";
  Clash c;
  bool shown = logic_clash_in(g, part, &c);
  if (shown && told_elsewhere(&c)) return;
  if (!shown) lint_report(l, check, part->at, "no event satisfies %s`" STR_FMT "`", what, STR_ARG(name));
  else if (c.x == c.y)
    lint_report(l, check, c.y->at, "no event satisfies this, so %s`" STR_FMT "` never matches", what, STR_ARG(name));
  else
    lint_report(l, check, c.y->at, "no event satisfies both this and line %u, so %s`" STR_FMT "` never matches",
                logic_line(g, c.x->at), what, STR_ARG(name));
  if (shown && c.single && c.y->kind == IR_ITEM) lint_hint(l, "`" STR_FMT "` holds one value", STR_ARG(c.y->item->field));
}

/* --- true ---------------------------------------------------------------------------------------------------- */

/* Two operands of an `or` of which one always holds. */
static bool find_covering(Logic *g, const IrNode *n, uint32_t *i, uint32_t *j) {
  for (*j = 1; *j < n->n_kids; ++*j) {
    truth_of(&g->truth, g->b, n->kids[*j]);
    for (*i = 0; *i < *j; ++*i) {
      truth_of(&g->truth, g->a, n->kids[*i]);
      truth_copy(&g->truth, g->c, g->feasible);
      truth_minus(&g->truth, g->c, g->a);
      if (truth_within(&g->truth, g->c, g->b)) return true;
    }
  }
  return false;
}

void logic_report_true(Logic *g) {
  const LintDoc *doc = g->at->doc;
  const Cond *c = doc->conditions.p[0].tree;
  uint32_t i, j;
  lint_report(g->lint, CHECK_always_true, logic_condition(g), "the condition holds for every event");
  if (doc->conditions.n > 1 || c->kind != COND_OR || c->n_kids > 8 || !find_covering(g, g->ir->root, &i, &j)) return;
  lint_hint(g->lint, "an event that does not satisfy `" STR_FMT "` satisfies `" STR_FMT "`", STR_ARG(logic_shown(g, c->kids[i])),
            STR_ARG(logic_shown(g, c->kids[j])));
}

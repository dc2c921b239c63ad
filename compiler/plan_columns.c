/* SPDX-License-Identifier: MIT
 * Computed columns: those that a condition names, and what their expressions need of earlier ones, in the order of the file. */
#include <stdlib.h>

#include "compiler/plan_internal.h"

typedef struct {
  uint64_t order;
  Str name;
  const ModelStep *step;
} Needed;

typedef struct {
  Planner *planner;
  const ModelEntry *entry;
  Intern names;
  VEC(Needed) list;
} Needs;

static void need(Needs *n, Str name, uint64_t before) {
  uint64_t order;
  const ModelStep *step = model_computed(n->entry, name, &order);
  if (!step || step->parts || order >= before) return;
  uint32_t known = n->names.names.n;
  if (intern_id(&n->names, name) == known) *vec_add(n->planner->arena, &n->list) = (Needed){order, name, step};
}

static bool word_char(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_'; }

/* Where a literal that begins at i ends; i where none does. Kusto: "..." and '...' with backslashes, @"..." with doubled
 * quotes, ``` ... ```. */
static size_t skip_literal(Str s, size_t i) {
  bool raw = s.p[i] == '@' && i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\'');
  if (str_starts(str_from(s, i), STR("```"))) {
    size_t end = str_find(s, STR("```"), i + 3);
    return end == SIZE_MAX ? s.n : end + 3;
  }
  size_t at = i + raw;
  char quote = s.p[at];
  if (quote != '"' && quote != '\'') return i;
  for (at++; at < s.n; at++) {
    if (!raw && s.p[at] == '\\') at++;
    else if (s.p[at] == quote && raw && at + 1 < s.n && s.p[at + 1] == quote) at++;
    else if (s.p[at] == quote) return at + 1;
  }
  return s.n;
}

/* Names in an expression that are no members of something else. */
static void need_words(Needs *n, Str expr, uint64_t before) {
  for (size_t i = 0; i < expr.n;) {
    size_t end = skip_literal(expr, i);
    if (end > i) {
      i = end;
      continue;
    }
    if (!word_char(expr.p[i])) {
      i++;
      continue;
    }
    bool member = i > 0 && expr.p[i - 1] == '.';
    for (end = i; end < expr.n && word_char(expr.p[end]); end++) {
    }
    if (!member && !ascii_digit(expr.p[i])) need(n, str_sub(expr, i, end), before);
    i = end;
  }
}

static void need_fields(void *ctx, IrNode *node) {
  Needs *n = ctx;
  if (node->kind != IR_ITEM || node->item->any_field) return;
  need(n, node->item->field, UINT64_MAX);
  for (uint32_t i = 0; i < node->item->n_values; i++)
    for (uint32_t k = 0; k < node->item->values[i].n_alts; k++)
      if (node->item->values[i].alts[k].pred == PRED_FIELDREF) need(n, node->item->values[i].alts[k].text, UINT64_MAX);
}

static int by_order(const void *x, const void *y) {
  const Needed *a = x, *b = y;
  return (a->order > b->order) - (a->order < b->order);
}

/* `{name}` is the only thing that a rule can put into an expression, and it is an identifier: model.c judged it. */
static Str expression(Planner *p, const Needed *n) {
  if (n->step->name.n) return n->step->expr;
  Buf out = {.arena = p->arena};
  Str expr = n->step->expr, hole = STR("{name}");
  for (size_t from = 0;;) {
    size_t at = str_find(expr, hole, from);
    buf_str(&out, str_sub(expr, from, at == SIZE_MAX ? expr.n : at));
    if (at == SIZE_MAX) return buf_view(&out);
    buf_str(&out, n->name);
    from = at + hole.n;
  }
}

void plan_columns(Planner *p, PlanBranch *b, const ModelEntry *e) {
  Needs n = {.planner = p, .entry = e};
  intern_init(&n.names, p->arena);
  ir_walk(b->root, need_fields, &n);
  for (uint32_t i = 0; i < n.list.n; i++) need_words(&n, n.list.p[i].step->expr, n.list.p[i].order);
  if (!n.list.n) return;
  qsort(n.list.p, n.list.n, sizeof *n.list.p, by_order);
  PlanColumn *columns = arena_array(p->arena, PlanColumn, n.list.n);
  for (uint32_t i = 0; i < n.list.n; i++) {
    if (!budget_take(&p->passes->budget, COST_NODE + 2 * n.list.p[i].step->expr.n)) return;
    columns[i] = (PlanColumn){n.list.p[i].name, n.list.p[i].step->type, expression(p, &n.list.p[i])};
  }
  b->columns = columns;
  b->n_columns = n.list.n;
}

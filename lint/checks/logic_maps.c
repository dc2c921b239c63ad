/* SPDX-License-Identifier: MIT
 * Lists of maps, of which one is enough: a map that never matches, or whose events are those of another one. */
#include "lint/checks/logic.h"
#include "lint/witness.h"

enum { MOST_MAPS = 48 };

static void report_within(Logic *g, const IrNode *map, const IrNode *other, bool single) {
  const IrNode *both[] = {map, other};
  Str event;
  lint_report(g->lint, CHECK_selection_subsumed, map->at, "every event of this is one of line %u, which is in the same list",
              logic_line(g, other->at));
  if (witness_find(&event, g->scratch, both, 2, NULL, 0)) lint_hint(g->lint, "`" STR_FMT "` satisfies both", STR_ARG(event));
  else if (single) lint_hint(g->lint, "where each field holds one value");
}

static bool within(Logic *g, const IrNode *x, const IrNode *y) {
  g->facts.used_single = false;
  return facts_implies(&g->facts, x, y);
}

/* Of two that say the same, the second is told. */
static void look_at(Logic *g, IrNode *const *maps, uint32_t n, uint32_t i) {
  for (uint32_t j = 0; j < n; j++) {
    if (i == j || !within(g, maps[i], maps[j])) continue;
    bool single = g->facts.used_single;
    if (i < j && within(g, maps[j], maps[i])) continue;
    report_within(g, maps[i], maps[j], single);
    return;
  }
}

void logic_report_maps(Logic *g) {
  for (uint32_t k = 0; k < g->truth.n_vars; k++) {
    const IrNode *n = g->truth.vars[k];
    if (n->kind != IR_OR || n->n_kids > MOST_MAPS || g->vars[k].never || g->vars[k].always) continue;
    for (uint32_t i = 0; i < n->n_kids; i++) {
      g->facts.used_single = false;
      if (facts_never(&g->facts, n->kids[i])) logic_report_never(g, &g->vars[k], n->kids[i], false);
      else look_at(g, n->kids, n->n_kids, i);
    }
  }
}

/* SPDX-License-Identifier: MIT
 * An event that is late may make the condition hold for the window that ends at it, or for one that ends at a later event (semantics
 * 13.8, 13.10). One window is slid over all of them. */
#include "runtime/correlate/correlate_internal.h"

typedef struct {
  Correlator *c;
  Correlation *k;
  void *state;
  RowPlace first, behind;
  uint64_t n;
} Slide;

static const void *facts_at(const Slide *s, RowPlace p) { return row_facts(correlate_row(s->c, s->k, p)); }

static int64_t time_at(const Slide *s, RowPlace p) { return correlate_row_time(s->c, s->k, p); }

/* To the window that ends so. */
static void move(Slide *s, int64_t end) {
  const Aggregate *kind = s->k->kind;
  int64_t start = time_minus(end, s->k->timespan);
  for (; s->behind.chunk && time_at(s, s->behind) <= end; s->behind = rows_next(s->c->pool, s->behind), s->n++)
    kind->enter(&s->k->shared, s->state, facts_at(s, s->behind));
  for (; time_at(s, s->first) < start; s->first = rows_next(s->c->pool, s->first), s->n--)
    kind->leave(&s->k->shared, s->state, facts_at(s, s->first));
}

static void tell(Slide *s, int64_t end, Verdict *v) {
  *v = (Verdict){.start = time_at(s, s->first), .end = end, .first = s->first, .behind = s->behind};
  v->value.arena = s->c->scratch;
  s->k->kind->print(&s->k->shared, s->state, s->n, &v->value);
}

bool correlate_slide(Correlator *c, Correlation *k, Group *g, RowPlace row, Verdict *v) {
  int64_t t = correlate_row_time(c, k, row), last = time_plus(t, k->timespan), end = t;
  Slide s = {.c = c, .k = k, .state = arena_alloc(c->scratch, k->groups.state_bytes)};
  bool found;
  if (k->kind->begin) k->kind->begin(&k->shared, s.state);
  s.first = s.behind = rows_from(&g->rows, c->pool, &k->shape, time_minus(t, k->timespan));
  for (;;) {
    move(&s, end);
    found = k->kind->holds(&k->shared, s.state, s.n);
    if (found || !s.behind.chunk || (end = time_at(&s, s.behind)) > last) break;
  }
  if (found) tell(&s, end, v);
  if (k->kind->end) k->kind->end(&k->shared, s.state);
  return found;
}

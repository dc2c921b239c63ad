/* SPDX-License-Identifier: MIT
 * An event joins its group. Where it is the newest, the window of the group follows it, and each row enters and leaves it once. */
#include "runtime/correlate/correlate_internal.h"

/* --- rows ---------------------------------------------------------------------------------------------------- */

void correlate_forget_row(Correlator *c, Correlation *k, void *row) {
  TextName text;
  if (k->kind->drop) k->kind->drop(&k->shared, row_facts(row));
  if (k->shape.text) {
    memcpy(&text, (char *)row + k->shape.text, sizeof text);
    if (text) texts_drop(&c->texts, text);
  }
  c->bytes -= k->shape.stride;
}

/* Rows that no late event can look back to. */
static void drop_old(Correlator *c, Correlation *k, Group *g) {
  int64_t oldest = time_minus(time_minus(g->newest, k->timespan), k->timespan);
  for (void *row; (row = correlate_row(c, k, rows_first(&g->rows, c->pool))), row_time(row) < oldest;) {
    correlate_forget_row(c, k, row);
    rows_drop_oldest(&g->rows, c->pool, &k->shape);
  }
}

static void fill_row(Correlator *c, const Correlation *k, void *row, const void *facts) {
  TextName text = 0;
  memcpy(row_facts(row), facts, k->kind->row_bytes(k->rec));
  if (k->shape.index) memcpy((char *)row + k->shape.index, &c->event->index, sizeof c->event->index);
  if (!k->shape.text) return;
  text = texts_take(&c->texts, c->event->text);
  memcpy((char *)row + k->shape.text, &text, sizeof text);
}

/* The state of an empty window; when the group last reported stays. */
static void clear_state(Correlator *c, Correlation *k, Group *g) {
  if (k->kind->end) k->kind->end(&k->shared, group_state(g));
  memset(group_state(g), 0, k->reported_at);
  if (k->kind->begin) k->kind->begin(&k->shared, group_state(g));
  correlate_ordered_again(c, k, g);
}

void correlate_empty_group(Correlator *c, Correlation *k, Group *g) {
  for (RowPlace p = rows_first(&g->rows, c->pool); p.chunk; p = rows_next(c->pool, p))
    correlate_forget_row(c, k, correlate_row(c, k, p));
  rows_clear(&g->rows, c->pool, &k->shape);
  clear_state(c, k, g);
}

/* --- the window of the newest event -------------------------------------------------------------------------- */

static void enter(Correlator *c, Correlation *k, Group *g, RowPlace p) {
  k->kind->enter(&k->shared, group_state(g), row_facts(correlate_row(c, k, p)));
  g->rows.n_window++;
}

static void leave_old(Correlator *c, Correlation *k, Group *g) {
  int64_t start = time_minus(g->newest, k->timespan);
  Rows *r = &g->rows;
  while (correlate_row_time(c, k, r->window) < start) {
    k->kind->leave(&k->shared, group_state(g), row_facts(correlate_row(c, k, r->window)));
    r->n_window--;
    r->window = rows_next(c->pool, r->window);
  }
}

static void follow(Correlator *c, Correlation *k, Group *g, RowPlace p) {
  g->newest = c->time;
  g->newest_index = c->event->index;
  if (!g->rows.window.chunk) g->rows.window = p;
  enter(c, k, g, p);
  leave_old(c, k, g);
  drop_old(c, k, g);
}

/* A late row is in the window of the newest event: were it older, it had been dropped. */
static void join(Correlator *c, Correlation *k, Group *g, RowPlace p) {
  RowPlace w = g->rows.window;
  if (!w.chunk || correlate_row_time(c, k, w) > c->time) g->rows.window = p;
  enter(c, k, g, p);
}

void correlate_make_window(Correlator *c, Correlation *k, Group *g) {
  g->rows.window = rows_from(&g->rows, c->pool, &k->shape, time_minus(g->newest, k->timespan));
  g->rows.n_window = 0;
  for (RowPlace p = g->rows.window; p.chunk; p = rows_next(c->pool, p)) enter(c, k, g, p);
  correlate_ordered_again(c, k, g);
}

/* --- all ----------------------------------------------------------------------------------------------------- */

static bool window_holds(Correlator *c, Correlation *k, Group *g, Verdict *v) {
  if (!k->kind->holds(&k->shared, group_state(g), g->rows.n_window)) return false;
  *v = (Verdict){.start = correlate_row_time(c, k, g->rows.window), .end = g->newest, .first = g->rows.window};
  v->value.arena = c->scratch;
  k->kind->print(&k->shared, group_state(g), g->rows.n_window, &v->value);
  return true;
}

static bool judge_row(Correlator *c, Correlation *k, Group *g, RowPlace p, bool late, Verdict *v) {
  if (k->n_steps) return correlate_ordered(c, k, g, p, late, v);
  return late ? correlate_slide(c, k, g, p, v) : window_holds(c, k, g, v);
}

static Group *new_group(Correlator *c, Correlation *k, Str key) {
  if (k->forgot && c->time <= time_plus(k->forgotten, k->timespan)) c->counts.too_late++;
  Group *g = group_at(&k->groups, groups_add(&k->groups, key, c->time, c->event->index));
  if (k->kind->begin) k->kind->begin(&k->shared, group_state(g));
  correlate_ordered_again(c, k, g);
  c->bytes += correlate_group_bytes(k, key.n);
  return g;
}

void correlate_judge(Correlator *c, Correlation *k, const Contribution *x) {
  PoolRef ref = groups_find(&k->groups, x->key, groups_hash(&k->groups, x->key));
  Group *g = ref ? group_at(&k->groups, ref) : NULL;
  if (g && c->time < time_minus(g->newest, k->timespan)) {
    c->counts.late++;
    return;
  }
  void *facts = arena_alloc(c->scratch, k->shape.stride);
  if (!x->values || !k->kind->take(&k->shared, &(RowFacts){x->refs, x->values}, facts)) return;
  c->counts.events += !c->counted;
  c->counted = true;
  if (!k->any || c->time > k->newest) k->newest = c->time;
  k->any = true;
  bool late = g && c->time < g->newest;
  if (!g) g = new_group(c, k, x->key);
  RowPlace p = rows_add(&g->rows, c->pool, &k->shape, c->time);
  c->bytes += k->shape.stride;
  fill_row(c, k, correlate_row(c, k, p), facts);
  if (late) join(c, k, g, p);
  else follow(c, k, g, p);
  Verdict v;
  if (judge_row(c, k, g, p, late, &v)) correlate_alert(c, k, g, x, &v);
  correlate_share_bytes(c, k);
  correlate_limit_groups(c, k);
}

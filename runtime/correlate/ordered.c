/* SPDX-License-Identifier: MIT
 * temporal_ordered (semantics 13.7): distinct events, one for each step, in the order of (time, arrival), not longer than the timespan.
 *
 * Of all sequences of the first i steps only the one with the latest start matters: what comes behind can be added to it as well as to
 * any other, and it is the shortest then. So a group knows, for each i, that start. Looking back from a late event into what
 * came before it this is found anew, and likewise, into what came behind it, the earliest end of the last steps.
 *
 * With operators the value is the number of rules, or 0 where there is no sequence. */
#include "runtime/correlate/correlate_internal.h"

#define NO_TIME INT64_MIN

static int64_t *starts_of(const Correlation *k, Group *g) { return (int64_t *)(void *)((char *)group_state(g) + k->ordered_at); }

static void no_times(int64_t *times, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) times[i] = NO_TIME;
}

static const void *facts_at(const Correlator *c, const Correlation *k, RowPlace p) { return row_facts(correlate_row(c, k, p)); }

static bool is_step(const Correlation *k, const void *facts, uint32_t i) { return correlate_row_has(facts, k->steps[i]); }

/* The row comes behind those that the starts know. */
static void add_row(const Correlator *c, const Correlation *k, int64_t *starts, RowPlace p) {
  const void *facts = facts_at(c, k, p);
  for (uint32_t i = k->n_steps; i-- > 0;) {
    if (!is_step(k, facts, i)) continue;
    int64_t start = i ? starts[i - 1] : correlate_row_time(c, k, p);
    if (start > starts[i]) starts[i] = start; /* NO_TIME is before all */
  }
}

/* The row comes in front of those that the ends know: by step, the earliest end of a sequence from it on. */
static void add_row_in_front(const Correlator *c, const Correlation *k, int64_t *ends, RowPlace p) {
  const void *facts = facts_at(c, k, p);
  for (uint32_t i = 0; i < k->n_steps; i++) {
    if (!is_step(k, facts, i)) continue;
    int64_t end = i + 1 < k->n_steps ? ends[i + 1] : correlate_row_time(c, k, p);
    if (end != NO_TIME && (ends[i] == NO_TIME || end < ends[i])) ends[i] = end;
  }
}

void correlate_ordered_again(Correlator *c, Correlation *k, Group *g) {
  if (!k->n_steps) return;
  no_times(starts_of(k, g), k->n_steps);
  for (RowPlace p = g->rows.window; p.chunk; p = rows_next(c->pool, p)) add_row(c, k, starts_of(k, g), p);
}

/* --- sequences with an event in them ------------------------------------------------------------------------- */

/* By step for which the event may stand: where the sequence begins, and where it ends; NO_TIME for none. */
typedef struct {
  int64_t *start, *end;
} Around;

static void look_around(Correlator *c, Correlation *k, Group *g, RowPlace row, Around *out) {
  int64_t t = correlate_row_time(c, k, row), last = time_plus(t, k->timespan);
  int64_t *starts = arena_array(c->scratch, int64_t, k->n_steps), *ends = arena_array(c->scratch, int64_t, k->n_steps);
  no_times(starts, k->n_steps);
  no_times(ends, k->n_steps);
  RowPlace p = rows_from(&g->rows, c->pool, &k->shape, time_minus(t, k->timespan));
  for (; p.chunk != row.chunk || p.at != row.at; p = rows_next(c->pool, p)) add_row(c, k, starts, p);
  RowPlace behind = row, next;
  while ((next = rows_next(c->pool, behind)).chunk && correlate_row_time(c, k, next) <= last) behind = next;
  for (p = behind; p.chunk != row.chunk || p.at != row.at; p = rows_before(c->pool, p)) add_row_in_front(c, k, ends, p);
  *out = (Around){arena_array(c->scratch, int64_t, k->n_steps), arena_array(c->scratch, int64_t, k->n_steps)};
  const void *facts = facts_at(c, k, row);
  for (uint32_t i = 0; i < k->n_steps; i++) {
    out->start[i] = !is_step(k, facts, i) ? NO_TIME : i ? starts[i - 1] : t;
    out->end[i] = !is_step(k, facts, i) ? NO_TIME : i + 1 < k->n_steps ? ends[i + 1] : t;
  }
}

/* Of the newest event: it can only be the last of a sequence, and `starts` does not know it yet. */
static void look_back(const Correlator *c, const Correlation *k, const int64_t *starts, RowPlace row, Around *out) {
  uint32_t last = k->n_steps - 1;
  *out = (Around){arena_array(c->scratch, int64_t, k->n_steps), arena_array(c->scratch, int64_t, k->n_steps)};
  no_times(out->start, k->n_steps);
  no_times(out->end, k->n_steps);
  if (!is_step(k, facts_at(c, k, row), last)) return;
  out->end[last] = correlate_row_time(c, k, row);
  out->start[last] = last ? starts[last - 1] : out->end[last];
}

/* The step for which the event stands in the sequence with the latest start that lies in a window; n_steps: there is none. */
static uint32_t best_step(const Correlation *k, const Around *a, int64_t from, int64_t to) {
  uint32_t best = k->n_steps;
  for (uint32_t i = 0; i < k->n_steps; i++) {
    if (a->start[i] == NO_TIME || a->end[i] == NO_TIME || a->start[i] < from || a->end[i] > to) continue;
    if (a->start[i] < time_minus(a->end[i], k->timespan)) continue;
    if (best == k->n_steps || a->start[i] > a->start[best]) best = i;
  }
  return best;
}

/* The rows of that sequence: to both sides of the event the nearest that fit. */
static const RowPlace *find_sequence(const Correlator *c, const Correlation *k, RowPlace row, uint32_t step) {
  RowPlace *out = arena_array(c->scratch, RowPlace, k->n_steps), p = row;
  out[step] = row;
  for (uint32_t i = step; i-- > 0; out[i] = p) {
    do p = rows_before(c->pool, p);
    while (!is_step(k, facts_at(c, k, p), i));
  }
  p = row;
  for (uint32_t i = step + 1; i < k->n_steps; out[i++] = p) {
    do p = rows_next(c->pool, p);
    while (!is_step(k, facts_at(c, k, p), i));
  }
  return out;
}

static void tell_sequence(const Correlator *c, const Correlation *k, RowPlace row, const Around *a, uint32_t step, Verdict *v) {
  *v = (Verdict){.start = a->start[step], .end = a->end[step]};
  if (c->options.keep != KEEP_NONE) v->sequence = find_sequence(c, k, row, step);
  v->value.arena = c->scratch;
  buf_printf(&v->value, "%u", k->rec->refs.n);
}

/* --- windows ------------------------------------------------------------------------------------------------- */

/* What is asked of the windows that end at an event, and behind it up to a timespan later. */
typedef struct {
  Correlator *c;
  Correlation *k;
  RowPlace row;
  RowPlace first, behind;
  int64_t *starts; /* of all rows so far */
  void *presence;
  const Around *around; /* for a text */
} Windows;

static void move(Windows *w, int64_t end) {
  const Correlator *c = w->c;
  Correlation *k = w->k;
  int64_t start = time_minus(end, k->timespan);
  for (; w->behind.chunk && correlate_row_time(c, k, w->behind) <= end; w->behind = rows_next(c->pool, w->behind)) {
    add_row(c, k, w->starts, w->behind);
    k->kind->enter(&k->shared, w->presence, facts_at(c, k, w->behind));
  }
  for (; correlate_row_time(c, k, w->first) < start; w->first = rows_next(c->pool, w->first))
    k->kind->leave(&k->shared, w->presence, facts_at(c, k, w->first));
}

static void tell_none(Windows *w, int64_t end, Verdict *v) {
  *v = (Verdict){.start = correlate_row_time(w->c, w->k, w->first), .end = end, .first = w->first, .behind = w->behind};
  v->value.arena = w->c->scratch;
  buf_char(&v->value, '0');
}

/* Whether this window makes an alert. */
static bool window_holds(Windows *w, int64_t end, Verdict *v) {
  const Correlation *k = w->k;
  int64_t start = time_minus(end, k->timespan);
  if (!w->around) {
    if (!k->holds_of_n && w->starts[k->n_steps - 1] >= start && w->starts[k->n_steps - 1] != NO_TIME) return false;
    tell_none(w, end, v);
    return true;
  }
  uint32_t step = best_step(k, w->around, start, end);
  if (step == k->n_steps || !k->kind->holds(&w->k->shared, w->presence, 1)) return false;
  tell_sequence(w->c, k, w->row, w->around, step, v);
  return true;
}

static bool look_at_windows(Windows *w, Group *g, Verdict *v) {
  Correlator *c = w->c;
  Correlation *k = w->k;
  int64_t t = correlate_row_time(c, k, w->row), last = time_plus(t, k->timespan), end = t;
  w->starts = arena_array(c->scratch, int64_t, k->n_steps);
  no_times(w->starts, k->n_steps);
  w->presence = arena_alloc(c->scratch, k->groups.state_bytes);
  w->first = w->behind = rows_from(&g->rows, c->pool, &k->shape, time_minus(t, k->timespan));
  for (;;) {
    move(w, end);
    if (window_holds(w, end, v)) return true;
    if (!w->behind.chunk || (end = correlate_row_time(c, k, w->behind)) > last) return false;
  }
}

/* --- all ----------------------------------------------------------------------------------------------------- */

/* The window of the newest event, by what its group knows. */
static bool newest_holds(Correlator *c, Correlation *k, Group *g, RowPlace row, const Around *a, Verdict *v) {
  Windows w = {.c = c, .k = k, .row = row, .first = g->rows.window, .starts = starts_of(k, g), .presence = group_state(g)};
  w.around = k->rec->condition.n ? a : NULL;
  return window_holds(&w, g->newest, v);
}

bool correlate_ordered(Correlator *c, Correlation *k, Group *g, RowPlace row, bool late, Verdict *v) {
  bool text = k->rec->condition.n > 0;
  Around a;
  if (late) look_around(c, k, g, row, &a);
  else look_back(c, k, starts_of(k, g), row, &a);
  if (late) correlate_ordered_again(c, k, g);
  else add_row(c, k, starts_of(k, g), row);
  uint32_t step = text || !k->holds_of_n ? k->n_steps : best_step(k, &a, INT64_MIN, INT64_MAX);
  if (step < k->n_steps) {
    tell_sequence(c, k, row, &a, step, v);
    return true;
  }
  if (!text && !k->holds_of_0) return false;
  if (!late) return newest_holds(c, k, g, row, &a, v);
  Windows w = {.c = c, .k = k, .row = row, .around = text ? &a : NULL};
  return look_at_windows(&w, g, v);
}

/* SPDX-License-Identifier: MIT */
#include "runtime/correlate/correlate_internal.h"

/* --- id ------------------------------------------------------------------------------------------------------ */

static uint64_t hash_number(uint64_t h, uint64_t number) {
  unsigned char bytes[8];
  for (unsigned i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> 8 * i);
  return hash_bytes(h, bytes, sizeof bytes);
}

/* It is shown and kept: of what does not depend on this machine. */
static uint64_t id_half(const Correlator *c, const Correlation *k, Str key, uint64_t seed) {
  uint64_t h = hash_number(seed, correlation_meaning(k));
  h = hash_bytes(h, key.p, key.n);
  return hash_number(hash_number(h, (uint64_t)c->time), c->event->index);
}

static void make_id(const Correlator *c, const Correlation *k, Str key, char out[ALERT_ID_ROOM]) {
  static const char digits[] = "0123456789abcdef";
  uint64_t halves[2] = {id_half(c, k, key, HASH_SEED), id_half(c, k, key, hash_number(HASH_SEED, 1))};
  for (unsigned i = 0; i < ALERT_ID_ROOM - 1; i++) out[i] = digits[halves[i / 16] >> (60 - i % 16 * 4) & 15];
  out[ALERT_ID_ROOM - 1] = 0;
}

/* --- events -------------------------------------------------------------------------------------------------- */

static AlertEvent event_of(const Correlator *c, const Correlation *k, RowPlace p) {
  const char *row = correlate_row(c, k, p);
  AlertEvent e = {.time = correlate_time(row_time(row))};
  TextName text = 0;
  memcpy(&e.index, row + k->shape.index, sizeof e.index);
  if (k->shape.text) memcpy(&text, row + k->shape.text, sizeof text);
  if (text) e.text = texts_at(&c->texts, text);
  return e;
}

static void add_events(Correlator *c, const Correlation *k, const Verdict *v, Alert *a) {
  VEC(AlertEvent) list = {0};
  for (uint32_t i = 0; v->sequence && i < k->n_steps; i++) *vec_add(c->scratch, &list) = event_of(c, k, v->sequence[i]);
  for (RowPlace p = v->first; p.chunk && (p.chunk != v->behind.chunk || p.at != v->behind.at); p = rows_next(c->pool, p))
    *vec_add(c->scratch, &list) = event_of(c, k, p);
  a->events = list.p;
  a->n_events = list.n;
}

/* --- all ----------------------------------------------------------------------------------------------------- */

static bool is_suppressed(const Correlator *c, const Correlation *k, Group *g) {
  Reported *r = group_reported(k, g);
  if (!r) return false;
  if (r->any && c->time < time_plus(r->time, (int64_t)c->options.suppress)) return true;
  *r = (Reported){true, c->time};
  return false;
}

static void tell(Correlator *c, Correlation *k, Group *g, const Verdict *v, bool reported) {
  Str *values = arena_array(c->scratch, Str, k->rec->group_by.n), key = group_key(&k->groups, g);
  group_values(key, values, k->rec->group_by.n);
  Alert a = {.number = k->number,
             .reported = reported,
             .event_index = c->event->index,
             .time = correlate_time(c->time),
             .group = values,
             .value = buf_view(&v->value),
             .start = correlate_time(v->start),
             .end = correlate_time(v->end)};
  make_id(c, k, key, a.id);
  if (reported && c->options.keep != KEEP_NONE) add_events(c, k, v, &a);
  c->fn(c->ctx, &a);
}

void correlate_alert(Correlator *c, Correlation *k, Group *g, const Contribution *x, const Verdict *v) {
  bool suppressed = is_suppressed(c, k, g), reported = !suppressed && !k->rec->silent;
  c->counts.suppressed += suppressed && !k->rec->silent;
  c->counts.alerts += reported;
  if (c->fn) tell(c, k, g, v, reported);
  if (c->options.reset) correlate_empty_group(c, k, g);
  if (k->referred) correlate_hit(c, k->number, x->match);
}

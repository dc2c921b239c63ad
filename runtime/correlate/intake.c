/* SPDX-License-Identifier: MIT
 * From an event to the correlations that it concerns. These are taken in the order of their numbers: what one of them finds may
 * concern those behind it. */
#include "runtime/correlate/correlate_internal.h"

bool correlate_nanos(int64_t *out, EventTime t) {
  enum { SECOND = 1000000000 };
  int64_t most = INT64_MAX / SECOND - 1;
  if (t.seconds > most || t.seconds < -most) return false;
  *out = t.seconds * SECOND + t.nanos;
  return true;
}

EventTime correlate_time(int64_t nanos) {
  enum { SECOND = 1000000000 };
  int64_t seconds = nanos / SECOND, rest = nanos % SECOND;
  if (rest < 0) seconds--, rest += SECOND;
  return (EventTime){seconds, (uint32_t)rest};
}

void correlate_hit(Correlator *c, uint32_t number, uint32_t match) {
  for (uint32_t i = c->first_referrer[number]; i < c->first_referrer[number + 1]; i++) {
    const Referrer *r = &c->referrers[i];
    Correlation *k = &c->correlations[r->correlation];
    *vec_add(c->owner, &k->hits) = (Hit){r->ref, match};
    c->waiting[r->correlation / 64] |= UINT64_C(1) << r->correlation % 64;
  }
}

static void read_matches(Correlator *c) {
  FactsReader r;
  facts_open(&r, c->program, c->event->facts, c->scratch);
  c->matches.n = 0;
  while (facts_next(&r)) {
    uint32_t n = c->program->RULES[r.rule].needs.n;
    Fact *values = arena_array(c->scratch, Fact, n);
    if (n) memcpy(values, r.values, n * sizeof *values);
    *vec_add(c->owner, &c->matches) = (Match){r.rule, values};
  }
}

static void judge_all(Correlator *c, Correlation *k) {
  Contributions list = {0};
  correlate_contributions(c, k, &list);
  k->hits.n = 0;
  for (uint32_t i = 0; i < list.n; i++) correlate_judge(c, k, &list.p[i]);
}

/* The next correlation that has hits; n where none has. Later ones may get some meanwhile. */
static uint32_t next_waiting(const Correlator *c, uint32_t from) {
  for (uint32_t w = from / 64; w < (c->n + 63) / 64; w++) {
    uint64_t bits = c->waiting[w] & (w == from / 64 ? ~UINT64_C(0) << from % 64 : ~UINT64_C(0));
    if (bits) return w * 64 + (uint32_t)__builtin_ctzll(bits);
  }
  return c->n;
}

static void judge_waiting(Correlator *c) {
  for (uint32_t i = 0; (i = next_waiting(c, i)) < c->n; i++) {
    c->waiting[i / 64] &= ~(UINT64_C(1) << i % 64);
    judge_all(c, &c->correlations[i]);
  }
}

void correlator_event(Correlator *c, const CorrelateEvent *e, CorrelateAlert *fn, void *ctx) {
  arena_reset(c->scratch);
  c->event = e;
  c->fn = fn;
  c->ctx = ctx;
  c->counted = false;
  read_matches(c);
  if (!c->matches.n) return;
  if (!e->has_time || !correlate_nanos(&c->time, e->time)) {
    c->counts.timeless++;
    return;
  }
  for (uint32_t i = 0; i < c->matches.n; i++) correlate_hit(c, c->matches.p[i].rule, i);
  judge_waiting(c);
  correlate_forget(c);
}

/* SPDX-License-Identifier: MIT
 * What an event is for a correlation (semantics 13.2). Each ref that it matches names a group by the values that the rule saw in it; refs
 * that name the same group are one contribution. */
#include "runtime/correlate/correlate_internal.h"

static Fact value_of(const Correlator *c, const Hit *h, const CorrRefRec *ref, uint32_t field) {
  const Match *m = &c->matches.p[h->match];
  FactsReader r = {.program = c->program, .rule = m->rule, .values = (Fact *)(uintptr_t)m->values};
  return facts_field(&r, c->program->FIELDIDS[ref->fields.first + field]);
}

static const CorrRefRec *ref_of(const Correlator *c, const Correlation *k, const Hit *h) {
  return &c->program->CORRREFS[k->rec->refs.first + h->ref];
}

/* In the order in which the correlation names its rules. */
static void sort_hits(Correlation *k) {
  Hit *p = k->hits.p;
  for (uint32_t i = 1; i < k->hits.n; i++) {
    Hit h = p[i];
    uint32_t at = i;
    for (; at > 0 && p[at - 1].ref > h.ref; at--) p[at] = p[at - 1];
    p[at] = h;
  }
}

static void put_length(Buf *key, size_t n) {
  for (unsigned i = 0; i < 4; i++) buf_char(key, (char)(n >> 8 * i));
}

/* False where a value is missing. */
static bool make_key(const Correlator *c, const Correlation *k, const Hit *h, Str *out) {
  Buf key = {.arena = c->scratch};
  for (uint32_t i = 0; i < k->rec->group_by.n; i++) {
    Fact f = value_of(c, h, ref_of(c, k, h), i);
    if (!f.there) return false;
    put_length(&key, f.text.n);
    buf_str(&key, f.text);
  }
  *out = buf_view(&key);
  return true;
}

static const Str *make_values(const Correlator *c, const Correlation *k, const Hit *h) {
  Str *values = arena_array(c->scratch, Str, k->rec->n_values + 1);
  for (uint32_t i = 0; i < k->rec->n_values; i++) {
    Fact f = value_of(c, h, ref_of(c, k, h), k->rec->group_by.n + i);
    if (!f.there) return NULL;
    values[i] = f.text;
  }
  return values;
}

static Contribution *of_key(Correlator *c, const Correlation *k, Contributions *out, Str key, uint32_t match) {
  for (uint32_t i = 0; i < out->n; i++)
    if (str_eq(out->p[i].key, key)) return &out->p[i];
  Contribution *x = vec_add(c->scratch, out);
  *x = (Contribution){.key = key, .match = match, .refs = arena_array(c->scratch, uint64_t, (k->rec->refs.n + 63) / 64)};
  return x;
}

void correlate_contributions(Correlator *c, Correlation *k, Contributions *out) {
  sort_hits(k);
  for (uint32_t i = 0; i < k->hits.n; i++) {
    const Hit *h = &k->hits.p[i];
    Str key;
    if (!make_key(c, k, h, &key)) continue;
    Contribution *x = of_key(c, k, out, key, h->match);
    x->refs[h->ref / 64] |= UINT64_C(1) << h->ref % 64;
    if (!x->values) x->values = make_values(c, k, h);
  }
}

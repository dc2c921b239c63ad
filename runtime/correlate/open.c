/* SPDX-License-Identifier: MIT
 * A correlator is made: for each correlation what does not change while events come. */
#include "runtime/correlate/correlate_internal.h"

static uint64_t seconds_of(const CorrRec *r) { return (uint64_t)r->timespan_high << 32 | r->timespan_low; }

/* --- who refers to whom -------------------------------------------------------------------------------------- */

static void find_referrers(Correlator *c) {
  const Program *p = c->program;
  uint32_t numbers = p->n_RULES + c->n, total = 0;
  c->first_referrer = arena_array(c->owner, uint32_t, (size_t)numbers + 1);
  for (uint32_t i = 0; i < p->n_CORRREFS; i++) c->first_referrer[p->CORRREFS[i].number + 1]++;
  for (uint32_t i = 0; i < numbers; i++) total = c->first_referrer[i + 1] += total;
  c->referrers = arena_array(c->owner, Referrer, total);
  Arena *scratch = arena_sub(c->owner);
  uint32_t *next = arena_array(scratch, uint32_t, numbers);
  memcpy(next, c->first_referrer, numbers * sizeof *next);
  for (uint32_t i = 0; i < c->n; i++) {
    ListRef refs = p->CORRELATIONS[i].refs;
    for (uint32_t k = 0; k < refs.n; k++) c->referrers[next[p->CORRREFS[refs.first + k].number]++] = (Referrer){i, k};
  }
  arena_sub_done(scratch);
}

/* --- sequences ----------------------------------------------------------------------------------------------- */

/* Whether a ref stands somewhere in the text not under an odd number of `not`. */
static void find_positive(const Program *p, const CorrRec *rec, bool *positive, Arena *a) {
  const CorrCodeRec *code = p->CORRCODE + rec->condition.first;
  uint32_t n = rec->condition.n, depth = 0;
  uint32_t *from = arena_array(a, uint32_t, n + 1); /* by depth of the stack: where the code of that operand begins */
  bool *odd = arena_array(a, bool, n + 1); /* by place in the code: whether a `not` begins or ends here, an odd number of times */
  for (uint32_t i = 0; i < n; i++) {
    if (code[i].code == CORR_REF) from[depth++] = i;
    if (code[i].code == CORR_AND || code[i].code == CORR_OR) depth--;
    if (code[i].code != CORR_NOT) continue;
    odd[from[depth - 1]] ^= true;
    odd[i] ^= true;
  }
  bool negated = false;
  for (uint32_t i = 0; i < n; i++) {
    negated ^= odd[i];
    if (code[i].code == CORR_REF && !negated) positive[code[i].ref] = true;
  }
}

static void make_steps(Correlator *c, Correlation *k) {
  uint32_t n = k->rec->refs.n;
  if (k->rec->type != CORR_TEMPORAL_ORDERED) return;
  uint32_t *steps = arena_array(c->owner, uint32_t, n);
  Arena *scratch = arena_sub(c->owner);
  bool *positive = arena_array(scratch, bool, n);
  if (k->rec->condition.n) find_positive(c->program, k->rec, positive, scratch);
  for (uint32_t i = 0; i < n; i++)
    if (!k->rec->condition.n || positive[i]) steps[k->n_steps++] = i;
  k->steps = steps;
  arena_sub_done(scratch);
  if (k->rec->condition.n) return;
  k->holds_of_n = aggregate_count_holds(&k->shared, n);
  k->holds_of_0 = aggregate_count_holds(&k->shared, 0);
}

/* --- one correlation ----------------------------------------------------------------------------------------- */

static void make_shape(const Correlator *c, Correlation *k) {
  uint32_t at = (uint32_t)sizeof(int64_t);
  k->shape.facts = at;
  at += k->kind->row_bytes(k->rec);
  if (c->options.keep != KEEP_NONE) k->shape.index = at, at += (uint32_t)sizeof(uint64_t);
  if (c->options.keep == KEEP_FULL) k->shape.text = at, at += (uint32_t)sizeof(TextName);
  k->shape.stride = at;
}

static void make_correlation(Correlator *c, uint32_t i) {
  Correlation *k = &c->correlations[i];
  k->rec = &c->program->CORRELATIONS[i];
  k->number = c->program->n_RULES + i;
  k->referred = c->first_referrer[k->number + 1] > c->first_referrer[k->number];
  k->timespan = (int64_t)seconds_of(k->rec) * 1000000000;
  k->kind = aggregate_of_type[k->rec->type];
  k->shared = (Aggregates){.program = c->program, .rec = k->rec, .owner = c->owner, .pool = c->pool};
  if (k->kind->open) k->kind->open(&k->shared);
  make_shape(c, k);
  make_steps(c, k);
  k->keeps_reported = c->options.suppress > 0;
  k->ordered_at = k->kind->state_bytes(k->rec);
  k->reported_at = k->ordered_at + k->n_steps * (uint32_t)sizeof(int64_t);
  groups_open(&k->groups, c->pool, k->reported_at + (k->keeps_reported ? (uint32_t)sizeof(Reported) : 0));
}

Correlator *correlator_new(const Program *p, const CorrelateOptions *options, Arena *owner) {
  if (!p->n_CORRELATIONS) return NULL;
  Correlator *c = arena_new(owner, Correlator);
  *c = (Correlator){.program = p, .options = *options, .owner = owner, .n = p->n_CORRELATIONS};
  c->scratch = arena_sub(owner);
  c->pool = pool_new(owner);
  texts_open(&c->texts, c->pool);
  find_referrers(c);
  c->waiting = arena_array(owner, uint64_t, (c->n + 63) / 64);
  c->correlations = arena_array(owner, Correlation, c->n);
  for (uint32_t i = 0; i < c->n; i++) make_correlation(c, i);
  return c;
}

const CorrelateCounts *correlator_counts(Correlator *c) {
  c->counts.groups = 0;
  for (uint32_t i = 0; i < c->n; i++) c->counts.groups += c->correlations[i].groups.n;
  c->counts.bytes = correlate_bytes(c);
  return &c->counts;
}

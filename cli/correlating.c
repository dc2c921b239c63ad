/* SPDX-License-Identifier: MIT */
#include "cli/correlating.h"

#include <stdio.h>

#include "cli/memory.h"
#include "cli/say.h"

static sigmac_correlator *correlator_of(const RuleSet *set) {
  const OverTime *o = &set->options->over_time;
  sigmac_correlator *c = NULL;
  if (!set->n_correlating) return NULL;
  checked(sigmac_correlator_new(&c, set->loaded.rules, &cli_allocator));
  sigmac_correlator_set_keep(c, o->keep);
  sigmac_correlator_set_suppress(c, o->suppress);
  sigmac_correlator_set_reset(c, o->reset);
  sigmac_correlator_set_limits(c, o->max_groups, o->max_bytes);
  return c;
}

void correlating_begin(Correlating *c, const RuleSet *set) {
  c->set = set;
  c->correlator = correlator_of(set);
  c->facts = c->event = (Buf){.heap = &cli_heap};
}

/* --- events -------------------------------------------------------------------------------------------------- */

void correlating_add(Correlating *c, const Found *m) {
  if (!c->pending) {
    c->pending = true;
    c->index = m->event_index;
    c->has_time = m->has_time;
    c->time = m->time;
    c->facts.n = c->event.n = 0;
  }
  buf_str(&c->facts, m->facts);
  if (!c->event.n) buf_str(&c->event, m->event);
}

/* What was not selected is counted, since others may rest on it, but reports nothing. */
static void on_alert(void *ctx, const sigmac_alert *a) {
  const Correlating *c = ctx;
  if (a->reported && c->set->selected[a->number]) c->alert(c->ctx, a);
}

/* What a large event needed is not kept. */
static void empty(Buf *b) {
  enum { ROOM = 1 << 20 };
  b->n = 0;
  if (b->cap > ROOM) buf_free(b);
}

void correlating_event(Correlating *c) {
  if (!c->pending) return;
  c->pending = false;
  checked(sigmac_correlator_event(c->correlator, c->index, c->has_time ? &c->time : NULL, str_out(buf_view(&c->facts)),
                                  str_out(buf_view(&c->event)), on_alert, c));
  empty(&c->facts);
  empty(&c->event);
}

/* --- other rules --------------------------------------------------------------------------------------------- */

static void on_state(void *ctx, sigmac_state_fate fate, sigmac_str id, sigmac_str title, const sigmac_rule *rule) {
  Buf *out = ctx;
  (void)id;
  (void)rule;
  if (fate != SIGMAC_STATE_CHANGED) return;
  buf_str(out, STR("sigmac: the correlation `"));
  buf_safe(out, str_in(title));
  buf_str(out, STR("` starts afresh: it has changed, or a rule that it rests on has\n"));
}

void correlating_change_rules(Correlating *c, const RuleSet *set) {
  Buf state = {.heap = &cli_heap}, said = {.heap = &cli_heap};
  correlating_event(c);
  if (c->correlator) checked(sigmac_correlator_save(c->correlator, write_to_buf, &state));
  correlating_end(c);
  correlating_begin(c, set);
  if (c->correlator && state.n &&
      checked(sigmac_correlator_load(c->correlator, str_out(buf_view(&state)), on_state, &said)) != SIGMAC_OK)
    say("sigmac: error: what correlations had seen is lost");
  if (said.n) fwrite(said.p, 1, said.n, stderr);
  buf_free(&said);
  buf_free(&state);
}

/* --- the end ------------------------------------------------------------------------------------------------- */

CorrelatingCounts correlating_counts(const Correlating *c) {
  CorrelatingCounts sum = c->counts;
  if (!c->correlator) return sum;
  const sigmac_correlator_counts *n = sigmac_correlator_get_counts(c->correlator);
  sum.timeless += n->timeless;
  sum.late += n->late;
  sum.too_late += n->too_late;
  sum.expired += n->expired;
  sum.evicted += n->evicted;
  sum.suppressed += n->suppressed;
  sum.groups = n->groups;
  return sum;
}

void correlating_end(Correlating *c) {
  c->counts = correlating_counts(c);
  c->counts.groups = c->correlator ? c->counts.groups : 0;
  sigmac_correlator_free(c->correlator);
  c->correlator = NULL;
  buf_free(&c->facts);
  buf_free(&c->event);
}

/* SPDX-License-Identifier: MIT
 * include/sigmac.h: what rules cost. */
#include "runtime/api_scanner.h"

static void make_profile(void *ctx) {
  sigmac_scanner *s = ctx;
  s->profile = profile_new(s->rules->facts.rules, &s->arena);
}

sigmac_status sigmac_scanner_set_profile(sigmac_scanner *s, bool on) {
  if (!s || s->busy) return SIGMAC_MISUSE;
  if (on && !s->profile && !heap_run(&s->heap, make_profile, s)) return SIGMAC_NO_MEMORY;
  scanner_profile(&s->scanner, on ? s->profile : NULL);
  if (on) profile_clear(s->profile, s->rules->facts.rules);
  return SIGMAC_OK;
}

const sigmac_profile *sigmac_scanner_get_profile(sigmac_scanner *s) {
  if (!s || !s->profile) return NULL;
  const uint64_t *of = s->profile->nanoseconds;
  s->costs = (sigmac_profile){.events = s->profile->events,
                              .reading = of[STEP_READING],
                              .logsource = of[STEP_LOGSOURCE],
                              .index_made = of[STEP_INDEX_MADE],
                              .index = of[STEP_INDEX],
                              .rules = of[STEP_RULES]};
  return &s->costs;
}

static sigmac_rule_cost cost_of(const sigmac_scanner *s, uint32_t rule) {
  const RuleCosts *r = &s->profile->rules[rule];
  return (sigmac_rule_cost){.number = rule,
                            .rule = &s->rules->list[rule],
                            .offered = r->offered,
                            .runs = r->runs,
                            .matches = r->matches,
                            .nanoseconds = r->nanoseconds,
                            .always_asked = !s->rules->program->RULES[rule].witness.n};
}

sigmac_status sigmac_scanner_rule_costs(sigmac_scanner *s, sigmac_on_rule_cost *fn, void *ctx) {
  bool on = true;
  if (!s || !fn || s->busy || !s->profile) return SIGMAC_MISUSE;
  scanner_profile_sum(&s->scanner);
  s->busy = true;
  for (uint32_t i = 0; on && i < s->rules->facts.rules; i++) {
    sigmac_rule_cost cost = cost_of(s, i);
    on = fn(ctx, &cost);
  }
  s->busy = false;
  return on ? SIGMAC_OK : SIGMAC_STOPPED;
}

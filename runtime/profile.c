/* SPDX-License-Identifier: MIT */
#include "runtime/profile.h"

#include <string.h>
#include <time.h>

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The least of many: more is what disturbed it. */
static uint64_t cost_of_clock(void) {
  enum { TIMES = 200 };
  uint64_t least = UINT64_MAX, last = now();
  for (int i = 0; i < TIMES; i++) {
    uint64_t t = now();
    if (t - last < least) least = t - last;
    last = t;
  }
  return least;
}

Costs *profile_new(uint32_t n_rules, Arena *owner) {
  Costs *p = arena_new(owner, Costs);
  p->rules = arena_array(owner, RuleCosts, n_rules);
  profile_clear(p, n_rules);
  return p;
}

void profile_clear(Costs *p, uint32_t n_rules) {
  if (n_rules) memset(p->rules, 0, n_rules * sizeof *p->rules);
  *p = (Costs){.rules = p->rules, .clock = cost_of_clock()};
}

void profile_begin(Costs *p) { p->since = now(); }

uint64_t profile_step(Costs *p, ProfileStep step) {
  uint64_t t = now(), took = t - p->since;
  took -= took < p->clock ? took : p->clock;
  p->nanoseconds[step] += took;
  p->since = t;
  return took;
}

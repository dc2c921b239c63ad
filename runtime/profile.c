/* SPDX-License-Identifier: MIT */
#include "runtime/profile.h"

#include <string.h>
#include <time.h>

enum { LONG_STEP = 50000 };

static uint64_t read_clock(clockid_t clock) {
  struct timespec t = {0};
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t now(void) { return read_clock(CLOCK_MONOTONIC); }

/* The clock of the thread is a system call, too dear for each step. */
static int64_t waited(uint64_t t) { return (int64_t)(t - read_clock(CLOCK_THREAD_CPUTIME_ID)); }

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

void profile_begin(Costs *p) {
  p->waited = waited(now());
  p->since = now();
}

/* A step that took long may have been interrupted. */
static uint64_t without_waiting(Costs *p, uint64_t took, uint64_t t) {
  int64_t before = p->waited;
  p->waited = waited(t);
  if (p->waited <= before) return took;
  uint64_t more = (uint64_t)(p->waited - before);
  return took - (took < more ? took : more);
}

uint64_t profile_step(Costs *p, ProfileStep step) {
  uint64_t t = now(), took = t - p->since;
  took -= took < p->clock ? took : p->clock;
  bool is_long = took > LONG_STEP;
  if (is_long) took = without_waiting(p, took, t);
  p->nanoseconds[step] += took;
  p->since = is_long ? now() : t;
  return took;
}

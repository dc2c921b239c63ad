/* SPDX-License-Identifier: MIT
 * Lucene determinises what it makes of a pattern and gives up when the sets of states that it has looked at have ten
 * times max_determinized_states members. Here the same is done with the automaton of the runtime. That is not Lucene's,
 * which makes its parts small before it joins them and so may need less: it is given some leeway. */
#include "backends/regex_effort.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/limits.h"
#include "runtime/regex_linear_internal.h"

enum {
  MOST_EFFORT = 10 * 10000, /* members of all sets, as Lucene 9 counts */
  LEEWAY = 2,
  MOST_TESTS = 1 << 24, /* of a state with a character: beyond, nothing is said */
};

typedef VEC(uint32_t) Codes;

typedef struct {
  RegexLinear *re;
  Codes codes; /* one of each class of characters that the pattern does not tell apart */
  Intern sets; /* states that take a character or match, ascending */
  uint32_t *key;
  Arena *arena;
} Effort;

static int code_cmp(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

/* The first character of each range, and the first behind it. */
static void collect_codes(Effort *e) {
  *vec_add(e->arena, &e->codes) = 0;
  for (uint32_t s = 0; s < e->re->n; s++) {
    const RegexNode *n = e->re->states[s].kind == STATE_ONE ? e->re->states[s].node : NULL;
    uint32_t ranges = !n ? 0 : n->kind == REGEX_CHAR ? 1 : n->n;
    for (uint32_t i = 0; i < ranges; i++) {
      RegexRange r = n->kind == REGEX_CHAR ? (RegexRange){n->code, n->code} : n->ranges[i];
      *vec_add(e->arena, &e->codes) = r.low;
      *vec_add(e->arena, &e->codes) = r.high + 1;
    }
  }
  qsort(e->codes.p, e->codes.n, sizeof *e->codes.p, code_cmp);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < e->codes.n; i++)
    if (!kept || e->codes.p[kept - 1] != e->codes.p[i]) e->codes.p[kept++] = e->codes.p[i];
  e->codes.n = kept;
}

/* The set as a key: states that go on without a character say nothing more. */
static void intern_set(Effort *e, const StateSet *set) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < set->n; i++)
    if (e->re->states[set->list[i]].kind != STATE_SPLIT) e->key[n++] = set->list[i];
  qsort(e->key, n, sizeof *e->key, code_cmp);
  Str key = {(const char *)e->key, n * sizeof *e->key};
  if (intern_find(&e->sets, key) == INTERN_NONE) intern_id(&e->sets, arena_dup(e->arena, key));
}

static void states_of(const Effort *e, uint32_t set, const uint32_t **states, uint32_t *n) {
  Str key = e->sets.names.p[set];
  *n = (uint32_t)(key.n / sizeof(uint32_t));
  *states = (const uint32_t *)(const void *)key.p;
}

static void step(Effort *e, uint32_t set, uint32_t code) {
  uint32_t n;
  const uint32_t *states;
  StateSet *next = &e->re->then;
  next->n = 0;
  states_of(e, set, &states, &n);
  for (uint32_t i = 0; i < n; i++) {
    const State *s = &e->re->states[states[i]];
    if (s->kind == STATE_ONE && state_takes(s, code)) regex_linear_reach(e->re, next, s->next, NULL);
  }
  if (next->n) intern_set(e, next);
}

/* Up to `most`, and fewer where that would take too long. */
static uint64_t effort_of(Effort *e, uint64_t most) {
  uint64_t effort = 0, tests = 0;
  intern_init(&e->sets, e->arena);
  e->key = arena_array(e->arena, uint32_t, e->re->n);
  collect_codes(e);
  regex_linear_reach(e->re, &e->re->now, e->re->start, NULL);
  intern_set(e, &e->re->now);
  for (uint32_t set = 0; set < e->sets.names.n && effort <= most && tests < MOST_TESTS; set++) {
    uint32_t n;
    const uint32_t *states;
    states_of(e, set, &states, &n);
    effort += n;
    tests += (uint64_t)n * e->codes.n;
    for (uint32_t i = 0; i < e->codes.n; i++) step(e, set, e->codes.p[i]);
  }
  return effort;
}

bool regex_effort_fits(const RegexNode *root, Arena *arena) {
  Arena *scratch = arena_sub(arena);
  Effort e = {.re = regex_linear_new(root, scratch), .arena = scratch};
  bool fits = e.re && effort_of(&e, LEEWAY * MOST_EFFORT) <= LEEWAY * MOST_EFFORT;
  arena_sub_done(scratch);
  return fits;
}

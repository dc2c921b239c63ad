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
  MOST_TESTS = 1 << 25, /* of a state with a character: beyond, nothing is said */
};

typedef VEC(uint32_t) Codes;

typedef struct {
  uint32_t set; /* and one: 0 is nobody's */
  uint64_t sum;
} Slot;

typedef struct {
  RegexLinear *re;
  Codes codes;            /* one of each class of characters that the pattern does not tell apart */
  const uint64_t **takes; /* by state: which of them; NULL where it takes none */
  Intern sets;            /* states that take a character or match, ascending */
  uint32_t *key;          /* of the set in hand ... */
  uint64_t *bits;         /* ... and its states */
  uint64_t *sums;         /* by code: of the states of a set that take it */
  Slot *slots;            /* the sums met */
  uint32_t slots_mask;
  Arena *arena;
} Effort;

static uint32_t lowest_bit(uint64_t word) { return (uint32_t)__builtin_ctzll(word); }

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

/* For each node that takes a character, which codes: a word of ones or zeros each. Copies in a repeat share their node. */
static void collect_rows(Effort *e) {
  Intern nodes;
  VEC(const uint64_t *) rows = {0};
  intern_init(&nodes, e->arena);
  e->takes = arena_array(e->arena, const uint64_t *, e->re->n);
  for (uint32_t s = 0; s < e->re->n; s++) {
    const State *state = &e->re->states[s];
    if (state->kind != STATE_ONE) continue;
    uint32_t id = intern_id(&nodes, (Str){(const char *)&state->node, sizeof state->node});
    if (id == rows.n) {
      uint64_t *row = arena_array(e->arena, uint64_t, e->codes.n);
      for (uint32_t i = 0; i < e->codes.n; i++) row[i] = state_takes(state, e->codes.p[i]) ? UINT64_MAX : 0;
      *vec_add(e->arena, &rows) = row;
    }
    e->takes[s] = rows.p[id];
  }
}

/* The set as a key: states that go on without a character say nothing more. */
static void intern_set(Effort *e, const StateSet *set) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < set->n; i++)
    if (e->re->states[set->list[i]].kind != STATE_SPLIT) e->bits[set->list[i] / 64] |= 1ull << set->list[i] % 64;
  for (uint32_t word = 0; word <= e->re->n / 64; word++)
    for (; e->bits[word]; e->bits[word] &= e->bits[word] - 1) e->key[n++] = 64 * word + lowest_bit(e->bits[word]);
  Str key = {(const char *)e->key, n * sizeof *e->key};
  if (intern_find(&e->sets, key) == INTERN_NONE) intern_id(&e->sets, arena_dup(e->arena, key));
}

static void states_of(const Effort *e, uint32_t set, const uint32_t **states, uint32_t *n) {
  Str key = e->sets.names.p[set];
  *n = (uint32_t)(key.n / sizeof(uint32_t));
  *states = (const uint32_t *)(const void *)key.p;
}

static void step(Effort *e, const uint32_t *states, uint32_t n, uint32_t code) {
  StateSet *next = &e->re->then;
  next->n = 0;
  for (uint32_t i = 0; i < n; i++)
    if (e->takes[states[i]] && e->takes[states[i]][code]) regex_linear_reach(e->re, next, e->re->states[states[i]].next, NULL);
  if (next->n) intern_set(e, next);
}

/* A sum over the states that take a code says which they are, so that codes with the same lead to the same set. */
static void sum_codes(Effort *e, const uint32_t *states, uint32_t n) {
  memset(e->sums, 0, e->codes.n * sizeof *e->sums);
  for (uint32_t i = 0; i < n; i++) {
    const uint64_t *row = e->takes[states[i]];
    uint64_t name = (states[i] + 1) * 0x9E3779B97F4A7C15u;
    for (uint32_t k = 0; row && k < e->codes.n; k++) e->sums[k] += row[k] & name;
  }
}

/* Whether a code with this sum was met in the present set. */
static bool met_before(Effort *e, uint32_t set, uint64_t sum) {
  uint32_t i = (uint32_t)(sum >> 32) & e->slots_mask;
  for (; e->slots[i].set == set + 1; i = (i + 1) & e->slots_mask)
    if (e->slots[i].sum == sum) return true;
  e->slots[i] = (Slot){set + 1, sum};
  return false;
}

static void step_all(Effort *e, uint32_t set, const uint32_t *states, uint32_t n) {
  sum_codes(e, states, n);
  for (uint32_t i = 0; i < e->codes.n; i++)
    if (e->sums[i] && !met_before(e, set, e->sums[i])) step(e, states, n, i);
}

static void begin(Effort *e) {
  collect_codes(e);
  collect_rows(e);
  intern_init(&e->sets, e->arena);
  e->key = arena_array(e->arena, uint32_t, e->re->n);
  e->bits = arena_array(e->arena, uint64_t, e->re->n / 64 + 1);
  e->sums = arena_array(e->arena, uint64_t, e->codes.n);
  while (e->slots_mask < 2 * e->codes.n) e->slots_mask = 2 * e->slots_mask + 1;
  e->slots = arena_array(e->arena, Slot, e->slots_mask + 1);
  regex_linear_reach(e->re, &e->re->now, e->re->start, NULL);
  intern_set(e, &e->re->now);
}

/* Work up to most_tests; what it was is in *tests. */
static RegexEffort effort_of(Effort *e, uint64_t most_tests, uint64_t *tests) {
  uint64_t effort = 0;
  begin(e);
  *tests = (uint64_t)e->re->n * e->codes.n;
  for (uint32_t set = 0; set < e->sets.names.n; set++) {
    uint32_t n;
    const uint32_t *states;
    if (*tests >= most_tests) return EFFORT_UNKNOWN;
    states_of(e, set, &states, &n);
    effort += n;
    if (effort > LEEWAY * MOST_EFFORT) return EFFORT_BEYOND;
    *tests += (uint64_t)(n + e->re->n / 64) * e->codes.n;
    step_all(e, set, states, n);
  }
  return EFFORT_FITS;
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* An estimate that its own bound ends says nothing against the pattern. */
static RegexEffort effort_within(Effort *e, size_t length, RegexWork *work) {
  enum { PER_BYTE = 128 /* SigmaHQ: half of all patterns need less, one in ten needs six times as much */ };
  uint64_t allowance = PER_BYTE * (uint64_t)length, more = work ? least(work->rule, work->run) : MOST_TESTS;
  uint64_t tests, most = least(MOST_TESTS, allowance + more);
  RegexEffort effort = effort_of(e, most, &tests);
  uint64_t beyond = tests > allowance ? least(tests - allowance, more) : 0;
  if (work) {
    work->rule -= beyond;
    work->run -= beyond;
  }
  if (effort == EFFORT_UNKNOWN && most == MOST_TESTS) return EFFORT_FITS;
  if (work) work->gone = effort == EFFORT_UNKNOWN;
  return effort;
}

RegexEffort regex_effort(const RegexNode *root, size_t length, RegexWork *work, Arena *arena) {
  if (work && work->gone) return EFFORT_UNKNOWN;
  Arena *scratch = arena_sub(arena);
  Effort e = {.re = regex_linear_new(root, scratch), .arena = scratch};
  RegexEffort effort = e.re ? effort_within(&e, length, work) : EFFORT_BEYOND;
  arena_sub_done(scratch);
  return effort;
}

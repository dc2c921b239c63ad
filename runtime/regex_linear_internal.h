/* SPDX-License-Identifier: MIT
 * The automaton of a regex tree, for those that walk it: the search, and the estimate of its deterministic size. */
#ifndef SIGMAC_RUNTIME_REGEX_LINEAR_INTERNAL_H
#define SIGMAC_RUNTIME_REGEX_LINEAR_INTERNAL_H

#include "runtime/regex_linear.h"

typedef enum {
  STATE_MATCH,
  STATE_ONE,   /* takes a character of `node`, which is a CHAR or a CLASS */
  STATE_EDGE,  /* takes nothing; holds where the assertion `node` holds */
  STATE_SPLIT, /* goes to next and to other */
} StateKind;

typedef struct {
  StateKind kind;
  uint32_t next, other; /* states */
  const RegexNode *node;
  uint64_t ascii[2]; /* ONE: the characters below 128 that it takes */
} State;

/* A set of states that is cleared in no time: place[s] < n and list[place[s]] == s say that s is in it. */
typedef struct {
  uint32_t *list, *place, n;
} StateSet;

struct RegexLinear {
  State *states;
  uint32_t n, start;
  StateSet now, then;
  uint32_t *stack;
};

/* A place between two characters. */
typedef struct {
  uint32_t before, after; /* code points, or UINT32_MAX at the start and at the end */
  bool last;              /* `after` is the last character of the text */
} Place;

/* Adds a state and all that can be reached from it without a character; whether the match is among them. The place may
 * be NULL where there are no assertions. */
bool regex_linear_reach(RegexLinear *re, StateSet *set, uint32_t state, const Place *at);

/* Whether a ONE state takes the code point. */
bool state_takes(const State *s, uint32_t cp);

static inline bool set_has(const StateSet *set, uint32_t s) { return set->place[s] < set->n && set->list[set->place[s]] == s; }
static inline void set_add(StateSet *set, uint32_t s) {
  set->place[s] = set->n;
  set->list[set->n++] = s;
}

#endif

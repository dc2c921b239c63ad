/* SPDX-License-Identifier: MIT
 * The automaton of a regex tree, for those that walk it: the search, its table, and the estimate of its deterministic size. */
#ifndef SIGMAC_RUNTIME_REGEX_LINEAR_INTERNAL_H
#define SIGMAC_RUNTIME_REGEX_LINEAR_INTERNAL_H

#include "base/str.h"
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

enum { NO_CHAR = UINT32_MAX };

/* A place between two characters. */
typedef struct {
  uint32_t before, after; /* code points, or NO_CHAR at the start and at the end */
  bool last;              /* `after` is the last character of the text */
} Place;

/* Adds a state and all that can be reached from it without a character; whether the match is among them. The place may
 * be NULL where there are no assertions. */
bool regex_linear_reach(RegexLinear *re, StateSet *set, uint32_t state, const Place *at);

/* Goes on with a search at byte i of the text, in states to which characters led: what can be reached from them without one
 * is added here, and so is the start. */
SearchResult regex_linear_from(RegexLinear *re, Str text, size_t i, const uint32_t *states, uint32_t n, uint64_t *steps);
/* From such states over the character behind the place to those in `then`; true where a match ends at the place. */
bool regex_linear_follow(RegexLinear *re, const uint32_t *states, uint32_t n, const Place *at);

/* What \w takes. */
static inline bool regex_is_word(uint32_t cp) {
  return cp < 0x80 && (ascii_letter((char)cp) || ascii_digit((char)cp) || cp == '_');
}

/* Whether a ONE state takes the code point. */
bool state_takes(const State *s, uint32_t cp);

static inline bool set_has(const StateSet *set, uint32_t s) { return set->place[s] < set->n && set->list[set->place[s]] == s; }
static inline void set_add(StateSet *set, uint32_t s) {
  set->place[s] = set->n;
  set->list[set->n++] = s;
}

#endif

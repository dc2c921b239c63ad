/* SPDX-License-Identifier: MIT
 * The automaton of the positions of a pattern (Glushkov), with how often each step can be made: what a matcher that backtracks tries one
 * after the other. State 0 is the start; every other one is a character or class of the pattern, counted repetitions written out. */
#ifndef SIGMAC_LINT_CHECKS_REGEX_NFA_H
#define SIGMAC_LINT_CHECKS_REGEX_NFA_H

#include "runtime/regex_tree.h"

enum { REGEX_NFA_STATES = 256, REGEX_NFA_BYTES = 4096 /* of a pattern */ };

typedef struct {
  const RegexNode *p[REGEX_NFA_STATES]; /* what is taken on the way into a state */
  /* Ways from one state to the next: 0, 1, or 2 for more. Never more than a matcher tries: ways through a part that matches nothing
   * count once, since engines differ in them. */
  uint8_t *ways;
  uint32_t n;     /* states */
  uint64_t spent; /* on making it */
} RegexNfa;

static inline uint8_t regex_nfa_ways(const RegexNfa *a, uint32_t from, uint32_t to) {
  return a->ways[from * REGEX_NFA_STATES + to];
}

/* False where the tree has assertions other than `^` at its start and `$` at its end, or too many positions. */
bool regex_nfa(RegexNfa *out, const RegexNode *root, Arena *arena);

#endif

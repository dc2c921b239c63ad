/* SPDX-License-Identifier: MIT */
#ifndef SIGMAC_BACKENDS_REGEX_EFFORT_H
#define SIGMAC_BACKENDS_REGEX_EFFORT_H

#include "runtime/regex_tree.h"

/* How much may still be spent on estimates, in tests of a state with a character. Each has an allowance by the length of its
 * pattern, so that a long list of ordinary ones is always judged; what goes beyond is taken from here. */
typedef struct {
  uint64_t rule; /* by the present rule ... */
  uint64_t run;  /* ... and by all rules together */
  bool gone;     /* the present rule has a pattern that could not be judged: the others need not be */
} RegexWork;

typedef enum {
  EFFORT_FITS,
  EFFORT_BEYOND, /* the limit is clearly passed */
  EFFORT_UNKNOWN /* there is no work left to find out */
} RegexEffort;

/* Whether Lucene will make a deterministic automaton of a tree without assertions, under its default limit: an estimate.
 * `length` is that of the pattern; `work` NULL: no bound but that of one estimate. */
RegexEffort regex_effort(const RegexNode *root, size_t length, RegexWork *work, Arena *arena);

#endif

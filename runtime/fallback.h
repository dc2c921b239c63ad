/* SPDX-License-Identifier: MIT
 * Regular expressions where PCRE2 gave up: a portable pattern is decided by the automaton of its tree (semantics 9.5),
 * which is made when it is first needed. A pattern that has made PCRE2 give up often is searched so from the start.
 * Belongs to one thread. */
#ifndef SIGMAC_RUNTIME_FALLBACK_H
#define SIGMAC_RUNTIME_FALLBACK_H

#include "runtime/program.h"
#include "runtime/regex_linear.h"

typedef struct {
  Arena *arena; /* of the automaton; NULL before it is asked for, and where there is none */
  RegexLinear *automaton;
  uint32_t given_up; /* searches of PCRE2 */
  bool made;         /* automaton is what there is */
} FallbackTest;

typedef struct {
  const Program *program;
  Arena *owner;
  FallbackTest *tests; /* by test; NULL until one is needed */
  size_t bytes;        /* of all automata, about */
} Fallback;

/* SEARCH_LIMIT: not decided, since the pattern is not portable or its automaton too large, or *visits, from which the
 * steps are taken, was not enough. */
SearchResult fallback_search(Fallback *f, uint32_t test, Str text, uint64_t *visits);
/* PCRE2 gave up. */
void fallback_note(Fallback *f, uint32_t test);
/* Whether it did so often. */
bool fallback_first(const Fallback *f, uint32_t test);

#endif

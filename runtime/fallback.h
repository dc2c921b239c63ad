/* SPDX-License-Identifier: MIT
 * How the regular expressions of a program are searched: by PCRE2, with machine code where one runs often; and where it
 * takes long or gives up, a portable pattern is decided by the automaton of its tree (semantics 9.5), which is made when it
 * is first needed. A pattern for which PCRE2 was too slow often is searched so from the start.
 * Belongs to one thread. */
#ifndef SIGMAC_RUNTIME_FALLBACK_H
#define SIGMAC_RUNTIME_FALLBACK_H

#include "runtime/program.h"
#include "runtime/regex_linear.h"
#include "runtime/regex_table.h"

/* What comes before PCRE2 is tried in full. */
typedef enum {
  FALLBACK_BRIEFLY,   /* PCRE2 with few steps, then the automaton */
  FALLBACK_AUTOMATON, /* the automaton */
  FALLBACK_NONE,      /* nothing: there is no automaton that says the same */
} FallbackWay;

typedef struct {
  const Regex *fast; /* with machine code; NULL: it has not run often */
  size_t work;       /* bytes that it went over until then, and as many for each search */
  Arena *arena;      /* of the automaton; NULL before it is asked for, and where there is none */
  RegexLinear *automaton;
  RegexTable *table; /* of it; NULL: by sets */
  uint64_t brief;    /* brief searches of PCRE2 since there is an automaton ... */
  uint64_t slow;     /* ... and those that decided nothing */
  uint32_t given_up; /* and full ones */
  bool made;         /* automaton is what there is */
  bool exact;        /* it says what PCRE2 says */
} FallbackTest;

typedef struct {
  const Program *program;
  Arena *owner;
  FallbackTest **tests; /* by test; NULL until one is needed */
  size_t bytes;         /* of all automata, about */
  size_t table_bytes;
} Fallback;

/* The regular expression of a test, to search so many bytes. One that does so often gets machine code: this thread's own, as
 * the program is shared. */
const Regex *fallback_regex(Fallback *f, uint32_t test, size_t bytes);
/* Makes it now, since a search without it came to a limit, which it counts in other steps; false where there is some. */
bool fallback_hasten(Fallback *f, uint32_t test);

/* SEARCH_LIMIT: not decided, since the pattern is not portable or its automaton too large, or *visits, from which the
 * steps are taken, was not enough. */
SearchResult fallback_search(Fallback *f, uint32_t test, Str text, uint64_t *visits);
/* Asked before each search. */
FallbackWay fallback_way(Fallback *f, uint32_t test);
/* The same where the automaton says what PCRE2 says; not for FALLBACK_NONE. */
SearchResult fallback_soon(Fallback *f, uint32_t test, Str text, uint64_t *visits);
/* PCRE2 gave up. */
void fallback_note(Fallback *f, uint32_t test);
/* Whether it did so often. */
bool fallback_first(Fallback *f, uint32_t test);

#endif

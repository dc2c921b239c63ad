/* SPDX-License-Identifier: MIT
 * Texts on which a matcher that backtracks takes far longer than their length (A. Weber, H. Seidl, On the degree of ambiguity of finite
 * automata, 1991; N. Weideman et al., Analyzing matching time behavior of backtracking regular expression matchers by using ambiguity of
 * NFA, 2016). */
#ifndef SIGMAC_LINT_CHECKS_REGEX_REDOS_H
#define SIGMAC_LINT_CHECKS_REGEX_REDOS_H

#include "runtime/regex_tree.h"

/* The pattern is not found in prefix, pump as often as one likes, suffix; trying it from the start of that text takes steps ... */
typedef struct {
  bool exponential; /* ... that double, at least, with each pump ... */
  unsigned degree;  /* ... or else grow with this power of their number */
  Str prefix, pump, suffix;
} Redos;

/* Which powers are told of: those of so many loops in a row that take one character, or of so many with nothing between them that has
 * to be there (`a*a*`). */
typedef struct {
  unsigned loops, adjacent;
} RedosLeast;

/* False where there is no such text, or none was found with the work allowed; what was done is added to *spent, and above a bound for all
 * patterns together no more is done. All in the arena. */
bool regex_redos(Redos *out, const RegexNode *root, RedosLeast least, uint64_t *spent, Arena *arena);
/* The text with so many pumps. */
Str regex_redos_text(const Redos *r, unsigned pumps, Arena *arena);

#endif

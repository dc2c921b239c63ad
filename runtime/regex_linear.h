/* SPDX-License-Identifier: MIT
 * The matcher that decides where PCRE2 gives up (semantics 9.5): all states of the automaton at once, so its time is
 * the length of the text times the number of states, whatever the pattern. It works on the tree of a portable pattern
 * and therefore means what the text backends print. Slower than PCRE2 on everything that does not run away. */
#ifndef SIGMAC_RUNTIME_REGEX_LINEAR_H
#define SIGMAC_RUNTIME_REGEX_LINEAR_H

#include "runtime/regex.h"
#include "runtime/regex_tree.h"

typedef struct RegexLinear RegexLinear; /* holds the scratch of a search: one thread */

/* The tree is borrowed. NULL where counts make more than LIMIT_REGEX_STATES of it. */
RegexLinear *regex_linear_new(const RegexNode *root, Arena *owner);
/* The same from a pattern, which is not borrowed; NULL also where it is not portable. What it takes is in *bytes, about.
 * *exact: PCRE2 means the same by the pattern as it stands, with no difference in letter case and no fault that is mended. */
RegexLinear *regex_linear_parse(Str pattern, unsigned flags, Arena *owner, size_t *bytes, bool *exact);

/* Is the pattern somewhere in the text, which is well-formed UTF-8? Each visit of a state is taken from *steps;
 * SEARCH_LIMIT where they do not suffice. */
SearchResult regex_linear_search(RegexLinear *re, Str text, uint64_t *steps);

#endif

/* SPDX-License-Identifier: MIT
 * The automaton of a pattern (runtime/regex_linear.h) made deterministic while it runs: a set of states that has been met is
 * a row of a table, and a character leads from row to row with one look. The table is of fixed size: where it is full, the
 * search goes on by sets, and the next begins with an empty one. So it says what the automaton says, in its time and some,
 * but mostly in a few nanoseconds for each character. */
#ifndef SIGMAC_RUNTIME_REGEX_TABLE_H
#define SIGMAC_RUNTIME_REGEX_TABLE_H

#include "runtime/regex_linear.h"

typedef struct RegexTable RegexTable; /* belongs to the thread of its automaton */

enum { REGEX_TABLE_BYTES = 80 << 10 }; /* that one takes, at most */

/* The automaton is borrowed. NULL where it has so many states that sets of them would fill the table at once. */
RegexTable *regex_table_new(RegexLinear *re, Arena *owner);
/* As regex_linear_search; a character over which the table leads costs a step for each byte. */
SearchResult regex_table_search(RegexTable *t, Str text, uint64_t *steps);

#endif

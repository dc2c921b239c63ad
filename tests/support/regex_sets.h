/* SPDX-License-Identifier: MIT
 * What a regex tree matches, by definition and slowly: from a set of places in the text, where each node can end. Shares
 * nothing with the matchers of the runtime but the tree. */
#ifndef SIGMAC_TESTS_SUPPORT_REGEX_SETS_H
#define SIGMAC_TESTS_SUPPORT_REGEX_SETS_H

#include "runtime/regex_tree.h"

/* Is the pattern somewhere in the text, which is well-formed UTF-8? Takes memory from the arena, and as much time as the
 * nodes of the tree, its counts and the length of the text make together. */
bool regex_sets_search(const RegexNode *root, Str text, Arena *arena);

#endif

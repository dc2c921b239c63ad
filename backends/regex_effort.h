/* SPDX-License-Identifier: MIT */
#ifndef SIGMAC_BACKENDS_REGEX_EFFORT_H
#define SIGMAC_BACKENDS_REGEX_EFFORT_H

#include "runtime/regex_tree.h"

/* Whether Lucene will make a deterministic automaton of a tree without assertions, under its default limit. An estimate:
 * false only where the limit is clearly passed. */
bool regex_effort_fits(const RegexNode *root, Arena *arena);

#endif

/* SPDX-License-Identifier: MIT
 * From a search to a match of the whole value, for engines without anchors: the tree that matches exactly the texts in
 * which the given one is found, with no assertion in it. */
#ifndef SIGMAC_BACKENDS_REGEX_WHOLE_H
#define SIGMAC_BACKENDS_REGEX_WHOLE_H

#include "backends/regex_text.h"

/* NULL with *why where an assertion is at a place that cannot be rewritten, or nothing ever matches. In the result classes
 * are never empty, repeats never `{0}` or `{1}`, and EMPTY is nothing but the whole of it. */
const RegexNode *regex_whole(Arena *arena, const RegexNode *root, RegexRefusal *why);

#endif

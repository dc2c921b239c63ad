/* SPDX-License-Identifier: MIT
 * Random portable regular expressions, and texts that they often match. */
#ifndef SIGMAC_TESTS_SUPPORT_REGEX_GEN_H
#define SIGMAC_TESTS_SUPPORT_REGEX_GEN_H

#include "runtime/regex_tree.h"
#include "tests/support/gen.h"

/* Appends a pattern: well-formed, portable, with assertions mostly where people write them. */
void regex_gen_pattern(Gen *g, Buf *out);
/* Appends a text: in most cases one that the tree matches but for its assertions, with something around it, and in half
 * of them with a character changed. */
void regex_gen_text(Gen *g, Buf *out, const RegexNode *root);

#endif

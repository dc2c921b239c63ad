/* SPDX-License-Identifier: MIT */
#include "backends/regex_text.h"

bool regex_print_lucene(Arena *arena, const RegexNode *root, Str *out, RegexRefusal *why) {
  (void)arena, (void)out;
  *why = (RegexRefusal){root->at, "a regular expression (not printed yet)", NULL};
  return false;
}

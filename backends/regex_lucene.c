/* SPDX-License-Identifier: MIT */
#include "backends/regex_text.h"

#include "backends/regex_effort.h"
#include "backends/regex_whole.h"
#include "base/utf8.h"
#include "compiler/regex_print.h"

/* index.max_regex_length as it is by default. */
enum { MOST_UNITS = 1000 };

/* All optional operators count as ones: `#` is nothing, `@` all, `<1-9>` a range, `"` quotes, `&` and `~` combine. The
 * names of classes are not in its documentation, and escapes for control characters are not in its syntax. */
static const RegexSyntax lucene = {
  .group = "(",
  .empty = "()",
  .specials = ".?+*|{}[]()\"\\#@&<>~^$",
  .class_specials = "[]\\^-\"&~<>#@",
  .lower_first = true,
  .raw = true,
  .all = ".",
};

/* UTF-16 units, in which Java measures. */
static size_t units_of(Str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80 ? (unsigned char)s.p[i] >= 0xF0 ? 2 : 1 : 0;
  return n;
}

bool regex_print_lucene(Arena *arena, const RegexNode *root, Str *out, RegexRefusal *why) {
  const RegexNode *whole = regex_whole(arena, root, why);
  if (!whole) return false;
  *out = regex_print(arena, whole, &lucene);
  size_t units = units_of(*out);
  if (units > MOST_UNITS) {
    const char *construct = arena_cstr(
      arena, arena_printf(arena, "a pattern that becomes %zu characters long, where index.max_regex_length allows 1,000", units));
    *why = (RegexRefusal){root->at, construct, "split it into several values"};
    return false;
  }
  if (!regex_effort_fits(whole, arena)) {
    *why = (RegexRefusal){root->at, "a pattern that takes more work than index.max_determinized_states allows",
                          "use smaller counts, or split it into several values"};
    return false;
  }
  return true;
}

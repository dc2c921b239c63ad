/* SPDX-License-Identifier: MIT */
#include "backends/regex_text.h"

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

static bool refuse(RegexRefusal *why, const RegexNode *root, const char *construct, const char *instead) {
  *why = (RegexRefusal){root->at, construct, instead};
  return false;
}

static bool print_whole(Arena *arena, Arena *scratch, const RegexNode *root, RegexWork *work, Str *out, RegexRefusal *why) {
  const RegexNode *whole = regex_whole(scratch, root, why);
  if (!whole) return false;
  *out = regex_print(arena, whole, &lucene);
  size_t units = units_of(*out);
  if (units > MOST_UNITS) {
    Str said = arena_printf(arena, "a pattern that becomes %zu characters long, where index.max_regex_length allows 1,000", units);
    return refuse(why, root, said.p, "split it into several values");
  }
  RegexEffort effort = regex_effort(whole, units, work, scratch);
  if (effort == EFFORT_FITS) return true;
  if (effort == EFFORT_UNKNOWN)
    return refuse(why, root, "a pattern for which there is no work left to find out whether max_determinized_states allows it",
                  "translate fewer rules at a time, or use smaller counts");
  return refuse(why, root, "a pattern that takes more work than index.max_determinized_states allows",
                "use smaller counts, or split it into several values");
}

bool regex_print_lucene_within(Arena *arena, const RegexNode *root, RegexWork *work, Str *out, RegexRefusal *why) {
  Arena *scratch = arena_sub(arena);
  bool printed = print_whole(arena, scratch, root, work, out, why);
  arena_sub_done(scratch);
  return printed;
}

bool regex_print_lucene(Arena *arena, const RegexNode *root, Str *out, RegexRefusal *why) {
  return regex_print_lucene_within(arena, root, NULL, out, why);
}

/* SPDX-License-Identifier: MIT */
#include "backends/regex_text.h"

#include "base/limits.h"
#include "compiler/regex_print.h"

/* The crate counts what a pattern is made of, nested at most 250 deep, and refuses what takes more than 10 MiB compiled. */
enum { MOST_DEPTH = 240, MOST_BYTES = 10 << 20 };

typedef struct {
  RegexRefusal *why;
  bool dot, all;             /* classes that were seen: all but LF, all code points */
  const RegexNode *not_edge; /* a `\B` that was seen */
} Check;

static bool refuse(Check *c, const RegexNode *n, const char *construct, const char *instead) {
  *c->why = (RegexRefusal){n->at, construct, instead};
  return false;
}

/* What a class takes, somewhat rounded up (measured on regex 1.13). */
static uint64_t class_bytes(const RegexNode *n) {
  enum { BASE = 64, ASCII_RANGE = 8, NARROW_RANGE = 96, WIDE_RANGE = 480 };
  uint64_t bytes = BASE;
  for (uint32_t i = 0; i < n->n; i++) {
    RegexRange r = n->ranges[i];
    bytes += r.high < 0x80 ? ASCII_RANGE : r.low >> 6 == r.high >> 6 ? NARROW_RANGE : WIDE_RANGE;
  }
  return bytes;
}

static uint64_t bytes_of(const RegexNode *n) {
  enum { STATE = 64, FAR_TOO_MUCH = 1 << 30 };
  uint64_t sum = n->kind == REGEX_CHAR ? n->code < 0x80 ? STATE : 2 * STATE : n->kind == REGEX_CLASS ? class_bytes(n) : STATE / 2;
  for (uint32_t i = 0; n->kids && i < n->n; i++) sum += bytes_of(n->kids[i]);
  if (n->kind == REGEX_REPEAT) {
    uint32_t most = n->max == REGEX_NO_MAX ? n->min : n->max;
    sum = (sum + STATE) * (most ? most : 1);
  }
  return sum < FAR_TOO_MUCH ? sum : FAR_TOO_MUCH;
}

static bool is_dot(const RegexNode *n) {
  return n->n && n->ranges[0].low == 0 && n->ranges[0].high == '\n' - 1 && n->n == 3 && n->ranges[1].low == '\n' + 1 &&
         n->ranges[1].high == 0xD7FF && n->ranges[2].low == 0xE000 && n->ranges[2].high == 0x10FFFF;
}

static bool check_class(Check *c, const RegexNode *n) {
  if (!n->n) return refuse(c, n, "a class that no character is in", "leave out what can never match");
  c->dot = c->dot || is_dot(n);
  c->all = c->all || regex_is_all(n);
  return true;
}

/* Whether a match in some text may have no characters: an edge is such a match, even where the empty text has none. */
static bool may_be_empty(const RegexNode *n) {
  if (n->kind == REGEX_CHAR || n->kind == REGEX_CLASS) return false;
  if (n->kind == REGEX_REPEAT) return n->min == 0 || may_be_empty(n->kids[0]);
  bool all = true, some = false;
  for (uint32_t i = 0; n->kids && i < n->n; i++) {
    bool kid = may_be_empty(n->kids[i]);
    all = all && kid;
    some = some || kid;
  }
  return n->kind == REGEX_ALT ? some : all;
}

/* `last`: nothing stands behind the node. Each node is counted with a group around it. */
static bool check(Check *c, const RegexNode *n, bool last, unsigned depth) {
  if (depth > MOST_DEPTH) return refuse(c, n, "groups that are nested deeper than the target allows", "write it with fewer groups");
  if (n->kind == REGEX_CLASS) return check_class(c, n);
  if (n->kind == REGEX_NOT_WORD_EDGE && !c->not_edge) c->not_edge = n;
  if (n->kind == REGEX_TEXT_END_LF && !last) return refuse(c, n, "`\\Z` that is not at the end of the pattern", "use `$` or `\\z`");
  for (uint32_t i = 0; n->kids && i < n->n; i++) {
    bool kid_last = last && n->kind != REGEX_REPEAT && (n->kind == REGEX_ALT || i + 1 == n->n);
    if (!check(c, n->kids[i], kid_last, depth + 2)) return false;
  }
  return true;
}

/* Word edges are those of ASCII; without lazy marks, which do not change whether there is a match. */
static const RegexSyntax rust = {
  .group = "(?:",
  .empty = "",
  .specials = "\\.^$*+?()[]{}|#&~",
  .class_specials = "[]\\^-&~",
  .lower_first = true,
  .hidden = true,
  .dot = ".",
  .all = "(?s:.)",
  .all_repeat = "(?s:.",
  .edges = {[REGEX_LINE_START] = "(?m:^)",
            [REGEX_LINE_END] = "(?m:$)",
            [REGEX_TEXT_START] = "^",
            [REGEX_TEXT_END] = "$",
            [REGEX_TEXT_END_LF] = "\\n?$",
            [REGEX_WORD_EDGE] = "(?-u:\\b)",
            [REGEX_NOT_WORD_EDGE] = "(?-u:\\B)"},
};

/* Where every dot stands for all characters, one option in front says so. */
static Str print_all_dots(Arena *arena, const RegexNode *root) {
  RegexSyntax syntax = rust;
  syntax.all = ".";
  syntax.all_repeat = NULL;
  Str text = regex_print(arena, root, &syntax);
  return arena_printf(arena, "(?s)" STR_FMT, STR_ARG(text));
}

/* Where letter case cannot be spelled out within the limit, the runtime leaves it to PCRE2, which folds more. */
static bool too_long(Arena *arena, const RegexNode *root) {
  Arena *scratch = arena_sub(arena);
  bool is = regex_print_pcre(scratch, root).n > LIMIT_REGEX_BYTES;
  arena_sub_done(scratch);
  return is;
}

/* The crate finds an empty match between the bytes of a character, where `(?-u:\B)` holds, and then may say that there is
 * none at all: `\B` is printed only where a match has characters. */
bool regex_print_rust(Arena *arena, const RegexNode *root, Str *out, RegexRefusal *why) {
  Check c = {.why = why};
  if (!check(&c, root, true, 0)) return false;
  if (c.not_edge && may_be_empty(root))
    return refuse(&c, c.not_edge, "`\\B` in a pattern that also matches the empty text",
                  "leave out alternatives that match the empty text");
  if (bytes_of(root) > MOST_BYTES) return refuse(&c, root, "a pattern that is too large for the target", "use smaller counts");
  if (too_long(arena, root))
    return refuse(&c, root, "a pattern that becomes larger than the limit of 65,536 bytes", "split it into several values");
  *out = c.all && !c.dot ? print_all_dots(arena, root) : regex_print(arena, root, &rust);
  return true;
}

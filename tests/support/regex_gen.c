/* SPDX-License-Identifier: MIT */
#include "tests/support/regex_gen.h"

#include "base/utf8.h"

static bool once_in(Gen *g, uint32_t n) { return gen_below(g, n) == 0; }
static void put(Buf *out, const char *text) { buf_str(out, str_of(text)); }

/* --- patterns ------------------------------------------------------------------------------------------------ */

static const char *const characters[] = {
  "a",
  "b",
  "A",
  "B",
  "k",
  "s",
  "1",
  "_",
  " ",
  "-",
  "\\.",
  "\\n",
  "\\t",
  "\\x1b",
  "\\x{85}",
  "\"",
  "#",
  "@",
  "&",
  "~",
  "<",
  ">",
  "/",
  ",",
  "=",
  "!",
  "\\\\",
  "\\*",
  "\\$",
  "\\^",
  "\\[",
  "\\]",
  "\\{",
  "\\}",
  "\\(",
  "\\|",
  "\\+",
  "\\?",
  "\xC3\xA9",
  "\xC3\x89",
  "\xCF\x82",
  "\xE2\x84\xAA",
  "\xF0\x9F\x98\x80",
  "\xE2\x80\xA8",
};
static const char *const classes[] = {
  ".",           "\\d",       "\\w",         "\\s",           "\\D",
  "\\W",         "\\S",       "[ab]",        "[^a]",          "[a-c1]",
  "[^\\w]",      "[\\s.]",    "[-a]",        "[]a]",          "[^]^]",
  "[&~]",        "[a\\-z\"]", "[[:alpha:]]", "[[:^upper:]1]", "[\\x{c0}-\\x{ff}]",
  "[#@<>]",      "[\\[x]",    "[^\\n\\t]",   "[\\\\/]",       "[\\x00-\\x1f]",
  "[^\\x{e9}k]", "[\\s\\S]",  "[a-b&&[^b]]", "[a~~b]",        "[\\x{80}-\\x{10ffff}]",
};
static const char *const counts[] = {"*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,3}?", "{2,}", "{0}", "{1}", "{3,5}"};
static const char *const opens[] = {"(", "(", "(?:", "(?i:", "(?s:", "(?m:", "(?-i:", "(?<n>"};
static const char *const edges[] = {"^", "$", "^", "$", "\\b", "\\b", "\\B", "\\A", "\\z", "\\Z"};

static void alternatives(Gen *g, Buf *out, unsigned depth);

static void item(Gen *g, Buf *out, unsigned depth) {
  uint32_t kind = gen_below(g, 24);
  if (kind < 11) put(out, GEN_PICK(g, characters));
  else if (kind < 17) put(out, GEN_PICK(g, classes));
  else if (kind == 17) put(out, GEN_PICK(g, edges));
  else if (depth == 0) put(out, "ab");
  else {
    put(out, GEN_PICK(g, opens));
    alternatives(g, out, depth - 1);
    put(out, ")");
  }
}

static void sequence(Gen *g, Buf *out, unsigned depth) {
  if (once_in(g, 5)) put(out, GEN_PICK(g, edges));
  for (uint32_t n = gen_below(g, 5); n; n--) {
    item(g, out, depth);
    if (once_in(g, 4)) put(out, GEN_PICK(g, counts));
  }
  if (once_in(g, 5)) put(out, GEN_PICK(g, edges));
}

static void alternatives(Gen *g, Buf *out, unsigned depth) {
  uint32_t more = once_in(g, 3) ? 1 + gen_below(g, 2) : 0;
  sequence(g, out, depth);
  for (; more; more--) {
    put(out, "|");
    sequence(g, out, depth);
  }
}

void regex_gen_pattern(Gen *g, Buf *out) {
  if (once_in(g, 8)) put(out, once_in(g, 2) ? "(?i)" : "(?ms)");
  alternatives(g, out, 3);
}

/* --- texts ---------------------------------------------------------------------------------------------------- */

static void put_code(Buf *out, uint32_t code) {
  char utf8[4];
  buf_bytes(out, utf8, utf8_encode(code, utf8));
}

/* A character near the edges of a class, or just outside. */
static uint32_t code_of_class(Gen *g, const RegexNode *n) {
  if (!n->n) return 'a';
  RegexRange r = n->ranges[gen_below(g, n->n)];
  uint32_t code = once_in(g, 2) ? r.low : once_in(g, 2) ? r.high : r.low + gen_below(g, r.high - r.low + 1);
  return code == 0 ? r.low + (r.high > r.low) : code;
}

static void sample(Gen *g, Buf *out, const RegexNode *n) {
  if (n->kind == REGEX_CHAR) put_code(out, n->code);
  else if (n->kind == REGEX_CLASS) put_code(out, code_of_class(g, n));
  else if (n->kind == REGEX_ALT) sample(g, out, n->kids[gen_below(g, n->n)]);
  else if (n->kind == REGEX_CAT)
    for (uint32_t i = 0; i < n->n; i++) sample(g, out, n->kids[i]);
  else if (n->kind == REGEX_REPEAT) {
    uint32_t more = n->max == REGEX_NO_MAX ? 2 : n->max - n->min;
    uint32_t times = n->min + gen_below(g, (more < 3 ? more : 3) + 1);
    for (uint32_t i = 0; i < times && i < 64 && out->n < 400; i++) sample(g, out, n->kids[0]);
  } else if (once_in(g, 6)) put(out, once_in(g, 2) ? "\n" : " ");
}

static const char *const around[] = {"", "", "", "", "\n", " ", "a", "_", "\n\n", "x\n", "\xC3\xA9", "-", "1 ", "\r"};

void regex_gen_text(Gen *g, Buf *out, const RegexNode *root) {
  Buf text = buf_beside(out);
  put(&text, GEN_PICK(g, around));
  if (!once_in(g, 6)) sample(g, &text, root);
  put(&text, GEN_PICK(g, around));
  Str s = buf_view(&text);
  size_t at = once_in(g, 4) ? s.n : gen_below(g, (uint32_t)s.n + 1);
  while (at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80) at++;
  buf_str(out, str_sub(s, 0, at));
  if (at < s.n) {
    put(out, once_in(g, 2) ? "" : GEN_PICK(g, around));
    buf_str(out, str_from(s, at + (once_in(g, 2) ? 0 : utf8_len(s.p[at]))));
  }
  buf_free(&text);
}

/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "compiler/regex_tree.h"

/* How tightly a place holds what is put there. */
typedef enum { IN_GROUP, IN_SEQUENCE, IN_REPEAT } Hold;

typedef struct {
  Buf out;
  Arena *arena;
} Printer;

/* Characters. */

static void print_char(Printer *p, uint32_t cp, const char *specials) {
  char utf8[4];
  if (cp == '\n') buf_str(&p->out, STR("\\n"));
  else if (cp == '\t') buf_str(&p->out, STR("\\t"));
  else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) buf_printf(&p->out, "\\x%02x", (unsigned)cp);
  else {
    if (cp < 0x80 && strchr(specials, (int)cp)) buf_char(&p->out, '\\');
    buf_bytes(&p->out, utf8, utf8_encode(cp, utf8));
  }
}

/* Classes. */

/* Ranges with a well-known name, and its complement. */
static const struct {
  const char *yes, *no;
  uint32_t n;
  RegexRange ranges[4];
} named[] = {
  {"\\d", "\\D", 1, {{'0', '9'}}},
  {"\\s", "\\S", 2, {{9, 13}, {' ', ' '}}},
  {"\\w", "\\W", 4, {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
  {"\\n", ".", 1, {{'\n', '\n'}}},
};

static const char *name_of(const RegexRange *ranges, uint32_t n, bool complement) {
  for (size_t i = 0; i < sizeof named / sizeof *named; i++)
    if (n == named[i].n && memcmp(ranges, named[i].ranges, n * sizeof *ranges) == 0) return complement ? named[i].no : named[i].yes;
  return NULL;
}

typedef VEC(RegexRange) Ranges;

static void add_gap(Printer *p, Ranges *gaps, uint32_t from, uint32_t to) {
  if (from < to) *vec_add(p->arena, gaps) = (RegexRange){from, to - 1};
}

/* The code points that are not in a class. Surrogates are in neither. */
static Ranges complement_of(Printer *p, const RegexNode *n) {
  Ranges gaps = {0};
  uint32_t next = 0;
  for (uint32_t i = 0; i < n->n; i++) {
    uint32_t to = n->ranges[i].low;
    bool over = next <= 0xD800 && to >= 0xE000;
    add_gap(p, &gaps, next, over ? 0xD800 : to);
    if (over) add_gap(p, &gaps, 0xE000, to);
    next = n->ranges[i].high + 1;
  }
  add_gap(p, &gaps, next, 0x110000);
  return gaps;
}

static void print_ranges(Printer *p, const RegexRange *ranges, uint32_t n, bool complement) {
  const char *name = name_of(ranges, n, complement);
  if (name) {
    buf_str(&p->out, str_of(name));
    return;
  }
  buf_str(&p->out, complement ? STR("[^") : STR("["));
  for (uint32_t i = 0; i < n; i++) {
    print_char(p, ranges[i].low, "[]\\^-");
    if (ranges[i].high > ranges[i].low + 1) buf_char(&p->out, '-');
    if (ranges[i].high > ranges[i].low) print_char(p, ranges[i].high, "[]\\^-");
  }
  buf_char(&p->out, ']');
}

static bool is_all(const RegexNode *n) {
  return n->kind == REGEX_CLASS && n->n == 2 && n->ranges[0].low == 0 && n->ranges[0].high == 0xD7FF &&
         n->ranges[1].low == 0xE000 && n->ranges[1].high == 0x10FFFF;
}

/* A class that reaches to the last code point came from a complement. */
static void print_class(Printer *p, const RegexNode *n) {
  if (n->n == 0) buf_str(&p->out, STR("[^\\x{0}-\\x{10ffff}]"));
  else if (n->ranges[n->n - 1].high < 0x10FFFF) print_ranges(p, n->ranges, n->n, false);
  else {
    Ranges gaps = complement_of(p, n);
    print_ranges(p, gaps.p, gaps.n, true);
  }
}

/* Structure. */

static void print_node(Printer *p, const RegexNode *n, Hold hold);

static void print_counts(Printer *p, const RegexNode *n) {
  if (n->max == REGEX_NO_MAX && n->min < 2) buf_char(&p->out, n->min ? '+' : '*');
  else if (n->max == REGEX_NO_MAX) buf_printf(&p->out, "{%u,}", (unsigned)n->min);
  else if (n->min == 0 && n->max == 1) buf_char(&p->out, '?');
  else if (n->min == n->max) buf_printf(&p->out, "{%u}", (unsigned)n->min);
  else buf_printf(&p->out, "{%u,%u}", (unsigned)n->min, (unsigned)n->max);
  if (n->lazy) buf_char(&p->out, '?');
}

/* `(?s:.*)` and not `(?s:.)*`: PCRE2 sees that the former need not be tried again at each place. */
static void print_repeat(Printer *p, const RegexNode *n) {
  bool all = is_all(n->kids[0]);
  if (all) buf_str(&p->out, STR("(?s:."));
  else print_node(p, n->kids[0], IN_REPEAT);
  print_counts(p, n);
  if (all) buf_char(&p->out, ')');
}

static void print_kids(Printer *p, const RegexNode *n, const char *between, Hold hold) {
  for (uint32_t i = 0; i < n->n; i++) {
    if (i) buf_str(&p->out, str_of(between));
    print_node(p, n->kids[i], hold);
  }
}

static void print_bare(Printer *p, const RegexNode *n) {
  switch (n->kind) {
  case REGEX_EMPTY: return;
  case REGEX_CHAR: print_char(p, n->code, "\\.^$*+?()[]{}|"); return;
  case REGEX_CLASS:
    if (is_all(n)) buf_str(&p->out, STR("(?s:.)"));
    else print_class(p, n);
    return;
  case REGEX_CAT: print_kids(p, n, "", IN_SEQUENCE); return;
  case REGEX_ALT: print_kids(p, n, "|", IN_GROUP); return;
  case REGEX_REPEAT: print_repeat(p, n); return;
  case REGEX_LINE_START: buf_str(&p->out, STR("(?m:^)")); return;
  case REGEX_LINE_END: buf_str(&p->out, STR("(?m:$)")); return;
  case REGEX_TEXT_START: buf_str(&p->out, STR("^")); return;
  case REGEX_TEXT_END: buf_str(&p->out, STR("$")); return;
  case REGEX_TEXT_END_LF: buf_str(&p->out, STR("\\Z")); return;
  case REGEX_WORD_EDGE: buf_str(&p->out, STR("\\b")); return;
  case REGEX_NOT_WORD_EDGE: buf_str(&p->out, STR("\\B")); return;
  }
}

/* The loosest place where a node may stand without brackets. */
static Hold loosest_for(RegexKind kind) {
  switch (kind) {
  case REGEX_CHAR:
  case REGEX_CLASS: return IN_REPEAT;
  case REGEX_ALT: return IN_GROUP;
  case REGEX_EMPTY:
  case REGEX_CAT:
  case REGEX_REPEAT:
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_START:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: return IN_SEQUENCE;
  }
  return IN_GROUP;
}

static void print_node(Printer *p, const RegexNode *n, Hold hold) {
  bool brackets = hold > loosest_for(n->kind);
  if (brackets) buf_str(&p->out, STR("(?:"));
  print_bare(p, n);
  if (brackets) buf_char(&p->out, ')');
}

Str regex_print_pcre(Arena *arena, const RegexNode *root) {
  Arena *scratch = arena_sub(arena);
  Printer p = {.arena = arena, .out.arena = scratch};
  print_node(&p, root, IN_GROUP);
  Str text = arena_dup(arena, buf_view(&p.out));
  arena_sub_done(scratch);
  return text;
}

bool regex_portable_caseless(Arena *arena, Str pattern, unsigned flags, Str *out_pattern, unsigned *out_flags) {
  *out_pattern = pattern;
  *out_flags = flags;
  RegexTree tree;
  if (!regex_parse(&tree, pattern, flags, arena)) return false;
  if (!tree.caseless && !tree.mended) return true;
  Str text = regex_print_pcre(arena, tree.root);
  if (text.n > LIMIT_REGEX_BYTES) return false;
  *out_pattern = text;
  *out_flags = 0;
  return true;
}

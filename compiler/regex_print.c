/* SPDX-License-Identifier: MIT */
#include "compiler/regex_print.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

/* How tightly a place holds what is put there. */
typedef enum { IN_GROUP, IN_SEQUENCE, IN_REPEAT } Hold;

typedef struct {
  Buf out;
  const RegexSyntax *syntax;
  Arena *arena;
} Printer;

/* Characters. */

/* What cannot be seen, stands for no character, or turns the direction of writing. */
static bool hidden(uint32_t cp) {
  static const RegexRange ranges[] = {
    {0xA0, 0xA0},     {0xAD, 0xAD},     {0x200B, 0x200F}, {0x2028, 0x202F}, {0x2060, 0x206F},    {0x3000, 0x3000},
    {0xD7FF, 0xD7FF}, {0xE000, 0xF8FF}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFF}, {0xF0000, 0x10FFFF},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (cp >= ranges[i].low && cp <= ranges[i].high) return true;
  return false;
}

static bool control(uint32_t cp) { return cp < 0x20 || (cp >= 0x7F && cp < 0xA0); }

static void print_char(Printer *p, uint32_t cp, const char *specials) {
  char utf8[4];
  if (!p->syntax->raw && cp == '\n') buf_str(&p->out, STR("\\n"));
  else if (!p->syntax->raw && cp == '\t') buf_str(&p->out, STR("\\t"));
  else if (p->syntax->hidden && cp == '\r') buf_str(&p->out, STR("\\r"));
  else if (!p->syntax->raw && control(cp)) buf_printf(&p->out, "\\x%02x", (unsigned)cp);
  else if (p->syntax->hidden && hidden(cp)) buf_printf(&p->out, "\\x{%x}", (unsigned)cp);
  else {
    if (cp > 0 && cp < 0x80 && strchr(specials, (int)cp)) buf_char(&p->out, '\\');
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

/* A letter and its other case, as a caseless letter becomes. */
static bool two_cases(const RegexRange *r, uint32_t n) {
  if (n != 2 || r[0].low != r[0].high || r[1].low != r[1].high) return false;
  return r[0].low < 0x80 ? ascii_lower((char)r[0].low) == (char)r[1].low && r[1].low < 0x80 : fold_code_point(r[0].low) == r[1].low;
}

static void print_ranges(Printer *p, const RegexRange *ranges, uint32_t n, bool complement) {
  const char *name = p->syntax->names ? name_of(ranges, n, complement) : NULL;
  if (complement && n == 1 && ranges[0].low == '\n' && ranges[0].high == '\n') name = p->syntax->dot;
  if (name) {
    buf_str(&p->out, str_of(name));
    return;
  }
  const char *specials = p->syntax->class_specials;
  buf_str(&p->out, complement ? STR("[^") : STR("["));
  if (p->syntax->lower_first && !complement && two_cases(ranges, n)) {
    print_char(p, ranges[1].low, specials);
    print_char(p, ranges[0].low, specials);
    n = 0;
  }
  for (uint32_t i = 0; i < n; i++) {
    print_char(p, ranges[i].low, specials);
    if (ranges[i].high > ranges[i].low + 1) buf_char(&p->out, '-');
    if (ranges[i].high > ranges[i].low) print_char(p, ranges[i].high, specials);
  }
  buf_char(&p->out, ']');
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
  if (n->lazy && p->syntax->lazy) buf_char(&p->out, '?');
}

static void print_repeat(Printer *p, const RegexNode *n) {
  bool all = p->syntax->all_repeat && regex_is_all(n->kids[0]);
  if (all) buf_str(&p->out, str_of(p->syntax->all_repeat));
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
  case REGEX_EMPTY: buf_str(&p->out, str_of(p->syntax->empty)); return;
  case REGEX_CHAR: print_char(p, n->code, p->syntax->specials); return;
  case REGEX_CLASS:
    if (regex_is_all(n)) buf_str(&p->out, str_of(p->syntax->all));
    else print_class(p, n);
    return;
  case REGEX_CAT: print_kids(p, n, "", IN_SEQUENCE); return;
  case REGEX_ALT: print_kids(p, n, "|", IN_GROUP); return;
  case REGEX_REPEAT: print_repeat(p, n); return;
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_START:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: buf_str(&p->out, str_of(p->syntax->edges[n->kind])); return;
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
  if (brackets) buf_str(&p->out, str_of(p->syntax->group));
  print_bare(p, n);
  if (brackets) buf_char(&p->out, ')');
}

Str regex_print(Arena *arena, const RegexNode *root, const RegexSyntax *syntax) {
  Arena *scratch = arena_sub(arena);
  Printer p = {.arena = scratch, .syntax = syntax, .out.arena = scratch};
  print_node(&p, root, IN_GROUP);
  Str text = arena_dup(arena, buf_view(&p.out));
  arena_sub_done(scratch);
  return text;
}

/* `(?s:.*)` and not `(?s:.)*`: PCRE2 sees that the former need not be tried again at each place. */
static const RegexSyntax pcre = {
  .group = "(?:",
  .empty = "",
  .specials = "\\.^$*+?()[]{}|",
  .class_specials = "[]\\^-",
  .names = true,
  .lazy = true,
  .dot = ".",
  .all = "(?s:.)",
  .all_repeat = "(?s:.",
  .edges = {[REGEX_LINE_START] = "(?m:^)",
            [REGEX_LINE_END] = "(?m:$)",
            [REGEX_TEXT_START] = "^",
            [REGEX_TEXT_END] = "$",
            [REGEX_TEXT_END_LF] = "\\Z",
            [REGEX_WORD_EDGE] = "\\b",
            [REGEX_NOT_WORD_EDGE] = "\\B"},
};

Str regex_print_pcre(Arena *arena, const RegexNode *root) { return regex_print(arena, root, &pcre); }

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

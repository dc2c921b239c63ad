/* SPDX-License-Identifier: MIT
 * Recursive descent, one function per level: alternatives, a sequence, an item with its quantifier, an item.
 * The options i, m and s are parser state that a group restores when it ends, so `(?i)` reaches to the end of
 * its group and over its later alternatives, as in PCRE2. */
#include "runtime/regex_tree.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

typedef VEC(RegexRange) Ranges;

typedef struct {
  Str text;
  size_t at;
  unsigned flags; /* RegexFlags that hold here */
  bool quoting;   /* between \Q and \E */
  unsigned depth;
  size_t ranges; /* used up so far, of REGEX_MAX_RANGES */
  RegexTree *out;
  Arena *arena;
} Parser;

static const char not_understood[] = "something that is not understood";

/* The first refusal is kept. */
static RegexNode *refuse(Parser *p, size_t at, const char *construct) {
  if (!p->out->construct) {
    p->out->offset = at;
    p->out->construct = construct;
  }
  return NULL;
}

/* Reading. */

static bool at_end(const Parser *p) { return p->at == p->text.n; }

/* The byte `ahead` of here; NUL behind the end. */
static char peek(const Parser *p, size_t ahead) { return ahead < p->text.n - p->at ? p->text.p[p->at + ahead] : '\0'; }

static bool looking_at(const Parser *p, const char *text) { return str_starts(str_from(p->text, p->at), str_of(text)); }

static bool take(Parser *p, const char *text) {
  if (!looking_at(p, text)) return false;
  p->at += strlen(text);
  return true;
}

static uint32_t take_code_point(Parser *p) {
  uint32_t cp = 0;
  p->at += utf8_decode(p->text, p->at, &cp); /* the pattern was checked */
  return cp;
}

/* Up to `most` digits of a base. The value saturates above all code points. */
static uint32_t take_number(Parser *p, unsigned base, size_t most) {
  uint32_t value = 0;
  for (size_t i = 0; i < most && !at_end(p) && ascii_hex(peek(p, 0)) < base; i++, p->at++) {
    value = value * base + ascii_hex(peek(p, 0));
    if (value > 0x110000) value = 0x110000;
  }
  return value;
}

/* Nodes. */

RegexNode *regex_node(Arena *arena, RegexKind kind) {
  RegexNode *n = arena_new(arena, RegexNode);
  n->kind = kind;
  return n;
}

RegexNode *regex_join(Arena *arena, RegexKind kind, RegexNode **kids, uint32_t n_kids) {
  if (n_kids == 1) return kids[0];
  RegexNode *n = regex_node(arena, n_kids ? kind : REGEX_EMPTY);
  n->kids = kids;
  n->n = n_kids;
  return n;
}

static const RegexRange all_ranges[] = {{0, 0xD7FF}, {0xE000, 0x10FFFF}};

RegexNode *regex_all(Arena *arena) {
  RegexNode *n = regex_node(arena, REGEX_CLASS);
  n->ranges = all_ranges;
  n->n = sizeof all_ranges / sizeof *all_ranges;
  return n;
}

bool regex_is_all(const RegexNode *n) {
  return n->kind == REGEX_CLASS && n->n == 2 && memcmp(n->ranges, all_ranges, sizeof all_ranges) == 0;
}

static RegexNode *node_new(Parser *p, RegexKind kind, size_t at) {
  RegexNode *n = regex_node(p->arena, kind);
  n->at = (uint32_t)at;
  return n;
}

typedef VEC(RegexNode *) Nodes;

static RegexNode *node_join(Parser *p, RegexKind kind, size_t at, const Nodes *kids) {
  RegexNode *n = regex_join(p->arena, kind, kids->p, kids->n);
  if (kids->n != 1) n->at = (uint32_t)at;
  return n;
}

/* Sets of code points. */

typedef struct {
  const RegexRange *p;
  uint32_t n;
} Set;

#define RANGES(...) \
  (const RegexRange[]) { __VA_ARGS__ }
#define SET(...) RANGES(__VA_ARGS__), sizeof(RANGES(__VA_ARGS__)) / sizeof(RegexRange)

static const Set set_digit = {SET({'0', '9'})};
static const Set set_space = {SET({9, 13}, {' ', ' '})};
static const Set set_word = {SET({'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'})};
/* These two go beyond ASCII without UCP too. */
static const Set set_vertical = {SET({10, 13}, {0x85, 0x85}, {0x2028, 0x2029})};
static const Set set_horizontal = {SET({9, 9}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200A},
                                       {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000})};
static const Set set_line_feed = {SET({'\n', '\n'})};
static const Set set_none = {NULL, 0};

/* POSIX classes (ASCII, the C locale). `folded` stands for it under `i`: its complement has to be right too.
 */
static const struct {
  Str name;
  Set set;
  Str folded;
} posix_classes[] = {
  {STR_INIT("alnum"), {SET({'0', '9'}, {'A', 'Z'}, {'a', 'z'})}, STR_INIT("alnum")},
  {STR_INIT("alpha"), {SET({'A', 'Z'}, {'a', 'z'})}, STR_INIT("alpha")},
  {STR_INIT("ascii"), {SET({0, 127})}, STR_INIT("ascii")},
  {STR_INIT("blank"), {SET({9, 9}, {' ', ' '})}, STR_INIT("blank")},
  {STR_INIT("cntrl"), {SET({0, 31}, {127, 127})}, STR_INIT("cntrl")},
  {STR_INIT("digit"), {SET({'0', '9'})}, STR_INIT("digit")},
  {STR_INIT("graph"), {SET({33, 126})}, STR_INIT("graph")},
  {STR_INIT("lower"), {SET({'a', 'z'})}, STR_INIT("alpha")},
  {STR_INIT("print"), {SET({32, 126})}, STR_INIT("print")},
  {STR_INIT("punct"), {SET({33, 47}, {58, 64}, {91, 96}, {123, 126})}, STR_INIT("punct")},
  {STR_INIT("space"), {SET({9, 13}, {' ', ' '})}, STR_INIT("space")},
  {STR_INIT("upper"), {SET({'A', 'Z'})}, STR_INIT("alpha")},
  {STR_INIT("word"), {SET({'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'})}, STR_INIT("word")},
  {STR_INIT("xdigit"), {SET({'0', '9'}, {'A', 'F'}, {'a', 'f'})}, STR_INIT("xdigit")},
};

static void add_range(Parser *p, Ranges *r, uint32_t low, uint32_t high) { *vec_add(p->arena, r) = (RegexRange){low, high}; }

/* Adds the part of a range that is not surrogates. */
static void add_scalars(Parser *p, Ranges *r, uint32_t low, uint32_t high) {
  if (low < 0xD800) add_range(p, r, low, high < 0xD800 ? high : 0xD7FF);
  if (high > 0xDFFF) add_range(p, r, low > 0xDFFF ? low : 0xE000, high);
}

static void add_set(Parser *p, Ranges *r, Set set, bool negated) {
  uint32_t next = 0;
  for (uint32_t i = 0; i < set.n; i++) {
    if (!negated) add_range(p, r, set.p[i].low, set.p[i].high);
    else if (set.p[i].low > next) add_scalars(p, r, next, set.p[i].low - 1);
    next = set.p[i].high + 1;
  }
  if (negated && next <= 0x10FFFF) add_scalars(p, r, next, 0x10FFFF);
}

static int range_cmp(const void *a, const void *b) {
  const RegexRange *x = a, *y = b;
  if (x->low != y->low) return x->low < y->low ? -1 : 1;
  return x->high < y->high ? -1 : x->high > y->high;
}

/* Sorts, and joins what overlaps or touches. */
static void normalise(Ranges *r) {
  if (!r->n) return;
  qsort(r->p, r->n, sizeof *r->p, range_cmp);
  uint32_t last = 0;
  for (uint32_t i = 1; i < r->n; i++) {
    if (r->p[i].low > r->p[last].high + 1) r->p[++last] = r->p[i];
    else if (r->p[i].high > r->p[last].high) r->p[last].high = r->p[i].high;
  }
  r->n = last + 1;
}

/* Whether a code point is in the first n ranges, which are normal. */
static bool in_ranges(const Ranges *r, uint32_t n, uint32_t cp) {
  uint32_t low = 0, high = n;
  while (low < high) {
    uint32_t mid = (low + high) / 2;
    if (r->p[mid].high < cp) low = mid + 1;
    else high = mid;
  }
  return low < n && r->p[low].low <= cp;
}

static void close_ascii(Parser *p, Ranges *r) {
  for (uint32_t i = 0, n = r->n; i < n; i++) {
    RegexRange range = r->p[i];
    for (uint32_t c = range.low; c <= range.high && c < 0x80; c++)
      if (ascii_letter((char)c)) add_range(p, r, c ^ 0x20, c ^ 0x20);
  }
  normalise(r);
}

/* First what the members fold to, then all that folds to a member: after that nothing is missing. */
static void close_beyond_ascii(Parser *p, Ranges *r) {
  uint32_t from, to;
  uint32_t n = r->n;
  for (size_t i = 0; fold_row(i, &from, &to); i++)
    if (in_ranges(r, n, from) && !in_ranges(r, n, to)) add_range(p, r, to, to);
  normalise(r);
  n = r->n;
  for (size_t i = 0; fold_row(i, &from, &to); i++)
    if (in_ranges(r, n, to) && !in_ranges(r, n, from)) add_range(p, r, from, from);
  normalise(r);
}

/* Adds the other case of all members. */
static void close_under_folding(Parser *p, Ranges *r) {
  normalise(r);
  if (!r->n) return;
  close_ascii(p, r);
  if (vec_last(r).high >= 0x80) close_beyond_ascii(p, r);
}

/* A class of one character is that character. */
static RegexNode *node_class(Parser *p, size_t at, Ranges *r) {
  normalise(r);
  bool one = r->n == 1 && r->p[0].low == r->p[0].high;
  p->ranges += r->n;
  if (p->ranges > REGEX_MAX_RANGES) return refuse(p, at, "more character ranges than can be handled");
  RegexNode *n = node_new(p, one ? REGEX_CHAR : REGEX_CLASS, at);
  if (one) n->code = r->p[0].low;
  else n->ranges = r->p;
  n->n = one ? 0 : r->n;
  return n;
}

static RegexNode *node_set(Parser *p, size_t at, Set set, bool negated) {
  Ranges r = {0};
  add_set(p, &r, set, negated);
  return node_class(p, at, &r);
}

static RegexNode *node_char(Parser *p, size_t at, uint32_t cp) {
  uint32_t all[4] = {cp};
  bool letter = cp >= 0x80 || ascii_letter((char)cp);
  bool folds = letter && p->flags & REGEX_IGNORECASE;
  unsigned n = folds ? fold_class(cp, all) : 1;
  if (folds) p->out->caseless = true;
  Ranges r = {0};
  for (unsigned i = 0; i < n; i++) add_range(p, &r, all[i], all[i]);
  return node_class(p, at, &r);
}

/* Escapes. They are read with `at` behind the backslash. */

static const struct {
  char letter; /* the capital letter is the complement */
  const Set *set;
} set_escapes[] = {
  {'d', &set_digit}, {'s', &set_space}, {'w', &set_word}, {'h', &set_horizontal}, {'v', &set_vertical},
};

static bool take_set_escape(Parser *p, Set *set, bool *negated) {
  for (size_t i = 0; i < sizeof set_escapes / sizeof *set_escapes; i++) {
    if (ascii_lower(peek(p, 0)) != set_escapes[i].letter) continue;
    *set = *set_escapes[i].set;
    *negated = peek(p, 0) != set_escapes[i].letter;
    p->at++;
    return true;
  }
  return false;
}

static bool take_control_escape(Parser *p, uint32_t *cp) {
  static const char letters[] = "aefnrt", means[] = "\a\x1B\f\n\r\t";
  const char *letter = at_end(p) ? NULL : memchr(letters, peek(p, 0), sizeof letters - 1);
  if (!letter) return false;
  *cp = (uint32_t)means[letter - letters];
  p->at++;
  return true;
}

/* `{digits}` of \x and \o. */
static bool take_braced(Parser *p, unsigned base, uint32_t *cp) {
  p->at++;
  size_t first = p->at;
  *cp = take_number(p, base, SIZE_MAX);
  bool scalar = *cp <= 0x10FFFF && (*cp < 0xD800 || *cp > 0xDFFF);
  return p->at > first && take(p, "}") && scalar;
}

/* \cX */
static bool take_control(Parser *p, uint32_t *cp) {
  char c = peek(p, 0);
  if (c < 0x20 || c > 0x7E) return false;
  *cp = (uint32_t)(ascii_letter(c) ? ascii_lower(c) - 32 : c) ^ 0x40;
  p->at++;
  return true;
}

static bool take_numbered(Parser *p, uint32_t *cp) {
  if (looking_at(p, "0")) {
    *cp = take_number(p, 8, 3);
    return true;
  }
  if (take(p, "c")) return take_control(p, cp);
  if (take(p, "o")) return looking_at(p, "{") && take_braced(p, 8, cp);
  if (!take(p, "x")) return false;
  if (looking_at(p, "{")) return take_braced(p, 16, cp);
  *cp = take_number(p, 16, 2); /* no digit at all is NUL */
  return true;
}

/* An escape that stands for one character, inside and outside of classes. */
static bool take_char_escape(Parser *p, uint32_t *cp) {
  if (at_end(p)) return false;
  char c = peek(p, 0);
  if (ascii_letter(c) || ascii_digit(c)) return take_control_escape(p, cp) || take_numbered(p, cp);
  *cp = take_code_point(p);
  return true;
}

static RegexNode *refuse_escape(Parser *p, size_t at) {
  char c = p->text.n - at > 1 ? p->text.p[at + 1] : '\0';
  switch (c) {
  case 'p':
  case 'P': return refuse(p, at, "a Unicode property");
  case 'g': return refuse(p, at, "a back-reference or recursion");
  case 'k': return refuse(p, at, "a back-reference");
  case 'C': return refuse(p, at, "`\\C`");
  case 'G': return refuse(p, at, "`\\G`");
  case 'K': return refuse(p, at, "`\\K`");
  case 'N': return refuse(p, at, "`\\N{...}`");
  case 'R': return refuse(p, at, "`\\R`");
  case 'X': return refuse(p, at, "`\\X`");
  default: break;
  }
  bool number = c >= '1' && c <= '9';
  return refuse(p, at, number ? "a back-reference or an octal number" : not_understood);
}

/* Classes. */

typedef struct {
  Ranges ranges;
  Set set; /* of the element that was read last, where it is no character */
  bool negated;
  bool wide; /* a negated set was seen: all code points above 255 are in the class */
  uint32_t cp;
} ClassParse;

typedef enum { ELEMENT_CHAR, ELEMENT_SET, ELEMENT_BAD } Element;

/* Whether PCRE2 takes `[:`, `[.` or `[=` for the start of a POSIX class; *end is then at its closing `:]`. */
static bool posix_syntax(Str text, size_t at, size_t *end) {
  if (at + 1 >= text.n || text.p[at] != '[' || !memchr(":.=", text.p[at + 1], 3)) return false;
  char mark = text.p[at + 1];
  for (size_t i = at + 2; i + 1 < text.n; i++) {
    char c = text.p[i], next = text.p[i + 1];
    if (c == '\\' && (next == ']' || next == '\\')) i++;
    else if ((c == '[' && next == mark) || c == ']') return false;
    else if (c == mark && next == ']') {
      *end = i;
      return true;
    }
  }
  return false;
}

static const Set *posix_find(Str name, bool folded) {
  for (size_t i = 0; i < sizeof posix_classes / sizeof *posix_classes; i++)
    if (str_eq(posix_classes[i].name, name)) return folded ? posix_find(posix_classes[i].folded, false) : &posix_classes[i].set;
  return NULL;
}

static Element take_posix(Parser *p, ClassParse *c, size_t end) {
  size_t at = p->at;
  Str name = str_sub(p->text, at + 2, end);
  c->negated = str_starts(name, STR("^"));
  const Set *set = posix_find(str_from(name, c->negated), p->flags & REGEX_IGNORECASE);
  if (p->text.p[at + 1] != ':' || !set) {
    refuse(p, at, not_understood);
    return ELEMENT_BAD;
  }
  /* PCRE2 10.42 forgets by a POSIX class that it saw a negated set before, and with it all above U+00FF. */
  if (c->wide && !c->negated) p->out->mended = true;
  c->set = *set;
  p->at = end + 2;
  return ELEMENT_SET;
}

static Element take_class_escape(Parser *p, ClassParse *c) {
  size_t at = p->at;
  p->at++;
  if (take_set_escape(p, &c->set, &c->negated)) return ELEMENT_SET;
  c->cp = '\b';
  if (take(p, "b") || take_char_escape(p, &c->cp)) return ELEMENT_CHAR;
  refuse_escape(p, at);
  return ELEMENT_BAD;
}

static Element take_element(Parser *p, ClassParse *c) {
  size_t end;
  if (posix_syntax(p->text, p->at, &end)) return take_posix(p, c, end);
  if (looking_at(p, "\\")) return take_class_escape(p, c);
  c->cp = take_code_point(p);
  return ELEMENT_CHAR;
}

/* A hyphen that is the last character of a class, or not between two characters, is a plain one. */
static bool before_range(const Parser *p) { return looking_at(p, "-") && p->text.n - p->at > 1 && peek(p, 1) != ']'; }

/* PCRE2 calls a hyphen between a set and something else an error, and so do we. */
static bool class_item(Parser *p, ClassParse *c) {
  size_t at = p->at;
  Element element = take_element(p, c);
  if (element == ELEMENT_BAD) return false;
  bool range = before_range(p);
  if (element == ELEMENT_SET) {
    c->wide = c->wide || c->negated;
    add_set(p, &c->ranges, c->set, c->negated);
    if (range) refuse(p, at, not_understood);
    return !range;
  }
  uint32_t low = c->cp;
  if (range) {
    p->at++;
    element = take_element(p, c);
    if (element == ELEMENT_SET || c->cp < low) refuse(p, at, not_understood);
    if (element != ELEMENT_CHAR || c->cp < low) return false;
  }
  add_scalars(p, &c->ranges, low, c->cp);
  return true;
}

static RegexNode *parse_class(Parser *p) {
  size_t at = p->at, end;
  if (posix_syntax(p->text, at, &end)) return refuse(p, at, not_understood);
  p->at++;
  bool negated = take(p, "^");
  ClassParse c = {0};
  for (bool first = true; first || !looking_at(p, "]"); first = false) {
    if (at_end(p)) return refuse(p, at, not_understood);
    if (!class_item(p, &c)) return NULL;
  }
  p->at++;
  if (p->flags & REGEX_IGNORECASE) {
    p->out->caseless = true;
    close_under_folding(p, &c.ranges);
  }
  if (!negated) return node_class(p, at, &c.ranges);
  normalise(&c.ranges);
  return node_set(p, at, (Set){c.ranges.p, c.ranges.n}, true);
}

/* Items. */

static RegexNode *parse_escape(Parser *p) {
  size_t at = p->at;
  p->at++;
  Set set;
  bool negated;
  uint32_t cp;
  if (take(p, "b")) return node_new(p, REGEX_WORD_EDGE, at);
  if (take(p, "B")) return node_new(p, REGEX_NOT_WORD_EDGE, at);
  if (take(p, "A")) return node_new(p, REGEX_TEXT_START, at);
  if (take(p, "z")) return node_new(p, REGEX_TEXT_END, at);
  if (take(p, "Z")) return node_new(p, REGEX_TEXT_END_LF, at);
  if (looking_at(p, "N") && peek(p, 1) != '{') {
    p->at++;
    return node_set(p, at, set_line_feed, true);
  }
  if (take_set_escape(p, &set, &negated)) return node_set(p, at, set, negated);
  return take_char_escape(p, &cp) ? node_char(p, at, cp) : refuse_escape(p, at);
}

static RegexNode *parse_alternatives(Parser *p);

static RegexNode *parse_group_body(Parser *p, size_t at, unsigned outer_flags) {
  if (++p->depth > REGEX_MAX_DEPTH) return refuse(p, at, "groups that are nested too deep");
  RegexNode *n = parse_alternatives(p);
  if (!n) return NULL;
  if (!take(p, ")")) return refuse(p, at, not_understood);
  p->depth--;
  p->flags = outer_flags;
  return n;
}

static bool set_option(unsigned *flags, char c, bool on) {
  unsigned flag = c == 'i' ? REGEX_IGNORECASE : c == 'm' ? REGEX_MULTILINE : c == 's' ? REGEX_DOTALL : 0;
  *flags = on ? *flags | flag : *flags & ~flag;
  return flag;
}

/* `(?i)` and the like, which hold to the end of the group around them, and `(?i: )`. */
static RegexNode *parse_options(Parser *p, size_t at) {
  unsigned outer = p->flags, flags = p->flags;
  bool on = true;
  for (; !looking_at(p, ")") && !looking_at(p, ":"); p->at++) {
    if (at_end(p)) return refuse(p, at, not_understood);
    if (on && looking_at(p, "-")) on = false;
    else if (!set_option(&flags, peek(p, 0), on)) return refuse(p, at, "an option other than i, m and s");
  }
  p->flags = flags;
  if (take(p, ")")) return node_new(p, REGEX_EMPTY, at);
  p->at++;
  return parse_group_body(p, at, outer);
}

static const struct {
  const char *start, *construct;
} refused_groups[] = {
  {"(*", "a verb"},
  {"(?=", "a look-ahead"},
  {"(?!", "a look-ahead"},
  {"(?*", "a look-ahead"},
  {"(?<=", "a look-behind"},
  {"(?<!", "a look-behind"},
  {"(?<*", "a look-behind"},
  {"(?>", "an atomic group"},
  {"(?|", "a branch reset group"},
  {"(?(", "a conditional group"},
  {"(?P=", "a back-reference"},
  {"(?P>", "recursion"},
  {"(?&", "recursion"},
  {"(?R", "recursion"},
  {"(?#", "a comment"},
  {"(?C", "a callout"},
};

static const char *refused_group(const Parser *p) {
  for (size_t i = 0; i < sizeof refused_groups / sizeof *refused_groups; i++)
    if (looking_at(p, refused_groups[i].start)) return refused_groups[i].construct;
  bool sign = looking_at(p, "(?+") || looking_at(p, "(?-");
  return looking_at(p, "(?") && ascii_digit(peek(p, sign ? 3 : 2)) ? "recursion" : NULL;
}

/* The name of a group, up to its closing mark. It is not kept: a name is of use to back-references only. */
static bool take_name(Parser *p, const char *close) {
  while (ascii_letter(peek(p, 0)) || ascii_digit(peek(p, 0)) || peek(p, 0) == '_') p->at++;
  return take(p, close);
}

static RegexNode *parse_group(Parser *p) {
  size_t at = p->at;
  const char *construct = refused_group(p);
  if (construct) return refuse(p, at, construct);
  p->at++;
  if (!take(p, "?")) return parse_group_body(p, at, p->flags);
  const char *close = take(p, "<") || take(p, "P<") ? ">" : take(p, "'") ? "'" : NULL;
  if (!close) return parse_options(p, at);
  return take_name(p, close) ? parse_group_body(p, at, p->flags) : refuse(p, at, not_understood);
}

static RegexNode *parse_literal(Parser *p) {
  size_t at = p->at;
  return node_char(p, at, take_code_point(p));
}

static RegexNode *parse_mark(Parser *p, RegexKind kind) { return node_new(p, kind, p->at++); }

static RegexNode *parse_dot(Parser *p) {
  bool all = p->flags & REGEX_DOTALL;
  return node_set(p, p->at++, all ? set_none : set_line_feed, true);
}

/* Quantifiers. */

typedef struct {
  uint32_t min, max;
} Counts;

/* `{n}`, `{n,}` or `{n,m}`; anything else behind `{` makes it a plain brace, which is left where it is. */
static bool take_counts(Parser *p, Counts *c) {
  size_t at = p->at++;
  size_t first = p->at;
  c->min = c->max = take_number(p, 10, SIZE_MAX);
  bool good = p->at > first;
  if (good && take(p, ",")) {
    first = p->at;
    c->max = take_number(p, 10, SIZE_MAX);
    if (p->at == first) c->max = REGEX_NO_MAX;
  }
  good = good && take(p, "}");
  if (!good) p->at = at;
  return good;
}

static bool take_quantifier(Parser *p, Counts *c) {
  *c = (Counts){0, REGEX_NO_MAX};
  if (take(p, "*")) return true;
  c->min = 1;
  if (take(p, "+")) return true;
  *c = (Counts){0, 1};
  return take(p, "?") || (looking_at(p, "{") && take_counts(p, c));
}

/* PCRE2 reads `{,n}` and `{ n }` as plain text up to 10.42 and as quantifiers from 10.43 on. */
static bool looks_like_counts(const Parser *p) {
  if (!looking_at(p, "{")) return false;
  bool digits = false;
  size_t i = 1;
  for (; i < p->text.n - p->at && strchr(" \t,0123456789", peek(p, i)) && peek(p, i); i++)
    digits = digits || ascii_digit(peek(p, i));
  return digits && peek(p, i) == '}';
}

static RegexNode *parse_item(Parser *p) {
  Counts counts;
  size_t at = p->at;
  if (p->quoting) return parse_literal(p);
  if (take_quantifier(p, &counts)) return refuse(p, at, not_understood);
  if (looks_like_counts(p)) return refuse(p, at, "braces that versions of PCRE2 read differently");
  bool lines = p->flags & REGEX_MULTILINE;
  switch (peek(p, 0)) {
  case '\\': return parse_escape(p);
  case '[': return parse_class(p);
  case '(': return parse_group(p);
  case '.': return parse_dot(p);
  case '^': return parse_mark(p, lines ? REGEX_LINE_START : REGEX_TEXT_START);
  case '$': return parse_mark(p, lines ? REGEX_LINE_END : REGEX_TEXT_END);
  default: return parse_literal(p);
  }
}

static void skip_quote_marks(Parser *p) {
  for (;;) {
    if (take(p, "\\E")) p->quoting = false;
    else if (!p->quoting && take(p, "\\Q")) p->quoting = true;
    else return;
  }
}

static RegexNode *parse_repeat(Parser *p) {
  size_t at = p->at;
  RegexNode *item = parse_item(p);
  if (!item) return NULL;
  skip_quote_marks(p);
  Counts counts;
  size_t quantifier = p->at;
  if (p->quoting || !take_quantifier(p, &counts)) return item;
  bool too_many = counts.min > REGEX_MAX_COUNT || (counts.max != REGEX_NO_MAX && counts.max > REGEX_MAX_COUNT);
  if (too_many || counts.min > counts.max) return refuse(p, quantifier, not_understood);
  if (looking_at(p, "+")) return refuse(p, quantifier, "a possessive quantifier");
  RegexNode *n = node_new(p, REGEX_REPEAT, at);
  n->min = counts.min;
  n->max = counts.max;
  n->lazy = take(p, "?");
  n->n = 1;
  n->kids = arena_array(p->arena, RegexNode *, 1);
  n->kids[0] = item;
  return n;
}

static bool at_sequence_end(const Parser *p) { return at_end(p) || (!p->quoting && (looking_at(p, "|") || looking_at(p, ")"))); }

static RegexNode *parse_sequence(Parser *p) {
  Nodes kids = {0};
  size_t at = p->at;
  for (skip_quote_marks(p); !at_sequence_end(p); skip_quote_marks(p)) {
    RegexNode *n = parse_repeat(p);
    if (!n) return NULL;
    if (n->kind != REGEX_EMPTY) *vec_add(p->arena, &kids) = n;
  }
  return node_join(p, REGEX_CAT, at, &kids);
}

static RegexNode *parse_alternatives(Parser *p) {
  Nodes kids = {0};
  size_t at = p->at;
  do {
    RegexNode *n = parse_sequence(p);
    if (!n) return NULL;
    *vec_add(p->arena, &kids) = n;
  } while (take(p, "|"));
  return node_join(p, REGEX_ALT, at, &kids);
}

bool regex_parse(RegexTree *out, Str pattern, unsigned flags, Arena *arena) {
  *out = (RegexTree){0};
  Parser p = {.text = pattern, .flags = flags, .out = out, .arena = arena};
  size_t bad = utf8_check(pattern);
  if (pattern.n > LIMIT_REGEX_BYTES) refuse(&p, 0, "more text than the limit");
  else if (bad < pattern.n) refuse(&p, bad, not_understood);
  if (out->construct) return false;
  const RegexNode *root = parse_alternatives(&p);
  if (root && !at_end(&p)) root = refuse(&p, p.at, not_understood);
  out->root = root;
  return root != NULL;
}

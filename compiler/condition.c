/* SPDX-License-Identifier: MIT
 * A recursive descent over words. Every word is looked at once; recursion happens only through `(` and `not`,
 * which are counted. The first fault ends the parse: what follows it would only be guesses. */
#include "compiler/condition.h"

#include "base/limits.h"
#include "base/utf8.h"

typedef enum {
  TOK_END,
  TOK_NAME, /* an identifier or a pattern */
  TOK_AND,
  TOK_OR,
  TOK_NOT,
  TOK_OF,
  TOK_THEM,
  TOK_QUANTIFIER, /* 1, any, all */
  TOK_OPEN,
  TOK_CLOSE,
  TOK_ERROR /* reported */
} TokenKind;

typedef struct {
  TokenKind kind;
  size_t from, to; /* bytes of the text */
} Token;

typedef struct {
  const YamlNode *node;
  const Intern *identifiers; /* may be NULL */
  Str text;
  Token now;    /* the word to look at */
  Token before; /* the last one that was taken; empty at the start */
  unsigned depth;
  Arena *arena;
  Diags *diags;
} Parser;

static const struct {
  Str word;
  TokenKind kind;
} reserved[] = {
  {STR_INIT("and"), TOK_AND},        {STR_INIT("or"), TOK_OR},          {STR_INIT("not"), TOK_NOT},
  {STR_INIT("of"), TOK_OF},          {STR_INIT("them"), TOK_THEM},      {STR_INIT("1"), TOK_QUANTIFIER},
  {STR_INIT("any"), TOK_QUANTIFIER}, {STR_INIT("all"), TOK_QUANTIFIER},
};

static Str text_of(const Parser *p, Token t) { return str_sub(p->text, t.from, t.to); }

static Span span_of(const Parser *p, Token t) { return yaml_sub_span(p->node, t.from, t.to); }

/* Faults at the end of the text are shown at its last word. */
static Span span_here(const Parser *p) { return span_of(p, p->now.kind == TOK_END ? p->before : p->now); }

/* Words. */

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_word(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_' || c == '-' || c == '*'; }

static const char *operator_for(char c) {
  switch (c) {
  case '&': return "and";
  case '|': return "or";
  case '!': return "not";
  default: return NULL;
  }
}

static void report_pipe(const Parser *p, Token t) {
  diag_error(p->diags, ID_condition_aggregation, span_of(p, t), "aggregation with `|` was removed from Sigma");
  diag_hint(p->diags, "write a correlation rule that counts the events of this rule");
}

static void report_unknown(const Parser *p, Token t) {
  diag_error(p->diags, ID_condition_syntax, span_of(p, t), "`" STR_FMT "` has no meaning in a condition", STR_ARG(text_of(p, t)));
  const char *meant = operator_for(p->text.p[t.from]);
  if (meant) diag_hint(p->diags, "write `%s`", meant);
  else diag_hint(p->diags, "names consist of letters, digits, `_` and `-`");
}

/* A character that starts no word. `&&` and `||` are taken whole. */
static Token read_stray(const Parser *p, size_t from) {
  char c = p->text.p[from];
  bool twice = from + 1 < p->text.n && p->text.p[from + 1] == c && operator_for(c);
  uint32_t cp;
  size_t n = twice ? 2 : utf8_decode(p->text, from, &cp);
  Token t = {TOK_ERROR, from, from + (n ? n : 1)};
  if (c == '|' && !twice) report_pipe(p, t);
  else report_unknown(p, t);
  return t;
}

static Token read_word(const Parser *p, size_t from) {
  Token t = {TOK_NAME, from, from};
  while (t.to < p->text.n && is_word(p->text.p[t.to])) t.to++;
  Str word = text_of(p, t);
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
    if (!str_eq_nocase(word, reserved[i].word)) continue;
    if (str_eq(word, reserved[i].word)) t.kind = reserved[i].kind;
    else if (!p->identifiers || intern_find(p->identifiers, word) == INTERN_NONE) {
      t.kind = TOK_ERROR;
      diag_error(p->diags, ID_condition_operator_case, span_of(p, t), "operators are in lower case, not `" STR_FMT "`",
                 STR_ARG(word));
      diag_hint(p->diags, "write `" STR_FMT "`", STR_ARG(reserved[i].word));
    }
  }
  return t;
}

static Token read_token(const Parser *p, size_t from) {
  while (from < p->text.n && is_blank(p->text.p[from])) from++;
  if (from == p->text.n) return (Token){TOK_END, from, from};
  char c = p->text.p[from];
  if (c == '(') return (Token){TOK_OPEN, from, from + 1};
  if (c == ')') return (Token){TOK_CLOSE, from, from + 1};
  return is_word(c) ? read_word(p, from) : read_stray(p, from);
}

static void advance(Parser *p) {
  p->before = p->now;
  p->now = read_token(p, p->now.to);
}

/* Faults. Each returns NULL, for `return`. A word that was no good has been reported already. */

#define SYNTAX_ERROR(p, at, ...) \
  ((p)->now.kind == TOK_ERROR ? (void)0 : diag_error((p)->diags, ID_condition_syntax, (at), __VA_ARGS__))

static Cond *no_operand(const Parser *p) {
  Str now = text_of(p, p->now), before = text_of(p, p->before);
  bool brackets = p->now.kind == TOK_CLOSE && p->before.kind == TOK_OPEN;
  if (p->now.kind == TOK_END) SYNTAX_ERROR(p, span_here(p), "expected an operand after `" STR_FMT "`", STR_ARG(before));
  else if (!before.n) SYNTAX_ERROR(p, span_here(p), "expected an operand before `" STR_FMT "`", STR_ARG(now));
  else if (brackets) SYNTAX_ERROR(p, yaml_sub_span(p->node, p->before.from, p->now.to), "nothing between `(` and `)`");
  else SYNTAX_ERROR(p, span_here(p), "expected an operand after `" STR_FMT "`, not `" STR_FMT "`", STR_ARG(before), STR_ARG(now));
  return NULL;
}

static Cond *bad_quantifier(const Parser *p, Token quantifier) {
  SYNTAX_ERROR(p, span_of(p, quantifier), "`" STR_FMT "` is no quantifier: only `1`, `any` and `all` are",
               STR_ARG(text_of(p, quantifier)));
  return NULL;
}

static Cond *bad_pattern(const Parser *p) {
  Str now = text_of(p, p->now);
  if (p->now.kind == TOK_END) SYNTAX_ERROR(p, span_here(p), "expected `them` or a pattern after `of`");
  else SYNTAX_ERROR(p, span_here(p), "expected `them` or a pattern after `of`, not `" STR_FMT "`", STR_ARG(now));
  if (p->now.kind == TOK_OPEN) diag_hint(p->diags, "a selector takes one pattern, such as `1 of selection_*`");
  return NULL;
}

static Cond *too_deep(const Parser *p) {
  diag_error(p->diags, ID_condition_depth, span_here(p), "brackets and `not` are nested deeper than %d",
             (int)LIMIT_CONDITION_DEPTH);
  return NULL;
}

/* What follows an operand and is neither operator nor the closing bracket. */
static void bad_sequel(const Parser *p) {
  Str now = text_of(p, p->now), before = text_of(p, p->before);
  if (p->now.kind == TOK_CLOSE) SYNTAX_ERROR(p, span_here(p), "`)` without `(`");
  else if (p->now.kind == TOK_OF) SYNTAX_ERROR(p, span_here(p), "expected `1`, `any` or `all` before `of`");
  else
    SYNTAX_ERROR(p, span_here(p), "expected `and` or `or` between `" STR_FMT "` and `" STR_FMT "`", STR_ARG(before), STR_ARG(now));
}

/* Grammar. */

typedef VEC(Cond *) Conds;

static Cond *node_new(const Parser *p, CondKind kind, size_t from) {
  Cond *c = arena_new(p->arena, Cond);
  c->kind = kind;
  c->at = yaml_sub_span(p->node, from, p->before.to);
  return c;
}

/* One operand is itself; more become one node. */
static Cond *join(const Parser *p, CondKind kind, size_t from, Conds kids) {
  if (kids.n == 1) return kids.p[0];
  Cond *c = node_new(p, kind, from);
  c->kids = kids.p;
  c->n_kids = kids.n;
  return c;
}

static Cond *parse_or(Parser *p);

static Cond *parse_brackets(Parser *p) {
  Token open = p->now;
  if (++p->depth > LIMIT_CONDITION_DEPTH) return too_deep(p);
  advance(p);
  Cond *c = parse_or(p);
  if (!c) return NULL;
  if (p->now.kind == TOK_END) SYNTAX_ERROR(p, span_of(p, open), "`(` is not closed");
  else if (p->now.kind != TOK_CLOSE) bad_sequel(p);
  if (p->now.kind != TOK_CLOSE) return NULL;
  advance(p);
  p->depth--;
  return c;
}

static Cond *parse_selector(Parser *p) {
  Token quantifier = p->now;
  advance(p);
  if (p->now.kind != TOK_OF) {
    SYNTAX_ERROR(p, span_of(p, quantifier), "expected `of` after `" STR_FMT "`", STR_ARG(text_of(p, quantifier)));
    return NULL;
  }
  advance(p);
  if (p->now.kind != TOK_THEM && p->now.kind != TOK_NAME) return bad_pattern(p);
  advance(p);
  Cond *c = node_new(p, COND_SELECTOR, quantifier.from);
  c->name = text_of(p, p->before);
  c->them = p->before.kind == TOK_THEM;
  c->all = str_is(text_of(p, quantifier), "all");
  return c;
}

static Cond *stray_pattern(const Parser *p) {
  Str now = text_of(p, p->now);
  SYNTAX_ERROR(p, span_here(p), "a pattern stands only after `1 of`, `any of` or `all of`");
  diag_hint(p->diags, "write `1 of " STR_FMT "` or `all of " STR_FMT "`", STR_ARG(now), STR_ARG(now));
  return NULL;
}

static Cond *parse_name(Parser *p) {
  Token name = p->now;
  if (memchr(p->text.p + name.from, '*', name.to - name.from)) return stray_pattern(p);
  advance(p);
  if (p->now.kind == TOK_OF) return bad_quantifier(p, name);
  Cond *c = node_new(p, COND_NAME, name.from);
  c->name = text_of(p, name);
  return c;
}

static Cond *parse_operand(Parser *p) {
  switch (p->now.kind) {
  case TOK_NAME: return parse_name(p);
  case TOK_QUANTIFIER: return parse_selector(p);
  case TOK_OPEN: return parse_brackets(p);
  case TOK_THEM: SYNTAX_ERROR(p, span_here(p), "`them` stands only after `1 of`, `any of` or `all of`"); return NULL;
  case TOK_END:
  case TOK_AND:
  case TOK_OR:
  case TOK_NOT:
  case TOK_OF:
  case TOK_CLOSE:
  case TOK_ERROR: return no_operand(p);
  }
  return NULL;
}

static Cond *parse_not(Parser *p) {
  if (p->now.kind != TOK_NOT) return parse_operand(p);
  size_t from = p->now.from;
  if (++p->depth > LIMIT_CONDITION_DEPTH) return too_deep(p);
  advance(p);
  Cond *kid = parse_not(p);
  if (!kid) return NULL;
  p->depth--;
  Cond *c = node_new(p, COND_NOT, from);
  c->kids = arena_array(p->arena, Cond *, 1);
  c->kids[0] = kid;
  c->n_kids = 1;
  return c;
}

static Cond *parse_and(Parser *p) {
  Conds kids = {0};
  size_t from = p->now.from;
  for (;; advance(p)) {
    Cond *kid = parse_not(p);
    if (!kid) return NULL;
    *vec_add(p->arena, &kids) = kid;
    if (p->now.kind != TOK_AND) return join(p, COND_AND, from, kids);
  }
}

static Cond *parse_or(Parser *p) {
  Conds kids = {0};
  size_t from = p->now.from;
  for (;; advance(p)) {
    Cond *kid = parse_and(p);
    if (!kid) return NULL;
    *vec_add(p->arena, &kids) = kid;
    if (p->now.kind != TOK_OR) return join(p, COND_OR, from, kids);
  }
}

bool cond_parse(Cond **out, const YamlNode *text, const Intern *identifiers, Arena *arena, Diags *diags) {
  Parser p = {.node = text, .identifiers = identifiers, .text = text->text, .arena = arena, .diags = diags};
  advance(&p);
  if (p.now.kind == TOK_END) {
    diag_error(diags, ID_condition_type, text->at, "the condition is empty");
    return false;
  }
  Cond *c = parse_or(&p);
  if (!c) return false;
  if (p.now.kind != TOK_END) {
    bad_sequel(&p);
    return false;
  }
  *out = c;
  return true;
}

/* Selectors. */

/* The first place of each literal part is good enough, because only `*` stands between parts. */
static bool glob_matches(Str pattern, Str name) {
  size_t star = str_find(pattern, STR("*"), 0);
  if (star == SIZE_MAX) return str_eq(pattern, name);
  if (!str_starts(name, str_sub(pattern, 0, star))) return false;
  size_t at = star;
  for (;;) {
    size_t part = star + 1;
    star = str_find(pattern, STR("*"), part);
    if (star == SIZE_MAX) return str_ends(str_from(name, at), str_from(pattern, part));
    size_t hit = str_find(name, str_sub(pattern, part, star), at);
    if (hit == SIZE_MAX) return false;
    at = hit + (star - part);
  }
}

bool cond_selects(const Cond *selector, Str identifier) {
  bool hidden = str_starts(identifier, STR("_"));
  if (hidden && (selector->them || !str_starts(selector->name, STR("_")))) return false;
  return selector->them || glob_matches(selector->name, identifier);
}

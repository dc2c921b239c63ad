/* SPDX-License-Identifier: MIT
 * Expressions over the names of conditions: `and`, `or`, `not`, brackets. Not those of rules: any word may be a name here, such as
 * `any`, and nothing is selected. */
#include "base/limits.h"
#include "compiler/pipeline_internal.h"

typedef struct {
  PipelineReader *r;
  const YamlNode *node;
  const Conditions *of;
  bool *used;
  Str s;
  size_t i;
  unsigned depth;
} Parser;

static bool name_char(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_' || c == '-'; }

static Span here(const Parser *p, size_t n) { return yaml_sub_span(p->node, p->i, p->i + n); }

static void skip_blanks(Parser *p) {
  while (p->i < p->s.n && (p->s.p[p->i] == ' ' || p->s.p[p->i] == '\t' || p->s.p[p->i] == '\n' || p->s.p[p->i] == '\r')) p->i++;
}

/* The word at this place; empty where there is none. */
static Str peek(Parser *p) {
  skip_blanks(p);
  size_t end = p->i;
  while (end < p->s.n && name_char(p->s.p[end])) end++;
  return str_sub(p->s, p->i, end);
}

static bool take(Parser *p, const char *word) {
  if (!str_is(peek(p), word)) return false;
  p->i += strlen(word);
  return true;
}

static Cond *node(Parser *p, CondKind kind, Cond **kids, uint32_t n) {
  Cond *c = arena_new(p->r->arena, Cond);
  *c = (Cond){.kind = kind, .at = p->node->at, .kids = kids, .n_kids = n};
  return c;
}

static Cond *fail(Parser *p, const char *what) {
  read_error(p->r, ID_pipeline_format, here(p, 1), "%s", what);
  return NULL;
}

static Cond *parse_or(Parser *p);

static Cond *parse_name(Parser *p) {
  Str name = peek(p);
  if (!name.n) return fail(p, "the name of a condition is expected here");
  uint32_t id = intern_find(&p->of->names, name);
  if (id == INTERN_NONE) {
    read_error(p->r, ID_pipeline_format, here(p, name.n), "no condition has the name `%s`", arena_cstr(p->r->arena, name));
    return NULL;
  }
  p->used[id] = true;
  Cond *c = node(p, COND_NAME, NULL, 0);
  c->name = name;
  p->i += name.n;
  return c;
}

static Cond *parse_primary(Parser *p) {
  skip_blanks(p);
  if (p->i >= p->s.n || p->s.p[p->i] != '(') return parse_name(p);
  p->i++;
  Cond *c = parse_or(p);
  skip_blanks(p);
  if (c && (p->i >= p->s.n || p->s.p[p->i] != ')')) return fail(p, "`)` is missing here");
  p->i++;
  return c;
}

static Cond *parse_not(Parser *p) {
  if (++p->depth > LIMIT_CONDITION_DEPTH) return fail(p, "brackets and `not` are nested too deeply");
  Cond *c;
  if (take(p, "not")) {
    Cond **kid = arena_new(p->r->arena, Cond *);
    kid[0] = parse_not(p);
    c = kid[0] ? node(p, COND_NOT, kid, 1) : NULL;
  } else {
    c = parse_primary(p);
  }
  p->depth--;
  return c;
}

static Cond *parse_list(Parser *p, CondKind kind, const char *word, Cond *(*operand)(Parser *p)) {
  VEC(Cond *) kids = {0};
  do {
    Cond *kid = operand(p);
    if (!kid) return NULL;
    *vec_add(p->r->arena, &kids) = kid;
  } while (take(p, word));
  return kids.n == 1 ? kids.p[0] : node(p, kind, kids.p, kids.n);
}

static Cond *parse_and(Parser *p) { return parse_list(p, COND_AND, "and", parse_not); }
static Cond *parse_or(Parser *p) { return parse_list(p, COND_OR, "or", parse_and); }

const Cond *read_condition_expr(PipelineReader *r, const YamlNode *text, const YamlNode *conditions, const Conditions *of) {
  Parser p = {.r = r, .node = text, .of = of, .s = text->text};
  p.used = arena_array(r->arena, bool, of->list.n);
  Cond *c = parse_or(&p);
  skip_blanks(&p);
  if (c && p.i < p.s.n) c = fail(&p, "`and`, `or` or the end is expected here");
  for (uint32_t i = 0; c && i < of->list.n; i++)
    if (!p.used[i])
      read_error(r, ID_pipeline_format, conditions->pairs[i].key->at, "the expression does not use the condition `%s`",
                 arena_cstr(r->arena, conditions->pairs[i].key->text));
  return c;
}

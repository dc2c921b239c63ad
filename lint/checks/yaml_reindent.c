/* SPDX-License-Identifier: MIT
 * The fix of yaml-indent: each line of a document moves to where its first token is expected. Lines without one move along: those of a
 * scalar with the line that it begins in, a comment with the line below or above that has its column. */
#include "lint/checks/yaml.h"

enum { STEP = 4 };

/* Columns before and behind the fix. */
typedef struct {
  YamlTokenKind kind;
  uint32_t old, now; /* of keys and entries; inside of brackets: of what begins a line */
  uint32_t indent;   /* of the line that it begins in, behind the fix */
  bool unindented;   /* a list in the column of its key, which has no token for its end */
} Level;

typedef enum { LINE_OTHER, LINE_TOKEN, LINE_SCALAR } LineKind;

typedef struct {
  uint32_t start;    /* byte */
  uint32_t old, now; /* column of the first character */
  LineKind kind;
} Line;

typedef struct {
  const TokenCheck *c;
  Arena *arena;
  VEC(Line) lines;
  VEC(Level) open;
  uint32_t want; /* column of the next node, if it begins a line */
  bool after_key;
} Reindent;

/* --- lines ------------------------------------------------------------------------------------------------------ */

static uint32_t blanks_at(Str s, size_t at) {
  size_t end = at;
  while (end < s.n && s.p[end] == ' ') end++;
  return (uint32_t)(end - at);
}

static void find_lines(Reindent *r, uint32_t from, uint32_t to) {
  Str s = r->c->file->text;
  while (from && s.p[from - 1] != '\n') from--;
  for (size_t at = from; at < to;) {
    uint32_t column = blanks_at(s, at);
    *vec_add(r->arena, &r->lines) = (Line){.start = (uint32_t)at, .old = column, .now = column};
    size_t end = str_find(s, STR("\n"), at);
    at = end == SIZE_MAX ? s.n : end + 1;
  }
}

static uint32_t line_of(const Reindent *r, uint32_t byte) {
  uint32_t low = 0, high = r->lines.n;
  while (high - low > 1) {
    uint32_t mid = low + (high - low) / 2;
    if (r->lines.p[mid].start <= byte) low = mid;
    else high = mid;
  }
  return low;
}

static Line *line_at(const Reindent *r, const YamlToken *t) { return &r->lines.p[line_of(r, t->start)]; }

static bool begins_line(const Reindent *r, const YamlToken *t) {
  const Line *l = line_at(r, t);
  return t->start == l->start + l->old;
}

static void move(Reindent *r, const YamlToken *t, uint32_t column) {
  Line *l = line_at(r, t);
  if (l->kind != LINE_OTHER || !begins_line(r, t)) return;
  l->kind = LINE_TOKEN;
  l->now = column;
}

/* Of a token, behind the fix. */
static uint32_t column_now(const Reindent *r, const YamlToken *t) {
  const Line *l = line_at(r, t);
  return t->column + l->now > l->old ? t->column + l->now - l->old : 0;
}

/* --- tokens ------------------------------------------------------------------------------------------------------ */

static Level *top(Reindent *r) { return r->open.n ? &vec_last(&r->open) : NULL; }
static bool is_flow(const Level *l) { return l && (l->kind == TOKEN_FLOW_LIST || l->kind == TOKEN_FLOW_MAP); }

static void push(Reindent *r, YamlTokenKind kind, const YamlToken *t, uint32_t now, bool unindented) {
  *vec_add(r->arena, &r->open) = (Level){kind, t->column, now, line_at(r, t)->now, unindented};
  r->after_key = false;
}

static void pop(Reindent *r) { r->open.n -= r->open.n > 0; }

static void pop_unindented(Reindent *r) {
  if (r->open.n && top(r)->unindented) pop(r);
}

static void node(Reindent *r, const YamlToken *t) { move(r, t, r->after_key && r->open.n ? top(r)->now : r->want); }

static void entry(Reindent *r, const YamlToken *t) {
  const Level *l = top(r);
  if (!l || l->kind != TOKEN_BLOCK_LIST || l->old != t->column) {
    move(r, t, l && l->kind == TOKEN_BLOCK_MAP && l->old == t->column ? l->now : r->want);
    push(r, TOKEN_BLOCK_LIST, t, column_now(r, t), true);
  } else move(r, t, l->now);
  r->want = column_now(r, t) + STEP;
  r->after_key = false;
}

static void open_flow(Reindent *r, const YamlToken *t) {
  bool same = line_of(r, t[1].start) == line_of(r, t->start);
  node(r, t);
  r->want = same ? column_now(r, &t[1]) : line_at(r, t)->now + STEP;
  push(r, t->kind, t, r->want, false);
}

static void scalar(Reindent *r, const YamlToken *t) {
  node(r, t);
  r->after_key = false;
  uint32_t first = line_of(r, t->start), last = t->end > t->start ? line_of(r, t->end - 1) : first;
  const Line *from = &r->lines.p[first];
  for (uint32_t i = first + 1; i <= last; i++) {
    Line *l = &r->lines.p[i];
    l->kind = LINE_SCALAR;
    l->now = l->old + from->now > from->old ? l->old + from->now - from->old : 0;
  }
}

static void token(Reindent *r, const YamlToken *t) {
  switch ((int)t->kind) {
  case TOKEN_BLOCK_MAP:
  case TOKEN_BLOCK_LIST:
    node(r, t);
    push(r, t->kind, t, column_now(r, t), false);
    return;
  case TOKEN_BLOCK_END:
    pop_unindented(r);
    pop(r);
    return;
  case TOKEN_FLOW_MAP:
  case TOKEN_FLOW_LIST: open_flow(r, t); return;
  case TOKEN_FLOW_MAP_END:
  case TOKEN_FLOW_LIST_END:
    if (!is_flow(top(r))) return;
    move(r, t, top(r)->indent);
    pop(r);
    return;
  case TOKEN_ENTRY: entry(r, t); return;
  case TOKEN_COMMA:
    if (is_flow(top(r))) r->want = top(r)->now;
    return;
  case TOKEN_KEY:
  case TOKEN_VALUE:
    pop_unindented(r);
    r->after_key = t->kind == TOKEN_KEY && !is_flow(top(r));
    if (t->kind == TOKEN_VALUE) r->want = (r->open.n ? top(r)->now : 0) + STEP;
    return;
  case TOKEN_ANCHOR:
  case TOKEN_TAG: node(r, t); return;
  case TOKEN_ALIAS:
  case TOKEN_SCALAR: scalar(r, t); return;
  default: return;
  }
}

/* --- comments, edits --------------------------------------------------------------------------------------------- */

static void move_comment(Reindent *r, uint32_t i) {
  Line *l = &r->lines.p[i];
  uint32_t below = i + 1, above = i;
  while (below < r->lines.n && r->lines.p[below].kind != LINE_TOKEN) below++;
  while (above && r->lines.p[above].kind != LINE_TOKEN) above--;
  const Line *next = below < r->lines.n ? &r->lines.p[below] : NULL,
             *last = r->lines.p[above].kind == LINE_TOKEN ? &r->lines.p[above] : NULL;
  const Line *model = next && next->old == l->old ? next : last && last->old == l->old ? last : next ? next : last;
  if (model && model->old == l->old) l->now = model->now;
  else if (model) l->now = l->old + model->now > model->old ? l->old + model->now - model->old : 0;
}

static void fix_line(const Reindent *r, const Line *l) {
  static const char spaces[] = "                                                                "; /* deeper than anyone indents */
  uint32_t at = l->start, file = r->c->file->file, more = l->now > l->old ? l->now - l->old : 0;
  if (l->now < l->old) lint_fix(r->c->lint, (Span){file, at, at + l->old - l->now}, STR(""));
  if (more && more < sizeof spaces) lint_fix(r->c->lint, (Span){file, at, at}, (Str){spaces, more});
}

static void fix(Reindent *r) {
  Str s = r->c->file->text;
  for (uint32_t i = 0; i < r->lines.n; i++) {
    Line *l = &r->lines.p[i];
    uint32_t first = l->start + l->old;
    bool comment = l->kind == LINE_OTHER && l->old && first < s.n && s.p[first] == '#';
    if (comment) move_comment(r, i);
    if (first < s.n && s.p[first] != '\n' && s.p[first] != '\r') fix_line(r, l);
  }
}

/* The tokens of the document that token i is in: [first, last). */
static void find_document(const TokenCheck *c, uint32_t *first, uint32_t *last) {
  *first = *last = c->i;
  while (*first && c->tokens[*first].kind != TOKEN_DOCUMENT_START && c->tokens[*first].kind != TOKEN_START) --*first;
  while (*last < c->n && c->tokens[*last].kind != TOKEN_DOCUMENT_START && c->tokens[*last].kind != TOKEN_DOCUMENT_END &&
         c->tokens[*last].kind != TOKEN_END)
    ++*last;
}

/* Not where the file is not well-formed: where its lines belong is what has to be mended. */
void token_reindent(const TokenCheck *c) {
  uint32_t first, last;
  if (c->file->docs.broken) return;
  find_document(c, &first, &last);
  if (last == c->n || c->tokens[last].failed || !lint_enabled(c->lint, CHECK_yaml_indent)) return;
  Reindent r = {.c = c, .arena = arena_sub(c->arena)};
  find_lines(&r, c->tokens[first].start, c->tokens[last].start);
  for (uint32_t i = first; i < last && r.lines.n; i++) token(&r, &c->tokens[i]);
  fix(&r);
  arena_sub_done(r.arena);
}

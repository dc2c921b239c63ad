/* SPDX-License-Identifier: MIT
 * What is open at a token: from it follow the indentation that is expected, the depth, and the sizes of anchored nodes. */
#include "lint/checks/yaml.h"

enum {
  STEP = 4,            /* blanks of a level (sigmahq-rule-convention.md) */
  MOST_DEPTH = 3 + 32, /* the document, `detection`, a search identifier, and 32 levels in it */
  MOST_ALIASED = 10000,
  NODE_TEXT = 64 /* so many bytes of a text count as a node, as in compiler/yaml.c */
};
#define NONE UINT32_MAX

void token_document(TokenCheck *c) {
  c->open.n = c->anchors.n = 0;
  c->depth = 0;
  c->want = 0;
  c->after_key = c->deep = c->large = c->reindented = false;
  c->pending = NONE;
  c->nodes = c->expanded = 0;
}

static Frame *top(TokenCheck *c) { return c->open.n ? &vec_last(&c->open) : NULL; }
static bool flow(const Frame *f) { return f && (f->kind == TOKEN_FLOW_LIST || f->kind == TOKEN_FLOW_MAP); }
static uint32_t plus(uint32_t a, uint32_t b) { return b > UINT32_MAX - a ? UINT32_MAX : a + b; }

/* --- indentation --------------------------------------------------------------------------------------------- */

static bool first_in_line(const TokenCheck *c) {
  Str s = c->file->text;
  uint32_t at = c->tokens[c->i].start;
  while (at && s.p[at - 1] == ' ') at--;
  return at == 0 || s.p[at - 1] == '\n' || s.p[at - 1] == '\r' || (at == 3 && str_starts(s, STR("\xEF\xBB\xBF")));
}

static void check_column(TokenCheck *c, uint32_t want) {
  const YamlToken *t = &c->tokens[c->i];
  if (t->column == want || !first_in_line(c)) return;
  lint_report(c->lint, CHECK_yaml_indent, token_span(c, t), "indented by %u, where %u is expected", t->column, want);
  if (!c->reindented) token_reindent(c);
  c->reindented = true;
}

static bool written(const YamlToken *t) { return t->end > t->start || t->kind == TOKEN_BLOCK_MAP || t->kind == TOKEN_BLOCK_LIST; }

static bool next_in_line(const TokenCheck *c) {
  const YamlToken *t = &c->tokens[c->i];
  if (c->i + 1 >= c->n || t[1].start < t->end) return true;
  return !memchr(c->file->text.p + t->end, '\n', t[1].start - t->end);
}

/* --- depth and sizes ----------------------------------------------------------------------------------------- */

static void deeper(TokenCheck *c) {
  if (++c->depth <= MOST_DEPTH || c->deep) return;
  c->deep = true;
  lint_report(c->lint, CHECK_yaml_depth, token_span(c, &c->tokens[c->i]),
              "nested deeper than 32 levels inside of a search identifier");
}

static void close_anchor(TokenCheck *c, uint32_t anchor, uint32_t size) {
  if (anchor < c->anchors.n) c->anchors.p[anchor].size = size;
}

static void read_anchor(TokenCheck *c, const YamlToken *t) {
  if (!c->anchors.n) intern_init(&c->names, c->arena);
  c->pending = intern_id(&c->names, str_sub(c->file->text, t->start + 1, t->end));
  while (c->anchors.n <= c->pending) (void)vec_add(c->arena, &c->anchors);
  c->anchors.p[c->pending].size = 0;
}

static void read_alias(TokenCheck *c, const YamlToken *t) {
  uint32_t id = c->anchors.n ? intern_find(&c->names, str_sub(c->file->text, t->start + 1, t->end)) : INTERN_NONE;
  if (id == INTERN_NONE || id >= c->anchors.n) return;
  c->nodes = plus(c->nodes, c->anchors.p[id].size);
  c->expanded = plus(c->expanded, c->anchors.p[id].size);
  if (c->expanded <= MOST_ALIASED || c->large) return;
  c->large = true;
  lint_report(c->lint, CHECK_yaml_alias_limit, token_span(c, t), "aliases expand to more than %d nodes here", MOST_ALIASED);
}

static void read_scalar(TokenCheck *c, const YamlToken *t) {
  uint32_t size = 1 + (t->end - t->start) / NODE_TEXT;
  c->nodes = plus(c->nodes, size);
  close_anchor(c, c->pending, size);
  c->pending = NONE;
}

/* --- open and close ------------------------------------------------------------------------------------------ */

static void push(TokenCheck *c, YamlTokenKind kind, uint32_t column, bool unindented) {
  *vec_add(c->arena, &c->open) = (Frame){
    .kind = kind, .column = column, .indent = c->indent, .anchor = c->pending, .before = c->nodes, .unindented = unindented};
  c->nodes = plus(c->nodes, 1);
  c->pending = NONE;
  c->after_key = false;
  deeper(c);
}

static void end_pair(TokenCheck *c) {
  Frame *f = top(c);
  if (!f || !f->pair) return;
  f->pair = false;
  c->depth--;
}

static void pop(TokenCheck *c) {
  if (!c->open.n) return;
  end_pair(c);
  Frame *f = top(c);
  close_anchor(c, f->anchor, c->nodes - f->before);
  c->open.n--;
  c->depth--;
}

/* An unindented list ends without a token: at the next key of its map, or at the end of that. */
static void pop_unindented(TokenCheck *c) {
  if (c->open.n && top(c)->unindented) pop(c);
}

static void open_flow(TokenCheck *c, const YamlToken *t) {
  bool same = next_in_line(c);
  push(c, t->kind, same && c->i + 1 < c->n ? t[1].column : c->indent + STEP, false);
  c->want = top(c)->column;
}

static void entry(TokenCheck *c, const YamlToken *t) {
  if (!c->open.n || top(c)->kind != TOKEN_BLOCK_LIST || top(c)->column != t->column) {
    bool below_key = c->open.n && top(c)->kind == TOKEN_BLOCK_MAP && top(c)->column == t->column; /* usual, too */
    if (!below_key) check_column(c, c->want);
    push(c, TOKEN_BLOCK_LIST, t->column, true);
  }
  c->want = t->column + STEP;
  c->after_key = false;
}

/* `a: b` in a list in brackets is a map. */
static void begin_pair(TokenCheck *c) {
  Frame *f = top(c);
  if (!f || f->kind != TOKEN_FLOW_LIST || f->pair) return;
  f->pair = true;
  c->nodes = plus(c->nodes, 1);
  deeper(c);
}

static void key_or_value(TokenCheck *c, const YamlToken *t) {
  pop_unindented(c);
  begin_pair(c);
  if (c->pending != NONE) close_anchor(c, c->pending, 1); /* of an empty node */
  c->pending = NONE;
  c->after_key = t->kind == TOKEN_KEY && !flow(top(c));
  const Frame *f = top(c);
  if (t->kind == TOKEN_VALUE) c->want = (f ? f->column : 0) + STEP;
}

static void node_column(TokenCheck *c) {
  if (!c->after_key) check_column(c, c->want);
}

static void close_flow(TokenCheck *c) {
  const Frame *f = top(c);
  if (!flow(f)) return;
  check_column(c, f->indent);
  pop(c);
}

void token_structure(TokenCheck *c) {
  const YamlToken *t = &c->tokens[c->i];
  if (written(t) && first_in_line(c)) c->indent = t->column;
  switch ((int)t->kind) {
  case TOKEN_BLOCK_MAP:
  case TOKEN_BLOCK_LIST:
    node_column(c);
    push(c, t->kind, t->column, false);
    return;
  case TOKEN_BLOCK_END:
    pop_unindented(c);
    pop(c);
    return;
  case TOKEN_FLOW_MAP:
  case TOKEN_FLOW_LIST:
    node_column(c);
    open_flow(c, t);
    return;
  case TOKEN_FLOW_MAP_END:
  case TOKEN_FLOW_LIST_END: close_flow(c); return;
  case TOKEN_ENTRY: entry(c, t); return;
  case TOKEN_COMMA:
    end_pair(c);
    if (flow(top(c))) c->want = top(c)->column;
    return;
  case TOKEN_KEY:
  case TOKEN_VALUE: key_or_value(c, t); return;
  case TOKEN_ALIAS: node_column(c), read_alias(c, t); break;
  case TOKEN_ANCHOR: node_column(c), read_anchor(c, t); return;
  case TOKEN_TAG: node_column(c); return;
  case TOKEN_SCALAR: node_column(c), read_scalar(c, t); break;
  default: return;
  }
  c->after_key = false;
}

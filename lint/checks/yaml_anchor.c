/* SPDX-License-Identifier: MIT
 * The fix of yaml-anchor: what an anchor names is written out at each alias. Where it is written in one line, it takes the place of the
 * alias; a map or list with lines of its own follows the key. Merge keys and tags stay. */
#include "lint/checks/yaml.h"
#include "lint/lines.h"

enum { MOST_TEXT = 1 << 16 }; /* that a fix writes */

/* What an anchor names. */
typedef struct {
  uint32_t anchor;     /* number of its token */
  uint32_t start, end; /* bytes of the text; of a block its lines */
  uint32_t column;     /* a block: of the key in front of it */
  bool block;
} Named;

static Str text_of(const TokenCheck *c, const YamlToken *t) { return str_sub(c->file->text, t->start, t->end); }

/* Nothing but blanks and a comment behind it. */
static bool ends_line(Str s, uint32_t at) {
  while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\r')) at++;
  return at == s.n || s.p[at] == '\n' || s.p[at] == '#';
}

/* The column of the key that begins the line of a value; false where the line is another one, such as an entry of a list. */
static bool key_column(const TokenCheck *c, uint32_t value, uint32_t *column) {
  Str s = c->file->text;
  uint32_t start = lines_start(s, c->tokens[value].start), at = start;
  while (at < s.n && s.p[at] == ' ') at++;
  *column = at - start;
  for (uint32_t i = value; i--;) {
    if (c->tokens[i].kind == TOKEN_KEY) return c->tokens[i].start == at;
    if (c->tokens[i].start < at) return false;
  }
  return false;
}

/* Behind the token that ends what begins at token i; 0 where there is something in it that has to be written out first. */
static uint32_t node_end(const TokenCheck *c, uint32_t i) {
  unsigned open = 0;
  for (; i < c->n; i++) {
    switch ((int)c->tokens[i].kind) {
    case TOKEN_BLOCK_MAP:
    case TOKEN_BLOCK_LIST:
    case TOKEN_FLOW_MAP:
    case TOKEN_FLOW_LIST: open++; break;
    case TOKEN_BLOCK_END:
    case TOKEN_FLOW_MAP_END:
    case TOKEN_FLOW_LIST_END:
      if (!open) return 0;
      open--;
      break;
    case TOKEN_ANCHOR:
    case TOKEN_ALIAS:
    case TOKEN_TAG:
    case TOKEN_DOCUMENT_START:
    case TOKEN_END: return 0;
    case TOKEN_SCALAR: break;
    default:
      if (!open) return 0;
    }
    if (!open) return i + 1;
  }
  return 0;
}

static bool find_named(Named *out, const TokenCheck *c, uint32_t anchor) {
  Str s = c->file->text;
  const YamlToken *t = &c->tokens[anchor];
  uint32_t end = node_end(c, anchor + 1);
  if (!end) return false;
  *out = (Named){.anchor = anchor, .start = t[1].start, .end = c->tokens[end - 1].end};
  out->block = t[1].kind == TOKEN_BLOCK_MAP || t[1].kind == TOKEN_BLOCK_LIST;
  if (!out->block) return out->end > out->start && !memchr(s.p + out->start, '\n', out->end - out->start);
  if (t[-1].kind != TOKEN_VALUE || !ends_line(s, t->end) || !key_column(c, anchor, &out->column)) return false;
  out->start = lines_next(s, t->end);
  out->end = lines_next(s, c->tokens[end - 2].end ? c->tokens[end - 2].end - 1 : 0); /* not up to the token that ends it */
  return out->start < out->end && s.p[out->end - 1] == '\n';
}

/* --- edits --------------------------------------------------------------------------------------------------------- */

static void edit(const TokenCheck *c, uint32_t from, uint32_t to, Str text) {
  lint_fix(c->lint, (Span){c->file->file, from, to}, text);
}

/* The lines of a block below another key. */
static void move_lines(Buf *out, Str lines, uint32_t from, uint32_t to) {
  for (size_t at = 0, next; at < lines.n; at = next) {
    size_t text = at;
    next = lines_next(lines, at);
    while (text < next && lines.p[text] == ' ') text++;
    size_t column = text - at + to > from ? text - at + to - from : 0;
    for (size_t i = 0; lines.p[text] != '\n' && i < column; i++) buf_char(out, ' ');
    buf_str(out, str_sub(lines, text, next));
  }
}

/* False where it cannot be written there. */
static bool can_replace(const TokenCheck *c, const Named *n, uint32_t alias) {
  const YamlToken *t = &c->tokens[alias];
  Str text = str_sub(c->file->text, n->start, n->end);
  uint32_t column;
  if (n->block)
    return t[-1].kind == TOKEN_VALUE && ends_line(c->file->text, t->end) && lines_next(c->file->text, t->end) > t->end &&
           key_column(c, alias, &column);
  for (size_t i = 0; c->tokens[n->anchor + 1].plain && i < text.n; i++)
    if (strchr(",[]{}", text.p[i])) return false;
  return true;
}

static void replace(const TokenCheck *c, const Named *n, uint32_t alias) {
  Str s = c->file->text, text = str_sub(s, n->start, n->end);
  const YamlToken *t = &c->tokens[alias];
  uint32_t column = 0;
  Buf lines = {.arena = c->arena};
  if (!n->block) {
    edit(c, t->start, t->end, text);
    return;
  }
  (void)key_column(c, alias, &column);
  move_lines(&lines, text, n->column, column);
  edit(c, t[-1].end, t->end, STR(""));
  edit(c, lines_next(s, t->end), lines_next(s, t->end), buf_view(&lines));
}

/* The alias stands for what this anchor names. */
static bool stands_for(const TokenCheck *c, uint32_t alias, uint32_t anchor) {
  return c->tokens[alias].kind == TOKEN_ALIAS &&
         str_eq(str_from(text_of(c, &c->tokens[alias]), 1), str_from(text_of(c, &c->tokens[anchor]), 1));
}

/* Where the name has another meaning, or none. */
static bool is_border(const TokenCheck *c, uint32_t i, uint32_t anchor) {
  const YamlToken *t = &c->tokens[i];
  return t->kind == TOKEN_DOCUMENT_START || t->kind == TOKEN_END ||
         (t->kind == TOKEN_ANCHOR && i != anchor && str_eq(text_of(c, t), text_of(c, &c->tokens[anchor])));
}

void fix_anchor(const TokenCheck *c) {
  Named n;
  size_t size = 0;
  if (!find_named(&n, c, c->i)) return;
  uint32_t end = c->i + 1;
  for (; end < c->n && !is_border(c, end, c->i); end++) {
    if (!stands_for(c, end, c->i)) continue;
    size += n.end - n.start;
    if (size > MOST_TEXT || !can_replace(c, &n, end)) return;
  }
  const YamlToken *t = &c->tokens[c->i];
  if (n.block) edit(c, t[-1].end, t->end, STR(""));
  else edit(c, t->start, t[1].start, STR(""));
  for (uint32_t i = c->i + 1; i < end; i++)
    if (stands_for(c, i, c->i)) replace(c, &n, i);
}

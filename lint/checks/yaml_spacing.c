/* SPDX-License-Identifier: MIT
 * Blanks between tokens, and comments there. The places of yaml-spacing are those of yamllint: the last blank that is too much,
 * or the character in front of which one is missing. */
#include "lint/checks/yaml.h"

/* Bytes between two tokens of one line; SIZE_MAX where they are not in one line. */
static size_t gap(const TokenCheck *c, const YamlToken *left, const YamlToken *right) {
  if (right->start < left->end) return SIZE_MAX;
  size_t n = right->start - left->end;
  if (n && memchr(c->file->text.p + left->end, '\n', n)) return SIZE_MAX;
  if (left->end && left->kind == TOKEN_SCALAR && c->file->text.p[left->end - 1] == '\n') return SIZE_MAX; /* a block scalar */
  return n;
}

static void report(const TokenCheck *c, uint32_t at, const char *what, const char *where) {
  lint_report(c->lint, CHECK_yaml_spacing, (Span){c->file->file, at, at + 1}, "%s blanks %s", what, where);
}

/* In a file that is not well-formed blanks may be what is left of the indentation. */
static void fix(const TokenCheck *c, uint32_t from, uint32_t to, Str text) {
  if (!c->file->docs.broken) lint_fix(c->lint, (Span){c->file->file, from, to}, text);
}

/* The name of an alias takes a colon that follows at once, and `{a:}` has no value to everyone. */
static void fix_before(const TokenCheck *c, size_t n) {
  const YamlToken *t = &c->tokens[c->i];
  bool needed = t[-1].kind == TOKEN_ALIAS || t[-1].kind == TOKEN_VALUE || t[-1].kind == TOKEN_ANCHOR || t[-1].kind == TOKEN_TAG;
  if (!needed || n > 1) fix(c, t[-1].end, t->start, needed ? STR(" ") : STR(""));
}

/* Where the block that begins at a token ends. */
static uint32_t block_end(const TokenCheck *c, uint32_t i) {
  unsigned open = 0;
  for (; i < c->n; i++) {
    YamlTokenKind kind = c->tokens[i].kind;
    open += kind == TOKEN_BLOCK_MAP || kind == TOKEN_BLOCK_LIST;
    if (kind == TOKEN_BLOCK_END && !--open) return c->tokens[i].start;
  }
  return (uint32_t)c->file->text.n;
}

/* `-   a: 1` and the lines below: as many blanks less. A line that has not so many is a comment, or a part of a text. */
static void fix_entry(const TokenCheck *c, uint32_t surplus) {
  Str s = c->file->text;
  const YamlToken *t = &c->tokens[c->i];
  uint32_t end = block_end(c, c->i + 1);
  fix(c, t->end, t->end + surplus, STR(""));
  for (size_t at = str_find(s, STR("\n"), t->end); at != SIZE_MAX && at + 1 < end; at = str_find(s, STR("\n"), at + 1)) {
    uint32_t from = (uint32_t)at + 1, to = from;
    while (to < end && to - from < surplus && s.p[to] == ' ') to++;
    if (to > from) fix(c, from, to, STR(""));
  }
}

/* In front of a map or list that begins in this line, all its lines have to move along. */
static void fix_after(const TokenCheck *c, size_t most) {
  const YamlToken *t = &c->tokens[c->i];
  bool block = t[1].kind == TOKEN_BLOCK_MAP || t[1].kind == TOKEN_BLOCK_LIST;
  if (!block) fix(c, t->end, t[1].start, most ? STR(" ") : STR(""));
  else if (t->kind == TOKEN_ENTRY) fix_entry(c, t[1].start - t->end - 1);
}

static void before(const TokenCheck *c, const char *where) {
  const YamlToken *t = &c->tokens[c->i];
  size_t n = c->i ? gap(c, t - 1, t) : SIZE_MAX;
  if (n == SIZE_MAX || !n) return;
  report(c, t->start - 1, "too many", where);
  fix_before(c, n);
}

static void after(const TokenCheck *c, size_t least, size_t most, const char *where) {
  const YamlToken *t = &c->tokens[c->i];
  size_t n = c->i + 1 < c->n ? gap(c, t, t + 1) : SIZE_MAX;
  if (n == SIZE_MAX || t[1].kind == TOKEN_END || t[1].start == c->file->text.n) return;
  if (n > most) {
    report(c, t[1].start - 1, "too many", where);
    fix_after(c, most);
  } else if (n < least) {
    report(c, t[1].start, "too few", where);
    fix(c, t->end, t[1].start, STR(" "));
  }
}

void token_spacing(const TokenCheck *c) {
  const YamlToken *t = &c->tokens[c->i];
  YamlTokenKind last = c->i ? t[-1].kind : TOKEN_START;
  switch ((int)t->kind) {
  case TOKEN_VALUE:
    if (last != TOKEN_ALIAS || t->start - t[-1].end != 1) before(c, "in front of the colon"); /* `*name :` needs one */
    after(c, 0, 1, "behind the colon");
    return;
  case TOKEN_KEY:
    if (t->end > t->start) after(c, 0, 1, "behind the question mark");
    return;
  case TOKEN_ENTRY: after(c, 0, 1, "behind the hyphen"); return;
  case TOKEN_COMMA:
    before(c, "in front of the comma");
    after(c, 1, 1, "behind the comma");
    return;
  case TOKEN_FLOW_LIST: after(c, 0, 0, "inside of the brackets"); return;
  case TOKEN_FLOW_MAP: after(c, 0, 0, "inside of the braces"); return;
  case TOKEN_FLOW_LIST_END:
    if (last != TOKEN_FLOW_LIST) before(c, "inside of the brackets");
    return;
  case TOKEN_FLOW_MAP_END:
    if (last != TOKEN_FLOW_MAP) before(c, "inside of the braces");
    return;
  default: return;
  }
}

static void check_comment(const TokenCheck *c, size_t at, size_t end) {
  Str s = c->file->text;
  size_t text = at;
  while (text < end && s.p[text] == '#') text++;
  bool glued = at > 0 && s.p[at - 1] != ' ' && s.p[at - 1] != '\t' && s.p[at - 1] != '\n' && s.p[at - 1] != '\r' &&
               !(at == 3 && str_starts(s, STR("\xEF\xBB\xBF")));
  bool program = at == 0 && text < end && s.p[text] == '!';
  bool tight = text < end && s.p[text] != ' ' && s.p[text] != '\r' && !program;
  if (!glued && !tight) return;
  lint_report(c->lint, CHECK_yaml_comment_style, (Span){c->file->file, (uint32_t)at, (uint32_t)text}, "no blank %s the `#`",
              glued ? "in front of" : "behind");
  if (glued) fix(c, (uint32_t)at, (uint32_t)at, STR(" "));
  if (tight) fix(c, (uint32_t)text, (uint32_t)text, STR(" "));
}

/* Those behind the present token. What is inside of a scalar is no comment. */
void token_comments(const TokenCheck *c) {
  const YamlToken *t = &c->tokens[c->i];
  Str s = c->file->text;
  if (c->i + 1 >= c->n || t[1].start <= t->end) return;
  for (size_t at = t->end, stop = t[1].start; at < stop;) {
    const char *mark = memchr(s.p + at, '#', stop - at);
    if (!mark) return;
    at = (size_t)(mark - s.p);
    size_t end = str_find(s, STR("\n"), at);
    if (end == SIZE_MAX) end = s.n;
    check_comment(c, at, end);
    at = end;
  }
}

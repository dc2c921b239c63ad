/* SPDX-License-Identifier: MIT
 * `# sigmac: disable=ID,ID reason`: behind something, it is about that line and the entry or value that begins in it; on a line of its
 * own, about the next line that has something. `disable-file=` is about the file. */
#include "base/limits.h"
#include "compiler/yaml_tokens.h"
#include "lint/lines.h"
#include "lint/silence.h"

#define MARK "sigmac:"

typedef struct {
  Lint *lint;
  const LintFile *file;
  FileSilence *out;
  Str text;
} Reader;

/* --- lines --------------------------------------------------------------------------------------------------- */

static size_t indent_of(Str s, size_t line) {
  size_t i = line;
  while (i < s.n && s.p[i] == ' ') i++;
  return i - line;
}

static bool holds_nothing(Str s, size_t line) {
  size_t i = line + indent_of(s, line);
  while (i < s.n && (s.p[i] == '\t' || s.p[i] == '\r')) i++;
  return i >= s.n || s.p[i] == '\n' || s.p[i] == '#';
}

static bool is_entry(Str s, size_t at) { return at + 1 < s.n && s.p[at] == '-' && (s.p[at + 1] == ' ' || s.p[at + 1] == '\n'); }

/* The line, and those that follow and are indented more: the rest of what begins in it. The entries of a list may stand in the column of
 * its key. */
static size_t end_of_entry(Str s, size_t line) {
  size_t indent = indent_of(s, line), end = lines_next(s, line);
  bool key = !is_entry(s, line + indent);
  for (size_t next = end; next < s.n; next = lines_next(s, next)) {
    if (holds_nothing(s, next)) continue;
    size_t i = indent_of(s, next);
    bool inside = i > indent || (i == indent && key && is_entry(s, next + i));
    if (!inside) break;
    end = lines_next(s, next);
  }
  return end;
}

/* The next line with something in it; the end of the text where there is none. */
static size_t next_line(Str s, size_t at) {
  for (at = lines_next(s, at); at < s.n && holds_nothing(s, at);) at = lines_next(s, at);
  return at;
}

/* --- comments ------------------------------------------------------------------------------------------------ */

static void add(Reader *r, Suppression s) {
  if (r->out->list.n >= LIMIT_LINT_SUPPRESSIONS) return;
  if (r->out->list.n + 1 == LIMIT_LINT_SUPPRESSIONS) s.fault = "too many in this file: it and those that follow have no effect";
  *vec_add(r->lint->arena, &r->out->list) = s;
}

static bool word_ends(char c) { return c == ' ' || c == '\t' || c == ',' || c == '\r'; }

/* ID,ID: a blank ends it, and what follows is for people. */
static void read_ids(Reader *r, size_t at, size_t end, Suppression s) {
  Str t = r->text;
  do {
    size_t to = at;
    while (to < end && !word_ends(t.p[to])) to++;
    s.check = check_find(str_sub(t, at, to));
    s.fault = s.check == CHECK_COUNT ? "no check has this id" : NULL;
    s.at = (Span){r->file->file, (uint32_t)at, (uint32_t)to};
    if (at == to) s.fault = "the id of a check is missing";
    if (at == to) s.at.start--;
    add(r, s);
    at = to + 1;
    while (to < end && t.p[to] == ',' && at < end && t.p[at] == ' ') at++;
    if (to >= end || t.p[to] != ',') return;
  } while (at <= end);
}

/* Where a comment has its text. */
static size_t text_of(Str t, size_t hash) {
  while (hash < t.n && (t.p[hash] == '#' || t.p[hash] == ' ' || t.p[hash] == '\t')) hash++;
  return hash;
}

/* Most files have none. A `#` is rare. */
static bool may_have_mark(Str t) {
  for (size_t at = 0; (at = str_find(t, STR("#"), at)) != SIZE_MAX;) {
    at = text_of(t, at);
    if (str_starts(str_from(t, at), STR(MARK))) return true;
  }
  return false;
}

static void read_comment(Reader *r, size_t hash, size_t end) {
  Str t = r->text;
  size_t at = text_of(t, hash);
  if (!str_starts(str_sub(t, at, at < end ? end : at), STR(MARK)) || r->out->list.n >= LIMIT_LINT_SUPPRESSIONS) return;
  Suppression s = {.check = CHECK_COUNT, .at = {r->file->file, (uint32_t)at, (uint32_t)end}};
  at += sizeof MARK - 1;
  while (at < end && t.p[at] == ' ') at++;
  Str rest = str_sub(t, at, end);
  size_t line = lines_start(t, hash);
  if (str_starts(rest, STR("disable-file="))) {
    s.to = UINT32_MAX;
    read_ids(r, at + sizeof "disable-file=" - 1, end, s);
  } else if (str_starts(rest, STR("disable="))) {
    size_t from = holds_nothing(t, line) ? next_line(t, line) : line;
    s.from = (uint32_t)line;
    s.to = (uint32_t)(from < t.n ? end_of_entry(t, from) : t.n);
    s.to += s.to == t.n; /* also what is found at the end of the text */
    read_ids(r, at + sizeof "disable=" - 1, end, s);
  } else {
    s.fault = "neither `disable=` nor `disable-file=`";
    add(r, s);
  }
}

static void read_comments(Reader *r, size_t at, size_t stop) {
  while (at < stop) {
    const char *mark = memchr(r->text.p + at, '#', stop - at);
    if (!mark) return;
    at = (size_t)(mark - r->text.p);
    size_t end = lines_next(r->text, at), text = end;
    while (text > at && (r->text.p[text - 1] == '\n' || r->text.p[text - 1] == '\r' || r->text.p[text - 1] == ' ')) text--;
    read_comment(r, at, text);
    at = end;
  }
}

/* The first line of a block scalar belongs to its token: a comment there stands behind a blank. */
static void read_block_header(Reader *r, const YamlToken *t) {
  if (t->kind != TOKEN_SCALAR || t->plain || (r->text.p[t->start] != '|' && r->text.p[t->start] != '>')) return;
  size_t end = lines_next(r->text, t->start);
  size_t hash = str_find(str_sub(r->text, 0, end), STR(" #"), t->start);
  if (hash != SIZE_MAX) read_comments(r, hash, end);
}

/* The tokens of few files are read once more. What is inside of a scalar is no comment. */
void silence_read_comments(Lint *l, FileSilence *out, const LintFile *f) {
  Reader r = {l, f, out, f->text};
  YamlTokens tokens = {0};
  if (f->unreadable || f->too_large || !may_have_mark(f->text)) return;
  Arena *scratch = arena_sub(l->arena);
  yaml_tokens(&tokens, &l->compiler.sources, f->file, scratch);
  for (uint32_t i = 0; i < tokens.list.n; i++) {
    const YamlToken *t = &tokens.list.p[i];
    read_block_header(&r, t);
    size_t stop = i + 1 < tokens.list.n ? t[1].start : f->text.n;
    if (!t->failed && stop > t->end) read_comments(&r, t->end, stop);
  }
  arena_sub_done(scratch);
}

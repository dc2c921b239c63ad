/* SPDX-License-Identifier: MIT */
#include "lint/edit_text.h"

enum { LINE_LONGEST = 4096, COMMENTS_LONGEST = 4096 };

bool edit_ready(const Lint *l, const LintFile *file) { return l->kept && !file->no_edits; }

bool edit_bytes(Lint *l, const LintFile *file, uint32_t from, uint32_t to, Str text) {
  lint_fix(l, (Span){file->file, from, to}, text);
  return true;
}

bool edit_none(Lint *l) {
  if (!l->kept || !l->findings.n) return false;
  Finding *f = &vec_last(&l->findings);
  f->edits.n = 0;
  f->fix = FIX_NONE;
  return false;
}

/* --- lines --------------------------------------------------------------------------------------------------- */

bool edit_is_blank(char c) { return c == ' ' || c == '\t'; }

uint32_t edit_line_start(Str s, uint32_t at) {
  uint32_t start = at;
  while (start && s.p[start - 1] != '\n' && at - start <= LINE_LONGEST) start--;
  if (at - start > LINE_LONGEST) return EDIT_NOWHERE;
  return !start && at >= 3 && str_starts(s, STR("\xEF\xBB\xBF")) ? 3 : start; /* a byte order mark has no column */
}

uint32_t edit_line_end(Str s, uint32_t at) {
  const char *end = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;
  return end ? (uint32_t)(end - s.p) : (uint32_t)s.n;
}

Str edit_newline(Str s, uint32_t at) {
  uint32_t end = edit_line_end(s, at);
  if (end == s.n) { /* the last line has none: as the first one */
    const char *first = memchr(s.p, '\n', s.n);
    if (!first) return STR("\n");
    end = (uint32_t)(first - s.p);
  }
  return end && s.p[end - 1] == '\r' ? STR("\r\n") : STR("\n");
}

bool edit_ends_line(Str s, uint32_t at) {
  uint32_t from = at;
  if (at == EDIT_NOWHERE) return false;
  while (at < s.n && edit_is_blank(s.p[at])) at++;
  if (at == s.n || s.p[at] == '\n' || s.p[at] == '\r') return true;
  return s.p[at] == '#' && at > from;
}

bool edit_starts_line(Str s, uint32_t at) {
  uint32_t start = edit_line_start(s, at);
  if (start == EDIT_NOWHERE) return false;
  while (start < at && s.p[start] == ' ') start++;
  return start == at;
}

bool edit_has_newline(Str s, uint32_t from, uint32_t to) { return from < to && memchr(s.p + from, '\n', to - from); }

uint32_t edit_column(Str s, uint32_t at) {
  uint32_t start = edit_line_start(s, at);
  return start == EDIT_NOWHERE ? start : at - start;
}

/* --- nodes --------------------------------------------------------------------------------------------------- */

bool edit_is_flow(Str s, const YamlNode *n) {
  if (n->kind == YAML_SCALAR || n->at.start >= s.n) return false;
  return s.p[n->at.start] == (n->kind == YAML_MAP ? '{' : '[');
}

/* The next character that is neither blank nor in a comment: of a block collection it cannot close or go on with a flow one. */
static bool flow_goes_on(Str s, uint32_t at) {
  for (uint32_t end = at + COMMENTS_LONGEST; at < s.n; at++) {
    if (at >= end) return true;
    if (s.p[at] == '#') at = edit_line_end(s, at);
    else if (!edit_is_blank(s.p[at]) && s.p[at] != '\n' && s.p[at] != '\r') return strchr(",]}", s.p[at]) != NULL;
  }
  return false;
}

bool edit_is_block(Str s, const YamlNode *n) {
  if (n->kind == YAML_SCALAR || !n->n || edit_is_flow(s, n)) return false;
  if (n->kind == YAML_LIST) return s.p[n->at.start] == '-';
  uint32_t end = n->n == 1 ? edit_end(s, n) : 0;
  return n->n > 1 || (edit_ends_line(s, end) && !flow_goes_on(s, end));
}

uint32_t edit_end(Str s, const YamlNode *n) {
  while (n->kind != YAML_SCALAR && n->n && !edit_is_flow(s, n))
    n = n->kind == YAML_MAP ? n->pairs[n->n - 1].value : n->items[n->n - 1];
  bool nothing = n->at.start == n->at.end;
  if (nothing && (!n->at.start || !strchr(":-", s.p[n->at.start - 1]))) return EDIT_NOWHERE;
  return n->at.end;
}

uint32_t edit_behind(Str s, char mark, uint32_t at) {
  uint32_t least = at > LINE_LONGEST ? at - LINE_LONGEST : 0;
  while (at > least && (edit_is_blank(s.p[at - 1]) || s.p[at - 1] == '\n' || s.p[at - 1] == '\r')) at--;
  return at > least && s.p[at - 1] == mark ? at : (uint32_t)EDIT_NOWHERE;
}

uint32_t edit_dash(Str s, const YamlNode *item) {
  uint32_t at = edit_behind(s, '-', item->at.start);
  return at == EDIT_NOWHERE ? at : at - 1;
}

/* The next line that is not empty has nothing but blanks, which may be text. */
static bool blanks_below(Str s, uint32_t at) {
  while (at < s.n && (s.p[at] == '\n' || s.p[at] == '\r')) at++;
  uint32_t from = at;
  while (at < s.n && edit_is_blank(s.p[at])) at++;
  return at > from && (at == s.n || s.p[at] == '\n' || s.p[at] == '\r');
}

bool edit_keeps_lines(Str s, const YamlNode *n) {
  while (n->kind != YAML_SCALAR && n->n && !edit_is_flow(s, n))
    n = n->kind == YAML_MAP ? n->pairs[n->n - 1].value : n->items[n->n - 1];
  if (n->kind != YAML_SCALAR || n->plain || n->inset) return false;
  if (edit_line_end(s, n->at.end) == s.n) return true; /* the newline that would follow would be in it */
  if (blanks_below(s, edit_line_end(s, n->at.end))) return true;
  for (uint32_t i = n->at.start; i < n->at.end && s.p[i] != '\n' && s.p[i] != ' '; i++)
    if (s.p[i] == '+') return true;
  return false;
}

uint32_t edit_indent(Str s, const YamlNode *map) {
  uint32_t column = edit_column(s, map->at.start);
  for (YamlKind kind = YAML_LIST; kind <= YAML_MAP; kind++)
    for (uint32_t i = 0; i < map->n; i++) {
      const YamlNode *v = map->pairs[i].value;
      if (v->kind != kind || !edit_is_block(s, v) || !edit_starts_line(s, v->at.start)) continue;
      uint32_t there = edit_column(s, v->at.start);
      if (there != EDIT_NOWHERE && there >= column) return there - column;
    }
  return 4;
}

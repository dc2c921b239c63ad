/* SPDX-License-Identifier: MIT
 * Lists of one that become their element, and the reverse. */
#include "base/buf.h"
#include "lint/edit_text.h"

/* Nothing that a scalar would go on with: the line ends, or the brackets around. */
static bool ends_value(Str s, uint32_t at) {
  uint32_t next = at;
  while (next < s.n && edit_is_blank(s.p[next])) next++;
  return edit_ends_line(s, at) || strchr(",]}", s.p[next]);
}

/* `[x]` → `x`. */
static bool unlist_flow(Lint *l, const LintFile *file, const YamlNode *list) {
  Str s = file->text;
  const YamlNode *item = list->items[0];
  bool bare = item->kind != YAML_SCALAR && !edit_is_flow(s, item); /* `[a: b]` */
  if (bare || item->at.start == item->at.end || !list->at.start || !edit_is_blank(s.p[list->at.start - 1])) return false;
  if (edit_has_newline(s, list->at.start, list->at.end) || !ends_value(s, list->at.end)) return false;
  edit_bytes(l, file, list->at.start, item->at.start, STR(""));
  return edit_bytes(l, file, item->at.end, list->at.end, STR(""));
}

/* Behind the colon that the dash follows, blanks and line ends in between; EDIT_NOWHERE. */
static uint32_t behind_colon(Str s, uint32_t dash) {
  uint32_t at = edit_behind(s, ':', dash);
  if (at == EDIT_NOWHERE) return at;
  uint32_t start = edit_line_start(s, at);
  for (uint32_t i = start; i < at; i++) /* the colon of a comment, or what may be one */
    if (s.p[i] == '#' && (i == start || edit_is_blank(s.p[i - 1]))) return EDIT_NOWHERE;
  return start == EDIT_NOWHERE ? start : at;
}

/* `|2`: indented by so much more than the line of the key, which is another one then. */
static bool is_indented_by_number(Str s, const YamlNode *n) {
  if (n->plain || n->inset) return false;
  for (uint32_t i = n->at.start; i < n->at.end && !edit_is_blank(s.p[i]) && s.p[i] != '\n' && s.p[i] != '\r'; i++)
    if (ascii_digit(s.p[i])) return true;
  return false;
}

/* Nothing but line ends: a comment below would be its text. */
static bool is_empty_block(const YamlNode *n) {
  size_t i = 0;
  while (i < n->text.n && n->text.p[i] == '\n') i++;
  return !n->plain && !n->inset && i == n->text.n;
}

static uint32_t leading_blanks(Str s, uint32_t line) {
  uint32_t at = line;
  while (at < s.n && s.p[at] == ' ') at++;
  return at - line;
}

/* The next line with something in it is a comment as far to the right as the dash, and the key is not: another element, or about some. */
static bool comment_in_list(Str s, uint32_t colon, uint32_t dash, uint32_t end) {
  uint32_t line = edit_line_end(s, end) + 1, column = edit_column(s, dash);
  while (line < s.n && (s.p[line] == '\n' || s.p[line] == '\r')) line++;
  uint32_t blanks = leading_blanks(s, line), first = line + blanks;
  return first < s.n && s.p[first] == '#' && blanks >= column && leading_blanks(s, edit_line_start(s, colon)) < column;
}

static bool unlist_scalar(Lint *l, const LintFile *file, const YamlNode *item, uint32_t dash) {
  Str s = file->text;
  uint32_t colon = behind_colon(s, dash);
  if (colon == EDIT_NOWHERE || item->at.start == item->at.end || is_indented_by_number(s, item)) return false;
  if (item->kind == YAML_SCALAR && (is_empty_block(item) || comment_in_list(s, colon, dash, item->at.end))) return false;
  return edit_bytes(l, file, colon, item->at.start, STR(" "));
}

/* Whether each line of the map, behind its first one, has `column` blanks in front. Empty lines may have fewer, and so may comments that are
 * still left of all texts when these move by so much. */
static bool all_indented(Str s, uint32_t at, uint32_t end, uint32_t column, uint32_t by) {
  for (uint32_t line = edit_line_end(s, at) + 1; line < end; line = edit_line_end(s, line) + 1) {
    uint32_t blanks = leading_blanks(s, line), first = line + blanks;
    if (blanks >= column || first >= s.n || s.p[first] == '\n' || s.p[first] == '\r') continue;
    if (s.p[first] != '#' || blanks + by > column) return false;
  }
  return true;
}

/* Blanks on a line below may be less than the indentation of a block scalar, and must not become more. */
static uint32_t behind_blank_lines(Str s, uint32_t end) {
  uint32_t line = edit_line_end(s, end);
  while (line < s.n) {
    uint32_t next = line + 1 + leading_blanks(s, line + 1);
    if (next < s.n && s.p[next] != '\n' && s.p[next] != '\r') break;
    end = next;
    line = edit_line_end(s, next);
  }
  return end;
}

/* The dash goes. The map moves to its column where that is behind the column of the key; else, a blank for the dash will do. */
static bool unlist_map(Lint *l, const LintFile *file, const YamlNode *map, uint32_t dash) {
  Str s = file->text;
  uint32_t colon = behind_colon(s, dash), start = map->at.start, end = edit_end(s, map);
  if (edit_is_flow(s, map)) return unlist_scalar(l, file, map, dash);
  if (colon == EDIT_NOWHERE || end == EDIT_NOWHERE || !edit_starts_line(s, dash) || edit_has_newline(s, dash, start)) return false;
  uint32_t key_line = edit_line_start(s, colon), column = edit_column(s, start), by = start - dash;
  if (!all_indented(s, start, end, column, by)) return false;
  bool moves =
    dash - edit_line_start(s, dash) > leading_blanks(s, key_line) + (s.p[key_line + leading_blanks(s, key_line)] == '-' ? 2 : 0);
  if (!moves) return edit_bytes(l, file, dash, dash + 1, STR(" "));
  edit_bytes(l, file, dash, start, STR(""));
  end = behind_blank_lines(s, end);
  for (uint32_t line = edit_line_end(s, start) + 1; line < end; line = edit_line_end(s, line) + 1)
    if (leading_blanks(s, line) >= column) edit_bytes(l, file, line, line + by, STR(""));
  return true;
}

bool edit_unlist(Lint *l, const LintFile *file, const YamlNode *list) {
  Str s = file->text;
  if (!edit_ready(l, file) || list->kind != YAML_LIST || list->n != 1) return false;
  if (edit_is_flow(s, list)) return unlist_flow(l, file, list);
  const YamlNode *item = list->items[0];
  uint32_t dash = edit_dash(s, item);
  if (dash == EDIT_NOWHERE || item->kind == YAML_LIST) return false;
  return item->kind == YAML_MAP ? unlist_map(l, file, item, dash) : unlist_scalar(l, file, item, dash);
}

/* Of `- x` lines and of `[x]` alike; a `#` within a text is taken for a comment, too. */
bool edit_join(Lint *l, const LintFile *file, const YamlNode *list, Str text) {
  Str s = file->text;
  if (!edit_ready(l, file) || list->kind != YAML_LIST || !list->n || !text.n || memchr(text.p, '\n', text.n)) return false;
  uint32_t end = edit_end(s, list), from = list->at.start;
  bool flow = edit_is_flow(s, list);
  if (end == EDIT_NOWHERE || (!flow && !edit_ends_line(s, end)) || memchr(s.p + from, '#', end - from)) return false;
  if (flow) return edit_is_blank(s.p[from - (from > 0)]) && ends_value(s, end) && edit_bytes(l, file, from, end, text);
  uint32_t colon = behind_colon(s, from);
  Buf b = {.arena = l->arena};
  buf_char(&b, ' ');
  buf_str(&b, text);
  return colon != EDIT_NOWHERE && edit_bytes(l, file, colon, end, buf_view(&b));
}

/* `[x, y]` */
static Str flow_list(Lint *l, const Str *items, uint32_t n) {
  Buf b = {.arena = l->arena};
  for (uint32_t i = 0; i < n; i++) buf_printf(&b, "%s" STR_FMT, i ? ", " : "[", STR_ARG(items[i]));
  buf_char(&b, ']');
  return buf_view(&b);
}

bool edit_listed_as(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i, const Str *items, uint32_t n) {
  Str s = file->text;
  if (!edit_ready(l, file) || map->kind != YAML_MAP || i >= map->n || !n) return false;
  const YamlNode *key = map->pairs[i].key, *v = map->pairs[i].value;
  if (v->kind != YAML_SCALAR || v->at.start == v->at.end || (!v->plain && !v->inset)) return false;
  if (edit_has_newline(s, key->at.start, v->at.end)) return false;
  if (edit_is_flow(s, map)) return edit_bytes(l, file, v->at.start, v->at.end, flow_list(l, items, n));
  uint32_t column = edit_column(s, key->at.start), from = v->at.start;
  if (!edit_is_block(s, map) || column == EDIT_NOWHERE || !edit_ends_line(s, v->at.end)) return false;
  while (edit_is_blank(s.p[from - 1])) from--;
  Buf b = {.arena = l->arena};
  for (uint32_t k = 0; k < n; k++) {
    buf_str(&b, edit_newline(s, v->at.start));
    buf_printf(&b, "%*s- " STR_FMT, (int)(column + edit_indent(s, map)), "", STR_ARG(items[k]));
  }
  return edit_bytes(l, file, from, v->at.end, buf_view(&b));
}

bool edit_listed(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i) {
  if (!edit_ready(l, file) || map->kind != YAML_MAP || i >= map->n || map->pairs[i].value->kind != YAML_SCALAR) return false;
  Span at = map->pairs[i].value->at;
  Str written = str_sub(file->text, at.start, at.end);
  return edit_listed_as(l, file, map, i, &written, 1);
}

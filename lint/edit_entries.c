/* SPDX-License-Identifier: MIT
 * Entries of maps and items of lists: dropped, and added. */
#include "base/buf.h"
#include "lint/edit_text.h"

uint32_t edit_entry_of(const YamlNode *map, const YamlNode *n) {
  for (uint32_t i = 0; map->kind == YAML_MAP && i < map->n; i++)
    if (map->pairs[i].key == n || map->pairs[i].value == n) return i;
  return UINT32_MAX;
}

static const YamlNode *first_of(const YamlNode *n, uint32_t i) { return n->kind == YAML_MAP ? n->pairs[i].key : n->items[i]; }
static const YamlNode *last_of(const YamlNode *n, uint32_t i) { return n->kind == YAML_MAP ? n->pairs[i].value : n->items[i]; }

/* --- dropping ------------------------------------------------------------------------------------------------ */

/* Of `{a: b, c: d}` or `[a, b]`: with the comma, up to the neighbour. */
static bool drop_flow(Lint *l, const LintFile *file, const YamlNode *n, uint32_t i) {
  Str s = file->text;
  uint32_t from = i ? edit_end(s, last_of(n, i - 1)) : first_of(n, 0)->at.start;
  uint32_t to = i ? edit_end(s, last_of(n, i)) : first_of(n, 1)->at.start;
  if (from >= to || to > s.n || edit_has_newline(s, from, to)) return false;
  return edit_bytes(l, file, from, to, STR(""));
}

/* `- a: b` with the rest of the map below: the next entry comes behind the dash. */
static bool drop_behind_dash(Lint *l, const LintFile *file, const YamlNode *map) {
  Str s = file->text;
  uint32_t from = map->pairs[0].key->at.start, end = edit_end(s, map->pairs[0].value), next = map->pairs[1].key->at.start;
  uint32_t dash = edit_dash(s, map->pairs[0].key);
  if (dash == EDIT_NOWHERE || !edit_starts_line(s, dash) || edit_has_newline(s, dash, from)) return false;
  if (!edit_ends_line(s, end) || !edit_starts_line(s, next) || edit_line_start(s, next) != edit_line_end(s, end) + 1) return false;
  return edit_bytes(l, file, from, next, STR(""));
}

/* The rest of the last line goes too. What a comment there says, a person must judge. */
static bool drop_lines(Lint *l, const LintFile *file, uint32_t from, uint32_t end) {
  Str s = file->text;
  uint32_t to = edit_line_end(s, end);
  if (!edit_bytes(l, file, edit_line_start(s, from), to + (to < s.n), STR(""))) return false;
  if (to > end && memchr(s.p + end, '#', to - end)) lint_fix_unsafe(l);
  return true;
}

/* What is below would come to the text above. */
static bool keeps_lines(Str s, const YamlNode *n, uint32_t i) {
  return edit_keeps_lines(s, last_of(n, i - 1)) || edit_keeps_lines(s, last_of(n, i));
}

bool edit_drop_entry(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i) {
  Str s = file->text;
  if (!edit_ready(l, file) || map->kind != YAML_MAP || map->n < 2 || i >= map->n) return false;
  if (edit_is_flow(s, map)) return drop_flow(l, file, map, i);
  uint32_t from = map->pairs[i].key->at.start, end = edit_end(s, map->pairs[i].value);
  if (i == 0 && !edit_starts_line(s, from)) return drop_behind_dash(l, file, map);
  if (!edit_starts_line(s, from) || !edit_ends_line(s, end) || (i && keeps_lines(s, map, i))) return false;
  return drop_lines(l, file, from, end);
}

bool edit_drop_item(Lint *l, const LintFile *file, const YamlNode *list, uint32_t i) {
  Str s = file->text;
  if (!edit_ready(l, file) || list->kind != YAML_LIST || list->n < 2 || i >= list->n) return false;
  if (edit_is_flow(s, list)) return drop_flow(l, file, list, i);
  uint32_t dash = edit_dash(s, list->items[i]), end = edit_end(s, list->items[i]);
  if (dash == EDIT_NOWHERE || !edit_starts_line(s, dash) || !edit_ends_line(s, end)) return false;
  if (i && keeps_lines(s, list, i)) return false;
  return drop_lines(l, file, dash, end);
}

/* --- adding -------------------------------------------------------------------------------------------------- */

/* Lines below the one that `at` is on; each is indented, and ends as that one does. */
static bool add_lines(Lint *l, const LintFile *file, uint32_t at, uint32_t indent, Str lines) {
  Str s = file->text, newline = edit_newline(s, at);
  uint32_t end = edit_line_end(s, at);
  Buf b = {.arena = l->arena};
  if (end == s.n) buf_str(&b, newline);
  for (size_t from = 0; from < lines.n;) {
    size_t to = str_find(lines, STR("\n"), from);
    if (to == SIZE_MAX) to = lines.n;
    buf_printf(&b, "%*s", (int)indent, "");
    buf_str(&b, str_sub(lines, from, to));
    if (to < lines.n || end < s.n) buf_str(&b, newline);
    from = to + 1;
  }
  return edit_bytes(l, file, end + (end < s.n), end + (end < s.n), buf_view(&b));
}

static Str entry_text(Lint *l, Str key, Str text) {
  Buf b = {.arena = l->arena};
  buf_str(&b, key);
  buf_char(&b, ':');
  if (text.n && text.p[0] != '\n') buf_char(&b, ' ');
  buf_str(&b, text);
  return buf_view(&b);
}

/* Behind element i, or in the empty brackets. */
static bool add_flow(Lint *l, const LintFile *file, const YamlNode *n, uint32_t i, Str text) {
  Str s = file->text;
  Buf b = {.arena = l->arena};
  uint32_t at = n->n ? edit_end(s, last_of(n, i)) : n->at.start + 1;
  if (at > s.n || memchr(text.p, '\n', text.n)) return false;
  if (n->n) buf_str(&b, STR(", "));
  buf_str(&b, text);
  return edit_bytes(l, file, at, at, buf_view(&b));
}

bool edit_add_entry(Lint *l, const LintFile *file, const YamlNode *map, uint32_t after, Str key, Str text) {
  Str s = file->text;
  if (!edit_ready(l, file) || map->kind != YAML_MAP) return false;
  if (after >= map->n) after = map->n ? map->n - 1 : 0;
  Str entry = entry_text(l, key, text);
  if (edit_is_flow(s, map)) return add_flow(l, file, map, after, entry);
  if (!edit_is_block(s, map)) return false;
  const YamlNode *first = map->pairs[0].key, *before = map->pairs[after].value;
  uint32_t end = edit_end(s, before), column = edit_column(s, first->at.start);
  if (!edit_ends_line(s, end) || column == EDIT_NOWHERE || edit_keeps_lines(s, before)) return false;
  for (uint32_t at = first->at.start - column; at < first->at.start; at++)
    if (s.p[at] != ' ' && s.p[at] != '-') return false; /* `? ` */
  return add_lines(l, file, end, column, entry);
}

bool edit_add_item(Lint *l, const LintFile *file, const YamlNode *list, Str text) {
  Str s = file->text;
  if (!edit_ready(l, file) || list->kind != YAML_LIST || !text.n || memchr(text.p, '\n', text.n)) return false;
  if (edit_is_flow(s, list)) return add_flow(l, file, list, list->n ? list->n - 1 : 0, text);
  if (!edit_is_block(s, list)) return false;
  const YamlNode *last = list->items[list->n - 1];
  uint32_t dash = edit_dash(s, list->items[0]), end = edit_end(s, last);
  if (dash == EDIT_NOWHERE || edit_column(s, dash) == EDIT_NOWHERE || !edit_ends_line(s, end) || edit_keeps_lines(s, last))
    return false;
  Buf b = {.arena = l->arena};
  buf_str(&b, STR("- "));
  buf_str(&b, text);
  return add_lines(l, file, end, edit_column(s, dash), buf_view(&b));
}

bool edit_add_list(Lint *l, const LintFile *file, const YamlNode *map, uint32_t after, Str key, Str item) {
  if (!edit_ready(l, file) || map->kind != YAML_MAP || !item.n) return false;
  Buf b = {.arena = l->arena};
  if (edit_is_flow(file->text, map)) buf_printf(&b, "[" STR_FMT "]", STR_ARG(item));
  else buf_printf(&b, "\n%*s- " STR_FMT, (int)edit_indent(file->text, map), "", STR_ARG(item));
  return edit_add_entry(l, file, map, after, key, buf_view(&b));
}

bool edit_fill(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i, Str text) {
  if (!edit_ready(l, file) || map->kind != YAML_MAP || i >= map->n || !text.n) return false;
  Span at = map->pairs[i].value->at;
  if (!yaml_is_null(map->pairs[i].value)) return false;
  if (at.start < at.end) return edit_bytes(l, file, at.start, at.end, text);
  if (!at.start || file->text.p[at.start - 1] != ':') return false;
  Buf b = {.arena = l->arena};
  buf_char(&b, ' ');
  buf_str(&b, text);
  return edit_bytes(l, file, at.start, at.start, buf_view(&b));
}

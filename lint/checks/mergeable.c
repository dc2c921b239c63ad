/* SPDX-License-Identifier: MIT
 * Lists of maps that one key with a list of values says as well. */
#include "lint/edit_text.h"

/* Any of the lists, or of all their values: not where all must hold, or none may. */
static bool mergeable_key(Str key) {
  return str_find(key, STR("|all"), 0) == SIZE_MAX && str_find(key, STR("|neq"), 0) == SIZE_MAX &&
         str_find(key, STR("|exists"), 0) == SIZE_MAX;
}

/* Null among other values is taken for a mistake. */
static bool mergeable_value(const YamlNode *v) {
  if (v->kind == YAML_SCALAR) return v->type != SCALAR_NULL;
  for (uint32_t i = 0; v->kind == YAML_LIST && i < v->n; i++)
    if (v->items[i]->kind != YAML_SCALAR || v->items[i]->type == SCALAR_NULL) return false;
  return v->kind == YAML_LIST && v->n;
}

static bool mergeable(const YamlNode *list) {
  if (list->kind != YAML_LIST || list->n < 2) return false;
  for (uint32_t i = 0; i < list->n; i++) {
    const YamlNode *map = list->items[i];
    if (map->kind != YAML_MAP || map->n != 1) return false;
    if (!str_eq(map->pairs[0].key->text, list->items[0]->pairs[0].key->text) || !mergeable_value(map->pairs[0].value)) return false;
  }
  return mergeable_key(list->items[0]->pairs[0].key->text);
}

/* `- key: value` on a line of its own, `column` blanks in front of the dash. */
static bool on_one_line(Str s, const YamlNode *map, uint32_t column) {
  const YamlNode *key = map->pairs[0].key, *v = map->pairs[0].value;
  uint32_t dash = edit_dash(s, map);
  if (dash == EDIT_NOWHERE || dash + 2 != key->at.start || edit_column(s, dash) != column || !edit_starts_line(s, dash))
    return false;
  if (v->kind != YAML_SCALAR || v->at.start == v->at.end || (!v->plain && !v->inset)) return false;
  if (key->at.end + 2 > v->at.start || s.p[key->at.end] != ':') return false;
  for (uint32_t i = key->at.end + 1; i < v->at.start; i++)
    if (!edit_is_blank(s.p[i])) return false;
  return !edit_has_newline(s, key->at.start, v->at.end) && edit_ends_line(s, v->at.end);
}

static Str item_start(Lint *l, uint32_t column) { return arena_printf(l->arena, "%*s- ", (int)column + 4, ""); }

/* Comments on lines of their own, from the line below `at` on, move along with the values around them. */
static void move_comments(Lint *l, const LintFile *file, uint32_t at, uint32_t column) {
  Str s = file->text;
  for (uint32_t line = edit_line_end(s, at) + 1; line < s.n; line = edit_line_end(s, line) + 1) {
    uint32_t first = line;
    while (first < s.n && s.p[first] == ' ') first++;
    bool empty = first < s.n && (s.p[first] == '\n' || s.p[first] == '\r');
    if (!empty && (first >= s.n || s.p[first] != '#' || first - line < column)) return;
    if (!empty) edit_bytes(l, file, line, line, STR("    "));
  }
}

/* The first line is split into the key and its first value; of the others the key goes. */
static void merge(Lint *l, const LintFile *file, const Detection *d) {
  enum { MOST_COLUMN = 64 };
  Str s = file->text;
  const YamlNode *list = d->node;
  if (!l->kept || !edit_ready(l, file) || edit_is_flow(s, list)) return;
  uint32_t column = edit_column(s, list->at.start);
  if (column > MOST_COLUMN || column <= edit_column(s, d->name_at.start)) return;
  for (uint32_t i = 0; i < list->n; i++)
    if (!on_one_line(s, list->items[i], column)) return;
  for (uint32_t i = 0; i < list->n; i++) {
    const YamlPair *pair = &list->items[i]->pairs[0];
    uint32_t dash = edit_dash(s, list->items[i]);
    Str start = item_start(l, column);
    if (i) edit_bytes(l, file, dash - column, pair->value->at.start, start);
    move_comments(l, file, pair->value->at.end, column);
    if (i) continue;
    edit_bytes(l, file, dash, pair->key->at.start, STR(""));
    Str newline = edit_newline(s, dash);
    edit_bytes(l, file, pair->key->at.end + 1, pair->value->at.start,
               arena_printf(l->arena, STR_FMT STR_FMT, STR_ARG(newline), STR_ARG(start)));
  }
}

void check_mergeable_maps(Lint *l, const LintAt *at) {
  for (uint32_t i = 0; i < at->doc->rule->n_detections; i++) {
    const YamlNode *list = at->doc->rule->detections[i].node;
    if (!mergeable(list)) continue;
    lint_report(l, CHECK_mergeable_maps, list->at, "each of the %u maps has the single key `" STR_FMT "`", (unsigned)list->n,
                STR_ARG(list->items[0]->pairs[0].key->text));
    lint_hint(l, "write the key once, with a list of the values");
    merge(l, at->file, &at->doc->rule->detections[i]);
  }
}

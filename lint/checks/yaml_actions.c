/* SPDX-License-Identifier: MIT
 * Documents of Sigma 1 that the next ones are merged with. The fix writes the entries of one `action: global` at the top of a file into
 * each document behind it: by lines, so that comments stay. */
#include "lint/checks/moves.h"
#include "lint/lines.h"

enum { MOST_TEXT = 1 << 16 }; /* that a fix writes */

typedef struct {
  Lint *lint;
  const LintFile *file;
  Str text;
  Arena *arena;
  const YamlNode *global;
  uint32_t *starts; /* of the entries of the global document */
  size_t written;
} Global;

static void insert(Global *g, uint32_t at, Str text) {
  g->written += text.n;
  if (text.n) lint_fix(g->lint, (Span){g->file->file, at, at}, text);
}

/* --- entries that both have ----------------------------------------------------------------------------------------- */

/* Behind the lines of an entry. */
static uint32_t entry_end(Str s, const YamlPair *p) {
  uint32_t end = p->value->at.end > p->key->at.end ? p->value->at.end : p->key->at.end;
  return lines_next(s, end - (end && s.p[end - 1] == '\n'));
}

/* The lines of an entry's map behind its key, where the entries in it have lines of their own, all in one column. */
static bool block_lines(const Global *g, const YamlPair *entry, Span *lines, uint32_t *column) {
  Str s = g->text;
  const YamlNode *map = entry->value;
  if (map->kind != YAML_MAP || !map->n) return false;
  for (uint32_t i = 0; i < map->n; i++) {
    uint32_t at = map->pairs[i].key->at.start, start = lines_start(s, at), blanks = start;
    while (blanks < at && s.p[blanks] == ' ') blanks++;
    if (blanks != at || (i && at - start != *column)) return false;
    *column = at - start;
  }
  lines->start = lines_next(s, entry->key->at.end);
  lines->end = entry_end(s, &map->pairs[map->n - 1]);
  return s.p[lines->end - 1] == '\n';
}

static const YamlPair *entry_of(const YamlNode *map, Str key) {
  for (uint32_t i = 0; i < map->n; i++)
    if (str_eq(map->pairs[i].key->text, key)) return &map->pairs[i];
  return NULL;
}

static bool share_a_key(const YamlNode *x, const YamlNode *y) {
  for (uint32_t i = 0; i < y->n; i++)
    if (entry_of(x, y->pairs[i].key->text)) return true;
  return false;
}

/* The entries of the global map behind those of the document's. */
static bool merge_maps(Global *g, const YamlPair *from, const YamlPair *to) {
  Span lines, there;
  uint32_t column, column_there;
  Buf text = {.arena = g->arena};
  if (!block_lines(g, from, &lines, &column) || !block_lines(g, to, &there, &column_there) || share_a_key(from->value, to->value))
    return false;
  for (uint32_t at = lines.start, next; at < lines.end; at = next) {
    uint32_t first = at;
    next = lines_next(g->text, at);
    while (g->text.p[first] == ' ') first++;
    uint32_t blanks = first - at + column_there > column ? first - at + column_there - column : 0;
    for (uint32_t i = 0; g->text.p[first] != '\n' && i < blanks; i++) buf_char(&text, ' ');
    buf_str(&text, str_sub(g->text, first, next));
  }
  insert(g, there.end, buf_view(&text));
  return true;
}

/* --- documents ------------------------------------------------------------------------------------------------------- */

/* Behind `title` and `id`, which a document usually begins with. */
static uint32_t place_in(const YamlNode *doc, const uint32_t *starts) {
  uint32_t i = 0;
  while (i < doc->n && (str_is(doc->pairs[i].key->text, "title") || str_is(doc->pairs[i].key->text, "id"))) i++;
  return starts[i];
}

/* The value of the global document wins. */
static void replace(Global *g, const YamlPair *from, const YamlPair *to) {
  Str lines = str_sub(g->text, from->key->at.start, entry_end(g->text, from));
  Span there = {g->file->file, to->key->at.start, entry_end(g->text, to)};
  g->written += lines.n;
  if (!str_eq(lines, str_sub(g->text, there.start, there.end))) lint_fix(g->lint, there, lines);
}

static bool merge_into(Global *g, const YamlNode *doc) {
  Buf text = {.arena = g->arena};
  uint32_t *starts = arena_array(g->arena, uint32_t, doc->n + 1);
  if (yaml_key(doc, "action") || !move_starts(g->text, doc, starts)) return false;
  if (yaml_key(doc, "correlation") || yaml_key(doc, "filter")) return true; /* nothing is merged into these */
  for (uint32_t i = 0; i < g->global->n; i++) {
    const YamlPair *p = &g->global->pairs[i], *own = entry_of(doc, p->key->text);
    if (str_is(p->key->text, "action")) continue;
    if (!own) buf_str(&text, str_sub(g->text, g->starts[i], g->starts[i + 1]));
    else if (own->value->kind != YAML_MAP || p->value->kind != YAML_MAP) replace(g, p, own);
    else if (!merge_maps(g, p, own)) return false;
  }
  insert(g, place_in(doc, starts), buf_view(&text));
  return g->written <= MOST_TEXT;
}

/* The document, and the line between it and the next one. */
static bool drop(Global *g) {
  size_t next = yaml_next_document(g->text, g->starts[0]);
  if (next == SIZE_MAX || g->text.p[next] != '-') return false;
  size_t end = next + 3;
  while (end < g->text.n && (g->text.p[end] == ' ' || g->text.p[end] == '\r')) end++;
  if (end == g->text.n || g->text.p[end] != '\n') return false;
  lint_fix(g->lint, (Span){g->file->file, g->starts[0], (uint32_t)end + 1}, STR(""));
  return true;
}

static void fix_global(Lint *l, const LintFile *f) {
  const YamlDocs *docs = &f->docs;
  Global g = {.lint = l, .file = f, .text = f->text, .arena = arena_sub(l->arena), .global = docs->docs.p[0]};
  g.starts = arena_array(g.arena, uint32_t, g.global->n + 1);
  bool good = l->kept && docs->docs.n > 1 && !docs->broken && move_starts(f->text, g.global, g.starts) && drop(&g);
  for (uint32_t i = 1; good && i < docs->docs.n; i++) good = merge_into(&g, docs->docs.p[i]);
  if (!good) lint_unfix(l);
  arena_sub_done(g.arena);
}

void check_actions(Lint *l, const LintAt *at) {
  const YamlDocs *docs = &at->file->docs;
  bool previous = false;
  for (uint32_t i = 0; i < docs->docs.n; i++) {
    const YamlNode *key = yaml_key(docs->docs.p[i], "action"), *value = yaml_get(docs->docs.p[i], "action");
    Str word = yaml_is_text(value) ? value->text : STR("");
    if (!key) {
      previous = true;
      continue;
    }
    bool known = str_is(word, "global") || str_is(word, "reset") || str_is(word, "repeat");
    if (!known)
      lint_report_as(l, CHECK_yaml_multi_action, SEV_ERROR, value->at, "no such `action`; known are global, reset and repeat");
    else if (str_is(word, "repeat") && !previous)
      lint_report_as(l, CHECK_yaml_multi_action, SEV_ERROR, key->at, "`action: repeat` with no document before it");
    else {
      lint_report(l, CHECK_yaml_multi_action, key->at, "`action: " STR_FMT "` is of Sigma 1", STR_ARG(word));
      if (!i && str_is(word, "global")) fix_global(l, at->file);
    }
    previous = previous || str_is(word, "global") || str_is(word, "repeat");
  }
}

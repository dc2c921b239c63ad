/* SPDX-License-Identifier: MIT
 * Edits of keys: a modifier more or less. */
#include "base/buf.h"
#include "lint/checks/values.h"

/* A bound on comparisons: a map may have as many keys as a file can hold. */
enum { KEYS_MOST = 200 };

/* Another name for the key of an item: free in its map, and written as it is meant. */
static bool key_is_free(const LintItem *item, Str name) {
  if (!item->map || !item->key->exact || item->map->n > KEYS_MOST) return false;
  for (uint32_t i = 0; i < item->map->n; i++)
    if (str_eq(item->map->pairs[i].key->text, name)) return false;
  return true;
}

bool fix_drop_modifier(Lint *l, const LintAt *at, uint32_t i) {
  const LintItem *item = at->item;
  if (!l->kept || at->file->no_edits || !item->field.n) return false;
  Arena *scratch = arena_sub(l->arena);
  Buf name = {.arena = scratch};
  buf_str(&name, item->field);
  for (uint32_t k = 0; k < item->n_modifiers; k++)
    if (k != i) buf_printf(&name, "|" STR_FMT, STR_ARG(item->modifiers[k].name));
  bool free_name = key_is_free(item, buf_view(&name));
  Span span = item->modifiers[i].at;
  span.start--; /* the bar */
  if (free_name) lint_fix(l, span, STR(""));
  arena_sub_done(scratch);
  return free_name;
}

bool fix_add_modifier(Lint *l, const LintAt *at, const char *modifier) {
  const LintItem *item = at->item;
  if (!l->kept || at->file->no_edits || !item->field.n) return false;
  Arena *scratch = arena_sub(l->arena);
  Str name = arena_printf(scratch, STR_FMT "|%s", STR_ARG(item->key->text), modifier);
  bool free_name = key_is_free(item, name);
  if (free_name) {
    Span end = yaml_sub_span(item->key, item->key->text.n, item->key->text.n);
    lint_fix(l, end, str_from(name, item->key->text.n));
  }
  arena_sub_done(scratch);
  return free_name;
}

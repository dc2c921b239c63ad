/* SPDX-License-Identifier: MIT
 * Fixes of detection items: of keys with their modifiers, and of values. */
#include "base/buf.h"
#include "lint/checks/fixes.h"

bool fix_rekey(Lint *l, const LintAt *at, size_t from, size_t to, Str text) {
  const LintItem *item = at->item;
  if (!l->kept || !item->map || at->file->no_edits) return false;
  Arena *scratch = arena_sub(l->arena);
  Buf key = {.arena = scratch};
  buf_str(&key, str_sub(item->key->text, 0, from));
  buf_str(&key, text);
  buf_str(&key, str_from(item->key->text, to));
  bool there = false;
  for (uint32_t i = 0; i < item->map->n && !there; i++) there = str_eq(item->map->pairs[i].key->text, buf_view(&key));
  bool done = !there && edit_part(l, at->file, item->key, from, to, text);
  arena_sub_done(scratch);
  return done;
}

/* Where the name stands in the key. */
static size_t offset(const LintItem *item, Str name) { return (size_t)(name.p - item->key->text.p); }

bool fix_insert_modifier(Lint *l, const LintAt *at, const char *name, const LintModifier *before) {
  const LintItem *item = at->item;
  if (!l->kept) return false;
  size_t to = before ? offset(item, before->name) - 1 : item->key->text.n;
  return fix_rekey(l, at, to, to, arena_printf(l->arena, "|%s", name));
}

void fix_move_modifier(Lint *l, const LintAt *at, const LintModifier *m, const LintModifier *to) {
  Buf b = {.arena = l->arena};
  const LintModifier *first = m < to ? m : to, *last = m < to ? to : m;
  if (!l->kept || !at->item->key) return;
  if (m > to) buf_printf(&b, STR_FMT "|", STR_ARG(m->name));
  for (const LintModifier *k = first; k <= last; k++)
    if (k != m) buf_printf(&b, "%s" STR_FMT, k == first || (k == first + 1 && m == first) ? "" : "|", STR_ARG(k->name));
  if (m < to) buf_printf(&b, "|" STR_FMT, STR_ARG(m->name));
  fix_rekey(l, at, offset(at->item, first->name), offset(at->item, last->name) + last->name.n, buf_view(&b));
}

void fix_drop_this_item(Lint *l, const LintAt *at) {
  if (at->item->map) edit_drop_entry(l, at->file, at->item->map, edit_entry_of(at->item->map, at->item->key));
}

void fix_value_bytes(Lint *l, const LintAt *at, const YamlNode *value, Str text) {
  if (l->kept && !at->file->no_edits && value->at.start < value->at.end) lint_fix(l, value->at, text);
}

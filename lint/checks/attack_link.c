/* SPDX-License-Identifier: MIT
 * A link to a page of ATT&CK, as a tag. */
#include "lint/checks/fixes.h"
#include "lint/checks/metadata.h"

#define SITE "https://attack.mitre.org/"

/* The part of a path from *at on, up to the next slash. */
static Str part(Str path, size_t *at) {
  size_t from = *at, to = from;
  while (to < path.n && path.p[to] != '/') to++;
  *at = to < path.n ? to + 1 : to;
  return str_sub(path, from, to);
}

static Str tactic_tag(Lint *l, Str id) {
  const AttackTable *t = &l->data.attack;
  for (unsigned i = 0; i < t->n_tactics; i++)
    if (str_is(id, t->tactics[i].id)) return arena_printf(l->arena, "attack.%s", t->tactics[i].word);
  return (Str){0};
}

static Str entry_tag(Lint *l, Str id, Str sub) {
  Str whole = sub.n ? arena_printf(l->arena, STR_FMT "." STR_FMT, STR_ARG(id), STR_ARG(sub)) : id;
  const AttackEntry *e = attack_find_in(&l->data.attack, whole);
  if (!e || (e->state & (ATTACK_REVOKED | ATTACK_DEPRECATED))) return (Str){0};
  return fix_lower(l, arena_printf(l->arena, "attack.%s", e->id));
}

/* techniques/T1059/001/, tactics/TA0002, groups/G0016 ...; empty: another page, or of what is not in the table. */
static Str tag_of(Lint *l, Str link) {
  static const char *const pages[] = {"techniques", "groups", "software", "mitigations"};
  size_t at = 0;
  Str path = str_from(link, sizeof SITE - 1), page = part(path, &at), id = part(path, &at), sub = part(path, &at);
  if (at < path.n) return (Str){0};
  if (str_is(page, "tactics")) return sub.n ? (Str){0} : tactic_tag(l, id);
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
    if (str_is(page, pages[i]) && (!sub.n || i == 0)) return entry_tag(l, id, sub);
  return (Str){0};
}

void fix_attack_link(Lint *l, const LintDoc *doc, const YamlNode *list, uint32_t i) {
  const YamlNode *tags = yaml_get(doc->root, "tags");
  bool there = false;
  if (!l->kept || doc->file->no_edits) return;
  Str tag = tag_of(l, list->items[i]->text);
  for (uint32_t k = 0; tags && tags->kind == YAML_LIST && k < tags->n; k++) there |= str_eq(tags->items[k]->text, tag);
  if (tag.n && (!edit_drop_item(l, doc->file, list, i) || (!there && !meta_add_to_list(l, doc, "tags", tag)))) edit_none(l);
}

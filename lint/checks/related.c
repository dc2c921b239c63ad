/* SPDX-License-Identifier: MIT
 * `related`: entries that name the rule itself, a rule twice, or a rule that is not there. */
#include "base/utf8.h"
#include "lint/checks/metadata.h"
#include "lint/edit.h"

/* The id of an entry; NULL where there is none. */
static const YamlNode *entry_id(const YamlNode *list, uint32_t i) {
  const YamlNode *entry = list->items[i], *id = entry->kind == YAML_MAP ? yaml_get(entry, "id") : NULL;
  return yaml_is_text(id) && id->text.n ? id : NULL;
}

static const YamlNode *entry_type(const YamlNode *list, uint32_t i) {
  const YamlNode *type = yaml_get(list->items[i], "type");
  return yaml_is_text(type) ? type : NULL;
}

/* --- the rule itself, or another one twice ------------------------------------------------------------------- */

static void report_self(Lint *l, const LintFile *file, const YamlNode *list, uint32_t i) {
  lint_report(l, CHECK_related_self, entry_id(list, i)->at, "the rule is related to itself");
  lint_hint(l, "delete the entry");
  edit_drop_item(l, file, list, i);
}

static void report_twice(Lint *l, const LintFile *file, const YamlNode *list, uint32_t i, uint32_t first) {
  const YamlNode *id = entry_id(list, i), *type = entry_type(list, i), *before = entry_type(list, first);
  Place place = source_place(&l->compiler.sources, entry_id(list, first)->at);
  bool same = type && before && str_eq(type->text, before->text);
  lint_report(l, CHECK_related_self, id->at, "`" STR_FMT "` is listed twice, for the first time in line %u", STR_ARG(id->text),
              (unsigned)place.line);
  lint_hint(l, same ? "delete the entry" : "keep the entry whose type is right");
  if (same) edit_drop_item(l, file, list, i); /* of two types a person has to choose */
}

void check_related(Lint *l, const LintAt *at) {
  const YamlNode *list = meta_list(at->doc, "related");
  Str self = at->doc->rule->id.text;
  if (!list) return;
  Arena *scratch = arena_sub(l->arena);
  Intern seen;
  intern_init(&seen, scratch);
  uint32_t *first = arena_array(scratch, uint32_t, list->n);
  for (uint32_t i = 0; i < list->n; i++) {
    const YamlNode *id = entry_id(list, i);
    if (!id) continue;
    if (str_eq_nocase(id->text, self)) {
      report_self(l, at->file, list, i);
      continue;
    }
    uint32_t known = seen.names.n, k = intern_id(&seen, fold_text(scratch, id->text));
    if (k < known) report_twice(l, at->file, list, i, first[k]);
    else first[k] = i;
  }
  arena_sub_done(scratch);
}

/* --- a rule that is not there -------------------------------------------------------------------------------- */

/* What a rule was made from, or is to be read beside. A rule that is obsolete or renamed may well be gone. */
static bool must_exist(const YamlNode *type) {
  return type && (str_is(type->text, "derived") || str_is(type->text, "similar") || str_is(type->text, "merged"));
}

typedef struct {
  uint32_t found;
  VEC(const YamlNode *) missing;
} Related;

static void look_up(const Lint *l, Arena *a, Related *r, const YamlNode *list) {
  for (uint32_t i = 0; i < list->n; i++) {
    const YamlNode *id = entry_id(list, i);
    if (!id || !must_exist(entry_type(list, i))) continue;
    if (rules_find(&l->compiler.rules, id->text)) r->found++;
    else *vec_add(a, &r->missing) = id;
  }
}

/* Of a part of a repository, such as the files of one change, nothing can be said. The whole is known by this: most of what its rules
 * refer to is there. */
void check_related_unresolved(Lint *l, const LintAt *at) {
  (void)at;
  if (l->files.n < 2) return;
  Arena *scratch = arena_sub(l->arena);
  Related r = {0};
  for (uint32_t i = 0; i < l->docs.n; i++) {
    const YamlNode *list = meta_list(&l->docs.p[i], "related");
    if (list) look_up(l, scratch, &r, list);
  }
  for (uint32_t i = 0; r.missing.n < r.found && i < r.missing.n; i++) {
    const YamlNode *id = r.missing.p[i];
    lint_report(l, CHECK_related_unresolved, id->at, "no rule of the set has the id `" STR_FMT "`", STR_ARG(id->text));
    lint_hint(l, "name the rule that took its place, or delete the entry");
  }
  arena_sub_done(scratch);
}

/* SPDX-License-Identifier: MIT
 * Names of fields, and the values of two kinds of them: accounts and hashes. */
#include "lint/checks/fixes.h"
#include "lint/sources.h"
#include "lint/config.h"

static void fix_blanks(Lint *l, const LintAt *at) {
  if (!l->kept) return;
  Str name = arena_dup(l->arena, at->item->field);
  char *p = (char *)name.p;
  for (size_t i = 0; i < name.n; i++)
    if (p[i] == ' ' || p[i] == '\t') p[i] = '_';
  fix_rekey(l, at, 0, name.n, name);
}

void check_field_name(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->key || !item->field.n) return;
  if (memchr(item->field.p, ' ', item->field.n) || memchr(item->field.p, '\t', item->field.n)) {
    lint_report(l, CHECK_field_space, item->field_at, "the name of the field `" STR_FMT "` holds a blank", STR_ARG(item->field));
    fix_blanks(l, at);
  }
  const LintSource *source = lint_source_find(&l->data.sources, &at->doc->rule->logsource);
  if (!source || !source->fields.n || lint_names_have(&source->fields, item->field)) return;
  if (lint_field_allowed(l, &at->doc->rule->logsource, item->field)) return;
  const char *near = lint_names_case(&source->fields, item->field);
  if (near) {
    lint_report(l, CHECK_field_case, item->field_at, "the field is written `%s`, not `" STR_FMT "`", near, STR_ARG(item->field));
    lint_hint(l, "write `%s`", near);
    fix_rekey(l, at, 0, item->field.n, str_of(near));
    return;
  }
  if (at->doc->rule->kind != DOC_RULE) return; /* a filter may ask for what an environment adds */
  lint_report(l, CHECK_field_unknown, item->field_at, "the log source has no field `" STR_FMT "`", STR_ARG(item->field));
  bool kept = lint_enabled(l, CHECK_field_unknown) && !lint_dropped(l, at->file->file);
  near = kept ? lint_names_near(&source->fields, item->field) : NULL;
  if (near) lint_hint(l, "did you mean `%s`?", near);
}

/* --- values -------------------------------------------------------------------------------------------------- */

static bool holds_nocase(Str s, Str needle) {
  for (size_t i = 0; i + needle.n <= s.n; i++)
    if (str_eq_nocase(str_sub(s, i, i + needle.n), needle)) return true;
  return false;
}

/* AUTHORITY, AUTORITE, AUTORITAET ...: the name of the account depends on the language of the system. */
void check_localized_user(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->key || item->n_values != 1 || !holds_nocase(item->field, STR("user"))) return;
  const YamlNode *v = item->values[0];
  if (!yaml_is_text(v) || (str_find(v->text, STR("AUTORI"), 0) == SIZE_MAX && str_find(v->text, STR("AUTHORI"), 0) == SIZE_MAX))
    return;
  lint_report(l, CHECK_user_localized, v->at, "`" STR_FMT "` is the name of the account in one language of the system only",
              STR_ARG(v->text));
  lint_hint(l, "write `" STR_FMT "|contains` with the values `AUTHORI` and `AUTORI`", STR_ARG(item->field));
  if (!item->map || item->is_list || item->n_modifiers || !fix_insert_modifier(l, at, "contains", NULL)) return;
  static const Str languages[] = {STR_INIT("'AUTHORI'"), STR_INIT("'AUTORI'")};
  if (!edit_listed_as(l, at->file, item->map, edit_entry_of(item->map, item->key), languages, 2)) edit_none(l);
}

typedef struct {
  const char *name;
  size_t digits;
} HashKind;

/* NULL: the part is KIND=digits as it should be; else what is wrong. Between wildcards stands a whole pair. */
static const char *hash_problem(Str part) {
  static const HashKind kinds[] = {{"MD5", 32}, {"SHA1", 40}, {"SHA256", 64}, {"IMPHASH", 32}};
  const char *equals = memchr(part.p, '=', part.n);
  if (!equals) return "no `=` between the kind of hash and its digits";
  Str name = str_sub(part, 0, (size_t)(equals - part.p)), digits = str_from(part, name.n + 1);
  size_t k = 0;
  while (k < sizeof kinds / sizeof *kinds && !str_is(name, kinds[k].name)) k++;
  if (k == sizeof kinds / sizeof *kinds) return "the kind is none of MD5, SHA1, SHA256, IMPHASH";
  for (size_t i = 0; i < digits.n; i++)
    if (ascii_hex(digits.p[i]) > 15) return "what follows `=` is not of hexadecimal digits alone";
  if (digits.n != kinds[k].digits) return "the hash has not as many digits as its kind has";
  return NULL;
}

static void check_hash(Lint *l, const YamlNode *v) {
  Str s = v->text;
  for (size_t from = 0; from < s.n;) {
    size_t to = from;
    while (to < s.n && s.p[to] != '*' && s.p[to] != '?') to += s.p[to] == '\\' && to + 1 < s.n ? 2 : 1;
    const char *problem = to > from ? hash_problem(str_sub(s, from, to)) : NULL;
    if (problem) {
      lint_report(l, CHECK_hash_value, v->at, "`" STR_FMT "`: %s", STR_ARG(s), problem);
      return;
    }
    from = to + 1;
  }
}

void check_hash_values(Lint *l, const LintAt *at) {
  static const char *const other[] = {"re", "expand", "exists", "fieldref", "cidr", "base64", "base64offset"};
  const LintItem *item = at->item;
  if (!item->key || (!str_is(item->field, "Hashes") && !str_is(item->field, "Hash"))) return;
  for (size_t i = 0; i < sizeof other / sizeof *other; i++)
    if (lint_has_modifier(item, other[i])) return;
  for (uint32_t i = 0; i < item->n_values; i++)
    if (item->values[i]->kind == YAML_SCALAR && !yaml_is_null(item->values[i])) check_hash(l, item->values[i]);
}

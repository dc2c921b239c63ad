/* SPDX-License-Identifier: MIT
 * Fields that hold one hash. */
#include "lint/checks/kinds.h"
#include "lint/sources.h"

static size_t digits_of(ValueKind kind) {
  static const size_t digits[] = {32, 40, 64, 128};
  return digits[kind - KIND_MD5];
}

/* What is wrong; NULL: there may be such a hash. */
static const char *problem_of(const ValueForm *v, size_t digits) {
  size_t n = 0;
  for (uint32_t i = 0; i < v->pattern.n; i++) {
    const PatPart *p = &v->pattern.p[i];
    n += p->kind == PAT_LITERAL ? p->text.n : p->kind == PAT_ONE;
    for (size_t k = 0; p->kind == PAT_LITERAL && k < p->text.n; k++)
      if (ascii_hex(p->text.p[k]) > 15) return "has other characters than hexadecimal digits";
  }
  return n > digits || (v->exact && n < digits) ? "has not the length of such a hash" : NULL;
}

void check_hash_length(Lint *l, const LintAt *at) {
  static const char *const names[] = {"MD5", "SHA1", "SHA256", "SHA512"};
  const LintItem *item = at->item;
  ValueKind kind = item->key ? value_kind(&at->doc->rule->logsource, item->field) : KIND_NONE;
  if (!value_kind_is_hash(kind) || !item_has_forms(item)) return;
  Arena *scratch = arena_sub(l->arena);
  for (uint32_t i = 0; i < item->n_values; i++) {
    ValueForm v;
    const YamlNode *n = item->values[i];
    if (!yaml_is_text(n) || !value_form(&v, scratch, item, n)) continue;
    if (v.exact && value_kind_allows(kind, v.whole, TEXT_WHOLE)) continue;
    const char *problem = problem_of(&v, digits_of(kind));
    if (!problem) continue;
    lint_report(l, CHECK_hash_length, n->at, "`" STR_FMT "` %s", STR_ARG(n->text), problem);
    lint_hint(l, "write the %u digits of an %s hash", (unsigned)digits_of(kind), names[kind - KIND_MD5]);
  }
  arena_sub_done(scratch);
}

static const char *const kinds[] = {"MD5", "SHA1", "SHA256", "IMPHASH"};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int kind_of(Str field) {
  int i = 0;
  while (i < KINDS && !str_eq_nocase(field, str_of(kinds[i]))) i++;
  return i;
}

/* `Hashes` holds all hashes of a file in one text, as Sysmon writes them; others have a field for each. */
void check_hash_split(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  bool joined = str_is(item->field, "Hashes");
  int kind = kind_of(item->field);
  if (!item->key || (!joined && kind == KINDS)) return;
  const LintSource *source = lint_source_find(&l->data.sources, &at->doc->rule->logsource);
  if (!source || !source->fields.n || lint_names_have(&source->fields, STR("Hashes")) == joined) return;
  if (!joined) {
    lint_report(l, CHECK_hash_split, item->field_at, "events of this log source have all hashes in one field, `Hashes`");
    lint_hint(l, "write `Hashes|contains: '%s=...'`", kinds[kind]);
    return;
  }
  for (int i = 0; i < KINDS; i++) {
    const char *name = lint_names_case(&source->fields, str_of(kinds[i]));
    if (!name) continue;
    lint_report(l, CHECK_hash_split, item->field_at, "events of this log source have a field for each kind of hash, such as `%s`",
                name);
    lint_hint(l, "write the digits alone, in the field of their kind");
    return;
  }
}

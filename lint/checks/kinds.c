/* SPDX-License-Identifier: MIT */
#include "lint/checks/kinds.h"

/* Sets of fields: which log sources have them is in the table. */
enum { SET_ANY = 1, SET_WINDOWS = 2, SET_SYSMON = 4, SET_PROCESS = 8, SET_SECURITY = 16, SET_UNIX = 32 };

static const struct {
  const char *product, *category, *service;
  unsigned sets;
} value_sources[] = {
#define VALUE_SOURCE(product, category, service, sets) {product, category, service, sets},
#include "lint/data/values.def"
#undef VALUE_SOURCE
};

static const struct {
  const char *name;
  unsigned sets;
  ValueKind kind;
} value_fields[] = {
#define VALUE_FIELD(sets, field, kind) {field, sets, kind},
#include "lint/data/values.def"
#undef VALUE_FIELD
};

static const struct {
  ValueKind kind;
  const char *value;
} value_allowed[] = {
#define VALUE_ALLOWED(kind, value) {kind, value},
#include "lint/data/values.def"
#undef VALUE_ALLOWED
};

/* NULL: there is none; `*`: any, or none. */
static bool part_is(Text t, const char *want) {
  if (want && *want == '*') return true;
  return want ? str_eq_nocase(t.text, str_of(want)) : !t.text.n;
}

static unsigned sets_of(const Logsource *l) {
  for (size_t i = 0; i < sizeof value_sources / sizeof *value_sources; i++)
    if (part_is(l->product, value_sources[i].product) && part_is(l->category, value_sources[i].category) &&
        part_is(l->service, value_sources[i].service))
      return value_sources[i].sets | SET_ANY;
  return SET_ANY;
}

/* Most fields are not in the table: the log source is looked at last. */
ValueKind value_kind(const Logsource *l, Str field) {
  unsigned sets = 0;
  for (size_t i = 0; i < sizeof value_fields / sizeof *value_fields; i++) {
    if (!field.n || *value_fields[i].name != *field.p || !str_is(field, value_fields[i].name)) continue;
    if (!sets) sets = sets_of(l);
    if (sets & value_fields[i].sets) return value_fields[i].kind;
  }
  return KIND_NONE;
}

static bool stands_in(Str s, Str text, TextPlace place) {
  size_t last = place == TEXT_PART && s.n > text.n ? s.n - text.n : 0;
  if (text.n > s.n || (place == TEXT_WHOLE && text.n != s.n)) return false;
  for (size_t i = 0; i <= last; i++)
    if (str_eq_nocase(str_sub(s, i, i + text.n), text)) return true;
  return false;
}

bool value_kind_allows(ValueKind kind, Str text, TextPlace place) {
  for (size_t i = 0; i < sizeof value_allowed / sizeof *value_allowed; i++)
    if ((value_allowed[i].kind == kind || value_allowed[i].kind == KIND_ALL) &&
        stands_in(str_of(value_allowed[i].value), text, place))
      return true;
  return false;
}

bool item_has_forms(const LintItem *item) {
  return item->key && item->field.n && item_has_patterns(item) && !item_encodes(item) && !lint_has_modifier(item, "expand") &&
         !lint_has_modifier(item, "windash");
}

bool value_form(ValueForm *out, Arena *a, const LintItem *item, const YamlNode *n) {
  *out = (ValueForm){0};
  if (!n || n->kind != YAML_SCALAR || (n->type != SCALAR_TEXT && n->type != SCALAR_INT && n->type != SCALAR_FLOAT)) return false;
  bool contains = lint_has_modifier(item, "contains");
  bool start = contains || lint_has_modifier(item, "endswith"), end = contains || lint_has_modifier(item, "startswith");
  out->pattern = n->type == SCALAR_TEXT ? pattern_parse(a, n->text) : pattern_literal(a, n->number);
  const Pattern *p = &out->pattern;
  if (!start && p->n && p->p[0].kind == PAT_LITERAL) out->lead = p->p[0].text;
  out->more = end || p->n > 1;
  out->exact = !start && !end && (!p->n || (p->n == 1 && p->p[0].kind == PAT_LITERAL));
  if (out->exact) out->whole = out->lead;
  return true;
}

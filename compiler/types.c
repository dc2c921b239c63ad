/* SPDX-License-Identifier: MIT */
#include "compiler/types.h"

void types_init(TypeTable *t, Arena *arena) {
  *t = (TypeTable){0};
  intern_init(&t->names, arena);
  intern_init(&t->prefixes, arena);
}

static bool is_prefix(Str field) { return field.n > 2 && str_ends(field, STR(".*")); }

void types_set(TypeTable *t, Str field, FieldType type) {
  bool prefix = is_prefix(field);
  Intern *names = prefix ? &t->prefixes : &t->names;
  uint32_t id = intern_id(names, prefix ? str_sub(field, 0, field.n - 1) : field);
  if (prefix) {
    if (id == t->prefix_types.n) (void)vec_add(names->arena, &t->prefix_types);
    t->prefix_types.p[id] = type;
  } else {
    if (id == t->name_types.n) (void)vec_add(names->arena, &t->name_types);
    t->name_types.p[id] = type;
  }
}

/* The longest prefix that ends in a dot is tried first. */
static bool find_prefix(const TypeTable *t, Str field, FieldType *out) {
  if (!t->prefix_types.n) return false;
  for (size_t n = field.n - (field.n > 0); n > 0; n--) {
    if (field.p[n - 1] != '.') continue;
    uint32_t id = intern_find(&t->prefixes, str_sub(field, 0, n));
    if (id == INTERN_NONE) continue;
    *out = t->prefix_types.p[id];
    return true;
  }
  return false;
}

bool types_find(const TypeTable *t, Str field, FieldType *out) {
  uint32_t id = t->name_types.n ? intern_find(&t->names, field) : INTERN_NONE;
  if (id != INTERN_NONE) {
    *out = t->name_types.p[id];
    return true;
  }
  if (find_prefix(t, field, out)) return true;
  for (int i = 0; i < TYPE_TABLES_BEHIND; i++)
    if (t->behind[i] && types_find(t->behind[i], field, out)) return true;
  return false;
}

static void nearest(const TypeTable *t, Str field, unsigned *least, Str *best) {
  enum { MOST = 2000 }; /* names of one table; more are not compared letter by letter */
  for (uint32_t i = 0; i < t->name_types.n && i < MOST; i++) {
    unsigned d = str_eq_nocase(field, t->names.names.p[i]) ? 0 : str_distance(field, t->names.names.p[i], 3);
    if (d >= *least) continue;
    *least = d;
    *best = t->names.names.p[i];
  }
  for (int i = 0; i < TYPE_TABLES_BEHIND; i++)
    if (t->behind[i]) nearest(t->behind[i], field, least, best);
}

Str types_nearest(const TypeTable *t, Str field) {
  unsigned least = field.n < 9 ? (unsigned)field.n / 3 + 1 : 4;
  Str best = {0};
  nearest(t, field, &least, &best);
  return best;
}

/* --- reading -------------------------------------------------------------------------------------------------- */

static bool take(TypeTable *t, const YamlPair *pair, DiagId id, Diags *diags) {
  FieldType type;
  if (!pair->key->text.n) {
    diag_error(diags, id, pair->key->at, "a field has a name");
    return false;
  }
  if (!yaml_is_text(pair->value)) {
    diag_error(diags, id, pair->value->at, "the type of a field is the name of one, not %s", yaml_kind_words(pair->value));
    return false;
  }
  if (!field_type_find(pair->value->text, &type)) {
    diag_error(diags, id, pair->value->at, "`" STR_FMT "` is no type", STR_ARG(pair->value->text));
    const char *like = field_type_nearest(pair->value->text);
    if (like) diag_hint(diags, "did you mean `%s`?", like);
    else
      diag_hint(diags,
                "types are those of an Elasticsearch mapping (keyword, long, ip ...), of Kusto (string, int ...), or `unknown`");
    return false;
  }
  types_set(t, pair->key->text, type);
  return true;
}

bool types_take(TypeTable *t, const YamlNode *map, DiagId id, Diags *diags) {
  bool ok = map->kind == YAML_MAP;
  if (!ok) diag_error(diags, id, map->at, "types are a map of FIELD: TYPE, not %s", yaml_kind_words(map));
  for (uint32_t i = 0; map->kind == YAML_MAP && i < map->n; i++) ok = take(t, &map->pairs[i], id, diags) && ok;
  return ok;
}

bool types_read(TypeTable *t, Sources *sources, uint32_t file, Arena *arena, Diags *diags) {
  YamlDocs docs;
  bool ok = yaml_parse(&docs, sources, file, arena, diags);
  for (uint32_t i = 0; i < docs.docs.n; i++) ok = types_take(t, docs.docs.p[i], ID_types_format, diags) && ok;
  return ok;
}

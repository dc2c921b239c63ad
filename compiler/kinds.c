/* SPDX-License-Identifier: MIT */
#include "compiler/kinds.h"

#include "compiler/shipped.h"

static const char file[] = "schemas/sigma-fields.yml";

static bool take_fields(Intern *out, const YamlNode *list, Diags *diags) {
  if (list->kind != YAML_LIST) {
    diag_error(diags, ID_pipeline_format, list->at, "fields of a kind of events are a list");
    return false;
  }
  for (uint32_t i = 0; i < list->n; i++) intern_id(out, list->items[i]->text);
  return true;
}

static Str key_of(Arena *a, Str product, Str category) {
  Str key = arena_printf(a, STR_FMT "\n" STR_FMT, STR_ARG(product), STR_ARG(category));
  for (size_t i = 0; i < key.n; i++) ((char *)key.p)[i] = ascii_lower(key.p[i]);
  return key;
}

static bool take_product(Kinds *k, Str product, const YamlNode *map, Arena *arena, Diags *diags) {
  bool ok = map->kind == YAML_MAP;
  for (uint32_t i = 0; ok && i < map->n; i++) {
    Kind *kind = arena_new(arena, Kind);
    intern_init(&kind->fields, arena);
    kind->number = k->list.n;
    if (intern_id(&k->names, key_of(arena, product, map->pairs[i].key->text)) == k->list.n) *vec_add(arena, &k->list) = kind;
    ok = take_fields(&kind->fields, map->pairs[i].value, diags);
  }
  return ok;
}

bool kinds_read(Kinds *k, Sources *sources, Arena *arena, Diags *diags) {
  const ShippedFile *f = shipped_find(str_of(file));
  YamlDocs docs;
  *k = (Kinds){0};
  intern_init(&k->names, arena);
  intern_init(&k->common, arena);
  if (!f || !yaml_parse(&docs, sources, source_add(sources, f->name, f->text), arena, diags) || docs.docs.n != 1) return false;
  const YamlNode *top = docs.docs.p[0];
  bool ok = top->kind == YAML_MAP;
  for (uint32_t i = 0; ok && i < top->n; i++) {
    const YamlPair *p = &top->pairs[i];
    ok = str_is(p->key->text, "common") ? take_fields(&k->common, p->value, diags)
                                        : take_product(k, p->key->text, p->value, arena, diags);
  }
  return ok;
}

const Kind *kinds_find(const Kinds *k, Str product, Str category) {
  Arena *scratch = arena_sub(k->names.arena);
  uint32_t id = product.n && category.n ? intern_find(&k->names, key_of(scratch, product, category)) : INTERN_NONE;
  arena_sub_done(scratch);
  return id == INTERN_NONE ? NULL : k->list.p[id];
}

bool kinds_has(const Kinds *k, const Kind *kind, Str field) {
  return intern_find(&k->common, field) != INTERN_NONE ||
         (kind->fields.names.n && intern_find(&kind->fields, field) != INTERN_NONE);
}

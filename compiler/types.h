/* SPDX-License-Identifier: MIT
 * Which type each field has in a target. An exact name wins, then the longest `prefix.*`; where a table does not know a
 * field, the tables behind it are asked in turn. */
#ifndef SIGMAC_COMPILER_TYPES_H
#define SIGMAC_COMPILER_TYPES_H

#include "base/intern.h"
#include "compiler/fieldtype.h"
#include "compiler/yaml.h"

enum { TYPE_TABLES_BEHIND = 2 };

typedef struct TypeTable TypeTable;
struct TypeTable {
  Intern names, prefixes; /* prefixes with their dot, without the star */
  VEC(FieldType) name_types;
  VEC(FieldType) prefix_types;
  const TypeTable *behind[TYPE_TABLES_BEHIND]; /* asked in this order; may be NULL */
};

/* Everything of a table lives in the arena, which may be NULL for one that is only asked. */
void types_init(TypeTable *t, Arena *arena);
/* `prefix.*` stands for all fields below. The last type of a name counts. The name is borrowed. */
void types_set(TypeTable *t, Str field, FieldType type);
/* False where no table knows the field. */
bool types_find(const TypeTable *t, Str field, FieldType *out);
/* The name nearest to a misspelt one, for "did you mean"; empty where none is near. */
Str types_nearest(const TypeTable *t, Str field);
/* Takes a map `field: type`. False after reporting an error under `id`; what is good is taken. */
bool types_take(TypeTable *t, const YamlNode *map, DiagId id, Diags *diags);
/* A file of types (--types): one document, such a map; JSON is read too. False after reporting an error. */
bool types_read(TypeTable *t, Sources *sources, uint32_t file, Arena *arena, Diags *diags);

#endif

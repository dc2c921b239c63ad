/* SPDX-License-Identifier: MIT
 * The Sigma fields of each kind of events (pipelines/schemas/sigma-fields.yml): what a rule over several kinds finds in
 * which. Kinds without a list are raw event logs, whose fields depend on the event. */
#ifndef SIGMAC_COMPILER_KINDS_H
#define SIGMAC_COMPILER_KINDS_H

#include "base/intern.h"
#include "compiler/yaml.h"

typedef struct {
  Intern fields;
  uint32_t number; /* in the order of the file */
} Kind;

typedef struct {
  Intern names; /* product, a line end, category */
  VEC(Kind *) list;
  Intern common; /* fields of all kinds */
} Kinds;

/* From the file that the library has. False after reporting an error, which is a fault of that file. */
bool kinds_read(Kinds *k, Sources *sources, Arena *arena, Diags *diags);
/* NULL where there is no list. */
const Kind *kinds_find(const Kinds *k, Str product, Str category);
bool kinds_has(const Kinds *k, const Kind *kind, Str field);

#endif

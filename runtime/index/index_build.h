/* SPDX-License-Identifier: MIT
 * An index while it is made: index.c, and for what belongs to one field index_fields.c. */
#ifndef SIGMAC_RUNTIME_INDEX_INDEX_BUILD_H
#define SIGMAC_RUNTIME_INDEX_INDEX_BUILD_H

#include "runtime/index/index_internal.h"

typedef VEC(uint32_t) NumberVec;

/* A rule that has no witnesses, but a field that it needs. */
typedef struct {
  uint32_t field, place;
} Need;

typedef struct {
  const Vm *vm;
  const Program *p;
  const Stats *stats;
  Arena *owner, *scratch;
  Index *x;
  VEC(IndexPred) preds;
  VEC(Anchors) anchors;      /* by predicate ... */
  bool *open;                /* ... of the program: a keyword of a rule that needs no field beside its keywords */
  uint32_t *number_of_pred;  /* by predicate of the program: its number here, and 1 */
  uint32_t *number_of_field; /* likewise */
  NumberVec fields;          /* of the program, by number */
  NumberVec always, gates;
  VEC(Need) needs;
  /* Of one field: */
  VEC(TableEntry) entries[3];
  VEC(Literal) inside;
  NumberVec present, numbers;
  bool odd;
} Build;

/* A copy in owner. */
Numbers index_keep(Build *b, const NumberVec *list);
/* The tables of a field, of the program, from the anchors of these predicates. */
IndexField index_make_field(Build *b, uint32_t field, Numbers preds);
/* The tables of keywords; `number` is that of FIELD_ANY. */
IndexLine index_make_line(Build *b, uint32_t number, Numbers preds);

#endif

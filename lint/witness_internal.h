/* SPDX-License-Identifier: MIT
 * One attempt at an event: what is asked of each field, gathered by choosing, and the value that may do it. */
#ifndef SIGMAC_LINT_WITNESS_INTERNAL_H
#define SIGMAC_LINT_WITNESS_INTERNAL_H

#include "base/vec.h"
#include "lint/witness.h"

enum { WITNESS_BYTES = 200 }; /* of an event */

typedef struct {
  const IrTest *test;
  bool holds; /* else it must not */
} WitnessFact;

typedef struct {
  Str name;
  uint32_t same_as; /* number of the field that has its facts and its value too: itself, unless a reference joined them */
  VEC(WitnessFact) facts;
} WitnessField;

typedef struct {
  Arena *arena;
  VEC(WitnessField) fields;
  uint64_t state; /* of the choices; 0: always the first */
  bool failed;    /* something that must hold is not understood */
} Witness;

/* 0 .. n-1; 0 in the first attempt and in half of the others. */
uint32_t witness_pick(Witness *w, uint32_t n);
/* The field that has the facts of field i. */
uint32_t witness_root(const Witness *w, uint32_t i);
/* JSON text of a value that may satisfy the facts of field i; empty: the field is absent. */
Str witness_value(Witness *w, uint32_t i);

/* A text in the making: what must stand at its start, at its end and somewhere. */
typedef struct {
  Str whole, start, end;
  Buf middle;
  bool has_whole;
} WitnessText;
void witness_add_pattern(Witness *w, WitnessText *t, const Pattern *p);
void witness_add_regex(Witness *w, WitnessText *t, const IrTest *test);
Str witness_text(Witness *w, const WitnessText *t);
/* A number that all facts about numbers hold for; empty where none was found. */
Str witness_number(Witness *w, const WitnessField *f);
char witness_filler(Witness *w);

#endif

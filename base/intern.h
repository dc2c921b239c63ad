/* SPDX-License-Identifier: MIT
 * Text to dense ids (0, 1, 2 ...) and back. Ids keep the order of first appearance. The texts are borrowed:
 * they must live as long as the table, which lives in its arena. */
#ifndef SIGMAC_BASE_INTERN_H
#define SIGMAC_BASE_INTERN_H

#include "base/vec.h"

typedef struct {
  Arena *arena;    /* owner of the tables */
  VEC(Str) names;  /* by id */
  uint32_t *slots; /* id + 1, 0 is free; power of two */
  uint32_t n_slots;
  uint64_t seed;    /* of the hash; another one when texts fall together (intern.c) ... */
  uint32_t changes; /* ... which is done so many times at most */
} Intern;

#define INTERN_NONE UINT32_MAX

void intern_init(Intern *t, Arena *a);
uint32_t intern_id(Intern *t, Str s);         /* the id of s, new if need be */
uint32_t intern_find(const Intern *t, Str s); /* INTERN_NONE where s is not there */

#endif

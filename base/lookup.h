/* SPDX-License-Identifier: MIT
 * Finds records by their keys, where the records stand in an array of somebody else: of a table it holds the slots alone.
 * Ids are 0, 1, 2 ... in the order in which keys were added. */
#ifndef SIGMAC_BASE_LOOKUP_H
#define SIGMAC_BASE_LOOKUP_H

#include "base/arena.h"

/* The key of the record with this id; borrowed until the array is changed. */
typedef Str LookupKey(const void *ctx, uint32_t id);

typedef struct {
  uint32_t id; /* + 1; 0 is free */
  uint32_t tag;
} LookupSlot;

typedef struct {
  Arena *arena; /* owner of the slots */
  LookupKey *key;
  const void *ctx;
  LookupSlot *slots;
  uint32_t n, n_slots;
  uint64_t seed;    /* of the hash; another one when keys fall together (lookup.c) ... */
  uint32_t changes; /* ... which is done so many times at most */
} Lookup;

#define LOOKUP_NONE UINT32_MAX

void lookup_init(Lookup *t, Arena *a, LookupKey *key, const void *ctx);
/* The id of a record with this key; t->n as it was before, where the key is new: its record must be there, under that id,
 * before the next call. */
uint32_t lookup_id(Lookup *t, Str key);
uint32_t lookup_find(const Lookup *t, Str key); /* LOOKUP_NONE where it is not there */

#endif

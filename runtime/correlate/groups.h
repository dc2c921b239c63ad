/* SPDX-License-Identifier: MIT
 * The groups of one correlation: a table by their values, and which of them has the oldest newest event.
 *
 * A key is the values of group-by one behind the other, each after its length (4 bytes, little endian): equal keys are equal
 * values, byte by byte. */
#ifndef SIGMAC_RUNTIME_CORRELATE_GROUPS_H
#define SIGMAC_RUNTIME_CORRELATE_GROUPS_H

#include "runtime/correlate/rows.h"

typedef struct {
  int64_t newest;        /* time of its newest event, and ... */
  uint64_t newest_index; /* ... its number; events of equal times are ordered by arrival */
  Rows rows;
  uint32_t key_bytes;
  /* Behind it: the state of its window (Groups.state_bytes), then the key, or a pointer to it where it is long. */
} Group;

typedef struct {
  uint32_t hash;
  PoolRef group; /* 0: free */
} GroupSlot;

/* What was known of a group when it was last looked at: its newest event may be younger. */
typedef struct {
  int64_t newest;
  uint64_t newest_index;
  PoolRef group;
} GroupAge;

typedef struct {
  Pool *pool;
  uint32_t state_bytes; /* a multiple of 8 */
  uint32_t n;           /* groups */
  GroupSlot *slots;     /* open addressing; a power of two */
  uint32_t n_slots;
  uint64_t seed;    /* of the hash; another one where keys fall together */
  uint32_t settled; /* groups that were added since */
  GroupAge *ages;   /* a heap: the oldest first */
  uint32_t ages_room;
} Groups;

void groups_open(Groups *g, Pool *pool, uint32_t state_bytes);
uint64_t groups_hash(const Groups *g, Str key);
/* 0 where there is none. */
PoolRef groups_find(const Groups *g, Str key, uint64_t hash);
/* A new one, which is not there yet; its state is zeroed, its newest event is set. */
PoolRef groups_add(Groups *g, Str key, int64_t newest, uint64_t newest_index);
/* The group with the oldest newest event; 0 where there is none. */
PoolRef groups_oldest(Groups *g);
/* Takes that one away; its rows and state are the caller's to give back first. */
void groups_remove_oldest(Groups *g);

static inline Group *group_at(const Groups *g, PoolRef ref) { return pool_at(g->pool, ref); }
static inline void *group_state(Group *group) { return group + 1; }
Str group_key(const Groups *g, Group *group);
/* The values in a key; n of them. */
void group_values(Str key, Str *values, uint32_t n);
/* All of them, in no order that means anything: i from 0 to n - 1. */
static inline PoolRef groups_each(const Groups *g, uint32_t i) { return g->ages[i].group; }

#endif

/* SPDX-License-Identifier: MIT
 * Memory of the state over time: millions of small blocks that come and go. Blocks are taken from slabs of one size, and are named
 * by 32 bits instead of a pointer; a slab that is empty again serves any size. All ends with the arena of its owner. Where memory is exhausted,
 * nothing here returns, and what was there before stays as it was. */
#ifndef SIGMAC_RUNTIME_CORRELATE_POOL_H
#define SIGMAC_RUNTIME_CORRELATE_POOL_H

#include "base/arena.h"

enum { POOL_UNIT = 16, POOL_SLAB_BITS = 12, POOL_SLAB_BYTES = POOL_UNIT << POOL_SLAB_BITS, POOL_MOST = 16384, POOL_CLASSES = 36 };

typedef uint32_t PoolRef; /* 0: none */

typedef struct PoolSlab PoolSlab;
typedef struct PoolLarge PoolLarge;
typedef struct {
  char **bases;                   /* by slab; NULL: given back. The first is none, so that no name is 0 */
  PoolSlab *slabs;                /* what is known of them */
  uint32_t n, room, spare;        /* spare: a list of those that are given back or empty */
  uint32_t partial[POOL_CLASSES]; /* slabs of a size with room in them, a list; 0: none */
  PoolLarge *large;
  const Heap *heap;
} Pool;

Pool *pool_new(Arena *owner);
/* A block of 1 to POOL_MOST bytes, aligned to 16, not zeroed; it is given back with the bytes that it was taken with. */
PoolRef pool_take(Pool *p, uint32_t bytes);
void pool_give(Pool *p, PoolRef ref, uint32_t bytes);
/* The bytes that are really taken for so many. */
uint32_t pool_room(uint32_t bytes);
static inline void *pool_at(const Pool *p, PoolRef ref) {
  return p->bases[ref >> POOL_SLAB_BITS] + (size_t)(ref & ((1u << POOL_SLAB_BITS) - 1)) * POOL_UNIT;
}

/* Blocks of any size, by pointer: tables, long texts. */
void *pool_large(Pool *p, size_t bytes);
void *pool_large_more(Pool *p, void *block, size_t bytes); /* block may be NULL; what is behind the old bytes is not set */
void pool_large_give(Pool *p, void *block);                /* may be NULL */

#endif

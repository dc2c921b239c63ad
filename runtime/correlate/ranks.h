/* SPDX-License-Identifier: MIT
 * The numbers of a window in their order: which one is the k-th. A balanced tree (AVL) with a node for each different number, that
 * knows how many there are below it: all costs O(log n). */
#ifndef SIGMAC_RUNTIME_CORRELATE_RANKS_H
#define SIGMAC_RUNTIME_CORRELATE_RANKS_H

#include "runtime/correlate/numbers.h"

typedef struct {
  PoolRef root;
  uint32_t nodes;
} Ranks; /* all zero is empty */

enum { RANK_NODE_BYTES = 32 };

/* Where the numbers of a tree and its nodes are. */
typedef struct {
  Pool *pool;
  const Texts *shared;
  uint64_t steps; /* nodes that were looked at, in all: for tests */
} RankPlaces;

void ranks_add(Ranks *r, RankPlaces *p, NumberName x);
/* Of a number that is there. */
void ranks_remove(Ranks *r, RankPlaces *p, NumberName x);
/* The k-th, from 0; there are more than k. */
NumberName ranks_at(const Ranks *r, RankPlaces *p, uint32_t k);
void ranks_clear(Ranks *r, RankPlaces *p);

#endif

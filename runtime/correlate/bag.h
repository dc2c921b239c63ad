/* SPDX-License-Identifier: MIT
 * How often each of some names is in a window: there are many windows, most of them with few names. One name needs no memory
 * of its own, few are a list, more a table. */
#ifndef SIGMAC_RUNTIME_CORRELATE_BAG_H
#define SIGMAC_RUNTIME_CORRELATE_BAG_H

#include "runtime/correlate/pool.h"

typedef struct {
  uint32_t name, times; /* name 0: free */
} BagEntry;

typedef struct {
  uint32_t n;    /* different names */
  uint32_t room; /* 0: `one` */
  union {
    BagEntry one;
    PoolRef block;   /* room of them, up to what a pool has blocks for */
    BagEntry *large; /* more */
  } in;
} Bag; /* all zero is empty */

/* True where it was not there. */
bool bag_add(Bag *b, Pool *pool, uint32_t name);
/* Of a name that is there. True where it is not any more. */
bool bag_remove(Bag *b, Pool *pool, uint32_t name);
void bag_clear(Bag *b, Pool *pool);

#endif

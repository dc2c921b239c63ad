/* SPDX-License-Identifier: MIT
 * Up to LIST entries are a list in any order; more are a table, open addressing, at most three quarters full. */
#include "runtime/correlate/bag.h"

enum { LIST = 8, LARGE = POOL_MOST / (int)sizeof(BagEntry) };

static BagEntry *entries(Bag *b, Pool *pool) {
  if (!b->room) return &b->in.one;
  return b->room > LARGE ? b->in.large : pool_at(pool, b->in.block);
}

/* Names are places in memory, so their low bits say little; the high ones of the product depend on all. */
static uint32_t home_of(uint32_t name, uint32_t room) { return (uint32_t)((uint64_t)(name * 0x9E3779B1u) * room >> 32); }

/* The entry of a name, or a free one for it; NULL: there is no free one. */
static BagEntry *entry_of(Bag *b, Pool *pool, uint32_t name) {
  BagEntry *e = entries(b, pool);
  if (b->room > LIST) {
    uint32_t i = home_of(name, b->room);
    while (e[i].name && e[i].name != name) i = (i + 1) & (b->room - 1);
    return &e[i];
  }
  for (uint32_t i = 0; i < b->n; i++)
    if (e[i].name == name) return &e[i];
  return b->n < (b->room ? b->room : 1) ? &e[b->n] : NULL;
}

static void give_back(Bag *b, Pool *pool) {
  if (b->room > LARGE) pool_large_give(pool, b->in.large);
  else if (b->room) pool_give(pool, b->in.block, b->room * (uint32_t)sizeof(BagEntry));
}

/* Moves into another size; room is a power of two, or 0 for one. */
static void resize(Bag *b, Pool *pool, uint32_t room) {
  Bag to = {.room = room};
  uint32_t bytes = room * (uint32_t)sizeof(BagEntry), had = b->room ? b->room : b->n;
  if (room > LARGE) to.in.large = pool_large(pool, (size_t)room * sizeof(BagEntry));
  else if (room) to.in.block = pool_take(pool, bytes);
  if (room) memset(entries(&to, pool), 0, (size_t)room * sizeof(BagEntry));
  const BagEntry *from = entries(b, pool);
  if (b->room && b->room <= LIST) had = b->n;
  for (uint32_t i = 0; i < had; i++) {
    if (!from[i].name) continue;
    *entry_of(&to, pool, from[i].name) = from[i];
    to.n++;
  }
  give_back(b, pool);
  *b = to;
}

static bool full(const Bag *b) {
  if (b->room > LIST) return b->n >= b->room / 4 * 3;
  return b->n == (b->room ? b->room : 1);
}

bool bag_add(Bag *b, Pool *pool, uint32_t name) {
  BagEntry *e = entry_of(b, pool, name);
  if (e && e->name == name) {
    e->times++;
    return false;
  }
  if (full(b)) {
    resize(b, pool, b->room ? b->room * 2 : 2);
    e = entry_of(b, pool, name);
  }
  *e = (BagEntry){name, 1};
  b->n++;
  return true;
}

/* Those behind a gap that would stand nearer to where they belong move up. */
static void close_gap(BagEntry *e, uint32_t room, uint32_t gap) {
  uint32_t mask = room - 1;
  for (uint32_t i = (gap + 1) & mask; e[i].name; i = (i + 1) & mask) {
    uint32_t home = home_of(e[i].name, room);
    if (((i - home) & mask) < ((i - gap) & mask)) continue;
    e[gap] = e[i];
    gap = i;
  }
  e[gap] = (BagEntry){0};
}

/* Half of the room, where less than an eighth is used; a list becomes the single one at last. */
static void shrink(Bag *b, Pool *pool) {
  if (b->room && !b->n) bag_clear(b, pool);
  else if (b->room > LIST && b->n < b->room / 8) resize(b, pool, b->room / 2);
  else if (b->room && b->room <= LIST && b->n == 1) resize(b, pool, 0);
}

bool bag_remove(Bag *b, Pool *pool, uint32_t name) {
  BagEntry *all = entries(b, pool), *e = entry_of(b, pool, name);
  if (--e->times) return false;
  b->n--;
  if (b->room > LIST) {
    close_gap(all, b->room, (uint32_t)(e - all));
  } else {
    *e = all[b->n];
    all[b->n] = (BagEntry){0};
  }
  shrink(b, pool);
  return true;
}

void bag_clear(Bag *b, Pool *pool) {
  give_back(b, pool);
  *b = (Bag){0};
}

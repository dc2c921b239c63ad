/* SPDX-License-Identifier: MIT
 * Sizes are multiples of 16 up to 128, then four to each doubling. A slab has blocks of one size; those that were given back are
 * linked through their first bytes, those that were never taken stand behind `fresh`. */
#include "runtime/correlate/pool.h"

struct PoolSlab {
  uint32_t next, before; /* in the list of its size, or of the spare ones */
  uint16_t size;         /* the number of its size */
  uint16_t used;         /* blocks that are taken */
  uint16_t fresh;        /* unit behind all blocks that were ever taken */
  uint16_t given;        /* unit of a block that was given back + 1; 0: none */
};

struct PoolLarge {
  PoolLarge *next, *before;
  _Alignas(POOL_UNIT) char bytes[];
};

enum { UNITS = 1 << POOL_SLAB_BITS, SMALL_CLASSES = 8, SMALL_UNITS = 8, FIRST_SLABS = 16 };

/* --- sizes --------------------------------------------------------------------------------------------------- */

static uint32_t log2_of(uint32_t n) { return 31 - (uint32_t)__builtin_clz(n); }

/* 1 to 8 units are 0 to 7; then 10 12 14 16, 20 24 28 32 ... */
static uint32_t class_of(uint32_t bytes) {
  uint32_t units = (bytes + POOL_UNIT - 1) / POOL_UNIT;
  if (units <= SMALL_UNITS) return units ? units - 1 : 0;
  uint32_t top = log2_of(units - 1), quarter = (units - 1) >> (top - 2) & 3;
  return SMALL_CLASSES + (top - 3) * 4 + quarter;
}

static uint32_t units_of(uint32_t size) {
  if (size < SMALL_CLASSES) return size + 1;
  uint32_t top = (size - SMALL_CLASSES) / 4, quarter = (size - SMALL_CLASSES) % 4;
  return (5 + quarter) << (top + 1);
}

uint32_t pool_room(uint32_t bytes) { return units_of(class_of(bytes)) * POOL_UNIT; }

/* --- slabs --------------------------------------------------------------------------------------------------- */

static void free_all(void *ctx) {
  Pool *p = ctx;
  for (uint32_t i = 1; i < p->n; i++) heap_release(p->heap, p->bases[i]);
  for (PoolLarge *l = p->large, *next; l; l = next) {
    next = l->next;
    heap_release(p->heap, l);
  }
  heap_release(p->heap, p->bases);
  heap_release(p->heap, p->slabs);
}

Pool *pool_new(Arena *owner) {
  Pool *p = arena_new(owner, Pool);
  p->heap = owner->heap;
  p->n = 1;
  arena_defer(owner, free_all, p);
  return p;
}

static void grow(Pool *p) {
  uint32_t room = p->room ? p->room * 2 : FIRST_SLABS;
  p->bases = heap_resize(p->heap, p->bases, room * sizeof *p->bases);
  p->slabs = heap_resize(p->heap, p->slabs, room * sizeof *p->slabs);
  p->room = room;
}

static void link_in(Pool *p, uint32_t *list, uint32_t slab) {
  p->slabs[slab].next = *list;
  p->slabs[slab].before = 0;
  if (*list) p->slabs[*list].before = slab;
  *list = slab;
}

static void link_out(Pool *p, uint32_t *list, uint32_t slab) {
  PoolSlab *s = &p->slabs[slab];
  if (s->before) p->slabs[s->before].next = s->next;
  else *list = s->next;
  if (s->next) p->slabs[s->next].before = s->before;
}

/* An empty slab for a size, first in its list. More than 2^20 cannot be named: that is the end of memory, too. */
static void slab_new(Pool *p, uint32_t size) {
  uint32_t slab = p->spare;
  if (slab) {
    link_out(p, &p->spare, slab);
  } else {
    if (p->n == 1u << (32 - POOL_SLAB_BITS)) heap_exhausted(p->heap, POOL_SLAB_BYTES);
    if (p->n >= p->room) grow(p);
    slab = p->n;
    p->bases[slab] = heap_alloc(p->heap, POOL_SLAB_BYTES);
    p->n++;
  }
  p->slabs[slab] = (PoolSlab){.size = (uint16_t)size};
  link_in(p, &p->partial[size], slab);
}

static bool full(const PoolSlab *s) { return !s->given && s->fresh + units_of(s->size) > UNITS; }

static uint32_t unit_taken(Pool *p, uint32_t slab) {
  PoolSlab *s = &p->slabs[slab];
  uint32_t unit = s->fresh;
  if (s->given) {
    unit = s->given - 1u;
    memcpy(&s->given, pool_at(p, slab << POOL_SLAB_BITS | unit), sizeof s->given);
  } else {
    s->fresh = (uint16_t)(unit + units_of(s->size));
  }
  s->used++;
  return unit;
}

PoolRef pool_take(Pool *p, uint32_t bytes) {
  uint32_t size = class_of(bytes);
  if (!p->partial[size]) slab_new(p, size);
  uint32_t slab = p->partial[size], unit = unit_taken(p, slab);
  if (full(&p->slabs[slab])) link_out(p, &p->partial[size], slab);
  return slab << POOL_SLAB_BITS | unit;
}

void pool_give(Pool *p, PoolRef ref, uint32_t bytes) {
  uint32_t slab = ref >> POOL_SLAB_BITS, size = class_of(bytes);
  PoolSlab *s = &p->slabs[slab];
  bool was_full = full(s);
  memcpy(pool_at(p, ref), &s->given, sizeof s->given);
  s->given = (uint16_t)((ref & (UNITS - 1)) + 1);
  s->used--;
  if (was_full) link_in(p, &p->partial[size], slab);
  if (s->used) return;
  link_out(p, &p->partial[size], slab);
  link_in(p, &p->spare, slab);
}

/* --- large blocks -------------------------------------------------------------------------------------------- */

static PoolLarge *large_of(void *block) { return (PoolLarge *)((char *)block - offsetof(PoolLarge, bytes)); }

/* What stands around a block knows where it is. */
static void put_between(Pool *p, PoolLarge *l) {
  if (l->before) l->before->next = l;
  else p->large = l;
  if (l->next) l->next->before = l;
}

void *pool_large(Pool *p, size_t bytes) {
  if (bytes > SIZE_MAX - sizeof(PoolLarge)) heap_exhausted(p->heap, bytes);
  PoolLarge *l = heap_alloc(p->heap, sizeof *l + bytes);
  l->next = p->large;
  l->before = NULL;
  put_between(p, l);
  return l->bytes;
}

void *pool_large_more(Pool *p, void *block, size_t bytes) {
  if (!block) return pool_large(p, bytes);
  if (bytes > SIZE_MAX - sizeof(PoolLarge)) heap_exhausted(p->heap, bytes);
  PoolLarge *l = heap_resize(p->heap, large_of(block), sizeof *l + bytes);
  put_between(p, l);
  return l->bytes;
}

void pool_large_give(Pool *p, void *block) {
  if (!block) return;
  PoolLarge *l = large_of(block);
  if (l->before) l->before->next = l->next;
  else p->large = l->next;
  if (l->next) l->next->before = l->before;
  heap_release(p->heap, l);
}

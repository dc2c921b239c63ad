/* SPDX-License-Identifier: MIT
 * Open addressing, at most half full. Keys come from rule files, whose author may have made them fall on the same slots;
 * then the table takes another hash, under which they do not. */
#include "base/lookup.h"

#include "base/hash.h"

enum { FIRST_SLOTS = 16, LONG_SEARCH = 64, MOST_SEEDS = 8 };

void lookup_init(Lookup *t, Arena *a, LookupKey *key, const void *ctx) {
  *t = (Lookup){.arena = a, .key = key, .ctx = ctx, .n_slots = FIRST_SLOTS, .seed = HASH_SEED};
  t->slots = arena_array(a, LookupSlot, t->n_slots);
}

/* The slot that holds the key, or the free one where it belongs; *steps counts what was looked at before. */
static LookupSlot *slot_of(const Lookup *t, Str key, uint64_t hash, uint32_t *steps) {
  uint32_t mask = t->n_slots - 1, tag = (uint32_t)(hash >> 32), i = (uint32_t)hash & mask;
  for (;; i = (i + 1) & mask, ++*steps) {
    LookupSlot *s = &t->slots[i];
    if (!s->id || (s->tag == tag && str_eq(t->key(t->ctx, s->id - 1), key))) return s;
  }
}

static uint64_t hash_of(const Lookup *t, Str key) { return hash_key(t->seed, key.p, key.n); }

/* All keys are different, so that the first free slot is the right one. */
static void fill(Lookup *t) {
  for (uint32_t id = 0; id < t->n; id++) {
    uint64_t hash = hash_of(t, t->key(t->ctx, id));
    uint32_t i = (uint32_t)hash & (t->n_slots - 1);
    while (t->slots[i].id) i = (i + 1) & (t->n_slots - 1);
    t->slots[i] = (LookupSlot){id + 1, (uint32_t)(hash >> 32)};
  }
}

static void grow(Lookup *t) {
  t->slots = arena_grow(t->arena, t->slots, 0, t->n_slots * sizeof *t->slots, t->n_slots * 2 * sizeof *t->slots);
  t->n_slots *= 2;
  memset(t->slots, 0, t->n_slots * sizeof *t->slots);
  fill(t);
}

static void change_seed(Lookup *t) {
  t->changes++;
  t->seed = (t->seed ^ t->seed >> 29) * 0xBF58476D1CE4E5B9u + 1;
  memset(t->slots, 0, t->n_slots * sizeof *t->slots);
  fill(t);
}

uint32_t lookup_id(Lookup *t, Str key) {
  uint32_t steps = 0;
  if ((uint64_t)t->n * 2 >= t->n_slots) grow(t);
  uint64_t hash = hash_of(t, key);
  LookupSlot *s = slot_of(t, key, hash, &steps);
  if (s->id) return s->id - 1;
  if (steps > LONG_SEARCH && t->changes < MOST_SEEDS) {
    change_seed(t);
    hash = hash_of(t, key);
    s = slot_of(t, key, hash, &steps);
  }
  *s = (LookupSlot){t->n + 1, (uint32_t)(hash >> 32)};
  return t->n++;
}

uint32_t lookup_find(const Lookup *t, Str key) {
  uint32_t steps = 0;
  const LookupSlot *s = slot_of(t, key, hash_of(t, key), &steps);
  return s->id ? s->id - 1 : LOOKUP_NONE;
}

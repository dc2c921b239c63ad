/* SPDX-License-Identifier: MIT
 * Open addressing, at most half full. Events choose names: one that would have to be searched for long is not learned, so
 * that none can make the table slow. For names that are asked for the table takes another seed instead, as base/intern.c. */
#include "runtime/keys.h"

#include "base/limits.h"
#include "base/vec.h"

enum { FIRST_SLOTS = 512, LONG_SEARCH = 16, MOST_SEEDS = 8 };

typedef struct {
  uint64_t hash;
  uint32_t id; /* KEY_UNKNOWN: free */
} KeySlot;

struct KeyTable {
  Arena *owner;
  VEC(Str) names; /* by id; [0] is unused */
  KeySlot *slots;
  uint32_t n_slots, learned;
  uint64_t seed;
  uint32_t changes; /* of the seed */
};

KeyTable *keys_new(Arena *owner) {
  KeyTable *k = arena_new(owner, KeyTable);
  k->owner = owner;
  k->n_slots = FIRST_SLOTS;
  k->slots = arena_array(owner, KeySlot, k->n_slots);
  (void)vec_add(owner, &k->names);
  return k;
}

uint32_t keys_count(const KeyTable *k) { return k->names.n; }
Str keys_name(const KeyTable *k, uint32_t id) { return k->names.p[id]; }

static uint64_t load(const char *p, size_t n) {
  uint64_t w = 0;
  memcpy(&w, p, n);
  return w;
}

static inline uint64_t mix(uint64_t h, uint64_t w) {
  h = (h ^ w) * 0x9E3779B97F4A7C15ull;
  return h ^ h >> 32;
}

/* The last bytes are read with some of those before them where a name is no multiple of 8 bytes. */
static inline uint64_t hash(const KeyTable *k, Str s) {
  uint64_t h = k->seed ^ s.n;
  if (s.n >= 8) {
    for (size_t i = 0; i + 8 < s.n; i += 8) h = mix(h, load(s.p + i, 8));
    return mix(h, load(s.p + s.n - 8, 8));
  }
  if (s.n >= 4) return mix(h, load(s.p, 4) << 32 | load(s.p + s.n - 4, 4));
  return mix(h, s.n ? load(s.p, 1) << 16 | load(s.p + s.n / 2, 1) << 8 | load(s.p + s.n - 1, 1) : 0);
}

/* The slot of a name, or the free one where it belongs. */
static inline KeySlot *slot_of(const KeyTable *k, Str name, uint64_t h, uint32_t *steps) {
  uint32_t mask = k->n_slots - 1, i = (uint32_t)h & mask;
  for (; k->slots[i].id; i = (i + 1) & mask, ++*steps)
    if (k->slots[i].hash == h && str_eq(k->names.p[k->slots[i].id], name)) break;
  return &k->slots[i];
}

/* Enters all names again, into slots that are free. */
static void fill(KeyTable *k) {
  uint32_t steps = 0;
  for (uint32_t id = 1; id < k->names.n; id++) {
    uint64_t h = hash(k, k->names.p[id]);
    *slot_of(k, k->names.p[id], h, &steps) = (KeySlot){h, id};
  }
}

static void grow(KeyTable *k) {
  k->n_slots *= 2;
  k->slots = arena_array(k->owner, KeySlot, k->n_slots);
  fill(k);
}

static void change_seed(KeyTable *k) {
  k->seed = mix(k->seed, k->names.n) + 1;
  memset(k->slots, 0, k->n_slots * sizeof *k->slots);
  fill(k);
}

static uint32_t put(KeyTable *k, KeySlot *slot, Str name, uint64_t h) {
  uint32_t id = k->names.n;
  *vec_add(k->owner, &k->names) = name;
  *slot = (KeySlot){h, id};
  if (k->names.n * 2 > k->n_slots) grow(k);
  return id;
}

uint32_t keys_add(KeyTable *k, Str name) {
  uint32_t steps = 0;
  uint64_t h = hash(k, name);
  KeySlot *slot = slot_of(k, name, h, &steps);
  if (slot->id) return slot->id;
  uint32_t id = put(k, slot, name, h);
  if (steps > LONG_SEARCH && k->changes++ < MOST_SEEDS) change_seed(k);
  return id;
}

uint32_t keys_find(const KeyTable *k, Str name) {
  uint32_t steps = 0;
  return slot_of(k, name, hash(k, name), &steps)->id;
}

uint32_t keys_learn(KeyTable *k, Str name) {
  uint32_t steps = 0;
  uint64_t h = hash(k, name);
  KeySlot *slot = slot_of(k, name, h, &steps);
  if (slot->id || steps > LONG_SEARCH || k->learned == LIMIT_KEYS_LEARNED || name.n > LIMIT_PATH_BYTES) return slot->id;
  k->learned++;
  return put(k, slot, arena_dup(k->owner, name), h);
}

/* Recursion goes down the tree, whose depth the readers limit. */
static void number_members(const KeyTable *k, Value *v) {
  for (Value *m = v->first; m; m = m->next) {
    if (v->kind == VALUE_OBJECT) m->key_id = keys_find(k, m->key);
    if (m->first) number_members(k, m);
  }
}

void keys_number(const KeyTable *k, Value *root) { number_members(k, root); }

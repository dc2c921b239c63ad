/* SPDX-License-Identifier: MIT
 * Open addressing, at most a quarter full. Events choose names: one that would have to be searched for long is not learned, so
 * that none can make the table slow, and no search goes on where no name can be. For names that are asked for the table takes
 * another seed instead, as base/intern.c. */
#include "runtime/keys.h"

#include "base/limits.h"
#include "runtime/keys_find.h"

enum { FIRST_SLOTS = 512, LONG_SEARCH = 16, MOST_SEEDS = 8 };

static void set_slots(KeyTable *k, uint32_t n) {
  k->slots = arena_array(k->owner, KeySlot, n);
  k->mask = n - 1;
  k->shift = 64 - (uint32_t)__builtin_ctz(n);
}

KeyTable *keys_new(Arena *owner) {
  KeyTable *k = arena_new(owner, KeyTable);
  k->owner = owner;
  set_slots(k, FIRST_SLOTS);
  k->most = LONG_SEARCH;
  (void)vec_add(owner, &k->names);
  return k;
}

uint32_t keys_count(const KeyTable *k) { return k->names.n; }
Str keys_name(const KeyTable *k, uint32_t id) { return k->names.p[id]; }

/* Into a slot that is free. */
static void enter(KeyTable *k, const KeySlot *key, Str name, uint32_t id) {
  uint32_t steps = 0;
  KeySlot *slot = key_slot(k, key, name, &steps);
  *slot = *key;
  if (name.n && memchr(name.p, '\\', name.n)) slot->n |= KEY_BACKSLASH;
  slot->id = id;
  if (steps > k->most) k->most = steps;
}

/* Enters all names again. */
static void fill(KeyTable *k) {
  k->most = LONG_SEARCH;
  for (uint32_t id = 1; id < k->names.n; id++) {
    KeySlot key = key_of(k->names.p[id]);
    enter(k, &key, k->names.p[id], id);
  }
}

static void grow(KeyTable *k) {
  set_slots(k, (k->mask + 1) * 2);
  fill(k);
}

static void change_seed(KeyTable *k) {
  k->seed = key_mix((k->seed + k->names.n) * 0x9E3779B97F4A7C15ull) + 1;
  memset(k->slots, 0, ((size_t)k->mask + 1) * sizeof *k->slots);
  fill(k);
}

/* What needs memory comes first: where there is none, the table is as before. */
static uint32_t put(KeyTable *k, const KeySlot *key, Str name) {
  uint32_t id = k->names.n;
  if (id * 4 > k->mask) grow(k);
  *vec_add(k->owner, &k->names) = name;
  enter(k, key, name, id);
  return id;
}

uint32_t keys_add(KeyTable *k, Str name) {
  uint32_t steps = 0;
  KeySlot key = key_of(name), *slot = key_slot(k, &key, name, &steps);
  if (slot->id) return slot->id;
  uint32_t id = put(k, &key, name);
  if (steps > LONG_SEARCH && k->changes++ < MOST_SEEDS) change_seed(k);
  return id;
}

uint32_t keys_find(const KeyTable *k, Str name) {
  uint32_t steps = 0;
  KeySlot key = key_of(name);
  return key_id(k, &key, name, &steps);
}

uint32_t keys_learn(KeyTable *k, Str name) {
  uint32_t steps = 0;
  KeySlot key = key_of(name);
  uint32_t id = key_id(k, &key, name, &steps);
  if (id || steps > LONG_SEARCH || k->learned == LIMIT_KEYS_LEARNED || name.n > LIMIT_PATH_BYTES) return id;
  k->learned++;
  return put(k, &key, arena_dup(k->owner, name));
}

/* Recursion goes down the tree, whose depth the readers limit. */
static void number_members(const KeyTable *k, Value *v) {
  for (Value *m = v->first; m; m = m->next) {
    if (v->kind == VALUE_OBJECT) m->key_id = keys_find(k, m->key);
    if (m->first) number_members(k, m);
  }
}

void keys_number(const KeyTable *k, Value *root) { number_members(k, root); }

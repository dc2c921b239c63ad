/* SPDX-License-Identifier: MIT
 * Open addressing, at most half full. Texts come from rule files, whose author may have made them fall on the same slots;
 * then the table takes another hash, under which they do not. */
#include "base/intern.h"

#include "base/hash.h"

enum { FIRST_SLOTS = 16, LONG_SEARCH = 64, MOST_SEEDS = 8 };

void intern_init(Intern *t, Arena *a) {
  *t = (Intern){.arena = a, .n_slots = FIRST_SLOTS, .seed = HASH_SEED};
  t->slots = arena_array(a, uint32_t, t->n_slots);
}

/* The slot that holds s, or the free one where it belongs; *steps counts what was looked at before. */
static uint32_t slot_of(const Intern *t, Str s, uint32_t *steps) {
  uint32_t mask = t->n_slots - 1, i = (uint32_t)hash_key(t->seed, s.p, s.n) & mask;
  for (; t->slots[i] && !str_eq(t->names.p[t->slots[i] - 1], s); i = (i + 1) & mask) ++*steps;
  return i;
}

static void fill(Intern *t) {
  uint32_t steps = 0;
  for (uint32_t id = 0; id < t->names.n; id++) t->slots[slot_of(t, t->names.p[id], &steps)] = id + 1;
}

static void grow(Intern *t) {
  t->n_slots *= 2;
  t->slots = arena_array(t->arena, uint32_t, t->n_slots);
  fill(t);
}

static void change_seed(Intern *t) {
  t->seed = (t->seed ^ t->seed >> 29) * 0xBF58476D1CE4E5B9u + 1;
  memset(t->slots, 0, t->n_slots * sizeof *t->slots);
  fill(t);
}

uint32_t intern_id(Intern *t, Str s) {
  uint32_t steps = 0, i = slot_of(t, s, &steps);
  if (t->slots[i]) return t->slots[i] - 1;
  uint32_t id = t->names.n;
  *vec_add(t->arena, &t->names) = s;
  t->slots[i] = id + 1;
  if (t->names.n * 2 > t->n_slots) grow(t);
  else if (steps > LONG_SEARCH && t->changes++ < MOST_SEEDS) change_seed(t);
  return id;
}

uint32_t intern_find(const Intern *t, Str s) {
  uint32_t steps = 0, i = slot_of(t, s, &steps);
  return t->slots[i] ? t->slots[i] - 1 : INTERN_NONE;
}

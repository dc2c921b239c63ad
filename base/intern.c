/* SPDX-License-Identifier: MIT */
#include "base/intern.h"

void intern_init(Intern *t, Arena *a) {
  *t = (Intern){.arena = a, .n_slots = 16};
  t->slots = arena_array(a, uint32_t, t->n_slots);
}

/* The slot that holds s, or the free one where it belongs. */
static uint32_t slot_of(const Intern *t, Str s) {
  uint32_t mask = t->n_slots - 1, i = (uint32_t)str_hash(s) & mask;
  while (t->slots[i] && !str_eq(t->names.p[t->slots[i] - 1], s)) i = (i + 1) & mask;
  return i;
}

static void grow(Intern *t) {
  t->n_slots *= 2;
  t->slots = arena_array(t->arena, uint32_t, t->n_slots);
  for (uint32_t id = 0; id < t->names.n; id++) t->slots[slot_of(t, t->names.p[id])] = id + 1;
}

uint32_t intern_id(Intern *t, Str s) {
  uint32_t i = slot_of(t, s);
  if (t->slots[i]) return t->slots[i] - 1;
  *vec_add(t->arena, &t->names) = s;
  t->slots[i] = t->names.n;
  uint32_t id = t->names.n - 1;
  if (t->names.n * 2 > t->n_slots) grow(t);
  return id;
}

uint32_t intern_find(const Intern *t, Str s) {
  uint32_t i = slot_of(t, s);
  return t->slots[i] ? t->slots[i] - 1 : INTERN_NONE;
}

/* SPDX-License-Identifier: MIT
 * The look-up in a table of names, for where it is hot: keys.c and the reader; nobody else includes it.
 * A name is told by its length, its first and its last 8 bytes; only of one with more than 16 the bytes between are read. */
#ifndef SIGMAC_RUNTIME_KEYS_FIND_H
#define SIGMAC_RUNTIME_KEYS_FIND_H

#include "base/vec.h"
#include "runtime/keys.h"

typedef struct {
  uint64_t first, last; /* of up to 8 bytes these are the same: all of them */
  uint32_t n;           /* bytes of the name: a longer one than fits in here is never entered */
  uint32_t id;          /* KEY_UNKNOWN: free */
} KeySlot;

struct KeyTable {
  Arena *owner;
  VEC(Str) names; /* by id; [0] is unused */
  KeySlot *slots;
  uint32_t mask; /* slots but one: a power of 2 */
  uint32_t learned;
  uint64_t seed;
  uint32_t changes; /* of the seed */
};

static inline uint64_t key_load(const char *p) {
  uint64_t w;
  memcpy(&w, p, 8);
  return w;
}

static inline uint64_t key_mix(uint64_t h) { return h ^ h >> 32; }

static inline KeySlot key_of(Str name) {
  uint64_t w = 0;
  if (name.n >= 8) return (KeySlot){key_load(name.p), key_load(name.p + name.n - 8), (uint32_t)name.n, 0};
  for (size_t i = 0; i < name.n; i++) w |= (uint64_t)(unsigned char)name.p[i] << 8 * i;
  return (KeySlot){w, w, (uint32_t)name.n, 0};
}

/* The same where 8 bytes can be read from its first one on, be they of the name or not. */
static inline KeySlot key_of_readable(Str name) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint64_t mask = name.n >= 8 ? UINT64_MAX : (1ull << 8 * name.n) - 1;
  const char *last = name.p + (name.n > 8 ? name.n - 8 : 0);
  return (KeySlot){key_load(name.p) & mask, key_load(last) & mask, (uint32_t)name.n, 0};
#else
  return key_of(name);
#endif
}

/* The last step brings the upper bytes of a word down: names that are numbered differ in these alone. */
static inline uint32_t key_hash(const KeyTable *k, const KeySlot *key, Str name) {
  uint64_t h = (key->first ^ k->seed) * 0x9E3779B97F4A7C15ull + (key->last ^ key->n) * 0xD6E8FEB86659FD93ull;
  for (size_t i = 8; i + 8 < name.n; i += 8) h = (key_mix(h) ^ key_load(name.p + i)) * 0x9E3779B97F4A7C15ull;
  return (uint32_t)(key_mix(h) * 0x9E3779B97F4A7C15ull >> 32);
}

/* Whether the bytes between the first and the last 8 are the same, too. */
static inline bool key_middle_eq(Str a, Str b) {
  size_t i = 8;
  while (i + 8 < a.n && key_load(a.p + i) == key_load(b.p + i)) i += 8;
  return i + 8 >= a.n;
}

/* The slot of a name, or the free one where it belongs. */
static inline KeySlot *key_slot(const KeyTable *k, const KeySlot *key, Str name, uint32_t *steps) {
  uint32_t i = key_hash(k, key, name) & k->mask;
  for (KeySlot *s = &k->slots[i]; s->id; i = (i + 1) & k->mask, s = &k->slots[i], ++*steps)
    if (s->first == key->first && s->last == key->last && s->n == name.n && key_middle_eq(name, k->names.p[s->id])) return s;
  return &k->slots[i];
}

#endif

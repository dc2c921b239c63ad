/* SPDX-License-Identifier: MIT
 * The look-up in a table of names, for where it is hot: keys.c and the reader; nobody else includes it.
 * A name is told by its length, its first and its last 8 bytes; only of one with more than 16 the bytes between are read. */
#ifndef SIGMAC_RUNTIME_KEYS_FIND_H
#define SIGMAC_RUNTIME_KEYS_FIND_H

#include "base/vec.h"
#include "runtime/keys.h"

typedef struct {
  uint64_t first, last; /* of up to 8 bytes these are the same: all of them */
  uint32_t n;           /* bytes of the name, and KEY_BACKSLASH where one is among them */
  uint32_t id;          /* KEY_UNKNOWN: free */
} KeySlot;

/* As an event spells it, such a name has more bytes. Longer ones than fit are never entered. */
#define KEY_BACKSLASH 0x80000000u

struct KeyTable {
  Arena *owner;
  VEC(Str) names; /* by id; [0] is unused */
  KeySlot *slots;
  uint32_t mask;  /* slots but one: a power of 2 */
  uint32_t shift; /* leaves as many bits of 64 */
  uint32_t most;  /* steps that find any name: no search takes more */
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
  static const uint64_t masks[9] = {0,         0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF,
                                    UINT64_MAX};
  size_t n = name.n < 8 ? name.n : 8;
  return (KeySlot){key_load(name.p) & masks[n], key_load(name.p + name.n - n) & masks[n], (uint32_t)name.n, 0};
#else
  return key_of(name);
#endif
}

/* Its upper bits count: all bytes reach them. One factor is even, so that the sum of both, which is the factor of a name with up
 * to 8 bytes, is odd. */
static inline uint64_t key_hash(const KeyTable *k, const KeySlot *key, Str name) {
  uint64_t h = (key->first ^ k->seed) * 0x9E3779B97F4A7C15ull + (key->last ^ key->n) * 0xD6E8FEB86659FD92ull;
  for (size_t i = 8; i + 8 < name.n; i += 8) h = (key_mix(h) ^ key_load(name.p + i)) * 0x9E3779B97F4A7C15ull;
  return h >> k->shift;
}

/* Whether the bytes between the first and the last 8 are the same, too. */
static inline bool key_middle_eq(Str a, Str b) {
  size_t i = 8;
  while (i + 8 < a.n && key_load(a.p + i) == key_load(b.p + i)) i += 8;
  return i + 8 >= a.n;
}

/* The slot of a name, or the free one where it belongs. */
static inline KeySlot *key_slot(const KeyTable *k, const KeySlot *key, Str name, uint32_t *steps) {
  uint64_t i = key_hash(k, key, name);
  for (KeySlot *s = &k->slots[i]; s->id; i = (i + 1) & k->mask, s = &k->slots[i], ++*steps)
    if (s->first == key->first && s->last == key->last && (s->n & ~KEY_BACKSLASH) == name.n &&
        key_middle_eq(name, k->names.p[s->id]))
      return s;
  return &k->slots[i];
}

/* KEY_UNKNOWN where the name is not in the table. Many such names may lead to the beginning of one long run of slots. */
static inline uint32_t key_id(const KeyTable *k, const KeySlot *key, Str name, uint32_t *steps) {
  for (uint64_t i = key_hash(k, key, name);; i = (i + 1) & k->mask) {
    const KeySlot *s = &k->slots[i];
    if (!s->id) return KEY_UNKNOWN;
    if (s->first == key->first && s->last == key->last && (s->n & ~KEY_BACKSLASH) == name.n &&
        key_middle_eq(name, k->names.p[s->id]))
      return s->id;
    if (++*steps > k->most) return KEY_UNKNOWN;
  }
}

/* The number of a name as an event spells it; KEY_UNKNOWN also of one with a backslash. */
static inline uint32_t key_as_spelled(const KeyTable *k, const KeySlot *key, Str name) {
  const KeySlot *s = &k->slots[key_hash(k, key, name)];
  for (uint32_t steps = 0; s->id && steps <= k->most; steps++, s = s == &k->slots[k->mask] ? k->slots : s + 1)
    if (s->first == key->first && s->last == key->last && s->n == name.n &&
        (name.n <= 16 || key_middle_eq(name, k->names.p[s->id])))
      return s->id;
  return KEY_UNKNOWN;
}

#endif

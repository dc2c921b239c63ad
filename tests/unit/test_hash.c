/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* Images are kept in files and go to other machines: these values must not change. */
Test(hash, known_values) {
  unsigned char bytes[100];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 7);
  cr_expect_eq(hash_block(bytes, 0), 0x7CE6BD0506EA7558ull, "%llx", (unsigned long long)hash_block(bytes, 0));
  cr_expect_eq(hash_block(bytes, 31), 0xD7A0B32F105EE915ull, "%llx", (unsigned long long)hash_block(bytes, 31));
  cr_expect_eq(hash_block(bytes, 100), 0xDA2D09700D0609B0ull, "%llx", (unsigned long long)hash_block(bytes, 100));
  cr_expect_eq(hash_key(5, bytes, 13), 0xEE72E72DDF21F469ull, "%llx", (unsigned long long)hash_key(5, bytes, 13));
}

Test(hash, no_bytes_at_all) {
  cr_expect_eq(hash_key(1, NULL, 0), hash_key(1, "", 0));
  cr_expect_eq(hash_block(NULL, 0), hash_block("", 0));
}

/* Damage: each bit alone, two bits together, two words that change places, a part that is missing or doubled. */
Test(hash, damage_shows) {
  enum { SIZE = 211 };
  unsigned char bytes[SIZE];
  for (size_t i = 0; i < SIZE; i++) bytes[i] = (unsigned char)(i * i >> 3);
  uint64_t right = hash_block(bytes, SIZE);
  for (size_t a = 0; a < SIZE * 8; a++) {
    bytes[a / 8] ^= (unsigned char)(1 << a % 8);
    cr_assert_neq(hash_block(bytes, SIZE), right, "bit %zu", a);
    for (size_t b = a + 1; b < SIZE * 8; b += 61) {
      bytes[b / 8] ^= (unsigned char)(1 << b % 8);
      if (hash_block(bytes, SIZE) == right) cr_assert_fail("bits %zu and %zu", a, b);
      bytes[b / 8] ^= (unsigned char)(1 << b % 8);
    }
    bytes[a / 8] ^= (unsigned char)(1 << a % 8);
  }
  for (size_t n = 0; n < SIZE; n++) cr_assert_neq(hash_block(bytes, n), right, "cut off at %zu", n);
  for (size_t i = 0; i + 16 <= SIZE; i += 8) {
    unsigned char other[SIZE];
    memcpy(other, bytes, SIZE);
    memcpy(other + i, bytes + i + 8, 8);
    memcpy(other + i + 8, bytes + i, 8);
    if (memcmp(other, bytes, SIZE) != 0) cr_assert_neq(hash_block(other, SIZE), right, "words at %zu", i);
  }
}

static int by_value(const void *x, const void *y) {
  uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
  return a < b ? -1 : a > b;
}

/* The low bits choose the slot of a table: keys that differ little must fall apart, under every seed. */
Test(hash, keys_fall_apart) {
  enum { KEYS = 4096, SLOTS = KEYS * 2 };
  static uint64_t hashes[KEYS];
  static unsigned char slot[SLOTS];
  for (uint64_t seed = 0; seed < 4; seed++) {
    memset(slot, 0, sizeof slot);
    unsigned shared = 0;
    for (uint32_t i = 0; i < KEYS; i++) {
      uint32_t key[3] = {i << 20, i >> 12, 7};
      hashes[i] = hash_key(seed, key, sizeof key);
      shared += slot[hashes[i] % SLOTS]++ > 0;
    }
    cr_expect_lt(shared, KEYS / 4, "%u of %d keys share a slot", shared, KEYS); /* by chance: 21 % */
    qsort(hashes, KEYS, sizeof *hashes, by_value);
    for (int i = 1; i < KEYS; i++) cr_assert_neq(hashes[i - 1], hashes[i]);
  }
}

/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#define MIX 0x9FB21C651E98DF25ull /* odd, half of its bits set */

/* Both halves of a product of 64 bits. */
static uint64_t fold_product(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
  __extension__ unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
  uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  uint64_t low = a0 * b0, one = a1 * b0 + (low >> 32), two = a0 * b1 + (uint32_t)one;
  return (two << 32 | (uint32_t)low) ^ (a1 * b1 + (one >> 32) + (two >> 32));
#endif
}

static uint64_t word_at(const unsigned char *p) {
  uint64_t w;
  memcpy(&w, p, sizeof w);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  w = __builtin_bswap64(w);
#endif
  return w;
}

static uint64_t mix(uint64_t h, uint64_t word) { return fold_product(h ^ word, MIX) + h; }

uint64_t hash_key(uint64_t seed, const void *p, size_t n) {
  const unsigned char *b = p;
  uint64_t h = mix(seed, n), last = 0;
  for (; n >= 8; b += 8, n -= 8) h = mix(h, word_at(b));
  for (size_t i = 0; i < n; i++) last |= (uint64_t)b[i] << 8 * i;
  return mix(mix(h, last), MIX);
}

uint64_t hash_block(const void *p, size_t n) {
  enum { LANES = 4, STEP = LANES * 8 };
  const unsigned char *b = p;
  uint64_t lane[LANES] = {1, 2, 3, 4}, h = n;
  size_t whole = n - n % STEP;
  for (size_t at = 0; at < whole; at += STEP)
    for (int k = 0; k < LANES; k++) lane[k] = mix(lane[k], word_at(b + at + 8 * k));
  for (int k = 0; k < LANES; k++) h = mix(h, lane[k]);
  return hash_key(h, b + whole, n - whole);
}

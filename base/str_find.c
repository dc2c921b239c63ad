/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem, which is POSIX since 2024 */
#include "base/str_find.h"

/* Trying each place could take the product of the lengths; memmem's two-way search never does. */
static size_t find_long(Str s, Str needle, size_t from) {
  const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
  return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t str_find_portable(Str s, Str needle, size_t from) {
  enum { LONG = 64 }; /* below it, trying the places of the first byte is the faster way (a fifth, over real logs) */
  if (needle.n == 0) return from <= s.n ? from : SIZE_MAX;
  while (from <= s.n && needle.n <= s.n - from) {
    if (needle.n >= LONG) return find_long(s, needle, from);
    const char *hit = memchr(s.p + from, needle.p[0], s.n - from - needle.n + 1);
    if (!hit) return SIZE_MAX;
    if (memcmp(hit, needle.p, needle.n) == 0) return (size_t)(hit - s.p);
    from = (size_t)(hit - s.p) + 1;
  }
  return SIZE_MAX;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2        __attribute__((target("avx2")))
#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

bool str_find_has_avx2(void) { return __builtin_cpu_supports("avx2"); }

enum { BLOCK = 32 };

AVX2_INLINE __m256i load(const char *p) { return _mm256_loadu_si256((const __m256i *)(const void *)p); }

AVX2_INLINE uint32_t mask_of(__m256i v) { return (uint32_t)_mm256_movemask_epi8(v); }

/* The first of these places behind `at` at which the needle stands; its first byte does. Apart, as it is rarely called, and
 * what is in registers around it stays there. */
static __attribute__((noinline)) const char *stands(const char *at, uint32_t places, Str needle, size_t *tried) {
  for (; places; places &= places - 1) {
    const char *p = at + __builtin_ctz(places);
    if (memcmp(p + 1, needle.p + 1, needle.n - 1) == 0) return p;
    *tried += needle.n;
  }
  return NULL;
}

/* Fewer places than a block has, in a text that has one: the first bytes of its start, and the last ones of its end. */
AVX2_INLINE const char *find_in_few(Str s, Str needle, __m256i first, __m256i last, size_t places) {
  size_t tried = 0;
  uint32_t begins = mask_of(_mm256_cmpeq_epi8(load(s.p), first)) & ((1u << places) - 1);
  begins &= mask_of(_mm256_cmpeq_epi8(load(s.p + s.n - BLOCK), last)) >> (BLOCK - places);
  return begins ? stands(s.p, begins, needle, &tried) : NULL;
}

/* A text that takes more time than its length allows is given to the search that never does. */
AVX2 size_t str_find_avx2(Str text, Str needle, size_t from) {
  if (from > text.n || needle.n > text.n - from) return SIZE_MAX;
  Str s = str_from(text, from);
  if (s.n < BLOCK) return str_find_portable(text, needle, from);
  const __m256i first = _mm256_set1_epi8(needle.p[0]), last = _mm256_set1_epi8(needle.p[needle.n - 1]);
  const size_t places = s.n - needle.n + 1;
  const char *hit = NULL, *p = s.p, *end = s.p + places;
  if (places < BLOCK) {
    hit = find_in_few(s, needle, first, last, places);
    return hit ? (size_t)(hit - text.p) : SIZE_MAX;
  }
  for (size_t tried = 0;; p = end - p >= 2 * BLOCK ? p + BLOCK : end - BLOCK) {
    uint32_t begins = mask_of(_mm256_and_si256(_mm256_cmpeq_epi8(load(p), first), _mm256_cmpeq_epi8(load(p + needle.n - 1), last)));
    if (begins && (hit = stands(p, begins, needle, &tried))) return (size_t)(hit - text.p);
    if (p == end - BLOCK) return SIZE_MAX;
    if (tried > 1024 + 4 * (size_t)(p - s.p)) return find_long(text, needle, (size_t)(p - text.p));
  }
}

#else

bool str_find_has_avx2(void) { return false; }
size_t str_find_avx2(Str s, Str needle, size_t from) { return str_find_portable(s, needle, from); }

#endif

size_t str_find(Str s, Str needle, size_t from) {
  if (needle.n > 1 && str_find_has_avx2()) return str_find_avx2(s, needle, from);
  return str_find_portable(s, needle, from);
}

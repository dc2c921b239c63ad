/* SPDX-License-Identifier: MIT
 * Searches by AVX2. All of them only tell places at which something may stand. */
#include "runtime/index/literals_internal.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define AVX2        __attribute__((target("avx2")))
#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

/* Gathers are fast where their remedy was never needed, which no bit says. Those processors of Intel are just the ones that
 * have AVX-VNNI; of AMD's, whose gathers are no better than single loads, only new ones have it. */
static bool gathers_are_fast(void) {
  unsigned a = 0, b, c, d;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}

Simd simd_here(void) {
  if (!__builtin_cpu_supports("avx2")) return SIMD_NONE;
  return gathers_are_fast() ? SIMD_GATHER : SIMD_AVX2;
}

AVX2_INLINE __m256i load_words(const uint32_t *filter, __m256i at, bool gather) {
  if (gather) return _mm256_i32gather_epi32((const int *)filter, at, 4);
  uint32_t i[8];
  _mm256_storeu_si256((__m256i *)(void *)i, at);
  return _mm256_setr_epi32((int)filter[i[0]], (int)filter[i[1]], (int)filter[i[2]], (int)filter[i[3]], (int)filter[i[4]],
                           (int)filter[i[5]], (int)filter[i[6]], (int)filter[i[7]]);
}

/* The bit of a word that each hash names from `shift` on. */
AVX2_INLINE __m256i bit_of(__m256i hash, __m128i shift) {
  return _mm256_sllv_epi32(_mm256_set1_epi32(1), _mm256_and_si256(_mm256_srl_epi32(hash, shift), _mm256_set1_epi32(31)));
}

/* gram_maybe of the 8 grams that begin in the first 8 of 16 bytes. */
AVX2_INLINE uint32_t maybe_eight(const GramGroup *g, const char *p, bool gather) {
  const __m256i windows =
    _mm256_setr_epi8(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
  const int shift = 32 - (int)g->word_bits;
  __m256i v = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)p)), windows);
  v = _mm256_or_si256(_mm256_and_si256(v, _mm256_set1_epi32((int)g->keep)), _mm256_set1_epi32((int)g->fold));
  v = _mm256_mullo_epi32(v, _mm256_set1_epi32((int)GRAM_FACTOR));
  __m256i words = load_words(g->filter, _mm256_srl_epi32(v, _mm_cvtsi32_si128(shift)), gather);
  __m256i bits =
    _mm256_or_si256(bit_of(v, _mm_cvtsi32_si128(shift - FILTER_BIT)), bit_of(v, _mm_cvtsi32_si128(shift - 2 * FILTER_BIT)));
  __m256i both = _mm256_cmpeq_epi32(_mm256_and_si256(words, bits), bits);
  return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(both));
}

AVX2_INLINE void find_grams(const GramGroup *g, Search *s, bool gather) {
  size_t i = 0;
  for (; i + 16 <= s->text.n; i += 8)
    for (uint32_t hits = maybe_eight(g, s->text.p + i, gather); hits; hits &= hits - 1)
      gram_group_at(g, s, i + (size_t)__builtin_ctz(hits));
  gram_group_find(g, s, i);
}

AVX2 static void find_by_gather(const GramGroup *g, Search *s) { find_grams(g, s, true); }
AVX2 static void find_by_loads(const GramGroup *g, Search *s) { find_grams(g, s, false); }

void gram_group_find_simd(const GramGroup *g, Search *s, Simd simd) {
  if (simd == SIMD_GATHER) find_by_gather(g, s);
  else find_by_loads(g, s);
}

#else

Simd simd_here(void) { return SIMD_NONE; }
void gram_group_find_simd(const GramGroup *g, Search *s, Simd simd) {
  (void)simd;
  gram_group_find(g, s, 0);
}

#endif

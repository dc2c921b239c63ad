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

AVX2_INLINE __m128i load16(const char *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }

AVX2_INLINE __m256i load_words(const uint32_t *filter, __m256i at, bool gather) {
  if (gather) return _mm256_i32gather_epi32((const int *)filter, at, 4);
  uint32_t i[8];
  _mm256_storeu_si256((__m256i *)(void *)i, at);
  return _mm256_setr_epi32((int)filter[i[0]], (int)filter[i[1]], (int)filter[i[2]], (int)filter[i[3]], (int)filter[i[4]],
                           (int)filter[i[5]], (int)filter[i[6]], (int)filter[i[7]]);
}

/* A group, as it stands in registers. */
typedef struct {
  const uint32_t *filter;
  __m256i keep, fold;
  __m128i word; /* how far a hash is shifted to be the number of a word */
} Probe;

AVX2_INLINE Probe probe_of(const GramGroup *g) {
  return (Probe){.filter = g->filter,
                 .keep = _mm256_set1_epi32((int)g->keep),
                 .fold = _mm256_set1_epi32((int)g->fold),
                 .word = _mm_cvtsi32_si128(32 - (int)g->word_bits)};
}

AVX2_INLINE __m256i bit_of(__m256i hash, int shift) {
  return _mm256_sllv_epi32(_mm256_set1_epi32(1), _mm256_and_si256(_mm256_srli_epi32(hash, shift), _mm256_set1_epi32(31)));
}

/* gram_maybe of 8 grams, the first of which begins in the byte `from` of 16. Of bytes behind the 16 there is nothing, and the
 * answers for their grams say nothing. */
AVX2_INLINE uint32_t maybe_eight(Probe g, __m128i bytes, uint32_t from, bool gather) {
  const __m256i windows =
    _mm256_setr_epi8(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
  __m256i v = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), _mm256_add_epi8(windows, _mm256_set1_epi8((char)from)));
  v = _mm256_or_si256(_mm256_and_si256(v, g.keep), g.fold);
  v = _mm256_mullo_epi32(v, _mm256_set1_epi32((int)GRAM_FACTOR));
  __m256i words = load_words(g.filter, _mm256_srl_epi32(v, g.word), gather);
  __m256i bits = _mm256_or_si256(bit_of(v, FILTER_FIRST), bit_of(v, FILTER_SECOND));
  __m256i both = _mm256_cmpeq_epi32(_mm256_and_si256(words, bits), bits);
  return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(both));
}

static inline void try_grams(const GramGroup *g, Search *s, size_t from, uint32_t hits) {
  for (; hits; hits &= hits - 1) {
    size_t i = from + (size_t)__builtin_ctz(hits);
    gram_group_try(g, s, i, gram_of(s->text.p + i, g->size, g->fold));
  }
}

AVX2_INLINE void find_short(const GramGroup *g, Search *s, Probe probe, bool gather) {
  char text[16] = {0};
  memcpy(text, s->text.p, s->text.n);
  uint32_t hits = maybe_eight(probe, load16(text), 0, gather) | maybe_eight(probe, load16(text), 8, gather) << 8;
  try_grams(g, s, 0, hits & ((1u << (s->text.n - g->size + 1)) - 1));
}

AVX2_INLINE void find_grams(const GramGroup *g, Search *s, bool gather) {
  const Probe probe = probe_of(g);
  const char *p = s->text.p;
  size_t i = 0, n = s->text.n;
  if (n < g->size) return;
  if (n < 16) {
    find_short(g, s, probe, gather);
    return;
  }
  for (; i + 16 <= n; i += 8) try_grams(g, s, i, maybe_eight(probe, load16(p + i), 0, gather));
  /* Of the last 16 bytes, the grams of the first 8, which may not have been looked at, and the last 8. */
  __m128i last = load16(p + n - 16);
  uint32_t behind = 16 - 7 - g->size;
  try_grams(g, s, n - 16, maybe_eight(probe, last, 0, gather));
  try_grams(g, s, n - 16 + behind, maybe_eight(probe, last, behind, gather));
}

AVX2 static void find_by_gather(const GramGroup *g, Search *s) { find_grams(g, s, true); }
AVX2 static void find_by_loads(const GramGroup *g, Search *s) { find_grams(g, s, false); }

void gram_group_find_simd(const GramGroup *g, Search *s, Simd simd) {
  if (simd == SIMD_GATHER) find_by_gather(g, s);
  else find_by_loads(g, s);
}

/* --- few grams ----------------------------------------------------------------------------------------------- */

static inline void try_place(const GramGroup *g, Search *s, size_t i) {
  if (!g->n || s->text.n - i < g->size) return;
  uint32_t gram = gram_of(s->text.p + i, g->size, g->fold);
  if (gram_maybe(g, gram)) gram_group_try(g, s, i, gram);
}

/* Most are none, which the filters of the groups tell. */
static inline void try_places(const Literals *l, Search *s, size_t from, uint32_t places) {
  for (; places; places &= places - 1)
    for (int k = 0; k < GRAM_GROUPS; k++) try_place(&l->groups[k], s, from + (size_t)__builtin_ctz(places));
}

AVX2_INLINE __m256i table(const uint8_t t[16]) { return _mm256_broadcastsi128_si256(load16((const char *)t)); }

/* A look-up sees the low nibble of a byte, and finds nothing for one that is not ASCII: as it should, if `ascii`. */
AVX2_INLINE __m256i low_nibbles(__m256i bytes, bool ascii) { return ascii ? bytes : _mm256_and_si256(bytes, _mm256_set1_epi8(15)); }

/* What the buckets of one table take at one place of a gram. */
AVX2_INLINE __m256i taken(const Teddy *y, uint32_t t, int k, __m256i bytes, bool ascii) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i lo = low_nibbles(bytes, ascii), hi = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
  return _mm256_and_si256(_mm256_shuffle_epi8(table(y->lo[t][k]), lo), _mm256_shuffle_epi8(table(y->hi[t][k]), hi));
}

AVX2_INLINE __m256i taken_all(const Teddy *y, uint32_t t, bool ascii, __m256i a, __m256i b, __m256i c, __m256i d) {
  __m256i first = _mm256_and_si256(taken(y, t, 0, a, ascii), taken(y, t, 1, b, ascii));
  return _mm256_and_si256(first, _mm256_and_si256(taken(y, t, 2, c, ascii), taken(y, t, 3, d, ascii)));
}

/* The places at which some bucket takes the bytes of a, of b, which begins one byte later, of c and of d. Spelled out, as
 * a loop that the compiler does not unroll would keep all this in memory. */
AVX2_INLINE uint32_t teddy_places(const Teddy *y, uint32_t tables, bool ascii, __m256i a, __m256i b, __m256i c, __m256i d) {
  __m256i any = taken_all(y, 0, ascii, a, b, c, d);
  if (tables == 2) any = _mm256_or_si256(any, taken_all(y, 1, ascii, a, b, c, d));
  return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(any, _mm256_setzero_si256()));
}

AVX2_INLINE __m256i load(const char *p) { return _mm256_loadu_si256((const __m256i *)(const void *)p); }

/* 32 bytes, as if NUL stood behind them. */
AVX2_INLINE uint32_t places_alone(const Teddy *y, uint32_t tables, bool ascii, __m256i v) {
  __m256i upper = _mm256_permute2x128_si256(v, v, 0x81);
  return teddy_places(y, tables, ascii, v, _mm256_alignr_epi8(upper, v, 1), _mm256_alignr_epi8(upper, v, 2),
                      _mm256_alignr_epi8(upper, v, 3));
}

AVX2_INLINE void teddy_search(const Literals *l, Search *s, uint32_t tables, bool ascii) {
  enum { BLOCK = 32 };
  const Teddy *y = l->teddy;
  const char *p = s->text.p;
  size_t i = 0, n = s->text.n;
  for (; i + BLOCK + GRAM - 1 <= n; i += BLOCK) {
    uint32_t places = teddy_places(y, tables, ascii, load(p + i), load(p + i + 1), load(p + i + 2), load(p + i + 3));
    try_places(l, s, i, places);
  }
  if (n < BLOCK) {
    char rest[BLOCK] = {0};
    memcpy(rest, p, n);
    try_places(l, s, 0, places_alone(y, tables, ascii, load(rest)) & ((1u << n) - 1));
    return;
  }
  /* Up to 34 places are left: the last 32, and those before, whose grams end within the block. */
  if (n - i > BLOCK) try_places(l, s, i, places_alone(y, tables, ascii, load(p + i)));
  if (n > i) try_places(l, s, n - BLOCK, places_alone(y, tables, ascii, load(p + n - BLOCK)));
}

AVX2 static void teddy_search_1(const Literals *l, Search *s) { teddy_search(l, s, 1, false); }
AVX2 static void teddy_search_2(const Literals *l, Search *s) { teddy_search(l, s, 2, false); }
AVX2 static void teddy_search_1_ascii(const Literals *l, Search *s) { teddy_search(l, s, 1, true); }
AVX2 static void teddy_search_2_ascii(const Literals *l, Search *s) { teddy_search(l, s, 2, true); }

void teddy_find(const Literals *l, Search *s) {
  const Teddy *y = l->teddy;
  if (y->tables == 1) (y->ascii ? teddy_search_1_ascii : teddy_search_1)(l, s);
  else (y->ascii ? teddy_search_2_ascii : teddy_search_2)(l, s);
}

#else

Simd simd_here(void) { return SIMD_NONE; }
void gram_group_find_simd(const GramGroup *g, Search *s, Simd simd) {
  (void)simd;
  gram_group_find(g, s, 0);
}
void teddy_find(const Literals *l, Search *s) {
  (void)l;
  (void)s;
}

#endif

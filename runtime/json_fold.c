/* SPDX-License-Identifier: MIT */
#include "runtime/json_fold.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const uint64_t ones = 0x0101010101010101ull, highs = 0x8080808080808080ull;

/* All eight bytes are ASCII: no sum reaches the next byte. */
static uint64_t lower8(uint64_t w) {
  uint64_t from_a = w + (0x80 - 'A') * ones, behind_z = w + (0x80 - 'Z' - 1) * ones;
  return w | (from_a & ~behind_z & highs) >> 2;
}

/* Not ASCII, or a backslash. A borrow may mark a byte above a marked one wrongly. */
static uint64_t stops8(uint64_t w, bool stop_at_escapes) {
  uint64_t backslash = w ^ ones * '\\';
  return (w | (stop_at_escapes ? (backslash - ones) & ~backslash : 0)) & highs;
}

static size_t fold_bytes(const char *p, size_t n, char *out, bool stop_at_escapes) {
  size_t i = 0;
  for (; i < n && (unsigned char)p[i] < 0x80 && !(stop_at_escapes && p[i] == '\\'); i++) out[i] = ascii_lower(p[i]);
  return i;
}

size_t fold_plain_words(const char *p, size_t n, char *out, bool stop_at_escapes) {
  size_t i = 0;
  for (; n - i >= 8; i += 8) {
    uint64_t w;
    memcpy(&w, p + i, 8);
    if (stops8(w, stop_at_escapes)) break;
    w = lower8(w);
    memcpy(out + i, &w, 8);
  }
  return i + fold_bytes(p + i, n - i, out + i, stop_at_escapes);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) size_t fold_plain_simd(const char *p, size_t n, char *out, bool stop_at_escapes) {
  const __m256i before_a = _mm256_set1_epi8('A' - 1), behind_z = _mm256_set1_epi8('Z' + 1), bit = _mm256_set1_epi8(0x20);
  const __m256i stop = _mm256_set1_epi8(stop_at_escapes ? '\\' : (char)0x80); /* which stops it anyway */
  size_t i = 0;
  for (; n - i >= 32; i += 32) {
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
    __m256i capital = _mm256_and_si256(_mm256_cmpgt_epi8(v, before_a), _mm256_cmpgt_epi8(behind_z, v));
    _mm256_storeu_si256((__m256i *)(void *)(out + i), _mm256_or_si256(v, _mm256_and_si256(capital, bit)));
    uint32_t stops = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(v, _mm256_cmpeq_epi8(v, stop)));
    if (stops) return i + (size_t)__builtin_ctz(stops);
  }
  return i + fold_plain_words(p + i, n - i, out + i, stop_at_escapes);
}

#else

size_t fold_plain_simd(const char *p, size_t n, char *out, bool stop_at_escapes) {
  return fold_plain_words(p, n, out, stop_at_escapes);
}

#endif

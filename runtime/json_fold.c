/* SPDX-License-Identifier: MIT
 * Whole words or blocks are folded and written, however many of their bytes count: those behind a stop are written again. */
#include "runtime/json_fold.h"

#include "runtime/json_text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

static const uint64_t ones = 0x0101010101010101ull, highs = 0x8080808080808080ull;

typedef struct {
  const char *from, *end;
  char *to;
  bool escapes;
} Fold;

/* Passes an escape of two characters; false where there is something else. */
INLINE bool pass_escape(Fold *f) {
  char c = f->from[0] == '\\' ? json_escaped(f->from[1]) : 0;
  *f->to = c;
  f->to += c != 0;
  f->from += c ? 2 : 0;
  return c != 0;
}

/* Only the letters of bytes that are ASCII are sure to be right: no sum of these reaches the next byte. */
INLINE uint64_t lower8(uint64_t w) {
  uint64_t from_a = w + (0x80 - 'A') * ones, behind_z = w + (0x80 - 'Z' - 1) * ones;
  return w | (from_a & ~behind_z & highs) >> 2;
}

/* Not ASCII, or a backslash that begins an escape. A borrow may mark a byte above a marked one wrongly. */
INLINE uint64_t stops8(const Fold *f, uint64_t w) {
  uint64_t backslash = w ^ ones * '\\';
  return (w | (f->escapes ? (backslash - ones) & ~backslash : 0)) & highs;
}

/* To the next stop, byte by byte; at most n. */
INLINE void fold_bytes(Fold *f, size_t n) {
  for (; n > 0 && (unsigned char)*f->from < 0x80 && !(f->escapes && *f->from == '\\'); n--) *f->to++ = ascii_lower(*f->from++);
}

/* n <= 8 bytes in the order of memory, zeroes behind them. */
INLINE uint64_t load(const char *p, size_t n) {
  uint64_t w = 0;
  uint32_t low, high;
  if (n == 8) {
    memcpy(&w, p, 8);
  } else if (n >= 4 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
    memcpy(&low, p, 4);
    memcpy(&high, p + n - 4, 4);
    w = low | (uint64_t)high << 8 * (n - 4);
  } else {
    for (size_t i = 0; i < n; i++) memcpy((char *)&w + i, p + i, 1);
  }
  return w;
}

INLINE void fold_words(Fold *f) {
  while (f->from < f->end) {
    size_t left = (size_t)(f->end - f->from), n = left < 8 ? left : 8;
    uint64_t w = load(f->from, n);
    if (!stops8(f, w)) {
      w = lower8(w);
      memcpy(f->to, &w, 8);
      f->from += n;
      f->to += n;
      continue;
    }
    const char *before = f->from;
    fold_bytes(f, n);
    if (f->from != before + n && !pass_escape(f)) return;
  }
}

void fold_ascii_words(const char **from, const char *end, char **to, bool escapes) {
  Fold f = {*from, end, *to, escapes};
  fold_words(&f);
  *from = f.from;
  *to = f.to;
}

#if defined(__x86_64__)

#define SIMD __attribute__((target("avx2"))) static inline

/* Folds a block; a bit for each byte that stops. */
SIMD uint32_t fold32(const Fold *f) {
  const __m256i before_a = _mm256_set1_epi8('A' - 1), behind_z = _mm256_set1_epi8('Z' + 1), bit = _mm256_set1_epi8(0x20);
  __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)f->from);
  __m256i capital = _mm256_and_si256(_mm256_cmpgt_epi8(v, before_a), _mm256_cmpgt_epi8(behind_z, v));
  _mm256_storeu_si256((__m256i *)(void *)f->to, _mm256_or_si256(v, _mm256_and_si256(capital, bit)));
  __m256i backslash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8(f->escapes ? '\\' : (char)0x80)); /* 0x80 stops anyway */
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(v, backslash));
}

SIMD uint32_t fold16(const Fold *f) {
  const __m128i before_a = _mm_set1_epi8('A' - 1), behind_z = _mm_set1_epi8('Z' + 1), bit = _mm_set1_epi8(0x20);
  __m128i v = _mm_loadu_si128((const __m128i *)(const void *)f->from);
  __m128i capital = _mm_and_si128(_mm_cmpgt_epi8(v, before_a), _mm_cmpgt_epi8(behind_z, v));
  _mm_storeu_si128((__m128i *)(void *)f->to, _mm_or_si128(v, _mm_and_si128(capital, bit)));
  __m128i backslash = _mm_cmpeq_epi8(v, _mm_set1_epi8(f->escapes ? '\\' : (char)0x80));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(v, backslash));
}

/* False at a stop that is no escape of two characters. */
SIMD bool pass_block(Fold *f, uint32_t stops, unsigned block) {
  unsigned n = stops ? (unsigned)__builtin_ctz(stops) : block;
  f->from += n;
  f->to += n;
  return !stops || pass_escape(f);
}

SIMD void fold_blocks(Fold *f) {
  while (f->end - f->from >= 32)
    if (!pass_block(f, fold32(f), 32)) return;
  while (f->end - f->from >= 16)
    if (!pass_block(f, fold16(f), 16)) return;
  fold_words(f);
}

__attribute__((target("avx2"))) void fold_ascii_simd(const char **from, const char *end, char **to, bool escapes) {
  Fold f = {*from, end, *to, escapes};
  fold_blocks(&f);
  *from = f.from;
  *to = f.to;
}

#else

void fold_ascii_simd(const char **from, const char *end, char **to, bool escapes) { fold_ascii_words(from, end, to, escapes); }

#endif

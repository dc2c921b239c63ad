/* SPDX-License-Identifier: MIT */
#include "runtime/reader_marks.h"

#include "runtime/json_text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))
enum { BLOCK = 64 };

/* A bit for each byte of a block, the first byte lowest. */
typedef struct {
  uint64_t mark, backslash; /* mark: a quote, a control character, or not ASCII */
} Bits;

/* --- what both forms do -------------------------------------------------------------------------------------- */

/* The bytes that follow a backslash that counts: in a run of backslashes every other one does, the first one too. */
INLINE uint64_t escaped_bits(uint64_t backslash, bool *carry) {
  const uint64_t even = 0x5555555555555555ull;
  uint64_t first = *carry; /* escaped from before the block */
  backslash &= ~first;
  uint64_t behind = backslash << 1 | first;
  uint64_t odd_starts = backslash & ~even & ~behind, ends;
  *carry = __builtin_add_overflow(odd_starts, backslash, &ends);
  return (even ^ ends << 1) & behind;
}

/* Of bytes behind a backslash, those that make no escape of two characters with it. */
static __attribute__((noinline)) uint64_t odd_escapes(Marks *m, const char *block, uint64_t bits) {
  for (uint64_t left = bits; left; left &= left - 1) {
    int i = __builtin_ctzll(left);
    m->solidus |= block[i] == '/';
    if (json_escaped(block[i])) bits &= ~(1ull << i);
  }
  return bits;
}

/* Between two marks is a run of ones without them, and a backslash in it makes the sum reach the mark behind it. */
INLINE uint64_t behind_backslash(uint64_t marks, uint64_t backslash, bool *carry) {
  uint64_t sum;
  bool one = __builtin_add_overflow(~marks, backslash, &sum), other = __builtin_add_overflow(sum, (uint64_t)*carry, &sum);
  *carry = one || other;
  return sum & marks;
}

/* What one block leaves to the next. What is before the first mark of a part concerns nobody. */
typedef struct {
  bool escaped, backslash;
} Carry;

INLINE uint64_t marked_bits(Marks *m, const char *block, uint32_t index, Carry *carry, Bits b) {
  if (!(b.backslash | (uint64_t)carry->escaped)) { /* most blocks */
    m->behind_backslash[index] = carry->backslash ? b.mark & -b.mark : 0;
    carry->backslash = carry->backslash && !b.mark;
    return b.mark;
  }
  uint64_t escaped = escaped_bits(b.backslash, &carry->escaped), odd = escaped & ~b.backslash;
  if (odd) odd = odd_escapes(m, block, odd);
  uint64_t marks = (b.mark & ~escaped) | odd;
  m->behind_backslash[index] = behind_backslash(marks, b.backslash, &carry->backslash);
  return marks;
}

INLINE Carry begin(Marks *m, uint32_t from, uint32_t n) {
  Carry carry = {m->escaped && from == m->to, false};
  m->from = from;
  m->to = n - from > MARKS_PART ? from + MARKS_PART : n;
  return carry;
}

/* The bytes behind the last whole block, as a block of their own. */
INLINE uint32_t last_block(const Marks *m, const char *text, uint32_t from, char block[BLOCK]) {
  uint32_t n = m->to - from;
  memset(block, ' ', BLOCK);
  if (n) memcpy(block, text + from, n);
  return n;
}

INLINE void end(Marks *m, uint32_t n, Carry carry) {
  m->escaped = carry.escaped;
  m->at[n] = NO_MARK;
  m->n = n;
}

/* --- by words of 8 bytes ------------------------------------------------------------------------------------- */

static const uint64_t ones = 0x0101010101010101ull, highs = 0x8080808080808080ull;

/* The high bit of each byte that is zero. */
static inline uint64_t zero_bytes(uint64_t w) { return ~(((w & ~highs) + ~highs) | w | ~highs); }

/* Of high bits, one bit for each byte. */
static inline uint64_t gather(uint64_t high) { return (high >> 7) * 0x0102040810204080ull >> 56; }

static Bits bits_by_words(const char *block) {
  Bits b = {0};
  for (int i = 0; i < BLOCK; i += 8) {
    uint64_t w;
    memcpy(&w, block + i, 8);
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) w = __builtin_bswap64(w);
    b.mark |= gather(zero_bytes(w ^ ones * '"') | zero_bytes(w & ones * 0xE0) | (w & highs)) << i;
    b.backslash |= gather(zero_bytes(w ^ ones * '\\')) << i;
  }
  return b;
}

static uint32_t put_by_words(uint32_t *out, uint32_t base, uint64_t bits) {
  uint32_t n = 0;
  for (; bits; bits &= bits - 1) out[n++] = base + (uint32_t)__builtin_ctzll(bits);
  return n;
}

void marks_find_words(Marks *m, const char *text, uint32_t from, uint32_t n) {
  uint32_t index = 0, k = 0;
  char block[BLOCK];
  Carry carry = begin(m, from, n);
  for (; m->to - from >= BLOCK; from += BLOCK, index++)
    k += put_by_words(m->at + k, from, marked_bits(m, text + from, index, &carry, bits_by_words(text + from)));
  if (last_block(m, text, from, block))
    k += put_by_words(m->at + k, from, marked_bits(m, block, index, &carry, bits_by_words(block)));
  end(m, k, carry);
}

/* --- by AVX2 ------------------------------------------------------------------------------------------------- */

#if defined(__x86_64__)

#define SIMD __attribute__((target("avx2,bmi,popcnt"))) static inline

SIMD uint64_t mask64(__m256i low, __m256i high) {
  return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/* As signed numbers, control characters and what is not ASCII are below the blank. */
SIMD __m256i marked(__m256i v) {
  return _mm256_or_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(' '), v), _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')));
}

SIMD Bits bits_by_simd(const char *block) {
  const __m256i *p = (const __m256i *)(const void *)block, backslash = _mm256_set1_epi8('\\');
  __m256i low = _mm256_loadu_si256(p), high = _mm256_loadu_si256(p + 1);
  return (Bits){mask64(marked(low), marked(high)), mask64(_mm256_cmpeq_epi8(low, backslash), _mm256_cmpeq_epi8(high, backslash))};
}

SIMD uint64_t put1(uint32_t *out, uint32_t base, uint64_t bits) {
  *out = base + (uint32_t)_tzcnt_u64(bits);
  return _blsr_u64(bits);
}

SIMD uint64_t put4(uint32_t *out, uint32_t base, uint64_t bits) {
  bits = put1(out, base, bits);
  bits = put1(out + 1, base, bits);
  bits = put1(out + 2, base, bits);
  return put1(out + 3, base, bits);
}

/* Eight at once, the last ones at random: nearly all blocks have fewer, and then no branch depends on how many. */
SIMD uint32_t put_by_simd(uint32_t *out, uint32_t base, uint64_t bits) {
  uint32_t n = (uint32_t)_mm_popcnt_u64(bits);
  bits = put4(out, base, bits);
  bits = put4(out + 4, base, bits);
  for (uint32_t i = 8; i < n; i += 4) bits = put4(out + i, base, bits);
  return n;
}

SIMD void find_by_simd(Marks *m, const char *text, uint32_t from, uint32_t n) {
  uint32_t index = 0, k = 0;
  char block[BLOCK];
  Carry carry = begin(m, from, n);
  for (; m->to - from >= BLOCK; from += BLOCK, index++)
    k += put_by_simd(m->at + k, from, marked_bits(m, text + from, index, &carry, bits_by_simd(text + from)));
  if (last_block(m, text, from, block))
    k += put_by_simd(m->at + k, from, marked_bits(m, block, index, &carry, bits_by_simd(block)));
  end(m, k, carry);
}

MarksFind *marks_find_simd(void) {
  bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
  return has ? find_by_simd : NULL;
}

#else

MarksFind *marks_find_simd(void) { return NULL; }

#endif

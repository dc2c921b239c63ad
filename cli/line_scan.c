/* SPDX-License-Identifier: MIT */
#include "cli/line_scan.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Says that there may be a pair: to look for it is for the caller. */
LineScan line_scan_portable(const char *p, size_t n) {
  const char *end = n ? memchr(p, '\n', n) : NULL;
  return (LineScan){.n = end ? (size_t)(end - p) : n, .pair = true};
}

#if defined(__x86_64__)

/* Bit i: byte i is `}`, and the one behind it begins an object or is white space, which a line end is not here. */
__attribute__((target("avx2"))) static inline unsigned pairs(__m256i bytes, __m256i behind) {
  const __m256i blank = _mm256_set1_epi8(' ');
  __m256i white = _mm256_andnot_si256(_mm256_cmpeq_epi8(behind, _mm256_set1_epi8('\n')),
                                      _mm256_cmpeq_epi8(_mm256_min_epu8(behind, blank), behind));
  __m256i opens =
    _mm256_or_si256(_mm256_cmpeq_epi8(behind, _mm256_set1_epi8('{')), _mm256_cmpeq_epi8(behind, _mm256_set1_epi8((char)0xEF)));
  __m256i closes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('}'));
  return (unsigned)_mm256_movemask_epi8(_mm256_and_si256(closes, _mm256_or_si256(white, opens)));
}

enum { WIDTH = 32, TWO = 2 * WIDTH };

__attribute__((target("avx2"))) static inline __m256i load(const char *p) { return _mm256_loadu_si256((const void *)p); }

__attribute__((target("avx2"))) static inline __m256i either(__m256i v, char a, char b) {
  return _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(a)), _mm256_cmpeq_epi8(v, _mm256_set1_epi8(b)));
}

/* Most blocks have neither a line end nor a `}`: from i on these are passed over, two at once. */
__attribute__((target("avx2"))) static inline size_t pass_plain(const char *p, size_t i, size_t n) {
  for (; n - i > TWO; i += TWO) {
    __m256i found = _mm256_or_si256(either(load(p + i), '\n', '}'), either(load(p + i + WIDTH), '\n', '}'));
    if (!_mm256_testz_si256(found, found)) break;
  }
  return i;
}

__attribute__((target("avx2"))) static LineScan line_scan_avx2(const char *p, size_t n) {
  const __m256i line_end = _mm256_set1_epi8('\n');
  unsigned found = 0;
  size_t i = pass_plain(p, 0, n);
  for (; n - i > TWO; i = pass_plain(p, i, n)) {
    for (size_t next = i + TWO; i < next; i += WIDTH) {
      __m256i bytes = load(p + i);
      unsigned ends = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, line_end));
      unsigned here = pairs(bytes, load(p + i + 1));
      if (ends) return (LineScan){i + (size_t)__builtin_ctz(ends), (found | (here & ((ends & -ends) - 1))) != 0};
      found |= here;
    }
  }
  LineScan rest = line_scan_portable(p + i, n - i);
  return (LineScan){i + rest.n, true};
}

LineScan line_scan(const char *p, size_t n) {
  return __builtin_cpu_supports("avx2") ? line_scan_avx2(p, n) : line_scan_portable(p, n);
}

#else

LineScan line_scan(const char *p, size_t n) { return line_scan_portable(p, n); }

#endif

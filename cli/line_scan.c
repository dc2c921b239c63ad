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

__attribute__((target("avx2"))) static LineScan line_scan_avx2(const char *p, size_t n) {
  enum { WIDTH = 32 };
  const __m256i line_end = _mm256_set1_epi8('\n');
  unsigned found = 0;
  size_t i = 0;
  for (; n - i > WIDTH; i += WIDTH) {
    __m256i bytes = _mm256_loadu_si256((const void *)(p + i)), behind = _mm256_loadu_si256((const void *)(p + i + 1));
    unsigned ends = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, line_end));
    if (!ends) {
      found |= pairs(bytes, behind);
      continue;
    }
    found |= pairs(bytes, behind) & ((ends & -ends) - 1);
    return (LineScan){i + (size_t)__builtin_ctz(ends), found != 0};
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

/* SPDX-License-Identifier: MIT
 * Keywords are looked for in the text of the event as it came. JSON spells a character as itself or by an escape: quote
 * and backslash always by one; a solidus by `\/` where somebody liked that; all others only by `\u`. So in a line without `\u`
 * and `\/` there is one spelling, but for control characters, which are left out here. */
#include "runtime/index/index_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* --- what of an anchor --------------------------------------------------------------------------------------- */

enum { SHORT_RUN = 3 };

static bool in_run(char c) { return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80; }

/* The longest run of characters with one spelling. */
static Str longest_run(Str s) {
  Str best = {0};
  for (size_t i = 0, start = 0; i <= s.n; i++) {
    if (i < s.n && in_run(s.p[i])) continue;
    if (i - start > best.n) best = str_sub(s, start, i);
    start = i + 1;
  }
  return best;
}

bool line_is_wide(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] >= 0x80) return true;
  return false;
}

Str line_literal(Str anchor, Arena *owner) {
  Str run = longest_run(anchor);
  if (run.n < SHORT_RUN && line_is_wide(anchor)) return (Str){0}; /* the lines with such characters are fewer */
  char *p = arena_array(owner, char, run.n * 2);
  size_t n = 0;
  for (size_t i = 0; i < run.n; i++) {
    if (run.p[i] == '"' || run.p[i] == '\\') p[n++] = '\\';
    p[n++] = run.p[i];
  }
  return (Str){p, n};
}

/* --- what a line is like ------------------------------------------------------------------------------------- */

enum { WORD = 8 };
#define EACH_BYTE 0x0101010101010101ull
#define HIGH_BITS (EACH_BYTE * 0x80)

static bool has_byte(uint64_t w, char c) {
  w ^= EACH_BYTE * (unsigned char)c;
  return ((w - EACH_BYTE) & ~w & HIGH_BITS) != 0;
}

static unsigned marks_of(char c) { return (unsigned char)c >= 0x80 ? LINE_WIDE : 0; }

unsigned line_look_portable(Str line) {
  unsigned marks = 0;
  for (size_t i = 0; i < line.n;) {
    if (line.n - i >= WORD) {
      uint64_t w;
      memcpy(&w, line.p + i, WORD);
      if (w & HIGH_BITS) marks |= LINE_WIDE;
      if (!has_byte(w, '\\')) {
        i += WORD;
        continue;
      }
    }
    marks |= marks_of(line.p[i]);
    if (line.p[i++] != '\\' || i == line.n) continue;
    if (line.p[i] == 'u' || line.p[i] == '/') marks |= LINE_ODD;
    marks |= marks_of(line.p[i++]);
  }
  return marks;
}

#if defined(__x86_64__)
enum { BLOCK = 32 };

/* Whether the backslash at i is itself escaped. The runs that this goes back over have an end each, so all of it is linear. */
static bool is_escaped(Str line, size_t i) {
  size_t k = i;
  while (k && line.p[k - 1] == '\\') k--;
  return (i - k) & 1;
}

static unsigned look_at_end(Str line, size_t i) {
  unsigned marks = 0;
  for (; i < line.n; i++) {
    marks |= marks_of(line.p[i]);
    if (line.p[i] != '\\' || i + 1 == line.n || (line.p[i + 1] != 'u' && line.p[i + 1] != '/')) continue;
    if (!is_escaped(line, i)) marks |= LINE_ODD;
  }
  return marks;
}

__attribute__((target("avx2"))) static unsigned look_avx2(Str line) {
  const __m256i backslash = _mm256_set1_epi8('\\'), u = _mm256_set1_epi8('u'), solidus = _mm256_set1_epi8('/');
  __m256i all = _mm256_setzero_si256();
  unsigned marks = 0;
  size_t i = 0;
  for (; line.n - i > BLOCK; i += BLOCK) {
    __m256i here = _mm256_loadu_si256((const __m256i *)(const void *)(line.p + i));
    __m256i next = _mm256_loadu_si256((const __m256i *)(const void *)(line.p + i + 1));
    __m256i odd = _mm256_or_si256(_mm256_cmpeq_epi8(next, u), _mm256_cmpeq_epi8(next, solidus));
    uint32_t hits = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(here, backslash), odd));
    all = _mm256_or_si256(all, here);
    for (; hits; hits &= hits - 1)
      if (!is_escaped(line, i + (size_t)__builtin_ctz(hits))) marks |= LINE_ODD;
  }
  if (_mm256_movemask_epi8(all)) marks |= LINE_WIDE;
  return marks | look_at_end(line, i);
}
#endif

LineLook *line_look(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return look_avx2;
#endif
  return line_look_portable;
}

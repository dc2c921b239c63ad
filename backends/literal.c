/* SPDX-License-Identifier: MIT */
#include "backends/literal.h"

#include "base/utf8.h"

static bool between(uint32_t cp, uint32_t low, uint32_t high) { return cp >= low && cp <= high; }

bool literal_hidden(uint32_t cp) {
  return cp < 0x20 || between(cp, 0x7F, 0x9F) || between(cp, 0x200B, 0x200F) || between(cp, 0x2028, 0x202E) ||
         between(cp, 0x2060, 0x2069) || cp == 0xFEFF;
}

bool literal_has_hidden(Str s) {
  uint32_t cp;
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n)
    if (literal_hidden(cp)) return true;
  return false;
}

bool literal_possible(Str s) { return utf8_valid(s) && !memchr(s.p ? s.p : "", 0, s.n); }

/* --- letter case outside of ASCII ----------------------------------------------------------------------------- */

/* The code points that fold as cp does, cp itself first. */
static unsigned cases_of(uint32_t cp, uint32_t out[4]) {
  unsigned n = cp < 0x80 ? 1 : fold_class(cp, out);
  if (n == 1) out[0] = cp;
  for (unsigned i = 0; i < n; i++)
    if (out[i] == cp) {
      out[i] = out[0];
      out[0] = cp;
    }
  return n;
}

static uint32_t count_variants(Str s) {
  uint32_t cp, all = 1, cases[4];
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n) {
    all *= cases_of(cp, cases);
    if (all > LITERAL_VARIANTS) return 0;
  }
  return all;
}

/* Variant number k, counted in the mixed base that the numbers of cases make. */
static Str variant(Arena *a, Str s, uint32_t k) {
  char *out = arena_alloc(a, s.n * 2 + 4); /* the other case of a letter may be a byte longer */
  size_t length = 0;
  uint32_t cp, cases[4];
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n) {
    unsigned of = cases_of(cp, cases);
    length += utf8_encode(cases[k % of], out + length);
    k /= of;
  }
  return (Str){out, length};
}

uint32_t literal_variants(Arena *a, Str s, Str **out) {
  uint32_t n = count_variants(s);
  *out = arena_array(a, Str, n);
  for (uint32_t k = 0; k < n; k++) (*out)[k] = n == 1 ? s : variant(a, s, k);
  return n;
}

/* --- patterns ------------------------------------------------------------------------------------------------- */

bool literal_only_wildcards(const Pattern *p, uint32_t *least, bool *open) {
  *least = 0;
  *open = false;
  for (uint32_t i = 0; i < p->n; i++) {
    if (p->p[i].kind != PAT_ANY && p->p[i].kind != PAT_ONE) return false;
    *least += p->p[i].kind == PAT_ONE;
    *open = *open || p->p[i].kind == PAT_ANY;
  }
  return p->n > 0;
}

bool pattern_has_char(const Pattern *p, const char *chars) {
  for (uint32_t i = 0; i < p->n; i++)
    for (size_t k = 0; p->p[i].kind == PAT_LITERAL && k < p->p[i].text.n; k++)
      if (p->p[i].text.p[k] && strchr(chars, p->p[i].text.p[k])) return true;
  return false;
}

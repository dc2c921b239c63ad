/* SPDX-License-Identifier: MIT */
#include "base/str.h"

bool str_eq_nocase(Str a, Str b) {
  if (a.n != b.n) return false;
  for (size_t i = 0; i < a.n; i++)
    if (ascii_lower(a.p[i]) != ascii_lower(b.p[i])) return false;
  return true;
}

bool str_starts(Str s, Str prefix) { return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix); }

bool str_ends(Str s, Str suffix) { return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix); }

int str_cmp(Str a, Str b) {
  size_t n = a.n < b.n ? a.n : b.n;
  int c = n ? memcmp(a.p, b.p, n) : 0;
  if (c) return c;
  return a.n < b.n ? -1 : a.n > b.n;
}

uint64_t hash_bytes(uint64_t seed, const void *p, size_t n) {
  const unsigned char *b = p;
  uint64_t h = seed;
  for (size_t i = 0; i < n; i++) h = (h ^ b[i]) * 1099511628211ull;
  return h;
}

uint64_t str_hash(Str s) { return hash_bytes(HASH_SEED, s.p, s.n); }

unsigned str_distance(Str a, Str b, unsigned max) {
  enum { LONGEST = 48 };
  size_t gap = a.n > b.n ? a.n - b.n : b.n - a.n; /* that many must be added at least */
  if (gap > max || a.n > LONGEST || b.n > LONGEST) return max + 1;
  unsigned row[LONGEST + 1];
  for (size_t j = 0; j <= b.n; j++) row[j] = (unsigned)j;
  for (size_t i = 1; i <= a.n; i++) {
    unsigned diagonal = row[0];
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= b.n; j++) {
      unsigned change = diagonal + (a.p[i - 1] != b.p[j - 1]);
      unsigned drop = row[j] + 1, add = row[j - 1] + 1;
      diagonal = row[j];
      row[j] = change < drop ? (change < add ? change : add) : (drop < add ? drop : add);
    }
  }
  return row[b.n] <= max ? row[b.n] : max + 1;
}

/* SPDX-License-Identifier: MIT
 * Places at which a gram may stand, one after the other, and what is done at one of them. */
#include "runtime/index/literals_internal.h"

/* --- comparing ---------------------------------------------------------------------------------------------- */

static inline uint64_t load8(const char *p) {
  uint64_t x;
  memcpy(&x, p, sizeof x);
  return x;
}

/* Letters A-Z of eight bytes made small. */
static inline uint64_t lower8(uint64_t x) {
  const uint64_t ones = 0x0101010101010101u, tops = 0x80 * ones;
  uint64_t low = x & ~tops, from_a = low + (0x80 - 'A') * ones, after_z = low + (0x7F - 'Z') * ones;
  return x | ((from_a ^ after_z) & ~x & tops) >> 2;
}

/* By words of eight bytes, the last of which may overlap the one before. */
static bool same_nocase(const char *text, const char *folded, size_t n) {
  if (n < 8) {
    for (size_t i = 0; i < n; i++)
      if (ascii_lower(text[i]) != folded[i]) return false;
    return true;
  }
  for (size_t i = 0; i + 8 < n; i += 8)
    if (lower8(load8(text + i)) != load8(folded + i)) return false;
  return lower8(load8(text + n - 8)) == load8(folded + n - 8);
}

static bool stands_at(const LiteralRec *r, const Search *s, size_t i) {
  if (i < r->at || s->text.n - (i - r->at) < r->n) return false;
  const char *p = s->text.p + (i - r->at);
  return s->nocase ? same_nocase(p, r->p, r->n) : memcmp(p, r->p, r->n) == 0;
}

/* --- reporting ---------------------------------------------------------------------------------------------- */

static const LiteralRec **recent_of(Search *s, const LiteralRec *r) {
  return &s->recent[(uintptr_t)r / sizeof *r % (sizeof s->recent / sizeof *s->recent)];
}

static void report(Search *s, const LiteralRec *r) {
  if (!s->any) memset(s->recent, 0, sizeof s->recent);
  s->any = true;
  *recent_of(s, r) = r;
  s->found(s->ctx, r->id);
}

void literal_try(const LiteralRec *r, Search *s, size_t i) {
  bool reported = s->any && *recent_of(s, r) == r;
  if (!reported && stands_at(r, s, i)) report(s, r);
}

/* --- searching ---------------------------------------------------------------------------------------------- */

void gram_group_try(const GramGroup *g, Search *s, size_t i, uint32_t gram) {
  const GramSlot *slot = &g->slots[gram_slot(g, gram)];
  if (!slot->first) return;
  const LiteralRec *r = &g->recs[slot->first - 1];
  if (r->bucket) bucket_find(&g->buckets[r->bucket - 1], r, g->size, s, i);
  else
    for (const LiteralRec *end = r + r->more; r <= end; r++) literal_try(r, s, i);
}

static inline __attribute__((always_inline)) void find_grams(const GramGroup *group, uint32_t size, Search *s, size_t from) {
  const GramGroup g = *group; /* else it would be read again at each place */
  const char *p = s->text.p;
  for (size_t i = from, n = s->text.n; i + size <= n; i++) {
    uint32_t gram = gram_of(p + i, size, g.fold);
    if (gram_maybe(&g, gram)) gram_group_try(group, s, i, gram);
  }
}

void gram_group_find(const GramGroup *g, Search *s, size_t from) {
  if (g->size == 2) find_grams(g, 2, s, from);
  else if (g->size == 3) find_grams(g, 3, s, from);
  else find_grams(g, GRAM, s, from);
}

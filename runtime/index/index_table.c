/* SPDX-License-Identifier: MIT */
#include "runtime/index/index_internal.h"

enum { KEY_BYTES = 8, LONGEST_LENGTH = 63, FILTER_BITS = 16, WORD_BITS = 64 };
#define SPREAD 0x9E3779B97F4A7C15ull

/* --- keys ---------------------------------------------------------------------------------------------------- */

/* The first byte is the lowest: the same on every machine, and one instruction on most. */
static inline uint64_t load8(const char *text) {
  const unsigned char *p = (const unsigned char *)text;
  uint64_t w = 0;
  for (int i = 0; i < KEY_BYTES; i++) w |= (uint64_t)p[i] << 8 * i;
  return w;
}

static inline uint64_t load(const char *p, size_t n) {
  if (n >= KEY_BYTES) return load8(p);
  uint64_t w = 0;
  for (size_t i = 0; i < n; i++) w |= (uint64_t)(unsigned char)p[i] << 8 * i;
  return w;
}

static inline uint64_t mix(uint64_t h, uint64_t w) {
  h = (h ^ w) * SPREAD;
  return h ^ h >> 32;
}

static uint64_t key_of_whole(Str s) {
  uint64_t h = s.n;
  if (s.n < KEY_BYTES) return mix(h, load(s.p, s.n));
  for (size_t i = 0; i + KEY_BYTES < s.n; i += KEY_BYTES) h = mix(h, load8(s.p + i));
  return mix(h, load8(s.p + s.n - KEY_BYTES));
}

/* So many bytes of a word that begins or ends with a text. Which number it was is part of the key, where there is room. */
static inline uint64_t key_of_bytes(TableKind kind, uint64_t word, unsigned bytes) {
  if (bytes == KEY_BYTES) return word;
  unsigned rest = 8 * (KEY_BYTES - bytes);
  uint64_t w = kind == TABLE_PREFIX ? word << rest >> rest : word >> rest;
  return w | (uint64_t)bytes << 56;
}

/* The first bytes; or the last ones, of which the very last is the highest. */
static inline uint64_t word_of(TableKind kind, Str s) {
  if (s.n >= KEY_BYTES) return load8(kind == TABLE_PREFIX ? s.p : s.p + s.n - KEY_BYTES);
  uint64_t w = load(s.p, s.n);
  return kind == TABLE_PREFIX || !s.n ? w : w << 8 * (KEY_BYTES - s.n);
}

static unsigned key_length(Str s) { return s.n < KEY_BYTES ? (unsigned)s.n : KEY_BYTES; }
static unsigned whole_length(Str s) { return s.n < LONGEST_LENGTH ? (unsigned)s.n : LONGEST_LENGTH; }

TableEntry table_entry(TableKind kind, Str text, uint32_t pred) {
  uint64_t key = kind == TABLE_WHOLE ? key_of_whole(text) : key_of_bytes(kind, word_of(kind, text), key_length(text));
  return (TableEntry){key, text.p, (uint32_t)text.n, pred};
}

/* --- making one ---------------------------------------------------------------------------------------------- */

/* How far a spread key is shifted so that at least n places are told apart; 63 at most, so that there are two. */
static uint8_t shift_for(uint64_t n) {
  uint8_t shift = 63;
  while (1ull << (64 - shift) < n) shift--;
  return shift;
}

static inline uint64_t spread(uint64_t key) {
  uint64_t h = (key ^ key >> 29) * SPREAD;
  return (h ^ h >> 32) * SPREAD;
}

static uint64_t length_bits(TableKind kind, const TableEntry *list, uint32_t n) {
  uint64_t bits = 0;
  for (uint32_t i = 0; i < n; i++) {
    Str text = {list[i].text, list[i].n};
    bits |= 1ull << (kind == TABLE_WHOLE ? whole_length(text) : key_length(text));
  }
  return bits;
}

static void fill(Table *t, const TableEntry *list, uint32_t n, Arena *owner) {
  uint32_t buckets = 1u << (64 - t->bucket_shift);
  uint32_t *start = arena_array(owner, uint32_t, buckets + 1);
  TableEntry *entries = arena_array(owner, TableEntry, n);
  uint64_t *filter = arena_array(owner, uint64_t, (1u << (64 - t->filter_shift)) / WORD_BITS);
  for (uint32_t i = 0; i < n; i++) start[spread(list[i].key) >> t->bucket_shift]++;
  for (uint32_t b = 1; b <= buckets; b++) start[b] += start[b - 1];
  for (uint32_t i = n; i-- > 0;) {
    uint64_t h = spread(list[i].key), bit = h >> t->filter_shift;
    entries[--start[h >> t->bucket_shift]] = list[i];
    filter[bit / WORD_BITS] |= 1ull << bit % WORD_BITS;
  }
  t->start = start;
  t->entries = entries;
  t->filter = filter;
}

Table table_new(TableKind kind, const TableEntry *list, uint32_t n, Arena *owner) {
  Table t = {.lengths = length_bits(kind, list, n)};
  if (!n) return t;
  t.bucket_shift = shift_for(n);
  t.filter_shift = shift_for(n <= WORD_BITS / FILTER_BITS ? WORD_BITS : (uint64_t)n * FILTER_BITS);
  fill(&t, list, n, owner);
  return t;
}

/* --- looking up ---------------------------------------------------------------------------------------------- */

static bool fits(TableKind kind, const TableEntry *e, Str text) {
  if (kind == TABLE_WHOLE ? e->n != text.n : e->n > text.n) return false;
  return !e->n || memcmp(kind == TABLE_SUFFIX ? text.p + text.n - e->n : text.p, e->text, e->n) == 0;
}

static inline void find_key(const Table *t, TableKind kind, uint64_t key, Str text, LiteralFound *found, void *ctx) {
  uint64_t h = spread(key), bit = h >> t->filter_shift, b = h >> t->bucket_shift;
  if (!(t->filter[bit / WORD_BITS] >> bit % WORD_BITS & 1)) return;
  for (uint32_t i = t->start[b]; i < t->start[b + 1]; i++)
    if (t->entries[i].key == key && fits(kind, &t->entries[i], text)) found(ctx, t->entries[i].pred);
}

void table_find(const Table *t, TableKind kind, Str text, LiteralFound *found, void *ctx) {
  if (kind == TABLE_WHOLE) {
    if (t->lengths >> whole_length(text) & 1) find_key(t, kind, key_of_whole(text), text, found, ctx);
    return;
  }
  if (!t->lengths) return;
  uint64_t word = word_of(kind, text);
  for (unsigned bytes = 1; bytes <= key_length(text); bytes++)
    if (t->lengths >> bytes & 1) find_key(t, kind, key_of_bytes(kind, word, bytes), text, found, ctx);
}

/* SPDX-License-Identifier: MIT
 * The group of a gram: its table, its records and its filter. */
#include "runtime/index/literals_internal.h"

enum { FEWEST_WORD_BITS = 6, WORDS_A_GRAM = 2 /* then 3 of 1,000 others pass the filter */ };

static uint32_t bits_for(uint32_t n, uint32_t least) {
  uint32_t bits = least;
  while (bits < 31 && 1u << bits < n) bits++;
  return bits;
}

/* Counts the literals of each gram into `first`, which then becomes the end of their records. */
static void place_grams(GramGroup *g, const Literal *list, uint32_t *slot_of_literal) {
  for (uint32_t i = 0; i < g->n; i++) {
    uint32_t gram = gram_of(list[i].text.p + literal_place(&list[i], g->size), g->size, g->fold), at = gram_slot(g, gram);
    g->grams += g->slots[at].first == 0;
    g->slots[at].gram = gram;
    g->slots[at].first++;
    slot_of_literal[i] = at;
  }
  uint32_t end = 0;
  for (uint32_t i = 0; i < 1u << g->slot_bits; i++) {
    end += g->slots[i].first;
    if (g->slots[i].first) g->slots[i].first = end + 1;
  }
}

/* From the end of the records of each gram, so that `first` is the first one when all are placed. */
static void place_records(GramGroup *g, const Literal *list, const uint32_t *slot_of_literal, Arena *scratch) {
  uint32_t *placed = arena_array(scratch, uint32_t, (size_t)1 << g->slot_bits);
  for (uint32_t i = g->n; i-- > 0;) {
    const Literal *l = &list[i];
    uint32_t slot = slot_of_literal[i];
    g->recs[--g->slots[slot].first - 1] =
      (LiteralRec){.p = l->text.p, .n = (uint32_t)l->text.n, .at = literal_place(l, g->size), .id = l->id, .more = placed[slot]++};
  }
}

static LiteralRec *many_of(const GramGroup *g, uint32_t slot) {
  LiteralRec *r = g->slots[slot].first ? &g->recs[g->slots[slot].first - 1] : NULL;
  return r && r->more >= MOST_UNSORTED ? r : NULL;
}

static void make_buckets(GramGroup *g, Arena *owner) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < 1u << g->slot_bits; i++) n += many_of(g, i) != NULL;
  g->buckets = arena_array(owner, LiteralBucket, n);
  n = 0;
  for (uint32_t i = 0; i < 1u << g->slot_bits; i++) {
    LiteralRec *r = many_of(g, i);
    if (!r) continue;
    bucket_make(&g->buckets[n++], r, r->more + 1, g->size, owner);
    r->bucket = n;
  }
}

static void make_filter(GramGroup *g, Arena *owner) {
  g->word_bits = bits_for(g->grams > 1u << MOST_WORD_BITS ? 1u << MOST_WORD_BITS : g->grams * WORDS_A_GRAM, FEWEST_WORD_BITS);
  if (g->word_bits > MOST_WORD_BITS) g->word_bits = MOST_WORD_BITS;
  g->filter = arena_array(owner, uint32_t, (size_t)1 << g->word_bits);
  for (uint32_t i = 0; i < 1u << g->slot_bits; i++) {
    if (!g->slots[i].first) continue;
    uint32_t h = gram_hash(g->slots[i].gram);
    g->filter[h >> (32 - g->word_bits)] |= 1u << (h >> FILTER_FIRST & 31) | 1u << (h >> FILTER_SECOND & 31);
  }
}

void gram_group_make(GramGroup *g, uint32_t size, LiteralsCase letters, const Literal *list, uint32_t n, Arena *owner) {
  *g = (GramGroup){.size = size, .n = n};
  if (n == 0) return;
  Arena *scratch = arena_sub(owner);
  uint32_t *slot_of_literal = arena_array(scratch, uint32_t, n);
  static const char blanks[GRAM] = {' ', ' ', ' ', ' '}, bytes[GRAM] = {'\xFF', '\xFF', '\xFF', '\xFF'};
  g->keep = gram_of(bytes, size, 0);
  if (letters == LITERALS_ASCII) g->fold = gram_of(blanks, size, 0);
  g->slot_bits = bits_for(n, 1) + 1;
  g->slots = arena_array(owner, GramSlot, (size_t)1 << g->slot_bits);
  g->recs = arena_array(owner, LiteralRec, n);
  place_grams(g, list, slot_of_literal);
  place_records(g, list, slot_of_literal, scratch);
  make_buckets(g, owner);
  make_filter(g, owner);
  arena_sub_done(scratch);
}

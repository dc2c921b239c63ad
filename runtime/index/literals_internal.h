/* SPDX-License-Identifier: MIT
 * The parts of a Literals. A literal stands in the group of its gram: the 4 bytes at `at`, or all of a shorter one. A group
 * finds the places where one of its grams may stand by a filter of bits, asks a table which gram it is, and compares the
 * literals that have it in place. Grams are numbers in the byte order of the machine; they never leave it. */
#ifndef SIGMAC_RUNTIME_INDEX_LITERALS_INTERNAL_H
#define SIGMAC_RUNTIME_INDEX_LITERALS_INTERNAL_H

#include "runtime/index/literals.h"

enum { GRAM = 4, GRAM_GROUPS = 3 /* grams of 2, 3 and 4 bytes */ };

/* What the processor has. */
typedef enum {
  SIMD_NONE,
  SIMD_AVX2,  /* whose gathers may take ten times as long as loads do (Intel's before 2021, by the remedy of CVE-2022-40982) */
  SIMD_GATHER /* AVX2, and gathers are fast */
} Simd;

typedef struct {
  const char *p; /* the literal */
  uint32_t n;
  uint32_t at;
  uint32_t id;
  uint32_t more;   /* how many of the same gram follow */
  uint32_t bucket; /* of the group's, plus 1, where there are many of the gram; else 0 */
} LiteralRec;

/* Many literals of one gram, sorted. */
enum { MOST_UNSORTED = 8 };
typedef struct {
  bool back;    /* by their bytes from the end of the gram to the start */
  uint32_t *up; /* for each the last one before it that is a start of it, plus 1; else 0 */
} LiteralBucket;

typedef struct {
  uint32_t gram;
  uint32_t first; /* record, plus 1; 0 for an empty slot */
} GramSlot;

typedef struct {
  uint32_t size;      /* bytes of a gram */
  uint32_t n;         /* literals; the others of this struct are only valid where there are some */
  uint32_t keep;      /* the bytes of a number that are the gram ... */
  uint32_t fold;      /* ... and the bits that letter case changes, set in all grams */
  uint32_t grams;     /* different ones */
  uint32_t word_bits; /* of the number of a word of the filter */
  uint32_t slot_bits; /* of the number of a slot */
  uint32_t *filter;   /* each gram has two bits in one word of it */
  GramSlot *slots;    /* open addressing, at most half full */
  LiteralRec *recs;   /* those of one gram stand together */
  LiteralBucket *buckets;
} GramGroup;

/* Where any of a few grams may stand, 32 places at once: a byte is looked up by its nibbles, and each of its 8 bits stands for
 * a bucket of grams that take it at that place. */
enum { TEDDY_TABLES = 2 };
typedef struct {
  uint32_t tables; /* used */
  bool ascii;      /* no place takes a byte that is not ASCII */
  uint8_t lo[TEDDY_TABLES][GRAM][16], hi[TEDDY_TABLES][GRAM][16];
} Teddy;

struct Literals {
  LiteralsCase letters;
  Simd simd;
  GramGroup groups[GRAM_GROUPS];
  Teddy *teddy;       /* of all groups, for AVX2; NULL where their filters are faster */
  LiteralRec *single; /* literals of one byte */
  uint32_t singles;
};

/* One search. */
typedef struct {
  Str text;
  bool nocase;
  bool any; /* something was reported: `recent` is set */
  LiteralFound *found;
  void *ctx;
  const LiteralRec *recent[64]; /* by a part of their address, those that were reported last */
} Search;

/* `size` is a constant where it matters. */
static inline uint32_t gram_of(const char *p, uint32_t size, uint32_t fold) {
  uint32_t four;
  uint16_t two;
  if (size == GRAM) {
    memcpy(&four, p, sizeof four);
    return four | fold;
  }
  memcpy(&two, p, sizeof two);
  return (two | (size == 3 ? (uint32_t)(unsigned char)p[2] << 16 : 0)) | fold;
}

#define GRAM_FACTOR 0x9E3779B1u
static inline uint32_t gram_hash(uint32_t gram) { return gram * GRAM_FACTOR; }
/* Of a hash the first bits are the word of the filter; where its two bits are begins here. */
enum { FILTER_FIRST = 13, FILTER_SECOND = 8, MOST_WORD_BITS = 14 /* 64 KiB */ };
/* Whether a gram may be one of the group: 1 for perhaps, 0 for no. */
static inline uint32_t gram_maybe(const GramGroup *g, uint32_t gram) {
  uint32_t h = gram_hash(gram), word = g->filter[h >> (32 - g->word_bits)];
  return word >> (h >> FILTER_FIRST & 31) & word >> (h >> FILTER_SECOND & 31) & 1;
}

/* Where the gram is in the table, or would be. */
static inline uint32_t gram_slot(const GramGroup *g, uint32_t gram) {
  uint32_t mask = (1u << g->slot_bits) - 1, i = gram_hash(gram) >> (32 - g->slot_bits);
  while (g->slots[i].first && g->slots[i].gram != gram) i = (i + 1) & mask;
  return i;
}

/* What is a hint becomes a place at which a whole gram stands. */
static inline uint32_t literal_place(const Literal *l, uint32_t size) {
  uint32_t most = (uint32_t)l->text.n - size;
  return l->at < most ? l->at : most;
}

/* The literals of each group. */
typedef struct {
  Literal *of[GRAM_GROUPS];
  uint32_t n[GRAM_GROUPS];
} LiteralLists;

/* The group of these literals, all of which have a gram of this size. */
void gram_group_make(GramGroup *g, uint32_t size, LiteralsCase letters, const Literal *list, uint32_t n, Arena *owner);
/* `recs` are those of one gram. */
void bucket_make(LiteralBucket *b, LiteralRec *recs, uint32_t n, uint32_t size, Arena *owner);
void bucket_find(const LiteralBucket *b, const LiteralRec *recs, uint32_t size, Search *s, size_t i);

/* Reports the literal where it stands in the text with its gram at `i`, and was not reported just before. */
void literal_try(const LiteralRec *r, Search *s, size_t i);
/* Finds all literals of the group whose gram begins at `from` or later. */
void gram_group_find(const GramGroup *g, Search *s, size_t from);
/* Those with this gram, which begins at `i`. */
void gram_group_try(const GramGroup *g, Search *s, size_t i, uint32_t gram);

/* Chooses the places of the literals by which they are found. NULL where there are none, or too many. */
Teddy *teddy_new(const LiteralLists *l, LiteralsCase letters, Simd simd, Arena *owner);

Simd simd_here(void);
/* Finds all literals of the groups. */
void teddy_find(const Literals *l, Search *s);
/* As gram_group_find from the start, by AVX2. */
void gram_group_find_simd(const GramGroup *g, Search *s, Simd simd);

/* From now on as on a processor that has no more than that: for tests. */
void literals_limit(Literals *l, Simd most);

#endif

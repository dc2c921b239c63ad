/* SPDX-License-Identifier: MIT
 * The parts of a Literals. A literal stands in the group of its gram: the 4 bytes at `at`, or all of a shorter one. A group
 * finds the places where one of its grams may stand by a filter of bits, asks a table which gram it is, and compares the
 * literals that have it in place. Grams are numbers in the byte order of the machine; they never leave it. */
#ifndef SIGMAC_RUNTIME_INDEX_LITERALS_INTERNAL_H
#define SIGMAC_RUNTIME_INDEX_LITERALS_INTERNAL_H

#include "runtime/index/literals.h"

enum { GRAM = 4, GRAM_GROUPS = 3 /* grams of 2, 3 and 4 bytes */ };

typedef struct {
  const char *p; /* the literal */
  uint32_t n;
  uint32_t at;
  uint32_t id;
  uint32_t last; /* 1 for the last one that has this gram */
} LiteralRec;

typedef struct {
  uint32_t gram;
  uint32_t first; /* record, plus 1; 0 for an empty slot */
} GramSlot;

typedef struct {
  uint32_t size;      /* bytes of a gram */
  uint32_t n;         /* literals; the others of this struct are only valid where there are some */
  uint32_t fold;      /* bits that letter case changes, set in all grams */
  uint32_t grams;     /* different ones */
  uint32_t bits;      /* of a number of the filter */
  uint32_t slot_bits; /* of a slot */
  uint32_t *filter;
  GramSlot *slots;  /* open addressing, at most half full */
  LiteralRec *recs; /* those of one gram stand together */
} GramGroup;

struct Literals {
  LiteralsCase letters;
  GramGroup groups[GRAM_GROUPS];
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

static inline uint32_t gram_of(const char *p, uint32_t size, uint32_t fold) {
  uint32_t g = 0;
  memcpy(&g, p, size);
  return g | fold;
}
static inline uint32_t gram_hash(uint32_t gram) { return gram * 0x9E3779B1u; }

/* The group of these literals, all of which have a gram of this size. */
void gram_group_make(GramGroup *g, uint32_t size, LiteralsCase letters, const Literal *list, uint32_t n, Arena *owner);
/* Finds all literals of the group. */
void gram_group_find(const GramGroup *g, Search *s);
/* Those whose gram begins at `i`, at which a whole gram stands. */
void gram_group_at(const GramGroup *g, Search *s, size_t i);

/* From now on only what every processor has: for tests. */
void literals_portable(Literals *l);

#endif

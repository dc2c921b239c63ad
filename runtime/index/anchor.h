/* SPDX-License-Identifier: MIT
 * What an index can look for instead of a test: texts that every value which satisfies the test has. Sound by itself: an
 * anchor comes from the test alone, never from an image or from statistics, so it may find too much, never too little. */
#ifndef SIGMAC_RUNTIME_INDEX_ANCHOR_H
#define SIGMAC_RUNTIME_INDEX_ANCHOR_H

#include "runtime/program.h"
#include "runtime/value.h"

typedef enum {
  ANCHOR_PRESENT, /* nothing more than that the field has a value */
  ANCHOR_WHOLE,   /* the folded text of the value is `text` ... */
  ANCHOR_NUMBER,  /* ... or the value is the number that `text` spells in canonical form (semantics 5.5, 5.6) */
  ANCHOR_PREFIX,  /* the folded text starts with `text` */
  ANCHOR_SUFFIX,
  ANCHOR_INSIDE /* the folded text has `text` somewhere */
} AnchorKind;

typedef struct {
  AnchorKind kind;
  Str text; /* folded as fold_text does, whole characters, not empty but for PRESENT; borrowed from the program, or in the arena */
} Anchor;

typedef struct {
  const Anchor *p;
  uint32_t n;
} Anchors;

typedef struct {
  const Anchors *p;
  uint32_t n;
} AnchorSets;

enum {
  MOST_ANCHORS = 128,   /* of one set; one that would need more is not made */
  MOST_ANCHOR_SETS = 8, /* of one test */
  LONGEST_ANCHOR = 128  /* bytes of one that is part of a pattern or regular expression */
};

/* If the test holds for a field, some value of the field fits one of the anchors: at least one for every test that does not
 * hold for absent fields, none for the others (IS_NULL, EXISTS false), which no index can find. EXISTS true and FIELDREF
 * have ANCHOR_PRESENT. Of a regular expression and of a pattern, the longest literals that must occur. Of the program the
 * sections STRINGS to RULES are enough. */
Anchors anchors_of(const Program *p, uint32_t test, Arena *a);
/* All that is necessary, for those who know what is rare: if the test holds, a value for which it holds fits some anchor of
 * each set. The first set is that of anchors_of; no sets where that has no anchors. */
AnchorSets anchors_all(const Program *p, uint32_t test, Arena *a);

/* By definition, without an index. */
bool anchor_fits(const Anchor *anchor, Value *v, Arena *scratch);
/* The same for all spellings of a number: `1`, `1.0` and `10e-1`. The text is that of a NUMBER value or anchor. */
uint64_t anchor_number_hash(Str number);

#endif

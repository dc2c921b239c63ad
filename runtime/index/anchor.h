/* SPDX-License-Identifier: MIT
 * What an index can look for instead of a test: texts that every value which satisfies the test has. Sound by itself: an
 * anchor comes from the test alone, never from an image or from statistics, so it may find too much, never too little. */
#ifndef SIGMAC_RUNTIME_INDEX_ANCHOR_H
#define SIGMAC_RUNTIME_INDEX_ANCHOR_H

#include "runtime/program.h"

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
  Str text; /* folded as fold_text does, whole characters; borrowed from the program, or in the arena */
} Anchor;

typedef struct {
  const Anchor *p;
  uint32_t n;
} Anchors;

enum { MOST_ANCHORS = 16 }; /* of one test; one that would need more has ANCHOR_PRESENT instead */

/* If the test holds for a field, some value of the field fits one of the anchors: at least one for every test that does not
 * hold for absent fields, none for the others (IS_NULL, EXISTS false), which no index can find. EXISTS true and FIELDREF
 * have ANCHOR_PRESENT. Of a regular expression and of a pattern, the longest literals that must occur. */
Anchors anchors_of(const Program *p, uint32_t test, Arena *a);

#endif

/* SPDX-License-Identifier: MIT
 * Collecting literals on the way through a pattern. A run is what is known to stand together: a few texts, one of which
 * occurs. It grows as long as the pattern says all that may come next, and breaks where it does not; the sets of texts that
 * it left behind are all necessary. */
#ifndef SIGMAC_RUNTIME_INDEX_ANCHOR_RUN_H
#define SIGMAC_RUNTIME_INDEX_ANCHOR_RUN_H

#include "runtime/index/anchor.h"

typedef struct {
  Str text;        /* folded, whole characters; may be empty */
  bool start, end; /* it begins where the value begins, ends where it ends */
} Piece;

typedef struct {
  const Piece *p;
  uint32_t n;
} Pieces;

enum { MOST_PIECES = 16 }; /* that a run carries on; what it leaves behind may have MOST_ANCHORS */

typedef struct {
  Arena *arena; /* of what is left behind */
  bool exact;   /* never broken: `now` is all that the pattern says so far, but for conditions that were left out */
  uint32_t n;   /* of now */
  Piece now[MOST_PIECES];
  char room[2][MOST_PIECES][LONGEST_ANCHOR]; /* their texts, in one half; the other one is for the next */
  unsigned half;
  Pieces sets[MOST_ANCHOR_SETS]; /* best first */
  int scores[MOST_ANCHOR_SETS];
  uint32_t n_sets;
} AnchorRun;

void run_begin(AnchorRun *r, Arena *arena);
/* One of these comes next: at most MOST_PIECES, none longer than LONGEST_ANCHOR. */
void run_add(AnchorRun *r, Pieces next);
/* A text of any length comes next; well-formed and folded. */
void run_add_text(AnchorRun *r, Str text);
/* Where the value begins or ends. */
void run_add_border(AnchorRun *r, bool start);
/* Anything may come next. */
void run_break(AnchorRun *r);
/* One of these occurs somewhere: at most MOST_ANCHORS, which are borrowed. */
void run_offer(AnchorRun *r, Pieces set);

/* Ends the run: what was collected, in the arena of the caller. ANCHOR_PRESENT where that is nothing. */
AnchorSets run_done(AnchorRun *r, Arena *owner);

#endif

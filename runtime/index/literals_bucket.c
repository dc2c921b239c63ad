/* SPDX-License-Identifier: MIT
 * Many literals with the same gram. They are read from the gram on, forwards or backwards, and sorted by that: of those that
 * agree with a text, one stands right before the place of the text in that order, or is the start of the one there, and all
 * others are starts of it. So a text that is full of the gram costs a binary search at each place, not all literals. */
#include "runtime/index/literals_internal.h"

#include <stdlib.h>

/* A literal or a text as it is read from a gram on. */
typedef struct {
  const char *p;
  size_t n;
  int step;
} Run;

static Run run_from(const char *p, size_t n, size_t gram_at, uint32_t size, bool back) {
  if (back) return (Run){p + gram_at + size - 1, gram_at + size, -1};
  return (Run){p + gram_at, n - gram_at, 1};
}

static Run run_of(const LiteralRec *r, uint32_t size, bool back) { return run_from(r->p, r->n, r->at, size, back); }

static unsigned char run_byte(Run r, size_t i) { return (unsigned char)(r.step > 0 ? r.p[i] : *(r.p - i)); }

/* Bytes at the start that are the same; letter case of `text` as nocase says. */
static size_t common(Run r, Run text, bool nocase) {
  size_t i = 0, n = r.n < text.n ? r.n : text.n;
  if (nocase)
    while (i < n && run_byte(r, i) == (unsigned char)ascii_lower((char)run_byte(text, i))) i++;
  else
    while (i < n && run_byte(r, i) == run_byte(text, i)) i++;
  return i;
}

/* --- making ------------------------------------------------------------------------------------------------- */

typedef struct {
  LiteralRec rec;
  Run run;
  uint32_t depth; /* literals before it that are a start of it */
} Sorted;

static int sorted_cmp(const void *x, const void *y) {
  const Sorted *a = x, *b = y;
  size_t n = common(a->run, b->run, false);
  if (n == a->run.n || n == b->run.n) return (a->run.n > b->run.n) - (a->run.n < b->run.n);
  return run_byte(a->run, n) < run_byte(b->run, n) ? -1 : 1;
}

/* Sorts, and tells for each one the last one before it that it starts with, plus 1. How many there are at most, one the start
 * of the other. */
static uint32_t sort(Sorted *list, uint32_t n, uint32_t size, bool back, uint32_t *up) {
  uint32_t deepest = 0;
  for (uint32_t i = 0; i < n; i++) list[i].run = run_of(&list[i].rec, size, back);
  qsort(list, n, sizeof *list, sorted_cmp);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t k = i;
    while (k && common(list[k - 1].run, list[i].run, false) < list[k - 1].run.n) k = up[k - 1];
    up[i] = k;
    list[i].depth = k ? list[k - 1].depth + 1 : 0;
    if (list[i].depth > deepest) deepest = list[i].depth;
  }
  return deepest;
}

enum { FEW_STARTS = 4 };

void bucket_make(LiteralBucket *b, LiteralRec *recs, uint32_t n, uint32_t size, Arena *owner) {
  Arena *scratch = arena_sub(owner);
  Sorted *list = arena_array(scratch, Sorted, n);
  b->up = arena_array(owner, uint32_t, n);
  for (uint32_t i = 0; i < n; i++) list[i].rec = recs[i];
  uint32_t forwards = sort(list, n, size, false, b->up);
  /* Few are starts of one another as a rule; where they are many, their ends may tell them apart better. */
  b->back = forwards > FEW_STARTS && sort(list, n, size, true, b->up) < forwards;
  if (forwards > FEW_STARTS && !b->back) sort(list, n, size, false, b->up);
  for (uint32_t i = 0; i < n; i++) {
    list[i].rec.more = n - 1 - i;
    recs[i] = list[i].rec;
  }
  arena_sub_done(scratch);
}

/* --- finding ------------------------------------------------------------------------------------------------ */

/* How many of the literals stand before the text in their order, or are its start. */
static uint32_t place_of(const LiteralRec *recs, uint32_t n, uint32_t size, bool back, Run text, bool nocase) {
  uint32_t from = 0, to = n;
  while (from < to) {
    uint32_t mid = from + (to - from) / 2;
    Run r = run_of(&recs[mid], size, back);
    size_t same = common(r, text, nocase);
    bool before = same == r.n;
    if (!before && same < text.n) {
      unsigned char c = run_byte(text, same);
      before = run_byte(r, same) < (nocase ? (unsigned char)ascii_lower((char)c) : c);
    }
    if (before) from = mid + 1;
    else to = mid;
  }
  return from;
}

void bucket_find(const LiteralBucket *b, const LiteralRec *recs, uint32_t size, Search *s, size_t i) {
  Run text = run_from(s->text.p, s->text.n, i, size, b->back);
  for (uint32_t k = place_of(recs, recs->more + 1, size, b->back, text, s->nocase); k; k = b->up[k - 1])
    literal_try(&recs[k - 1], s, i);
}

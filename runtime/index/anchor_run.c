/* SPDX-License-Identifier: MIT */
#include "runtime/index/anchor_run.h"

#include <limits.h>

#include "base/utf8.h"

static const Piece nothing = {{"", 0}, false, false};

static void start_over(AnchorRun *r) {
  r->now[0] = nothing;
  r->n = 1;
}

void run_begin(AnchorRun *r, Arena *arena) {
  r->arena = arena;
  r->exact = true;
  r->half = 0;
  r->n_sets = 0;
  start_over(r);
}

/* --- what was left behind ------------------------------------------------------------------------------------ */

/* Without statistics: long ones are rare, but beyond eight bytes it hardly counts how long; many cost more than one. 0 for a
 * set of no use. */
static int score_of(Pieces set) {
  enum { LONG = 8, LONGER = 32, BYTE = 8, WHOLE = 64, BORDER = 8 };
  int least = INT_MAX;
  for (uint32_t i = 0; i < set.n; i++) {
    const Piece *p = &set.p[i];
    int n = p->text.n < LONGER ? (int)p->text.n : LONGER;
    int score = n < LONG ? n * BYTE : LONG * BYTE + (n - LONG) * 2;
    if (p->start && p->end) score += WHOLE;
    else if ((p->start || p->end) && n >= 4) score += BORDER;
    if (!n) return 0;
    if (score < least) least = score;
  }
  int many = set.n < MOST_PIECES ? (int)set.n : MOST_PIECES + (int)set.n / 8;
  int score = set.n ? least - many : 0;
  return score > 0 ? score : 0;
}

static bool implies(const Piece *one, const Piece *other) {
  if (other->start && other->end) return one->start && one->end && str_eq(one->text, other->text);
  if (other->start) return one->start && str_starts(one->text, other->text);
  if (other->end) return one->end && str_ends(one->text, other->text);
  return str_find(one->text, other->text, 0) != SIZE_MAX;
}

/* A text that has another one of the set in it need not be looked for. */
static Pieces reduced(Arena *a, Pieces set) {
  Piece *kept = arena_array(a, Piece, set.n);
  uint32_t n = 0;
  for (uint32_t i = 0; i < set.n; i++) {
    bool needed = true;
    for (uint32_t k = 0; k < set.n && needed; k++)
      if (k != i && implies(&set.p[i], &set.p[k])) needed = k > i && implies(&set.p[k], &set.p[i]);
    if (needed) kept[n++] = set.p[i];
  }
  return (Pieces){kept, n};
}

/* Whether nothing is gained by the other set. Long lists are not worth the trouble. */
static bool covers(Pieces one, Pieces other) {
  if (one.n > other.n || one.n * other.n > MOST_PIECES) return false;
  for (uint32_t i = 0; i < one.n; i++) {
    bool has = false;
    for (uint32_t k = 0; k < other.n && !has; k++) has = implies(&one.p[i], &other.p[k]);
    if (!has) return false;
  }
  return true;
}

static void drop_set(AnchorRun *r, uint32_t at) {
  r->n_sets--;
  for (uint32_t i = at; i < r->n_sets; i++) {
    r->sets[i] = r->sets[i + 1];
    r->scores[i] = r->scores[i + 1];
  }
}

static void insert_set(AnchorRun *r, Pieces set, int score) {
  uint32_t at = r->n_sets;
  while (at > 0 && r->scores[at - 1] < score) at--;
  if (at == MOST_ANCHOR_SETS) return;
  if (r->n_sets < MOST_ANCHOR_SETS) r->n_sets++;
  for (uint32_t i = r->n_sets - 1; i > at; i--) {
    r->sets[i] = r->sets[i - 1];
    r->scores[i] = r->scores[i - 1];
  }
  r->sets[at] = set;
  r->scores[at] = score;
}

void run_offer(AnchorRun *r, Pieces set) {
  if (set.n <= MOST_PIECES) set = reduced(r->arena, set);
  int score = score_of(set);
  if (!score) return;
  for (uint32_t i = 0; i < r->n_sets; i++)
    if (covers(r->sets[i], set)) return;
  for (uint32_t i = r->n_sets; i-- > 0;)
    if (covers(set, r->sets[i])) drop_set(r, i);
  insert_set(r, set, score);
}

/* --- what grows ---------------------------------------------------------------------------------------------- */

/* Without the first character of each, equal ones once. */
static void drop_first(Pieces set, Piece *out, uint32_t *n_out) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < set.n; i++) {
    Piece p = set.p[i];
    if (p.text.n) p.text = str_from(p.text, utf8_len(p.text.p[0]));
    p.start = false;
    bool had = false;
    for (uint32_t k = 0; k < n && !had; k++) had = out[k].end == p.end && str_eq(out[k].text, p.text);
    if (!had) out[n++] = p;
  }
  *n_out = n;
}

/* The texts of a run are written over by the next ones. */
static void offer_copy(AnchorRun *r, Pieces set) {
  enum { REDUCED = MOST_PIECES }; /* so much may the score grow by that */
  int score = score_of(set);
  if (!score || (r->n_sets == MOST_ANCHOR_SETS && score + REDUCED <= r->scores[r->n_sets - 1])) return;
  Piece *kept = arena_array(r->arena, Piece, set.n);
  for (uint32_t i = 0; i < set.n; i++) {
    kept[i] = set.p[i];
    kept[i].text = arena_dup(r->arena, kept[i].text);
  }
  run_offer(r, (Pieces){kept, set.n});
}

static size_t shortest(Pieces set) {
  size_t least = SIZE_MAX;
  for (uint32_t i = 0; i < set.n; i++)
    if (set.p[i].text.n < least) least = set.p[i].text.n;
  return least;
}

/* Where they differ in what they begin with, fewer texts that are a little shorter may do. */
static void leave(AnchorRun *r) {
  enum { LEAST = 4, MOST_DROPS = 16 };
  Piece shorter[MOST_PIECES], fewest[MOST_PIECES];
  uint32_t n = r->n, n_fewest = r->n;
  offer_copy(r, (Pieces){r->now, r->n});
  memcpy(shorter, r->now, n * sizeof *shorter);
  for (int i = 0; i < MOST_DROPS && n_fewest > 1 && shortest((Pieces){shorter, n}) >= LEAST; i++) {
    drop_first((Pieces){shorter, n}, shorter, &n);
    if (n < n_fewest) memcpy(fewest, shorter, n * sizeof *shorter);
    if (n < n_fewest) n_fewest = n;
  }
  if (n_fewest < r->n) offer_copy(r, (Pieces){fewest, n_fewest});
}

void run_break(AnchorRun *r) {
  leave(r);
  r->exact = false;
  start_over(r);
}

/* Keeps so much of the end of the texts that the next ones can be added: in `-[ab][cd]x` the first class is what makes it too
 * many, not the last. */
static void make_room(AnchorRun *r, uint32_t n_next) {
  enum { KEPT = 16 };
  leave(r);
  r->exact = false;
  for (uint32_t i = 0; i < r->n; i++) {
    Piece *p = &r->now[i];
    size_t cut = p->text.n < KEPT ? 0 : p->text.n - KEPT;
    while (cut < p->text.n && ((unsigned char)p->text.p[cut] & 0xC0) == 0x80) cut++;
    p->text = str_from(p->text, cut);
    p->start = false;
  }
  for (int i = 0; i <= KEPT && r->n * n_next > MOST_PIECES; i++) drop_first((Pieces){r->now, r->n}, r->now, &r->n);
  if (r->n * n_next > MOST_PIECES) start_over(r); /* they differ in where they end */
}

static size_t longest(const Piece *p, uint32_t n) {
  size_t most = 0;
  for (uint32_t i = 0; i < n; i++)
    if (p[i].text.n > most) most = p[i].text.n;
  return most;
}

/* What cannot stand together, such as a text in front of the start, is never found: any claim about it holds. */
static Piece joined(Piece a, Piece b, char room[LONGEST_ANCHOR]) {
  if (a.text.n) memcpy(room, a.text.p, a.text.n);
  if (b.text.n) memcpy(room + a.text.n, b.text.p, b.text.n);
  return (Piece){.text = {room, a.text.n + b.text.n}, .start = a.start || b.start, .end = a.end || b.end};
}

void run_add(AnchorRun *r, Pieces next) {
  enum { USEFUL = 15 }; /* two bytes: fewer texts may be better than longer ones */
  Piece before[MOST_PIECES];
  uint32_t n = 0;
  if (longest(r->now, r->n) + longest(next.p, next.n) > LONGEST_ANCHOR) run_break(r);
  else if (r->n * next.n > MOST_PIECES) make_room(r, next.n);
  else if (next.n > 1 && score_of((Pieces){r->now, r->n}) >= USEFUL) leave(r);
  r->half = !r->half;
  memcpy(before, r->now, r->n * sizeof *before);
  for (uint32_t i = 0; i < r->n; i++)
    for (uint32_t k = 0; k < next.n; k++, n++) r->now[n] = joined(before[i], next.p[k], r->room[r->half][n]);
  r->n = n;
}

void run_add_text(AnchorRun *r, Str text) {
  while (text.n) {
    size_t n = text.n < LONGEST_ANCHOR ? text.n : LONGEST_ANCHOR;
    while (n < text.n && ((unsigned char)text.p[n] & 0xC0) == 0x80) n--;
    Piece one = {.text = str_sub(text, 0, n)};
    run_add(r, (Pieces){&one, 1});
    text = str_from(text, n);
  }
}

void run_add_border(AnchorRun *r, bool start) {
  Piece border = {.text = {"", 0}, .start = start, .end = !start};
  run_add(r, (Pieces){&border, 1});
}

/* --- what comes of it ---------------------------------------------------------------------------------------- */

static Anchor anchor_of(const Piece *p, Arena *owner) {
  AnchorKind kind = p->start && p->end ? ANCHOR_WHOLE : p->start ? ANCHOR_PREFIX : p->end ? ANCHOR_SUFFIX : ANCHOR_INSIDE;
  return (Anchor){kind, arena_dup(owner, p->text)};
}

AnchorSets run_done(AnchorRun *r, Arena *owner) {
  run_break(r);
  Anchors *sets = arena_array(owner, Anchors, r->n_sets ? r->n_sets : 1);
  for (uint32_t i = 0; i < r->n_sets; i++) {
    Anchor *anchors = arena_array(owner, Anchor, r->sets[i].n);
    for (uint32_t k = 0; k < r->sets[i].n; k++) anchors[k] = anchor_of(&r->sets[i].p[k], owner);
    sets[i] = (Anchors){anchors, r->sets[i].n};
  }
  if (!r->n_sets) sets[0] = (Anchors){arena_new(owner, Anchor), 1};
  return (AnchorSets){sets, r->n_sets ? r->n_sets : 1};
}

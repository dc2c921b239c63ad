/* SPDX-License-Identifier: MIT */
#include "runtime/index/anchor_run.h"

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

/* Without statistics: long ones are rare, and many are more often found than one. 0 for a set of no use. */
static int score_of(Pieces set) {
  enum { LONG = 16, WHOLE = 8, BORDER = 2, STEP = 8 };
  int least = LONG + WHOLE;
  for (uint32_t i = 0; i < set.n; i++) {
    const Piece *p = &set.p[i];
    if (!p->text.n) return 0;
    int score = p->text.n < LONG ? (int)p->text.n : LONG;
    score += p->start && p->end ? WHOLE : (p->start || p->end) && p->text.n >= 4 ? BORDER : 0;
    if (score < least) least = score;
  }
  return set.n ? least * STEP - (int)set.n / 2 : 0;
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

void run_offer(AnchorRun *r, Pieces set) {
  if (set.n > MOST_ANCHORS || !score_of(set)) return;
  set = reduced(r->arena, set);
  int score = score_of(set);
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

/* --- what grows ---------------------------------------------------------------------------------------------- */

/* The texts of a run are written over by the next ones. */
static void leave(AnchorRun *r) {
  Pieces now = {r->now, r->n};
  int score = score_of(now);
  if (!score || (r->n_sets == MOST_ANCHOR_SETS && score <= r->scores[r->n_sets - 1] - MOST_ANCHORS)) return;
  Piece *kept = arena_array(r->arena, Piece, r->n);
  for (uint32_t i = 0; i < r->n; i++) {
    kept[i] = r->now[i];
    kept[i].text = arena_dup(r->arena, kept[i].text);
  }
  run_offer(r, (Pieces){kept, r->n});
}

void run_break(AnchorRun *r) {
  leave(r);
  r->exact = false;
  start_over(r);
}

/* Where both cannot stand together, what is said of them is never asked. */
static Piece joined(Piece a, Piece b, char room[LONGEST_ANCHOR]) {
  if (a.text.n && a.text.p != room) memcpy(room, a.text.p, a.text.n);
  if (b.text.n) memcpy(room + a.text.n, b.text.p, b.text.n);
  return (Piece){
    .text = {room, a.text.n + b.text.n}, .start = a.start || (b.start && !a.text.n), .end = b.end || (a.end && !b.text.n)};
}

static bool fits(const AnchorRun *r, Pieces next) {
  size_t longest = 0, added = 0;
  for (uint32_t i = 0; i < r->n; i++)
    if (r->now[i].text.n > longest) longest = r->now[i].text.n;
  for (uint32_t i = 0; i < next.n; i++)
    if (next.p[i].text.n > added) added = next.p[i].text.n;
  return r->n * next.n <= MOST_ANCHORS && longest + added <= LONGEST_ANCHOR;
}

void run_add(AnchorRun *r, Pieces next) {
  enum { USEFUL = 4 };
  if (!fits(r, next)) run_break(r);
  else if (next.n > 1 && score_of((Pieces){r->now, r->n}) >= USEFUL * 8) leave(r); /* fewer texts may be better than longer ones */
  unsigned half = next.n > 1 ? !r->half : r->half;
  Piece before[MOST_ANCHORS];
  uint32_t n = 0;
  memcpy(before, r->now, r->n * sizeof *before);
  for (uint32_t i = 0; i < r->n; i++)
    for (uint32_t k = 0; k < next.n; k++, n++) r->now[n] = joined(before[i], next.p[k], r->room[half][n]);
  r->n = n;
  r->half = half;
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

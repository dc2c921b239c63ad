/* SPDX-License-Identifier: MIT
 * One walk over the tree, which visits each node once: its texts are added to the run that is open, and only what may be
 * left out or has alternatives gets a run of its own first. */
#include "runtime/index/anchor_regex.h"

#include "base/utf8.h"
#include "runtime/regex_tree.h"

/* What one ALT or optional part needs while it is walked. They are used again: the tree is deep or wide, not both. */
typedef struct Level Level;
struct Level {
  Level *next;
  AnchorRun run;                                /* of one alternative */
  Piece exact[MOST_PIECES], best[MOST_ANCHORS]; /* of all so far */
  uint32_t n_exact, n_best;
  bool is_exact; /* `exact` are all that the alternatives match */
  bool is_known; /* one of `best` is in all that they match */
};

typedef struct {
  Arena *arena;
  bool caseless;
  Level *spare;
} Walk;

static Level *level_take(Walk *w) {
  Level *l = w->spare;
  if (l) w->spare = l->next;
  else l = arena_new(w->arena, Level);
  l->n_exact = l->n_best = 0;
  l->is_exact = l->is_known = true;
  run_begin(&l->run, w->arena);
  return l;
}

static void level_give_back(Walk *w, Level *l) {
  l->next = w->spare;
  w->spare = l;
}

/* --- characters ---------------------------------------------------------------------------------------------- */

/* Under `i` PCRE2 goes by its own tables: for ASCII these say the same as ours, but for U+212A, which it takes for a k, and
 * U+017F, an s. */
static bool is_certain(const Walk *w, uint32_t cp) {
  if (!w->caseless) return true;
  return cp < 0x80 && (cp | 0x20) != 'k' && (cp | 0x20) != 's';
}

enum { MOST_MEMBERS = 20, MOST_LETTERS = 10 }; /* digits, white space */

typedef struct {
  uint32_t n, cp[MOST_LETTERS]; /* folded */
} Letters;

static bool add_letter(const Walk *w, Letters *l, uint32_t cp) {
  uint32_t folded = fold_code_point(cp);
  if (!is_certain(w, cp)) return false;
  for (uint32_t i = 0; i < l->n; i++)
    if (l->cp[i] == folded) return true;
  if (l->n == MOST_LETTERS) return false;
  l->cp[l->n++] = folded;
  return true;
}

/* False where there are too many. */
static bool letters_of(const Walk *w, const RegexNode *n, Letters *l) {
  l->n = 0;
  if (n->kind == REGEX_CHAR) return add_letter(w, l, n->code);
  for (uint32_t i = 0, members = 0; i < n->n; i++) {
    for (uint32_t cp = n->ranges[i].low; cp <= n->ranges[i].high; cp++)
      if (++members > MOST_MEMBERS || !add_letter(w, l, cp)) return false;
  }
  return l->n > 0;
}

static void add_character(const Walk *w, AnchorRun *r, const RegexNode *n) {
  Letters l;
  char room[MOST_LETTERS][4];
  Piece pieces[MOST_LETTERS];
  if (!letters_of(w, n, &l)) {
    run_break(r);
    return;
  }
  for (uint32_t i = 0; i < l.n; i++) pieces[i] = (Piece){.text = {room[i], utf8_encode(l.cp[i], room[i])}};
  run_add(r, (Pieces){pieces, l.n});
}

/* --- alternatives -------------------------------------------------------------------------------------------- */

static void add_node(Walk *w, AnchorRun *r, const RegexNode *n);

/* Adds copies to a list with room for so many; false where they do not fit. */
static bool append(Walk *w, Piece *list, uint32_t *n, uint32_t most, Pieces more) {
  for (uint32_t i = 0; i < more.n; i++) {
    if (*n == most) return false;
    list[*n] = more.p[i];
    list[(*n)++].text = arena_dup(w->arena, more.p[i].text);
  }
  return true;
}

static void walk_alternative(Walk *w, Level *l, const RegexNode *n) {
  AnchorRun *run = &l->run;
  run_begin(run, w->arena);
  add_node(w, run, n);
  l->is_exact = l->is_exact && run->exact && append(w, l->exact, &l->n_exact, MOST_PIECES, (Pieces){run->now, run->n});
  if (!l->is_known) return;
  run_break(run);
  l->is_known = run->n_sets && append(w, l->best, &l->n_best, MOST_ANCHORS, run->sets[0]);
}

static void add_alternatives(Walk *w, AnchorRun *r, const RegexNode *n) {
  Level *l = level_take(w);
  for (uint32_t i = 0; i < n->n && (l->is_exact || l->is_known); i++) walk_alternative(w, l, n->kids[i]);
  if (l->is_exact) run_add(r, (Pieces){l->exact, l->n_exact});
  else run_break(r);
  if (!l->is_exact && l->is_known) run_offer(r, (Pieces){l->best, l->n_best});
  level_give_back(w, l);
}

/* --- counts -------------------------------------------------------------------------------------------------- */

static void add_optional(Walk *w, AnchorRun *r, const RegexNode *kid) {
  Level *l = level_take(w);
  AnchorRun *run = &l->run;
  add_node(w, run, kid);
  if (run->exact && run->n < MOST_PIECES) {
    run->now[run->n++] = (Piece){.text = {"", 0}};
    run_add(r, (Pieces){run->now, run->n});
  } else run_break(r);
  level_give_back(w, l);
}

static void add_repeat(Walk *w, AnchorRun *r, const RegexNode *n) {
  enum { MOST_TIMES = 16 };
  const RegexNode *kid = n->kids[0];
  bool character = kid->kind == REGEX_CHAR || kid->kind == REGEX_CLASS;
  uint32_t most = character ? MOST_TIMES : 1, times = n->min < most ? n->min : most;
  if (n->min == 0 && n->max == 1) {
    add_optional(w, r, kid);
    return;
  }
  for (uint32_t i = 0; i < times; i++) add_node(w, r, kid);
  if (n->max > times) run_break(r);
}

static void add_node(Walk *w, AnchorRun *r, const RegexNode *n) {
  switch (n->kind) {
  case REGEX_CHAR:
  case REGEX_CLASS: add_character(w, r, n); break;
  case REGEX_CAT:
    for (uint32_t i = 0; i < n->n; i++) add_node(w, r, n->kids[i]);
    break;
  case REGEX_ALT: add_alternatives(w, r, n); break;
  case REGEX_REPEAT: add_repeat(w, r, n); break;
  case REGEX_TEXT_START: run_add_border(r, true); break;
  case REGEX_TEXT_END: run_add_border(r, false); break;
  case REGEX_EMPTY: /* The others are conditions, which are left out. */
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_END_LF:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: break;
  }
}

void anchor_regex(AnchorRun *r, Str pattern, unsigned flags) {
  RegexTree tree;
  if (!regex_parse(&tree, pattern, flags, r->arena) || tree.mended) {
    run_break(r);
    return;
  }
  Walk w = {.arena = r->arena, .caseless = tree.caseless};
  add_node(&w, r, tree.root);
}

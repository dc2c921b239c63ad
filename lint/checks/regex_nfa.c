/* SPDX-License-Identifier: MIT */
#include "lint/checks/regex_nfa.h"

/* Of a part of the pattern: with what it can begin and end, in how many ways. */
typedef struct {
  uint8_t *first, *last; /* by state */
  bool empty;            /* it may match nothing */
} Part;

typedef struct {
  RegexNfa *nfa;
  Arena *arena;
  uint32_t nodes; /* visited: bounded, since empty groups can be repeated too */
} Builder;
enum { MOST_NODES = 2048 };

static uint8_t sum(unsigned a, unsigned b) { return a + b > 2 ? 2 : (uint8_t)(a + b); }

static Part part_new(Builder *b) {
  return (Part){arena_alloc(b->arena, REGEX_NFA_STATES), arena_alloc(b->arena, REGEX_NFA_STATES), true};
}

static void add(const Builder *b, uint8_t *to, const uint8_t *from) {
  for (uint32_t i = 1; i < b->nfa->n; i++) to[i] = sum(to[i], from[i]);
}

/* From each end of one part to each start of another. */
static void connect(const Builder *b, const uint8_t *last, const uint8_t *first) {
  b->nfa->spent += b->nfa->n;
  for (uint32_t i = 0; i < b->nfa->n; i++) {
    if (!last[i]) continue;
    b->nfa->spent += b->nfa->n / 4;
    uint8_t *row = b->nfa->ways + i * REGEX_NFA_STATES;
    for (uint32_t k = 1; k < b->nfa->n; k++) row[k] = sum(row[k], (unsigned)last[i] * first[k]);
  }
}

/* x becomes xy. */
static void append(const Builder *b, Part *x, const Part *y) {
  connect(b, x->last, y->first);
  if (x->empty) add(b, x->first, y->first);
  if (!y->empty) memset(x->last, 0, REGEX_NFA_STATES);
  add(b, x->last, y->last);
  x->empty = x->empty && y->empty;
}

static bool build(Builder *b, const RegexNode *n, Part *out);

static bool build_position(Builder *b, const RegexNode *n, Part *out) {
  RegexNfa *a = b->nfa;
  if (a->n == REGEX_NFA_STATES) return false;
  a->p[a->n] = n;
  out->first[a->n] = out->last[a->n] = 1;
  out->empty = false;
  a->n++;
  return true;
}

static bool build_alternatives(Builder *b, const RegexNode *n, Part *out) {
  out->empty = false;
  for (uint32_t i = 0; i < n->n; i++) {
    Part kid;
    if (!build(b, n->kids[i], &kid)) return false;
    add(b, out->first, kid.first);
    add(b, out->last, kid.last);
    out->empty = out->empty || kid.empty;
  }
  return true;
}

/* n copies, each behind the one before it; the last of x{n,} begins again. */
static bool build_needed(Builder *b, const RegexNode *kid, uint32_t n, bool endless, Part *out) {
  for (uint32_t i = 0; i < n; i++) {
    Part copy;
    if (!build(b, kid, &copy)) return false;
    if (endless && i + 1 == n) connect(b, copy.last, copy.first);
    append(b, out, &copy);
  }
  return true;
}

/* x{2,4} is xx(x(x)?)?, x{2,} is xx+, x{0,} is (x+)?. */
static bool build_repeat(Builder *b, const RegexNode *n, Part *out) {
  bool endless = n->max == REGEX_NO_MAX;
  Part rest = part_new(b);
  if (!build_needed(b, n->kids[0], endless && !n->min ? 1 : n->min, endless, out)) return false;
  for (uint32_t i = n->min; !endless && i < n->max; i++) {
    Part copy;
    if (!build(b, n->kids[0], &copy)) return false;
    append(b, &copy, &rest);
    copy.empty = true;
    rest = copy;
  }
  append(b, out, &rest);
  out->empty = out->empty || !n->min;
  return true;
}

static bool build(Builder *b, const RegexNode *n, Part *out) {
  *out = part_new(b);
  b->nfa->spent += REGEX_NFA_STATES / 4;
  if (++b->nodes > MOST_NODES) return false;
  switch (n->kind) {
  case REGEX_EMPTY: return true;
  case REGEX_CHAR:
  case REGEX_CLASS: return build_position(b, n, out);
  case REGEX_ALT: return build_alternatives(b, n, out);
  case REGEX_REPEAT: return build_repeat(b, n, out);
  case REGEX_CAT:
    for (uint32_t i = 0; i < n->n; i++) {
      Part kid;
      if (!build(b, n->kids[i], &kid)) return false;
      append(b, out, &kid);
    }
    return true;
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_START:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: break;
  }
  return false;
}

/* What stands at the ends of a branch and holds where a text begins or ends: an attack begins with the text, and that it fails is seen
 * by a search for the whole pattern. */
static bool is_edge(const RegexNode *n, bool start) {
  if (start) return n->kind == REGEX_TEXT_START || n->kind == REGEX_LINE_START;
  return n->kind == REGEX_TEXT_END || n->kind == REGEX_LINE_END || n->kind == REGEX_TEXT_END_LF;
}

static bool build_branch(Builder *b, const RegexNode *n, Part *out) {
  *out = part_new(b);
  if (n->kind != REGEX_CAT) return is_edge(n, true) || is_edge(n, false) || build(b, n, out);
  for (uint32_t i = 0; i < n->n; i++) {
    Part kid;
    if ((!i && is_edge(n->kids[i], true)) || (i + 1 == n->n && is_edge(n->kids[i], false))) continue;
    if (!build(b, n->kids[i], &kid)) return false;
    append(b, out, &kid);
  }
  return true;
}

bool regex_nfa(RegexNfa *out, const RegexNode *root, Arena *arena) {
  Builder b = {.nfa = out, .arena = arena};
  bool alternatives = root->kind == REGEX_ALT;
  *out = (RegexNfa){.ways = arena_alloc(arena, (size_t)REGEX_NFA_STATES * REGEX_NFA_STATES), .n = 1};
  for (uint32_t i = 0; i < (alternatives ? root->n : 1); i++) {
    Part branch;
    if (!build_branch(&b, alternatives ? root->kids[i] : root, &branch)) return false;
    add(&b, out->ways, branch.first); /* the row of state 0 */
  }
  return true;
}

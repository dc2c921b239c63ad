/* SPDX-License-Identifier: MIT
 * What is left and right of a node decides what an assertion in it becomes. Left of the pattern anything may stand
 * (OPEN); an anchor there makes it the start of the text, and whatever takes characters makes it INSIDE. An assertion
 * that meets OPEN becomes a part of the `.*` that would stand there: `^` leaves it out, `(?m:^)` makes it `(.*\n)?`, and
 * `\b` before a word character `(.*\W)?`. */
#include "backends/regex_whole.h"

/* What may stand beside a place: a bit each. A text's own edge counts as OTHER, as it does for `\b`. */
enum { WORD = 1, OTHER = 2, NOTHING = 4 };

typedef enum {
  SIDE_OPEN,    /* any text up to the edge; the node has to bring it along */
  SIDE_TEXT,    /* the edge of the text */
  SIDE_TEXT_LF, /* right: the end of the text, or an LF before it, which `\Z` beside the node brings along */
  SIDE_LINE,    /* the edge of a line; the assertion beside the node brings the other lines along */
  SIDE_INSIDE,  /* other parts of the pattern */
} SideKind;

typedef struct {
  SideKind kind;
  unsigned mask; /* WORD, OTHER: what may be the next character there */
} Side;

static const Side open_side = {SIDE_OPEN, WORD | OTHER};

typedef struct {
  Arena *arena;
  RegexRefusal *why;
  uint32_t work; /* nodes that were rewritten */
} Rewrite;

enum {
  MOST_WORK = 20000, /* far more than what the text may become long allows */
  MOST_TURNS = 8,    /* of a repeat that is written out */
};

typedef VEC(RegexNode *) Nodes;

static RegexNode *refuse(Rewrite *r, const RegexNode *n, const char *construct, const char *instead) {
  *r->why = (RegexRefusal){n->at, construct, instead};
  return NULL;
}

/* --- what a node can begin and end with ---------------------------------------------------------------------- */

static bool is_word(uint32_t cp) { return cp < 0x80 && (ascii_letter((char)cp) || ascii_digit((char)cp) || cp == '_'); }

static unsigned mask_of_class(const RegexNode *n) {
  unsigned mask = 0;
  for (uint32_t i = 0; i < n->n; i++) {
    for (uint32_t c = n->ranges[i].low; c < 0x80 && c <= n->ranges[i].high; c++) mask |= is_word(c) ? WORD : OTHER;
    if (n->ranges[i].high >= 0x80) mask |= OTHER;
  }
  return mask;
}

/* Its first characters, or its last ones; NOTHING where it may take none. */
static unsigned mask_of(const RegexNode *n, bool first) {
  unsigned mask = 0;
  switch (n->kind) {
  case REGEX_CHAR: return is_word(n->code) ? WORD : OTHER;
  case REGEX_CLASS: return mask_of_class(n);
  case REGEX_CAT:
    mask = NOTHING;
    for (uint32_t i = 0; i < n->n && mask & NOTHING; i++)
      mask = (mask & ~(unsigned)NOTHING) | mask_of(n->kids[first ? i : n->n - 1 - i], first);
    return mask;
  case REGEX_ALT:
    for (uint32_t i = 0; i < n->n; i++) mask |= mask_of(n->kids[i], first);
    return mask;
  case REGEX_REPEAT: return n->max == 0 ? NOTHING : mask_of(n->kids[0], first) | (n->min == 0 ? NOTHING : 0);
  case REGEX_EMPTY:
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_START:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: return NOTHING;
  }
  return WORD | OTHER | NOTHING;
}

static bool is_edge(const RegexNode *n) { return n->kind >= REGEX_LINE_START; }

static bool has_edges(const RegexNode *n) {
  if (is_edge(n)) return true;
  for (uint32_t i = 0; n->kids && i < n->n; i++)
    if (has_edges(n->kids[i])) return true;
  return false;
}

/* --- making nodes --------------------------------------------------------------------------------------------- */

static RegexNode *empty(Rewrite *r) { return regex_node(r->arena, REGEX_EMPTY); }

static RegexNode *character(Rewrite *r, uint32_t code) {
  RegexNode *n = regex_node(r->arena, REGEX_CHAR);
  n->code = code;
  return n;
}

static RegexNode *word_or_other(Rewrite *r, bool word) {
  static const RegexRange yes[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
  static const RegexRange no[] = {{0, '0' - 1},       {'9' + 1, 'A' - 1}, {'Z' + 1, '_' - 1},
                                  {'_' + 1, 'a' - 1}, {'z' + 1, 0xD7FF},  {0xE000, 0x10FFFF}};
  RegexNode *n = regex_node(r->arena, REGEX_CLASS);
  n->ranges = word ? yes : no;
  n->n = word ? sizeof yes / sizeof *yes : sizeof no / sizeof *no;
  return n;
}

/* What never matches: a class of no characters. */
static bool is_none(const RegexNode *n) { return n->kind == REGEX_CLASS && n->n == 0; }
static RegexNode *none(Rewrite *r) { return regex_node(r->arena, REGEX_CLASS); }

static RegexNode *repeat(Rewrite *r, RegexNode *kid, uint32_t min, uint32_t max) {
  if (is_none(kid) && min > 0) return kid;
  if (is_none(kid)) return empty(r);
  if (max == 0 || kid->kind == REGEX_EMPTY) return empty(r);
  if (min == 1 && max == 1) return kid;
  RegexNode *n = regex_node(r->arena, REGEX_REPEAT);
  n->min = min;
  n->max = max;
  n->n = 1;
  n->kids = arena_array(r->arena, RegexNode *, 1);
  n->kids[0] = kid;
  return n;
}

static RegexNode *any(Rewrite *r) { return repeat(r, regex_all(r->arena), 0, REGEX_NO_MAX); }
static bool is_any(const RegexNode *n) {
  return n->kind == REGEX_REPEAT && n->min == 0 && n->max == REGEX_NO_MAX && regex_is_all(n->kids[0]);
}

/* Sequences stand in sequences flat, and `.*.*` is `.*`. */
static void add(Rewrite *r, Nodes *seq, RegexNode *n) {
  if (n->kind == REGEX_CAT)
    for (uint32_t i = 0; i < n->n; i++) add(r, seq, n->kids[i]);
  else if (n->kind != REGEX_EMPTY && !(is_any(n) && seq->n && is_any(vec_last(seq)))) *vec_add(r->arena, seq) = n;
}

static RegexNode *sequence(Rewrite *r, const Nodes *seq) {
  for (uint32_t i = 0; i < seq->n; i++)
    if (is_none(seq->p[i])) return seq->p[i];
  return regex_join(r->arena, REGEX_CAT, seq->p, seq->n);
}

static RegexNode *cat(Rewrite *r, RegexNode *a, RegexNode *b) {
  Nodes seq = {0};
  add(r, &seq, a);
  add(r, &seq, b);
  return sequence(r, &seq);
}

/* An empty one among others makes them optional. */
static RegexNode *alternatives(Rewrite *r, const Nodes *all) {
  Nodes some = {0};
  bool optional = false;
  for (uint32_t i = 0; i < all->n; i++) {
    if (all->p[i]->kind == REGEX_EMPTY) optional = true;
    else if (!is_none(all->p[i])) *vec_add(r->arena, &some) = all->p[i];
  }
  if (!some.n) return optional ? empty(r) : none(r);
  RegexNode *n = regex_join(r->arena, REGEX_ALT, some.p, some.n);
  return optional ? repeat(r, n, 0, 1) : n;
}

/* --- parts without assertions -------------------------------------------------------------------------------- */

static RegexNode *plain(Rewrite *r, const RegexNode *n) {
  Nodes kids = {0};
  r->work++;
  if (n->kind == REGEX_REPEAT) return repeat(r, plain(r, n->kids[0]), n->min, n->max);
  for (uint32_t i = 0; n->kids && i < n->n; i++) {
    if (n->kind == REGEX_CAT) add(r, &kids, plain(r, n->kids[i]));
    else *vec_add(r->arena, &kids) = plain(r, n->kids[i]);
  }
  if (n->kind == REGEX_CAT) return sequence(r, &kids);
  if (n->kind == REGEX_ALT) return alternatives(r, &kids);
  RegexNode *copy = regex_node(r->arena, n->kind);
  *copy = *n;
  return copy;
}

/* Beside `.*` a part that may be empty says nothing, and one that is repeated need not be so more often than it must. */
static RegexNode *least(Rewrite *r, RegexNode *n) {
  if (mask_of(n, true) & NOTHING) return NULL;
  return n->kind == REGEX_REPEAT ? repeat(r, n->kids[0], n->min, n->min) : n;
}

/* Puts `.*` where the sides are open. */
static RegexNode *surround(Rewrite *r, RegexNode *n, bool left, bool right) {
  Nodes all = {0}, seq = {0};
  add(r, &all, n);
  uint32_t first = 0, end = all.n;
  RegexNode *least_one = NULL;
  while (left && first < end && !(least_one = least(r, all.p[first]))) first++;
  if (left && first < end) all.p[first] = least_one;
  while (right && end > first && !(least_one = least(r, all.p[end - 1]))) end--;
  if (right && end > first) all.p[end - 1] = least_one;
  if (left) add(r, &seq, any(r));
  for (uint32_t i = first; i < end; i++) add(r, &seq, all.p[i]);
  if (right) add(r, &seq, any(r));
  return sequence(r, &seq);
}

/* --- assertions ----------------------------------------------------------------------------------------------- */

static RegexNode *refuse_anchor(Rewrite *r, const RegexNode *n) {
  return refuse(r, n, "an anchor inside of the pattern",
                "put it at the start or end of the pattern, or of one of its alternatives");
}

/* What stands for an assertion that asks nothing, or more of the text than `beside` says already. */
static RegexNode *edge(Rewrite *r, RegexNode *beside, Side left, Side right) {
  return surround(r, beside, left.kind == SIDE_OPEN, right.kind == SIDE_OPEN);
}

static const Side closed = {SIDE_INSIDE, 0};

/* `(.*X)?`, which brings along what is left of the node, or `(X.*)?`. */
static RegexNode *optional_rest(Rewrite *r, RegexNode *x, bool left) {
  return repeat(r, left ? cat(r, any(r), x) : cat(r, x, any(r)), 0, 1);
}

static RegexNode *text_start(Rewrite *r, const RegexNode *n, Side left, Side right) {
  if (left.kind != SIDE_OPEN && left.kind != SIDE_TEXT) return refuse_anchor(r, n);
  return edge(r, empty(r), closed, right);
}

static RegexNode *text_end(Rewrite *r, const RegexNode *n, Side left, Side right) {
  if (right.kind != SIDE_OPEN && right.kind != SIDE_TEXT) return refuse_anchor(r, n);
  return edge(r, empty(r), left, closed);
}

static RegexNode *text_end_lf(Rewrite *r, const RegexNode *n, Side left, Side right) {
  if (right.kind == SIDE_INSIDE || right.kind == SIDE_LINE) return refuse_anchor(r, n);
  RegexNode *before = edge(r, empty(r), left, closed);
  return right.kind == SIDE_OPEN ? cat(r, before, repeat(r, character(r, '\n'), 0, 1)) : before;
}

static RegexNode *line_start(Rewrite *r, const RegexNode *n, Side left, Side right) {
  if (left.kind == SIDE_INSIDE) return refuse_anchor(r, n);
  RegexNode *after = edge(r, empty(r), closed, right);
  return left.kind == SIDE_OPEN ? cat(r, optional_rest(r, character(r, '\n'), true), after) : after;
}

static RegexNode *line_end(Rewrite *r, const RegexNode *n, Side left, Side right) {
  if (right.kind == SIDE_INSIDE) return refuse_anchor(r, n);
  RegexNode *before = edge(r, empty(r), left, closed);
  return right.kind == SIDE_OPEN ? cat(r, before, optional_rest(r, character(r, '\n'), false)) : before;
}

/* The neighbour on an open side: of one kind, and before or behind it anything. */
static RegexNode *neighbour(Rewrite *r, bool word, bool left) {
  RegexNode *x = word_or_other(r, word);
  if (!word) return optional_rest(r, x, left);
  return left ? cat(r, any(r), x) : cat(r, x, any(r));
}

static bool known(Side s) { return s.mask == WORD || s.mask == OTHER; }

static RegexNode *word_edge(Rewrite *r, const RegexNode *n, Side left, Side right) {
  bool differ = n->kind == REGEX_WORD_EDGE;
  if (known(left) && known(right)) return (left.mask != right.mask) == differ ? empty(r) : none(r);
  if (left.kind == SIDE_OPEN && known(right)) return neighbour(r, (right.mask == WORD) != differ, true);
  if (right.kind == SIDE_OPEN && known(left)) return neighbour(r, (left.mask == WORD) != differ, false);
  if (left.kind == SIDE_OPEN && right.kind == SIDE_OPEN && differ) return surround(r, word_or_other(r, true), true, true);
  return refuse(r, n, "a word boundary between characters that are not known",
                "put it beside a character that is surely one of [0-9A-Za-z_], or surely none, at the start or end of the pattern");
}

static RegexNode *assertion(Rewrite *r, const RegexNode *n, Side left, Side right) {
  switch (n->kind) {
  case REGEX_LINE_START: return line_start(r, n, left, right);
  case REGEX_LINE_END: return line_end(r, n, left, right);
  case REGEX_TEXT_START: return text_start(r, n, left, right);
  case REGEX_TEXT_END: return text_end(r, n, left, right);
  case REGEX_TEXT_END_LF: return text_end_lf(r, n, left, right);
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: return word_edge(r, n, left, right);
  case REGEX_EMPTY:
  case REGEX_CHAR:
  case REGEX_CLASS:
  case REGEX_CAT:
  case REGEX_ALT:
  case REGEX_REPEAT: break;
  }
  return refuse_anchor(r, n);
}

/* --- parts with assertions ------------------------------------------------------------------------------------ */

static RegexNode *whole(Rewrite *r, const RegexNode *n, Side left, Side right);

/* The side that node `n` makes for what follows it in the direction, where `side` is its own. */
static Side beyond(const RegexNode *n, Side side, bool to_right) {
  if (n->kind == (to_right ? REGEX_TEXT_START : REGEX_TEXT_END)) return (Side){SIDE_TEXT, OTHER};
  bool of_text = side.kind == SIDE_TEXT;
  if (n->kind == (to_right ? REGEX_LINE_START : REGEX_LINE_END)) return of_text ? side : (Side){SIDE_LINE, OTHER};
  if (n->kind == REGEX_TEXT_END_LF && !to_right) return of_text ? side : (Side){SIDE_TEXT_LF, OTHER};
  unsigned mask = mask_of(n, !to_right);
  return (Side){SIDE_INSIDE, (mask & ~(unsigned)NOTHING) | (mask & NOTHING ? side.mask : 0)};
}

/* Beside an open side: it may be left out. */
static bool says_nothing(const RegexNode *n) {
  if (n->kind == REGEX_REPEAT && n->min == 0) return true;
  return mask_of(n, true) & NOTHING && !has_edges(n);
}

static RegexNode *whole_cat(Rewrite *r, const RegexNode *n, Side left, Side right) {
  uint32_t first = 0, end = n->n;
  while (left.kind == SIDE_OPEN && first < end && says_nothing(n->kids[first])) first++;
  while (right.kind == SIDE_OPEN && end > first && says_nothing(n->kids[end - 1])) end--;
  if (first == end) return edge(r, empty(r), left, right);
  Side *rights = arena_array(r->arena, Side, n->n);
  for (uint32_t i = end; i > first; i--) {
    rights[i - 1] = right;
    right = beyond(n->kids[i - 1], right, false);
  }
  Nodes seq = {0};
  for (uint32_t i = first; i < end; i++) {
    RegexNode *kid = whole(r, n->kids[i], left, rights[i]);
    if (!kid) return NULL;
    add(r, &seq, kid);
    left = beyond(n->kids[i], left, true);
  }
  return sequence(r, &seq);
}

static RegexNode *whole_alt(Rewrite *r, const RegexNode *n, Side left, Side right) {
  Nodes kids = {0};
  for (uint32_t i = 0; i < n->n; i++) {
    RegexNode *kid = whole(r, n->kids[i], left, right);
    if (!kid) return NULL;
    *vec_add(r->arena, &kids) = kid;
  }
  return alternatives(r, &kids);
}

static RegexNode *whole_optional(Rewrite *r, const RegexNode *n, Side left, Side right) {
  Nodes kids = {0};
  RegexNode *kid = whole(r, n->kids[0], left, right);
  if (!kid) return NULL;
  *vec_add(r->arena, &kids) = kid;
  *vec_add(r->arena, &kids) = edge(r, empty(r), left, right);
  return alternatives(r, &kids);
}

/* Between its turns a repeat is its own neighbour. */
static RegexNode *whole_turns(Rewrite *r, const RegexNode *n, Side left, Side right) {
  unsigned both = WORD | OTHER;
  Side before = {SIDE_INSIDE, (left.mask | mask_of(n->kids[0], false)) & both};
  Side after = {SIDE_INSIDE, (right.mask | mask_of(n->kids[0], true)) & both};
  RegexNode *turn = whole(r, n->kids[0], before, after);
  return turn ? edge(r, repeat(r, turn, n->min, n->max), left, right) : NULL;
}

/* Written out, each turn has neighbours of its own: x{2,4} is x x (x (x)?)?. */
static RegexNode *written_out(Rewrite *r, const RegexNode *n) {
  Nodes seq = {0};
  RegexNode *more = NULL;
  for (uint32_t i = n->min; i < n->max; i++) more = repeat(r, more ? cat(r, n->kids[0], more) : n->kids[0], 0, 1);
  for (uint32_t i = 0; i < n->min; i++) add(r, &seq, n->kids[0]);
  if (more) add(r, &seq, more);
  return sequence(r, &seq);
}

static RegexNode *whole_repeat(Rewrite *r, const RegexNode *n, Side left, Side right) {
  const RegexNode *kid = n->kids[0];
  if (n->max == 0 || (n->min == 0 && is_edge(kid))) return edge(r, empty(r), left, right);
  if (n->max == 1 || is_edge(kid)) return n->min ? whole(r, kid, left, right) : whole_optional(r, n, left, right);
  RegexNode *turns = whole_turns(r, n, left, right);
  if (turns || n->max > MOST_TURNS) return turns;
  RegexRefusal first = *r->why;
  turns = whole(r, written_out(r, n), left, right);
  if (!turns) *r->why = first;
  return turns;
}

static RegexNode *whole(Rewrite *r, const RegexNode *n, Side left, Side right) {
  if (r->work >= MOST_WORK)
    return refuse(r, n, "a pattern with too many anchors and word boundaries", "write it with fewer of them");
  r->work++;
  if (!has_edges(n)) return edge(r, plain(r, n), left, right);
  if (n->kind == REGEX_CAT) return whole_cat(r, n, left, right);
  if (n->kind == REGEX_ALT) return whole_alt(r, n, left, right);
  return n->kind == REGEX_REPEAT ? whole_repeat(r, n, left, right) : assertion(r, n, left, right);
}

const RegexNode *regex_whole(Arena *arena, const RegexNode *root, RegexRefusal *why) {
  Rewrite r = {arena, why, 0};
  const RegexNode *n = whole(&r, root, open_side, open_side);
  return n && is_none(n) ? refuse(&r, root, "a pattern that can never match", "leave it out") : n;
}

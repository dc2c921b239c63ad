/* SPDX-License-Identifier: MIT */
#include "lint/checks/regex_redos.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "lint/checks/regex_nfa.h"
#include "runtime/regex_linear.h"

enum {
  S = REGEX_NFA_STATES,
  MOST_STEPS = 200000,   /* of a pattern: pairs of states that are looked at ... */
  MOST_VISITS = 400000,  /* ... and states that searches visit to see that an attack fails */
  MOST_IN_ALL = 40000000 /* of all patterns together */
};

typedef struct {
  uint64_t w[S / 64];
} States;

static bool has(const States *s, uint32_t i) { return s->w[i / 64] >> i % 64 & 1; }
static void put(States *s, uint32_t i) { s->w[i / 64] |= (uint64_t)1 << i % 64; }

typedef struct {
  const RegexNode *root;
  Arena *arena;
  RegexNfa nfa;
  States *reach; /* by at least one step */
  uint64_t steps, visits;
  RegexLinear *search; /* for the whole pattern */
  unsigned taste;      /* which characters are liked best */
} Finder;

/* --- characters ---------------------------------------------------------------------------------------------- */

static bool takes(const RegexNode *n, uint32_t cp) {
  if (n->kind == REGEX_CHAR) return n->code == cp;
  for (uint32_t i = 0; i < n->n; i++)
    if (n->ranges[i].low <= cp && cp <= n->ranges[i].high) return true;
  return false;
}

/* Likely to be taken by one kind of class and not by another, and fit to be shown. */
static const char liked[] = "a0 !x\\-Z~/.A=";
enum { LIKED = sizeof liked - 1 };

/* A character that both take; false where there is none. */
static bool common(const Finder *f, const RegexNode *a, const RegexNode *b, uint32_t *cp) {
  for (unsigned i = 0; i < LIKED; i++) {
    *cp = (unsigned char)liked[(i + f->taste) % LIKED];
    if (takes(a, *cp) && takes(b, *cp)) return true;
  }
  if (a->kind == REGEX_CHAR) return *cp = a->code, takes(b, *cp);
  if (b->kind == REGEX_CHAR) return *cp = b->code, takes(a, *cp);
  for (uint32_t i = 0, k = 0; i < a->n && k < b->n;) {
    const RegexRange *x = &a->ranges[i], *y = &b->ranges[k];
    *cp = x->low > y->low ? x->low : y->low;
    if (*cp <= x->high && *cp <= y->high) return true;
    if (x->high < y->high) i++;
    else k++;
  }
  return false;
}

static void put_char(Buf *b, uint32_t cp) {
  char utf8[4];
  buf_bytes(b, utf8, utf8_encode(cp, utf8));
}

/* --- the graph ----------------------------------------------------------------------------------------------- */

/* Which states can be reached from which over `within`. */
static States *closure(const Finder *f, const States *within) {
  const RegexNfa *a = &f->nfa;
  States *r = arena_array(f->arena, States, a->n);
  for (uint32_t i = 0; i < a->n; i++)
    for (uint32_t k = 1; k < a->n && has(within, i); k++)
      if (regex_nfa_ways(a, i, k) && has(within, k)) put(&r[i], k);
  for (uint32_t k = 1; k < a->n; k++)
    for (uint32_t i = 0; i < a->n; i++)
      for (size_t w = 0; has(&r[i], k) && w < S / 64; w++) r[i].w[w] |= r[k].w[w];
  return r;
}

/* The shortest word from one state to another: at least one character, unless they are the same and `least` is 0. */
static bool path(const Finder *f, uint32_t from, uint32_t to, Str *out) {
  const RegexNfa *a = &f->nfa;
  uint32_t before[S], queue[S], n = 0;
  Buf b = {.arena = f->arena};
  States seen = {0};
  queue[n++] = from;
  put(&seen, from);
  for (uint32_t i = 0; i < n && !(has(&seen, to)); i++)
    for (uint32_t k = 1; k < a->n; k++) {
      uint32_t cp;
      if (has(&seen, k) || !regex_nfa_ways(a, queue[i], k) || !common(f, a->p[k], a->p[k], &cp)) continue;
      put(&seen, k);
      before[k] = queue[i];
      queue[n++] = k;
    }
  if (!has(&seen, to)) return false;
  n = 0;
  for (uint32_t s = to; s != from; s = before[s]) queue[n++] = s;
  while (n) {
    uint32_t cp, s = queue[--n];
    if (common(f, a->p[s], a->p[s], &cp)) put_char(&b, cp);
  }
  *out = buf_view(&b);
  return true;
}

/* --- attacks that fail --------------------------------------------------------------------------------------- */

Str regex_redos_text(const Redos *r, unsigned pumps, Arena *arena) {
  Buf b = {.arena = arena};
  buf_str(&b, r->prefix);
  for (unsigned i = 0; i < pumps; i++) buf_str(&b, r->pump);
  buf_str(&b, r->suffix);
  return buf_view(&b);
}

static bool fails(Finder *f, const Redos *r) {
  static const unsigned pumps[] = {3, 8, 17};
  for (size_t i = 0; i < sizeof pumps / sizeof *pumps; i++)
    if (regex_linear_search(f->search, regex_redos_text(r, pumps[i], f->arena), &f->visits) != SEARCH_MISS) return false;
  return true;
}

/* All ways are tried only where none leads to a match: with some text behind, the pattern must be nowhere. */
static bool find_suffix(Finder *f, Redos *r) {
  static const char *const suffixes[] = {"", "!", "\n", "\n\n", "a", "0", " ", "\x01", "\xc3\xa9"};
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
    r->suffix = str_of(suffixes[i]);
    if (fails(f, r)) return true;
  }
  return false;
}

/* --- exponential: two ways from a state to itself over one word ------------------------------------------------ */

/* Pairs of states that two ways over one word have come to, and whether the ways parted before. */
typedef struct {
  uint32_t *before; /* the number of the pair before it, plus 1; 0: not reached */
  uint32_t *queue, n;
  uint32_t states;
} Pairs;

static uint32_t pair(const Pairs *p, uint32_t a, uint32_t b, bool parted) { return (a * p->states + b) * 2 + parted; }
static uint32_t one_of(const Pairs *p, uint32_t pair) { return pair / 2 / p->states; }
static uint32_t other_of(const Pairs *p, uint32_t pair) { return pair / 2 % p->states; }

static void make_pairs(Pairs *p, const Finder *f) {
  size_t n = (size_t)f->nfa.n * f->nfa.n * 2;
  *p = (Pairs){arena_array(f->arena, uint32_t, n), arena_array(f->arena, uint32_t, n), 0, f->nfa.n};
}

static void reach_pair(Pairs *p, uint32_t to, uint32_t from) {
  if (p->before[to]) return;
  p->before[to] = from + 1;
  p->queue[p->n++] = to;
}

/* All steps of both ways that stay in the component of p. */
static void step_pair(Finder *f, Pairs *pairs, uint32_t p, uint32_t from) {
  const RegexNfa *nfa = &f->nfa;
  uint32_t a = one_of(pairs, from), b = other_of(pairs, from), cp;
  for (uint32_t x = 1; x < nfa->n; x++) {
    if (!regex_nfa_ways(nfa, a, x) || !has(&f->reach[x], p)) continue;
    f->steps += nfa->n / 16;
    for (uint32_t y = 1; y < nfa->n; y++) {
      unsigned ways = regex_nfa_ways(nfa, b, y);
      if (!ways || !has(&f->reach[y], p) || f->steps++ > MOST_STEPS) continue;
      bool parted = from % 2 || x != y || (a == b && ways > 1);
      uint32_t to = pair(pairs, x, y, parted);
      if (!pairs->before[to] && common(f, nfa->p[x], nfa->p[y], &cp)) reach_pair(pairs, to, from);
    }
  }
}

/* The word that led to a pair, from its end on. */
static Str word_of(const Finder *f, const Pairs *pairs, uint32_t start, uint32_t end) {
  VEC(uint32_t) word = {0};
  Buf b = {.arena = f->arena};
  uint32_t s = end;
  do {
    uint32_t cp;
    if (common(f, f->nfa.p[one_of(pairs, s)], f->nfa.p[other_of(pairs, s)], &cp)) *vec_add(f->arena, &word) = cp;
    s = pairs->before[s] - 1;
  } while (s != start);
  while (word.n) put_char(&b, word.p[--word.n]);
  return buf_view(&b);
}

static bool pumps_at(Finder *f, Pairs *pairs, uint32_t p, Str *pump) {
  uint32_t start = pair(pairs, p, p, false), end = pair(pairs, p, p, true);
  for (uint32_t i = 0; i < pairs->n; i++) pairs->before[pairs->queue[i]] = 0;
  pairs->n = 0;
  pairs->queue[pairs->n++] = start; /* it may be reached again, without effect */
  pairs->before[start] = UINT32_MAX;
  for (uint32_t i = 0; i < pairs->n && !pairs->before[end] && f->steps <= MOST_STEPS; i++) step_pair(f, pairs, p, pairs->queue[i]);
  if (!pairs->before[end]) return false;
  *pump = word_of(f, pairs, start, end);
  return true;
}

static bool may_branch(const Finder *f, uint32_t p) {
  unsigned ways = 0;
  for (uint32_t k = 1; k < f->nfa.n; k++)
    if (has(&f->reach[k], p)) ways += regex_nfa_ways(&f->nfa, p, k);
  return ways > 1;
}

/* Where two ways part, a state has more than one way on within its component: the others need not be looked at. The shortest word is the
 * best to show. */
static bool find_exponential(Finder *f, Pairs *pairs, Redos *out) {
  Redos best = {0};
  for (uint32_t p = 1; p < f->nfa.n && f->steps <= MOST_STEPS && best.pump.n != 1; p++) {
    if (!has(&f->reach[p], p) || !may_branch(f, p)) continue;
    if (!pairs->states) make_pairs(pairs, f);
    *out = (Redos){.exponential = true};
    if (!pumps_at(f, pairs, p, &out->pump) || (best.pump.n && best.pump.n <= out->pump.n)) continue;
    if (path(f, 0, p, &out->prefix) && find_suffix(f, out)) best = *out;
  }
  *out = best;
  return best.exponential;
}

/* --- polynomial: loops one behind the other that take the same character ---------------------------------------- */

/* A run of one character can be shared out among loops in a row, and the steps of a match that fails grow with that power of its length. */
typedef struct {
  unsigned loops;    /* that can be in a row, whatever is between them ... */
  unsigned adjacent; /* ... and with nothing between them that has to be there */
  uint32_t first;    /* the loop at the front */
} Row;

/* The states of loops over one character, and what they reach over it. */
typedef struct {
  const RegexNfa *nfa;
  const States *reach;
  unsigned loops[S], adjacent[S]; /* from this state on */
} Rows;

static bool is_loop(const Rows *r, uint32_t i) { return has(&r->reach[i], i); }

/* Longer rows by what is known of the states that are reached; false where nothing was added. */
static bool lengthen(Rows *r, uint32_t i) {
  unsigned loops = 1, adjacent = 1;
  for (uint32_t k = 1; k < r->nfa->n; k++) {
    if (!has(&r->reach[i], k)) continue;
    bool same = has(&r->reach[k], i); /* the same loop */
    if (loops < r->loops[k] + !same) loops = r->loops[k] + !same;
    if (same && adjacent < r->adjacent[k]) adjacent = r->adjacent[k];
    if (!same && is_loop(r, k) && regex_nfa_ways(r->nfa, i, k) && adjacent < r->adjacent[k] + 1) adjacent = r->adjacent[k] + 1;
  }
  bool more = loops != r->loops[i] || adjacent != r->adjacent[i];
  r->loops[i] = loops;
  r->adjacent[i] = adjacent;
  return more;
}

static Row longest_row(Finder *f, uint32_t cp, unsigned adjacent_least) {
  Rows rows = {.nfa = &f->nfa};
  Row longest = {0};
  States within = {0};
  uint32_t n = 0;
  for (uint32_t i = 1; i < f->nfa.n; i++)
    if (takes(f->nfa.p[i], cp)) put(&within, i), n += has(&f->reach[i], i);
  if (n < 2) return longest;
  rows.reach = closure(f, &within);
  f->steps += (uint64_t)f->nfa.n * f->nfa.n / 16;
  for (bool more = true; more && f->steps <= MOST_STEPS; f->steps += f->nfa.n) {
    more = false;
    for (uint32_t i = f->nfa.n - 1; i; i--) more = (is_loop(&rows, i) && lengthen(&rows, i)) || more;
  }
  for (uint32_t i = 1; i < f->nfa.n; i++) {
    bool better = rows.adjacent[i] >= adjacent_least && rows.adjacent[i] > longest.adjacent;
    if (!better && rows.loops[i] <= longest.loops) continue;
    longest = (Row){rows.loops[i], rows.adjacent[i], i};
  }
  return longest;
}

static void try_row(Finder *f, uint32_t cp, RedosLeast least, Redos *best) {
  Row row = longest_row(f, cp, least.adjacent);
  Redos r = {.degree = row.loops >= least.loops ? row.loops : row.adjacent >= least.adjacent ? row.adjacent : 0};
  Buf pump = {.arena = f->arena};
  if (r.degree <= best->degree) return;
  put_char(&pump, cp);
  r.pump = buf_view(&pump);
  if (path(f, 0, row.first, &r.prefix) && find_suffix(f, &r)) *best = r;
}

static bool find_polynomial(Finder *f, RedosLeast least, Redos *out) {
  *out = (Redos){0};
  for (unsigned i = 0; i < LIKED; i++) try_row(f, (unsigned char)liked[i], least, out);
  for (uint32_t p = 1; p < f->nfa.n && f->steps <= MOST_STEPS; p++) {
    const RegexNode *n = f->nfa.p[p];
    if (!has(&f->reach[p], p) || (n->kind == REGEX_CLASS && !n->n)) continue;
    try_row(f, n->kind == REGEX_CHAR ? n->code : n->ranges[0].low, least, out);
  }
  return out->degree;
}

/* --- */

static bool has_loop(const Finder *f) {
  for (uint32_t i = 1; i < f->nfa.n; i++)
    if (has(&f->reach[i], i)) return true;
  return false;
}

static bool find(Finder *f, RedosLeast least, Redos *out) {
  Pairs pairs = {0};
  for (f->taste = 0; f->taste < LIKED && f->steps <= MOST_STEPS; f->taste += 3)
    if (find_exponential(f, &pairs, out)) return true;
  f->taste = 0;
  return find_polynomial(f, least, out);
}

bool regex_redos(Redos *out, const RegexNode *root, RedosLeast least, uint64_t *spent, Arena *arena) {
  Finder f = {.root = root, .arena = arena, .visits = MOST_VISITS};
  States all;
  if (*spent > MOST_IN_ALL) return false;
  memset(&all, 0xff, sizeof all);
  bool found = false;
  if (regex_nfa(&f.nfa, root, arena)) {
    f.reach = closure(&f, &all);
    if (has_loop(&f)) f.search = regex_linear_new(root, arena);
    found = f.search && find(&f, least, out);
  }
  *spent += f.steps + (MOST_VISITS - f.visits) + f.nfa.spent + (uint64_t)f.nfa.n * f.nfa.n / 4;
  return found;
}

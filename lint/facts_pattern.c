/* SPDX-License-Identifier: MIT
 * Patterns of text against each other. Nearly all are one literal between open ends; the others are compared as rows of symbols: the
 * characters of one fixed place each, or `*`.
 *
 * Letter case: a character of a pattern that ignores it stands for all that fold to the same (base/utf8.h), one of a `cased` pattern
 * for itself. */
#include "base/utf8.h"
#include "lint/facts_internal.h"

/* Above the last code point. */
enum { SYM_ANY = 0x110000, SYM_ONE, SYM_DASH };
enum { MOST_SYMBOLS = 8192, BYTES_A_COST = 64 };

struct FactsText {
  const IrTest *test;
  bool opaque;             /* a placeholder, or bytes that are no text */
  bool cased;              /* letter case counts ... */
  bool same_cased;         /* ... but no letter has another case: it might as well not count */
  bool simple;             /* one literal, or none */
  bool start, end;         /* open there */
  uint64_t needs, has;     /* characters that every text has; that the literals have: sets of some bits */
  Str folded, exact;       /* simple: the literal */
  const uint32_t *symbols; /* made when first wanted; `cased`: as they are, else folded */
  uint32_t n;
};

/* --- making ready ---------------------------------------------------------------------------------------------------- */

static unsigned bit_of(char c) {
  if (ascii_digit(c)) return (unsigned)(c - '0');
  return ascii_letter(c) ? 10u + (unsigned)(ascii_lower(c) - 'a') : 36u + (unsigned char)c % 28u;
}

static uint64_t bits_of(Str s) {
  uint64_t bits = 0;
  for (size_t i = 0; i < s.n; i++) bits |= (uint64_t)1 << bit_of(s.p[i]);
  return bits;
}

static void set_literal(Facts *f, FactsText *x, Str literal) {
  x->simple = true;
  x->exact = literal;
  x->folded = fold_text(f->arena, literal);
  x->needs = x->has = bits_of(x->folded);
  x->same_cased = x->cased && !fold_matters(literal);
}

/* Outside of ASCII the bytes are not those of the folded text: they are not needed, and may be any. */
static void add_bits(FactsText *x, Str literal) {
  for (size_t i = 0; i < literal.n; i++) {
    if ((unsigned char)literal.p[i] >= 0x80) x->has = UINT64_MAX;
    else x->needs |= (uint64_t)1 << bit_of(literal.p[i]);
  }
  x->has |= x->needs;
}

static void read_pattern(Facts *f, FactsText *x, const Pattern *p) {
  uint32_t from = 0, to = p->n;
  while (from < to && p->p[from].kind == PAT_ANY) from++;
  while (to > from && p->p[to - 1].kind == PAT_ANY) to--;
  x->start = from > 0;
  x->end = to < p->n || (from == to && p->n);
  if (from == to) set_literal(f, x, STR(""));
  else if (to == from + 1 && p->p[from].kind == PAT_LITERAL) set_literal(f, x, p->p[from].text);
  for (uint32_t i = from; i < to; i++) {
    x->opaque |= p->p[i].kind == PAT_PLACEHOLDER || (p->p[i].kind == PAT_LITERAL && !utf8_valid(p->p[i].text));
    if (!x->simple && p->p[i].kind == PAT_LITERAL) add_bits(x, p->p[i].text);
  }
}

/* As the last pass of the compiler leaves it. */
static void read_frozen(Facts *f, FactsText *x, const IrTest *t) {
  set_literal(f, x, t->text);
  x->start = t->pred == PRED_SUFFIX || t->pred == PRED_CONTAINS;
  x->end = t->pred == PRED_PREFIX || t->pred == PRED_CONTAINS;
  x->opaque = !utf8_valid(t->text);
}

static FactsText *make_text(Facts *f, const IrTest *t) {
  FactsText *x = arena_new(f->arena, FactsText);
  x->test = t;
  x->cased = t->cased && t->pred != PRED_BOOL;
  if (t->pred == PRED_BOOL) set_literal(f, x, t->truth ? STR("true") : STR("false"));
  else if (t->pred == PRED_GLOB) read_pattern(f, x, &t->pattern);
  else read_frozen(f, x, t);
  return x;
}

static FactsText **slot_of(FactsText **slots, uint32_t room, const IrTest *t) {
  uint64_t hash = (uint64_t)(uintptr_t)t * 0x9E3779B97F4A7C15ull;
  uint32_t i = (uint32_t)(hash >> 32) & (room - 1);
  while (slots[i] && slots[i]->test != t) i = (i + 1) & (room - 1);
  return &slots[i];
}

static void grow(Facts *f) {
  uint32_t room = f->room_texts ? 2 * f->room_texts : 32;
  FactsText **slots = arena_array(f->arena, FactsText *, room);
  for (uint32_t i = 0; i < f->room_texts; i++)
    if (f->texts[i]) *slot_of(slots, room, f->texts[i]->test) = f->texts[i];
  f->texts = slots;
  f->room_texts = room;
}

static FactsText *text_of(Facts *f, const IrTest *t) {
  if (f->last && f->last->test == t) return f->last;
  if (2 * f->n_texts >= f->room_texts) grow(f);
  FactsText **slot = slot_of(f->texts, f->room_texts, t);
  if (*slot) return *slot;
  f->n_texts++;
  return *slot = make_text(f, t);
}

/* --- rows of symbols --------------------------------------------------------------------------------------------------- */

static uint32_t add_literal(uint32_t *out, uint32_t n, Str s, bool cased) {
  uint32_t cp = 0;
  for (size_t i = 0; i < s.n; n++) {
    size_t len = utf8_decode(s, i, &cp);
    out[n] = cased ? cp : fold_code_point(cp);
    i += len ? len : 1;
  }
  return n;
}

/* Of neighbouring wildcards `?` come first: `*?` fits what `?*` fits. */
static uint32_t add_wildcards(uint32_t *out, uint32_t n, const Pattern *p, uint32_t *k) {
  bool any = false;
  for (; *k < p->n && (p->p[*k].kind == PAT_ANY || p->p[*k].kind == PAT_ONE); ++*k) {
    if (p->p[*k].kind == PAT_ONE) out[n++] = SYM_ONE;
    else any = true;
  }
  if (any) out[n++] = SYM_ANY;
  return n;
}

/* The pattern of a simple one. `parts` has room for three. */
static Pattern simple_pattern(const FactsText *x, PatPart *parts) {
  Pattern p = {parts, 0};
  if (x->start) parts[p.n++] = (PatPart){.kind = PAT_ANY};
  if (x->exact.n) parts[p.n++] = (PatPart){PAT_LITERAL, x->exact};
  if (x->end) parts[p.n++] = (PatPart){.kind = PAT_ANY};
  return p;
}

static size_t symbols_most(const Pattern *p) {
  size_t most = 0;
  for (uint32_t k = 0; k < p->n; k++) most += p->p[k].kind == PAT_LITERAL ? p->p[k].text.n : 1;
  return most;
}

/* False where there are too many. */
static bool need_symbols(Facts *f, FactsText *x) {
  PatPart parts[3];
  Pattern p = x->simple ? simple_pattern(x, parts) : x->test->pattern;
  size_t most = symbols_most(&p);
  if (x->symbols) return true;
  if (most > MOST_SYMBOLS || !facts_pay(f, 1 + most / BYTES_A_COST)) return false;
  uint32_t *out = arena_array(f->arena, uint32_t, most + 1), n = 0;
  for (uint32_t k = 0; k < p.n;) {
    if (p.p[k].kind == PAT_LITERAL) n = add_literal(out, n, p.p[k++].text, x->cased);
    else if (p.p[k].kind == PAT_DASH) out[n++] = SYM_DASH, k++;
    else n = add_wildcards(out, n, &p, &k);
  }
  x->symbols = out;
  x->n = n;
  return true;
}

/* The five of PART_DASH have no other letter case. */
static bool is_dash(uint32_t c) { return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015); }

/* Every character of `a` is one of `b`. Neither is SYM_ANY. */
static bool inside(uint32_t a, bool a_cased, uint32_t b, bool b_cased) {
  uint32_t others[4];
  if (b == SYM_ONE) return true;
  if (a == SYM_ONE) return false;
  if (b == SYM_DASH) return a == SYM_DASH || is_dash(a);
  if (a == SYM_DASH) return false;
  if (a_cased == b_cased) return a == b;
  if (a_cased) return fold_code_point(a) == b;
  return a == b && fold_class(a, others) == 1;
}

/* Some character is of both. */
static bool meet(uint32_t a, bool a_cased, uint32_t b, bool b_cased) {
  if (a == SYM_ONE || b == SYM_ONE) return true;
  if (a == SYM_DASH || b == SYM_DASH) return a == b || is_dash(a == SYM_DASH ? b : a);
  if (a_cased == b_cased) return a == b;
  return a_cased ? fold_code_point(a) == b : a == fold_code_point(b);
}

typedef bool Relation(uint32_t a, bool a_cased, uint32_t b, bool b_cased);

/* x is fitted to y as a text to a pattern: each symbol of x to one of y that it is related to, or to a `*` of y; `*` of x to nothing
 * but a `*`. As with texts only the last `*` of y is ever tried again. False also where it takes too long. */
static bool fit(Facts *f, const FactsText *x, const FactsText *y, Relation *related) {
  uint32_t i = 0, j = 0, star = UINT32_MAX, mark = 0;
  uint64_t steps = 0, most = f->budget * BYTES_A_COST;
  while (i < x->n) {
    if (++steps > most) break;
    if (j < y->n && y->symbols[j] == SYM_ANY) {
      star = j++;
      mark = i;
    } else if (j < y->n && x->symbols[i] != SYM_ANY && related(x->symbols[i], x->cased, y->symbols[j], y->cased)) {
      i++;
      j++;
    } else if (star != UINT32_MAX) {
      j = star + 1;
      i = ++mark;
    } else {
      break;
    }
  }
  while (j < y->n && y->symbols[j] == SYM_ANY) j++;
  return facts_pay(f, 1 + steps / BYTES_A_COST) && i == x->n && j == y->n;
}

static bool has_any(const FactsText *x) {
  for (uint32_t i = 0; i < x->n; i++)
    if (x->symbols[i] == SYM_ANY) return true;
  return false;
}

/* Before the first `*` of either, or behind the last, stand symbols that have nothing in common. */
static bool ends_apart(const FactsText *x, const FactsText *y, bool last) {
  for (uint32_t k = 0; k < x->n && k < y->n; k++) {
    uint32_t a = x->symbols[last ? x->n - 1 - k : k], b = y->symbols[last ? y->n - 1 - k : k];
    if (a == SYM_ANY || b == SYM_ANY) return false;
    if (!meet(a, x->cased, b, y->cased)) return true;
  }
  return false;
}

/* Of two that have a `*`, what stands between the ends of the one can always be put where a `*` of the other is. */
static bool rows_apart(Facts *f, const FactsText *x, const FactsText *y) {
  if (has_any(x) && has_any(y)) return ends_apart(x, y, false) || ends_apart(x, y, true);
  bool fits = has_any(x) ? fit(f, y, x, meet) : fit(f, x, y, meet);
  return !fits && f->budget > 0;
}

/* --- one literal each ---------------------------------------------------------------------------------------------- */

static bool literal_fits(Str s, Str t, bool start, bool end) {
  if (start && end) return str_find(s, t, 0) != SIZE_MAX;
  if (start) return str_ends(s, t);
  return end ? str_starts(s, t) : str_eq(s, t);
}

static bool simple_implies(const FactsText *x, const FactsText *y) {
  if ((x->start && !y->start) || (x->end && !y->end)) return false;
  if (x->cased && y->cased) return literal_fits(x->exact, y->exact, y->start, y->end);
  if (y->cased && !y->same_cased) return false;
  return literal_fits(x->folded, y->folded, y->start, y->end);
}

/* Letter case apart, so that it counts only where it counts for both. */
static bool simple_apart(const FactsText *x, const FactsText *y) {
  bool cased = x->cased && y->cased;
  Str s = cased ? x->exact : x->folded, t = cased ? y->exact : y->folded;
  if (!x->start && !x->end) return !literal_fits(s, t, y->start, y->end);
  if (!y->start && !y->end) return !literal_fits(t, s, x->start, x->end);
  if (!x->start && !y->start) return !str_starts(s, t) && !str_starts(t, s);
  if (!x->end && !y->end) return !str_ends(s, t) && !str_ends(t, s);
  return false;
}

/* --- questions --------------------------------------------------------------------------------------------------------- */

static bool pay_simple(Facts *f, const FactsText *x, const FactsText *y) {
  return facts_pay(f, 1 + (x->exact.n + y->exact.n) / BYTES_A_COST);
}

bool facts_text_implies(Facts *f, const IrTest *a, const IrTest *b) {
  FactsText *x = f->last = text_of(f, a), *y = text_of(f, b);
  if (x->opaque || y->opaque || (y->needs & ~x->has)) return false;
  if (x->simple && y->simple) return pay_simple(f, x, y) && simple_implies(x, y);
  return need_symbols(f, x) && need_symbols(f, y) && fit(f, x, y, inside);
}

bool facts_text_apart(Facts *f, const IrTest *a, const IrTest *b) {
  FactsText *x = f->last = text_of(f, a), *y = text_of(f, b);
  if (x->opaque || y->opaque) return false;
  if (x->simple && y->simple) return pay_simple(f, x, y) && simple_apart(x, y);
  return need_symbols(f, x) && need_symbols(f, y) && rows_apart(f, x, y);
}

bool facts_text_all(const IrTest *t) {
  if (t->pred == PRED_CONTAINS) return !t->text.n;
  uint32_t k = 0;
  while (t->pred == PRED_GLOB && k < t->pattern.n && t->pattern.p[k].kind == PAT_ANY) k++;
  return k && k == t->pattern.n;
}

bool facts_text_word(Facts *f, const IrTest *t, Str *word) {
  const FactsText *x = text_of(f, t);
  *word = x->exact;
  return !x->opaque && x->simple && !x->start && !x->end;
}

static bool has_other(Str s, const char *known) {
  for (size_t i = 0; i < s.n; i++)
    if (!s.p[i] || !strchr(known, ascii_lower(s.p[i]))) return true;
  return false;
}

bool facts_text_needs_other(Facts *f, const IrTest *t, const char *known) {
  const FactsText *x = text_of(f, t);
  if (x->simple) return has_other(x->exact, known);
  for (uint32_t k = 0; k < t->pattern.n; k++)
    if (t->pattern.p[k].kind == PAT_LITERAL && has_other(t->pattern.p[k].text, known)) return true;
  return false;
}

/* SPDX-License-Identifier: MIT
 * Texts and numbers that may satisfy tests. What stands in the way of each other is tried all the same: whoever asks looks whether
 * it did. */
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "lint/witness_internal.h"
#include "runtime/regex_tree.h"

char witness_filler(Witness *w) { return "xaz07_ Q"[witness_pick(w, 8)]; }

/* --- texts --------------------------------------------------------------------------------------------------- */

static bool has_folded(Arena *a, Str s, Str part) { return str_find(fold_text(a, s), fold_text(a, part), 0) != SIZE_MAX; }

static void add_part(Witness *w, WitnessText *t, Str s, bool at_start, bool at_end) {
  s = arena_dup(w->arena, s);
  if (at_start && at_end) {
    t->whole = s;
    t->has_whole = true;
  } else if (at_start) {
    if (s.n > t->start.n) t->start = s;
  } else if (at_end) {
    if (s.n > t->end.n) t->end = s;
  } else if (!has_folded(w->arena, buf_view(&t->middle), s)) {
    if (t->middle.n && witness_pick(w, 2)) buf_char(&t->middle, witness_filler(w));
    buf_str(&t->middle, s);
  }
}

/* What stands between two `*` is a part. */
void witness_add_pattern(Witness *w, WitnessText *t, const Pattern *p) {
  Buf part = {.arena = w->arena};
  bool at_start = true;
  for (uint32_t i = 0; i < p->n && part.n <= WITNESS_BYTES; i++) {
    switch (p->p[i].kind) {
    case PAT_LITERAL: buf_str(&part, p->p[i].text); break;
    case PAT_ONE: buf_char(&part, witness_filler(w)); break;
    case PAT_DASH: buf_char(&part, witness_pick(w, 2) ? '/' : '-'); break;
    case PAT_PLACEHOLDER: w->failed = true; break;
    case PAT_ANY:
      if (part.n) add_part(w, t, buf_view(&part), at_start, false);
      part.n = 0;
      at_start = false;
      break;
    }
  }
  if (part.n || at_start) add_part(w, t, buf_view(&part), at_start, true);
}

Str witness_text(Witness *w, const WitnessText *t) {
  if (t->has_whole) return t->whole;
  Buf out = {.arena = w->arena};
  buf_str(&out, t->start);
  if (witness_pick(w, 2)) buf_char(&out, witness_filler(w));
  Str middle = buf_view(&t->middle);
  if (!has_folded(w->arena, t->start, middle) && !has_folded(w->arena, t->end, middle)) buf_str(&out, middle);
  if (witness_pick(w, 2)) buf_char(&out, witness_filler(w));
  buf_str(&out, t->end);
  if (!out.n) buf_char(&out, witness_filler(w));
  return buf_view(&out);
}

/* --- regular expressions ------------------------------------------------------------------------------------- */

typedef struct {
  Witness *w;
  Buf out;
  bool at_start, at_end;
} Spell;

static bool in_class(const RegexNode *n, uint32_t c) {
  for (uint32_t i = 0; i < n->n; i++)
    if (c >= n->ranges[i].low && c <= n->ranges[i].high) return true;
  return false;
}

static uint32_t one_of_class(Witness *w, const RegexNode *n) {
  static const char usual[] = "ax0A_- ./\\";
  uint32_t from = witness_pick(w, sizeof usual - 1);
  for (uint32_t i = 0; i < sizeof usual - 1; i++) {
    uint32_t c = (unsigned char)usual[(from + i) % (sizeof usual - 1)];
    if (in_class(n, c)) return c;
  }
  return n->n ? n->ranges[0].low : 'x';
}

static void put(Buf *out, uint32_t c) {
  char bytes[4];
  buf_bytes(out, bytes, utf8_encode(c, bytes));
}

/* As deep as the tree, which is bounded; what is longer than an event may be is cut. */
static void spell(Spell *s, const RegexNode *n) {
  if (s->out.n > WITNESS_BYTES) return;
  uint32_t times = n->min;
  switch (n->kind) {
  case REGEX_CHAR: put(&s->out, n->code); return;
  case REGEX_CLASS: put(&s->out, one_of_class(s->w, n)); return;
  case REGEX_ALT: spell(s, n->kids[witness_pick(s->w, n->n)]); return;
  case REGEX_CAT:
    for (uint32_t i = 0; i < n->n; i++) spell(s, n->kids[i]);
    return;
  case REGEX_REPEAT:
    if (times < n->max) times += witness_pick(s->w, 2);
    for (uint32_t i = 0; i < times && i <= WITNESS_BYTES; i++) spell(s, n->kids[0]);
    return;
  case REGEX_LINE_START:
  case REGEX_TEXT_START: s->at_start = s->at_start || !s->out.n; return;
  case REGEX_LINE_END:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF: s->at_end = true; return;
  case REGEX_EMPTY:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: return;
  }
}

void witness_add_regex(Witness *w, WitnessText *t, const IrTest *test) {
  RegexTree tree;
  Spell s = {.w = w, .out = {.arena = w->arena}};
  if (!regex_parse(&tree, test->text, test->flags, w->arena)) {
    w->failed = true;
    return;
  }
  spell(&s, tree.root);
  add_part(w, t, buf_view(&s.out), s.at_start, s.at_end);
}

/* --- numbers ------------------------------------------------------------------------------------------------- */

typedef VEC(Str) Numbers;

enum { MOST_BOUNDS = 16 }; /* of one field that are looked at: their pairs are many more */

static bool compares(PredKind pred, int order) {
  if (pred == PRED_LT) return order < 0;
  if (pred == PRED_LTE) return order <= 0;
  if (pred == PRED_GT) return order > 0;
  return pred == PRED_GTE ? order >= 0 : order == 0;
}

static bool about_numbers(const IrTest *t) { return pred_info[t->pred].operand == OPERAND_NUMBER; }

static bool number_fits(const WitnessField *f, Str number) {
  Decimal n, operand;
  if (!decimal_parse(&n, number)) return false;
  for (uint32_t i = 0; i < f->facts.n; i++) {
    const WitnessFact *x = &f->facts.p[i];
    if (about_numbers(x->test) && decimal_parse(&operand, x->test->text) &&
        compares(x->test->pred, decimal_cmp(&n, &operand)) != x->holds)
      return false;
  }
  return true;
}

/* The number itself, those beside it, and what lies halfway to another one. */
static void add_numbers(Witness *w, Numbers *out, const WitnessField *f, Str operand) {
  double x = strtod(arena_cstr(w->arena, operand), NULL);
  *vec_add(w->arena, out) = operand;
  *vec_add(w->arena, out) = arena_printf(w->arena, "%.15g", x + 1);
  *vec_add(w->arena, out) = arena_printf(w->arena, "%.15g", x - 1);
  for (uint32_t i = 0; i < f->facts.n && i < MOST_BOUNDS; i++) {
    if (!about_numbers(f->facts.p[i].test)) continue;
    double y = strtod(arena_cstr(w->arena, f->facts.p[i].test->text), NULL);
    *vec_add(w->arena, out) = arena_printf(w->arena, "%.15g", x / 2 + y / 2);
  }
}

Str witness_number(Witness *w, const WitnessField *f) {
  Numbers all = {0}, good = {0};
  uint32_t bounds = 0;
  for (uint32_t i = 0; i < f->facts.n && bounds < MOST_BOUNDS; i++) {
    if (!about_numbers(f->facts.p[i].test)) continue;
    add_numbers(w, &all, f, f->facts.p[i].test->text);
    bounds++;
  }
  for (uint32_t i = 0; i < all.n; i++)
    if (number_fits(f, all.p[i])) *vec_add(w->arena, &good) = all.p[i];
  return good.n ? good.p[witness_pick(w, good.n)] : STR("");
}

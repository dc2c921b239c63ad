/* SPDX-License-Identifier: MIT
 * From the anchors of predicates to the tables of a field. */
#include "runtime/index/index_build.h"

Numbers index_keep(Build *b, const NumberVec *list) {
  if (!list->n) return (Numbers){0};
  uint32_t *p = arena_array(b->owner, uint32_t, list->n);
  memcpy(p, list->p, list->n * sizeof *p);
  return (Numbers){p, list->n};
}

/* --- tables of a field --------------------------------------------------------------------------------------- */

static void add_entry(Build *b, TableKind kind, Str text, uint32_t pred) {
  *vec_add(b->scratch, &b->entries[kind]) = table_entry(kind, text, pred);
}

static void add_number(Build *b, Str text, uint32_t pred) {
  add_entry(b, TABLE_WHOLE, text, pred);
  *vec_add(b->scratch, &b->numbers) = pred;
  b->odd |= !index_plain_number(text);
}

static void add_literal(Build *b, Str field, Str text, uint32_t pred) {
  uint32_t at = stats_rarest(b->stats, field, text);
  *vec_add(b->scratch, &b->inside) = (Literal){text, at, pred, stats_rare_places(b->stats, field, text, at)};
}

static void add_anchor(Build *b, Str field, const Anchor *a, uint32_t pred) {
  AnchorKind kind = a->text.n || a->kind == ANCHOR_WHOLE ? a->kind : ANCHOR_PRESENT;
  switch (kind) {
  case ANCHOR_PRESENT: *vec_add(b->scratch, &b->present) = pred; break;
  case ANCHOR_WHOLE: add_entry(b, TABLE_WHOLE, a->text, pred); break;
  case ANCHOR_NUMBER: add_number(b, a->text, pred); break;
  case ANCHOR_PREFIX: add_entry(b, TABLE_PREFIX, a->text, pred); break;
  case ANCHOR_SUFFIX: add_entry(b, TABLE_SUFFIX, a->text, pred); break;
  case ANCHOR_INSIDE: add_literal(b, field, a->text, pred); break;
  }
}

static void clear_field(Build *b) {
  for (int kind = 0; kind < 3; kind++) b->entries[kind].n = 0;
  b->inside.n = b->present.n = b->numbers.n = 0;
  b->odd = false;
}

static const Literals *literals_of(Build *b, const Literal *list, uint32_t n, LiteralsCase letters) {
  return n ? literals_new(list, n, letters, b->owner) : NULL;
}

static IndexField keep_field(Build *b, uint32_t field) {
  IndexField f = {.field = field, .odd = b->odd};
  for (int kind = 0; kind < 3; kind++)
    f.tables[kind] = table_new((TableKind)kind, b->entries[kind].p, b->entries[kind].n, b->owner);
  f.inside = literals_of(b, b->inside.p, b->inside.n, LITERALS_FOLDED);
  f.present = index_keep(b, &b->present);
  f.numbers = index_keep(b, &b->numbers);
  return f;
}

IndexField index_make_field(Build *b, uint32_t field, Numbers preds) {
  Str path = field == FIELD_ANY ? (Str){0} : b->p->fields[field];
  clear_field(b);
  for (uint32_t i = 0; i < preds.n; i++) {
    Anchors a = b->anchors.p[preds.p[i]];
    for (uint32_t k = 0; k < a.n; k++) add_anchor(b, path, &a.p[k], preds.p[i]);
  }
  return keep_field(b, field);
}

/* --- keywords ------------------------------------------------------------------------------------------------ */

static void add_keyword(Build *b, const Anchor *a, uint32_t pred, NumberVec *wide) {
  bool text = a->kind != ANCHOR_PRESENT && a->kind != ANCHOR_NUMBER && a->text.n;
  Str literal = text ? line_literal(a->text, b->owner) : (Str){0};
  if (literal.n) add_literal(b, (Str){0}, literal, pred);
  else if (text && line_is_wide(a->text)) *vec_add(b->scratch, wide) = pred;
  else *vec_add(b->scratch, &b->present) = pred;
}

/* Moves literals of fewer than 4 bytes to the end, if there are many literals: a line is long, and short ones among many would
 * take a search of their own, where they alone are few. Returns how many stay. */
static uint32_t part_shorter(Build *b) {
  enum { MANY = 64, SHORT = 4 };
  uint32_t n = b->inside.n;
  for (uint32_t i = 0; n > i && b->inside.n > MANY;) {
    Literal l = b->inside.p[i];
    if (l.text.n >= SHORT) {
      i++;
      continue;
    }
    b->inside.p[i] = b->inside.p[--n];
    b->inside.p[n] = l;
  }
  return n;
}

static void add_keywords(Build *b, Numbers preds, bool open, NumberVec *wide) {
  for (uint32_t i = 0; i < preds.n; i++) {
    Anchors a = b->anchors.p[preds.p[i]];
    if (b->open[b->preds.p[preds.p[i]].pred] != open) continue;
    for (uint32_t k = 0; k < a.n; k++) add_keyword(b, &a.p[k], preds.p[i], wide);
  }
}

IndexLine index_make_line(Build *b, uint32_t number, Numbers preds) {
  NumberVec wide = {0};
  clear_field(b);
  add_keywords(b, preds, true, &wide);
  uint32_t n = part_shorter(b);
  IndexLine line = {.field = number};
  line.literals = literals_of(b, b->inside.p, n, LITERALS_ASCII);
  if (n < b->inside.n) line.shorter = literals_of(b, b->inside.p + n, b->inside.n - n, LITERALS_ASCII);
  b->inside.n = 0;
  add_keywords(b, preds, false, &wide);
  line.gated = literals_of(b, b->inside.p, b->inside.n, LITERALS_ASCII);
  line.wide = index_keep(b, &wide);
  line.rest = index_keep(b, &b->present);
  return line;
}

/* SPDX-License-Identifier: MIT
 * Parts are numbered from the leaves up. Those of `and` and `or` are sorted; a list of values is an `or` of its values, with `all` an
 * `and`. Mixed in the manner of MurmurHash3 (x64, 128 bits; Austin Appleby, public domain), eight bytes at a time. */
#include "lint/canon.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "compiler/modifiers.h"

typedef VEC(Canon) Canons;

typedef struct {
  const IrNode *node;
  Canon canon;
} Known;

typedef struct {
  Arena *arena, *texts; /* texts: folded, of one test */
  const Known *known;   /* selections by their address */
  uint32_t n_known;
} Maker;

/* --- mixing ----------------------------------------------------------------------------------------------------------- */

static uint64_t turn(uint64_t x, unsigned by) { return x << by | x >> (64 - by); }

static void mix(Canon *h, uint64_t word) {
  const uint64_t k1 = 0x87C37B91114253D5ull, k2 = 0x4CF5AD432745937Full;
  h->a = turn(h->a ^ turn(word * k1, 31) * k2, 27) + h->b;
  h->a = h->a * 5 + 0x52DCE729;
  h->b = turn(h->b ^ turn((word ^ h->a) * k2, 33) * k1, 31) + h->a;
  h->b = h->b * 5 + 0x38495AB5;
}

static void mix_bytes(Canon *h, Str s) {
  uint64_t word;
  mix(h, s.n);
  for (; s.n >= sizeof word; s = str_from(s, sizeof word)) {
    memcpy(&word, s.p, sizeof word);
    mix(h, word);
  }
  word = 0;
  if (s.n) memcpy(&word, s.p, s.n);
  mix(h, word);
}

static void mix_canon(Canon *h, Canon x) {
  mix(h, x.a);
  mix(h, x.b);
}

static int by_number(const void *x, const void *y) {
  const Canon *a = x, *b = y;
  if (a->a != b->a) return a->a < b->a ? -1 : 1;
  return (a->b > b->b) - (a->b < b->b);
}

/* --- tests ------------------------------------------------------------------------------------------------------------ */

/* `*?` fits what `?*` fits. */
static void mix_pattern(Maker *m, Canon *h, const IrTest *t) {
  uint64_t ones = 0, any = 0;
  mix(h, t->cased);
  for (uint32_t i = 0; i <= t->pattern.n; i++) {
    const PatPart *part = &t->pattern.p[i];
    bool more = i < t->pattern.n;
    if (more && part->kind == PAT_ANY) any = 1;
    else if (more && part->kind == PAT_ONE) ones++;
    if (more && (part->kind == PAT_ANY || part->kind == PAT_ONE)) continue;
    mix(h, ones << 1 | any);
    ones = any = 0;
    if (!more) break;
    mix(h, part->kind);
    mix_bytes(h, part->kind == PAT_LITERAL && !t->cased ? fold_text(m->texts, part->text) : part->text);
  }
}

static void mix_net(Canon *h, const Net *net) {
  mix(h, (uint64_t)net->bits << 1 | net->v4);
  mix_bytes(h, (Str){(const char *)net->base.bytes, sizeof net->base.bytes});
}

static void mix_test(Maker *m, Canon *h, const IrTest *t) {
  mix(h, t->pred);
  switch (pred_info[t->pred].operand) {
  case OPERAND_NONE: return;
  case OPERAND_PATTERN: mix_pattern(m, h, t); return;
  case OPERAND_NET: mix_net(h, &t->net); return;
  case OPERAND_BOOL: mix(h, t->truth); return;
  case OPERAND_TIME: mix(h, (uint64_t)t->part << 8 | t->compare); break;
  case OPERAND_REGEX:
  case OPERAND_FIELD: mix(h, t->flags); break;
  case OPERAND_TEXT:
  case OPERAND_NUMBER: break;
  }
  mix_bytes(h, t->text);
}

/* What waits for values depends on what will be done with them. */
static void mix_pending(Canon *h, const IrItem *item) {
  mix(h, (uint64_t)item->stage << 2 | (uint64_t)item->all << 1 | 1);
  for (uint32_t i = 0; i < item->n_pending; i++) mix_bytes(h, str_of(item->pending[i]->name));
}

static Canon start_item(const IrItem *item) {
  Canon h = {IR_ITEM, item->any_field};
  mix_bytes(&h, item->field);
  if (item->open) mix_pending(&h, item);
  return h;
}

/* --- trees ------------------------------------------------------------------------------------------------------------ */

/* One of them is itself. */
static Canon join(Canons *parts, IrKind kind) {
  uint32_t n = parts->n ? 1 : 0;
  if (parts->n > 1) qsort(parts->p, parts->n, sizeof *parts->p, by_number);
  for (uint32_t i = 1; i < parts->n; i++)
    if (!canon_same(parts->p[i], parts->p[n - 1])) parts->p[n++] = parts->p[i];
  if (n == 1) return parts->p[0];
  Canon h = {kind, n};
  for (uint32_t i = 0; i < n; i++) mix_canon(&h, parts->p[i]);
  return h;
}

static void add_value(Maker *m, Canons *out, Canon start, const IrValue *v) {
  for (uint32_t i = 0; i < v->n_alts; i++) {
    Canon h = start;
    mix_test(m, &h, &v->alts[i]);
    *vec_add(m->arena, out) = h;
  }
}

/* A value under `all` is an `or` of its alternatives. */
static void add_item(Maker *m, Canons *out, const IrItem *item) {
  Canon start = start_item(item);
  for (uint32_t i = 0; i < item->n_values; i++) {
    Canons alts = {0};
    if (!item->all) {
      add_value(m, out, start, &item->values[i]);
      continue;
    }
    add_value(m, &alts, start, &item->values[i]);
    *vec_add(m->arena, out) = join(&alts, IR_OR);
  }
}

static int by_address(const void *x, const void *y) {
  const Known *a = x, *b = y;
  return ((uintptr_t)a->node > (uintptr_t)b->node) - ((uintptr_t)a->node < (uintptr_t)b->node);
}

static const Canon *find_known(const Maker *m, const IrNode *n) {
  Known key = {.node = n};
  const Known *known = m->n_known ? bsearch(&key, m->known, m->n_known, sizeof key, by_address) : NULL;
  return known ? &known->canon : NULL;
}

static Canon make(Maker *m, const IrNode *n);

/* The parts of an `and` or `or`, with those of kids of the same kind; of a selection, which may be there many times, its number. */
static void add_parts(Maker *m, Canons *out, const IrNode *n, IrKind kind) {
  const Canon *known = find_known(m, n);
  bool item = n->kind == IR_ITEM && !n->item->open && n->item->n_values > 0;
  if (known) {
    *vec_add(m->arena, out) = *known;
  } else if (n->kind == kind) {
    for (uint32_t i = 0; i < n->n_kids; i++) add_parts(m, out, n->kids[i], kind);
  } else if (item && (n->item->all ? IR_AND : IR_OR) == kind) {
    add_item(m, out, n->item);
  } else {
    *vec_add(m->arena, out) = make(m, n);
  }
}

static Canon make_open(Maker *m, const IrItem *item) {
  Canons parts = {0};
  add_item(m, &parts, item);
  Canon h = start_item(item);
  mix_canon(&h, join(&parts, item->all ? IR_AND : IR_OR));
  return h;
}

static Canon make(Maker *m, const IrNode *n) {
  const Canon *known = find_known(m, n);
  if (known) return *known;
  Canon h = {n->kind, n->truth};
  Canons parts = {0};
  switch (n->kind) {
  case IR_CONST: return h;
  case IR_NOT:
    if (n->kids[0]->kind == IR_NOT) return make(m, n->kids[0]->kids[0]);
    mix_canon(&h, make(m, n->kids[0]));
    return h;
  case IR_ITEM:
    if (n->item->open) return make_open(m, n->item);
    add_item(m, &parts, n->item);
    return join(&parts, n->item->all ? IR_AND : IR_OR);
  case IR_AND:
  case IR_OR: break;
  }
  add_parts(m, &parts, n, n->kind);
  return join(&parts, n->kind);
}

static Canon make_in(const IrNode *n, const Known *known, uint32_t n_known, Arena *arena) {
  Arena *scratch = arena_sub(arena), *texts = arena_sub(arena);
  Maker m = {scratch, texts, known, n_known};
  Canon h = make(&m, n);
  arena_sub_done(texts);
  arena_sub_done(scratch);
  return h;
}

const Canon *canon_selections(const IrRule *rule, Arena *arena) {
  uint32_t n = rule->rule->n_detections;
  Canon *out = arena_array(arena, Canon, n);
  for (uint32_t i = 0; i < n; i++) out[i] = make_in(rule->selections[i], NULL, 0, arena);
  return out;
}

Canon canon_condition(const IrRule *rule, const Canon *selections, Arena *arena) {
  uint32_t n = rule->rule->n_detections;
  Known *known = arena_array(arena, Known, n);
  for (uint32_t i = 0; i < n; i++) known[i] = (Known){rule->selections[i], selections[i]};
  if (n > 1) qsort(known, n, sizeof *known, by_address);
  return make_in(rule->root, known, n, arena);
}

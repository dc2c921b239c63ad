/* SPDX-License-Identifier: MIT
 * From a finding, by its id and its place, to what it says of verdicts. */
#include "tests/sound/sound.h"

const char *const claim_ids[] = {
  "always-false",         "always-true",      "filter-swallows",     "numeric-range-empty",  "unreachable-selection",
  "selection-subsumed",   "filter-no-effect", "duplicate-selection", "value-subsumed",       "cidr-overlap",
  "regex-always-matches", "fieldref-self",    "negative-only",       "all-without-contains", NULL,
};

static bool inside(Span outer, Span at) { return outer.file == at.file && outer.start <= at.start && at.start < outer.end; }

IrNode *claim_replaced(Arena *a, IrNode *n, const IrNode *old, IrNode *new) {
  if (n == old) return new;
  IrNode *out = arena_new(a, IrNode);
  *out = *n;
  out->kids = arena_array(a, IrNode *, n->n_kids);
  for (uint32_t i = 0; i < n->n_kids; i++) out->kids[i] = claim_replaced(a, n->kids[i], old, new);
  return out;
}

typedef struct {
  const IrNode *wanted;
  uint32_t n, at;
} Order;

static void count_node(void *ctx, IrNode *n) {
  Order *o = ctx;
  if (n == o->wanted && o->at == UINT32_MAX) o->at = o->n;
  o->n++;
}

uint32_t claim_order(const IrRule *ir, const IrNode *selection) {
  Order o = {.wanted = selection, .at = UINT32_MAX};
  ir_walk(ir->root, count_node, &o);
  return o.at;
}

/* --- what a place is ----------------------------------------------------------------------------------------- */

static IrNode *selection_named(const IrRule *ir, Str name) {
  for (uint32_t i = 0; i < ir->rule->n_detections; i++)
    if (str_eq(ir->rule->detections[i].name, name)) return ir->selections[i];
  return NULL;
}

typedef struct {
  Span at;
  IrNode *item; /* the innermost */
  uint32_t value;
  bool has_value;
} Where;

static void look_for(void *ctx, IrNode *n) {
  Where *w = ctx;
  if (n->kind != IR_ITEM || !inside(n->item->at, w->at)) return;
  w->item = n;
  for (uint32_t i = 0; i < n->item->n_values; i++) {
    if (!inside(n->item->values[i].at, w->at)) continue;
    w->value = i;
    w->has_value = true;
  }
}

/* Where documents are merged, an item may stand outside of what its selection's place says. */
static IrNode *selection_at(const IrRule *ir, Span at) {
  for (uint32_t i = 0; i < ir->rule->n_detections; i++)
    if (inside(ir->rule->detections[i].node->at, at) || inside(ir->rule->detections[i].name_at, at)) return ir->selections[i];
  for (uint32_t i = 0; i < ir->rule->n_detections; i++) {
    Where w = {.at = at};
    ir_walk(ir->selections[i], look_for, &w);
    if (w.item) return ir->selections[i];
  }
  return NULL;
}

IrNode *claim_selection(const IrRule *ir, Str message, uint32_t i) {
  for (size_t from = 0; from < message.n;) {
    size_t open = str_find(message, STR("`"), from);
    size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(message, STR("`"), open + 1);
    if (close == SIZE_MAX) return NULL;
    IrNode *s = selection_named(ir, str_sub(message, open + 1, close));
    if (s && i-- == 0) return s;
    from = close + 1;
  }
  return NULL;
}

static IrNode *first_told(const IrRule *ir, Str message) { return claim_selection(ir, message, 0); }

static IrNode *last_told(const IrRule *ir, Str message) {
  IrNode *found = NULL, *s;
  for (uint32_t i = 0; (s = claim_selection(ir, message, i)); i++) found = s;
  return found;
}

/* The map with an item: a kid of the list, or the whole selection. */
static IrNode *map_with(IrNode *selection, Span at) {
  for (uint32_t i = 0; selection->kind == IR_OR && i < selection->n_kids; i++) {
    Where w = {.at = at};
    ir_walk(selection->kids[i], look_for, &w);
    if (w.item || inside(selection->kids[i]->at, at)) return selection->kids[i];
  }
  return selection;
}

/* --- claims by id -------------------------------------------------------------------------------------------- */

typedef struct {
  Arena *a;
  const IrRule *ir;
  const Finding *f;
  Claim out;
} Reading;

static void lost(Reading *r) { r->out.kind = CLAIM_LOST; }

static void about(Reading *r, ClaimKind kind, IrNode *x, IrNode *y) {
  r->out.kind = x ? kind : CLAIM_LOST;
  r->out.x = x;
  r->out.y = y;
}

static IrNode *item_alone(Arena *a, const IrNode *n, const IrItem *item) {
  IrNode *out = arena_new(a, IrNode);
  *out = *n;
  out->item = arena_new(a, IrItem);
  *out->item = *item;
  return out;
}

/* A value of the item is enough for the rest. */
static void without_value(Reading *r) {
  Where w = {.at = r->f->at};
  IrNode *s = selection_at(r->ir, r->f->at);
  if (s) ir_walk(s, look_for, &w);
  if (!w.has_value || w.item->item->n_values < 2) {
    lost(r);
    return;
  }
  IrItem item = *w.item->item;
  item.values = arena_array(r->a, IrValue, item.n_values);
  item.n_values = 0;
  for (uint32_t i = 0; i < w.item->item->n_values; i++)
    if (i != w.value) item.values[item.n_values++] = w.item->item->values[i];
  about(r, CLAIM_SAME, w.item, item_alone(r->a, w.item, &item));
}

/* Of the item, this value alone. */
static void value_always(Reading *r) {
  Where w = {.at = r->f->at};
  IrNode *s = selection_at(r->ir, r->f->at);
  if (s) ir_walk(s, look_for, &w);
  if (!w.has_value) {
    lost(r);
    return;
  }
  IrItem item = *w.item->item;
  item.values += w.value;
  item.n_values = 1;
  about(r, CLAIM_TEXT, item_alone(r->a, w.item, &item), NULL);
}

/* A map of a list adds nothing: the list is the same without it. */
static void without_map(Reading *r, IrNode *s) {
  IrNode *map = map_with(s, r->f->at);
  if (map == s) lost(r);
  else about(r, CLAIM_SAME, s, claim_replaced(r->a, s, map, ir_const(r->a, map->at, false)));
}

static void selection_idle(Reading *r) {
  IrNode *s = selection_at(r->ir, r->f->at);
  if (s) without_map(r, s);
  else about(r, CLAIM_CONSTANT, last_told(r->ir, r->f->message), NULL);
}

static void unreachable(Reading *r) {
  IrNode *s = selection_at(r->ir, r->f->at);
  if (!s) about(r, CLAIM_CONSTANT, first_told(r->ir, r->f->message), NULL);
  else about(r, CLAIM_NEVER, str_find(r->f->message, STR("this part of"), 0) == SIZE_MAX ? s : map_with(s, r->f->at), NULL);
}

static void duplicate(Reading *r) {
  IrNode *again = selection_at(r->ir, r->f->at), *first = last_told(r->ir, r->f->message);
  if (!again || !first || again == first) lost(r);
  else about(r, CLAIM_SAME, again, first);
}

static void range_empty(Reading *r) {
  IrNode *s = selection_at(r->ir, r->f->at);
  r->out.flat = r->f->severity != SEV_ERROR;
  about(r, CLAIM_NEVER, s ? map_with(s, r->f->at) : NULL, NULL);
}

/* The item at `all`. Under `neq` it never holds either. */
static void all_exclusive(Reading *r) {
  Where w = {.at = r->f->at};
  IrNode *s = selection_at(r->ir, r->f->at);
  if (s) ir_walk(s, look_for, &w);
  r->out.flat = r->f->severity != SEV_ERROR;
  about(r, CLAIM_NEVER, w.item, NULL);
}

Claim claim_of(Arena *a, const IrRule *ir, const Finding *f) {
  Reading r = {a, ir, f, {.id = checks[f->check].id, .at = f->at}};
  const char *id = r.out.id;
  if (!strcmp(id, "always-false") || !strcmp(id, "filter-swallows")) about(&r, CLAIM_NEVER, ir->root, NULL);
  else if (!strcmp(id, "always-true")) about(&r, CLAIM_ALWAYS, ir->root, NULL);
  else if (!strcmp(id, "negative-only")) about(&r, CLAIM_ALWAYS, ir->root, NULL), r.out.empty = true;
  else if (!strcmp(id, "unreachable-selection")) unreachable(&r);
  else if (!strcmp(id, "selection-subsumed") || !strcmp(id, "filter-no-effect")) selection_idle(&r);
  else if (!strcmp(id, "duplicate-selection")) duplicate(&r);
  else if (!strcmp(id, "value-subsumed") || !strcmp(id, "cidr-overlap")) without_value(&r);
  else if (!strcmp(id, "regex-always-matches") || !strcmp(id, "fieldref-self")) value_always(&r);
  else if (!strcmp(id, "numeric-range-empty")) range_empty(&r);
  else if (!strcmp(id, "all-without-contains")) all_exclusive(&r);
  return r.out;
}

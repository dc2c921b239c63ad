/* SPDX-License-Identifier: MIT */
#include "backends/presence.h"

enum { MOST_FIELDS = 64 }; /* looked at in full; of more, the worst is believed */

typedef enum { AS_ABSENT, AS_EMPTY, AS_TARGET, AS_COUNT } As;

/* What is left of a tree: a constant, or a node over what does not depend on the field. */
typedef struct Left Left;
struct Left {
  IrKind kind; /* CONST; ITEM: `of` stands for it */
  bool truth;
  const void *of;
  const Left **kids;
  uint32_t n;
};

bool presence_regex_nullable(const RegexNode *n) {
  switch (n->kind) {
  case REGEX_CHAR:
  case REGEX_CLASS:
  case REGEX_WORD_EDGE: return false;
  case REGEX_EMPTY:
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_START:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF:
  case REGEX_NOT_WORD_EDGE: return true;
  case REGEX_REPEAT: return n->min == 0 || presence_regex_nullable(n->kids[0]);
  case REGEX_CAT:
  case REGEX_ALT:
    for (uint32_t i = 0; i < n->n; i++)
      if (presence_regex_nullable(n->kids[i]) != (n->kind == REGEX_CAT)) return n->kind == REGEX_ALT;
    return n->kind == REGEX_CAT;
  }
  return true;
}

static bool nullable(const IrTest *t, Arena *a) {
  RegexTree tree;
  Arena *scratch = arena_sub(a);
  bool yes = regex_parse(&tree, t->text, t->flags, scratch) && presence_regex_nullable(tree.root);
  arena_sub_done(scratch);
  return yes;
}

/* A test of the field, where that is absent or an empty text. */
static bool holds(const IrTest *t, As as, Arena *a) {
  switch (t->pred) {
  case PRED_IS_NULL: return as != AS_EMPTY;
  case PRED_EXISTS: return (as == AS_EMPTY) == t->truth;
  case PRED_EQ: return as != AS_ABSENT && !t->text.n;
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS: return as == AS_EMPTY && !t->text.n;
  case PRED_RE: return as == AS_EMPTY && nullable(t, a);
  case PRED_GLOB: /* asks for at least one character */
  case PRED_CIDR:
  case PRED_NUMBER:
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE:
  case PRED_BOOL:
  case PRED_TIME:
  case PRED_FIELDREF:
  case PRED_COUNT: break;
  }
  return false;
}

/* --- what is left of a tree ---------------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  Str field;
  As as;
} Look;

static const Left *left(Look *l, IrKind kind, bool truth, const void *of) {
  Left *out = arena_new(l->arena, Left);
  *out = (Left){.kind = kind, .truth = truth, .of = of};
  return out;
}

static bool refers(const IrItem *item, Str field) {
  for (uint32_t i = 0; i < item->n_values; i++)
    for (uint32_t k = 0; k < item->values[i].n_alts; k++) {
      const IrTest *t = &item->values[i].alts[k];
      if (t->pred == PRED_FIELDREF && (str_eq(item->field, field) || str_eq(t->text, field))) return true;
    }
  return false;
}

static const Left *left_of_item(Look *l, const IrItem *item) {
  static const char empty = 0;
  if (item->any_field) return left(l, IR_ITEM, false, item);
  /* Two empty texts are equal: what that comes to depends on the other field. */
  if (refers(item, l->field)) return left(l, IR_ITEM, false, l->as == AS_EMPTY ? &empty : (const void *)item);
  if (!str_eq(item->field, l->field)) return left(l, IR_ITEM, false, item);
  for (uint32_t i = 0; i < item->n_values; i++) {
    bool any = false;
    for (uint32_t k = 0; k < item->values[i].n_alts && !any; k++) any = holds(&item->values[i].alts[k], l->as, l->arena);
    if (any != item->all) return left(l, IR_CONST, any, NULL);
  }
  return left(l, IR_CONST, item->all, NULL);
}

static const Left *left_of(Look *l, const IrNode *n) {
  if (n->kind == IR_CONST) return left(l, IR_CONST, n->truth, NULL);
  if (n->kind == IR_ITEM) return left_of_item(l, n->item);
  Left *out = arena_new(l->arena, Left);
  *out = (Left){.kind = n->kind, .kids = arena_array(l->arena, const Left *, n->n_kids)};
  for (uint32_t i = 0; i < n->n_kids; i++) {
    const Left *kid = left_of(l, n->kids[i]);
    if (kid->kind == IR_CONST && n->kind == IR_NOT) return left(l, IR_CONST, !kid->truth, NULL);
    if (kid->kind == IR_CONST && kid->truth == (n->kind == IR_OR)) return kid;
    if (kid->kind != IR_CONST) out->kids[out->n++] = kid;
  }
  if (!out->n) return left(l, IR_CONST, n->kind == IR_AND, NULL);
  return out->n == 1 && n->kind != IR_NOT ? out->kids[0] : out;
}

static bool same(const Left *x, const Left *y) {
  if (x->kind != y->kind || x->truth != y->truth || x->of != y->of || x->n != y->n) return false;
  for (uint32_t i = 0; i < x->n; i++)
    if (!same(x->kids[i], y->kids[i])) return false;
  return true;
}

static Presence compare(Emit *e, Str field) {
  Arena *scratch = arena_sub(e->arena);
  const Left *of[AS_COUNT];
  for (int as = 0; as < AS_COUNT; as++) {
    Look l = {scratch, field, (As)as};
    of[as] = left_of(&l, e->branch->root);
  }
  bool absent = same(of[AS_ABSENT], of[AS_TARGET]), empty = same(of[AS_EMPTY], of[AS_TARGET]);
  arena_sub_done(scratch);
  return absent && empty ? PRESENCE_EXACT : absent ? PRESENCE_ABSENT : empty ? PRESENCE_EMPTY : PRESENCE_WRONG;
}

/* --- fields -------------------------------------------------------------------------------------------------- */

static bool differs(const IrTest *t, Arena *a) {
  bool absent = holds(t, AS_ABSENT, a);
  return holds(t, AS_EMPTY, a) != absent || holds(t, AS_TARGET, a) != absent || t->pred == PRED_FIELDREF;
}

static void set(Emit *e, Str field, uint32_t *looked) {
  uint32_t id = intern_id(&e->fields, field);
  while (e->presence.n <= id) *vec_add(e->arena, &e->presence) = UINT8_MAX;
  if (e->presence.p[id] != UINT8_MAX) return;
  e->presence.p[id] = (uint8_t)((*looked)++ < MOST_FIELDS ? compare(e, field) : PRESENCE_WRONG);
}

typedef struct {
  Emit *e;
  uint32_t looked;
} Search;

static void visit(void *ctx, IrNode *n) {
  Search *s = ctx;
  if (n->kind != IR_ITEM || n->item->any_field) return;
  for (uint32_t i = 0; i < n->item->n_values; i++)
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++) {
      const IrTest *t = &n->item->values[i].alts[k];
      if (!differs(t, s->e->arena)) continue;
      set(s->e, n->item->field, &s->looked);
      if (t->pred == PRED_FIELDREF) set(s->e, t->text, &s->looked);
    }
}

void presence_find(Emit *e) {
  Search s = {e, 0};
  ir_walk(e->branch->root, visit, &s);
}

Presence presence_of(const Emit *e, Str field) {
  uint32_t id = intern_find(&e->fields, field);
  return id < e->presence.n && e->presence.p[id] != UINT8_MAX ? (Presence)e->presence.p[id] : PRESENCE_EXACT;
}

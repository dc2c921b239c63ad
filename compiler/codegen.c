/* SPDX-License-Identifier: MIT */
#include "compiler/codegen.h"

#include "compiler/link.h"

typedef struct {
  PlainCode *out;
  Linker *linker;
  Arena *arena;
} Gen;

static uint32_t here(const Gen *g) { return g->out->code.n; }

static uint32_t emit(Gen *g, Op op, uint32_t arg, PlaceRec place) {
  *vec_add(g->arena, &g->out->code) = insn(op, arg);
  *vec_add(g->arena, &g->out->places) = place;
  return here(g) - 1;
}

static PlaceRec place_of(const Gen *g, Span at, Str selection) { return linker_place(g->linker, at, selection); }

static void gen_test(Gen *g, const IrItem *item, const IrValue *v, const IrTest *t, Str selection) {
  PlaceRec place = place_of(g, v->at, selection);
  emit(g, OP_FIELD, linker_field(g->linker, item), place);
  emit(g, OP_TEST, linker_test(g->linker, t), place);
}

/* A chain `a op b op c` with short circuit. Every jump of it goes to its end; while the end is not known, a jump holds
 * the number of the jump before it, so that no list is needed. The jumps carry the place of the whole chain: that is how
 * runtime/tree.c tells chains apart that end together. */
typedef struct {
  Op op;
  uint32_t last; /* the newest jump; UINT32_MAX for none */
  Span at;
  Str selection;
  PlaceRec place; /* of both, from the first jump on: most chains have no jump at all */
} Jumps;

static Jumps jumps(Op op, Span at, Str selection) {
  return (Jumps){.op = op, .last = UINT32_MAX, .at = at, .selection = selection};
}

static void jump(Gen *g, Jumps *j) {
  uint32_t link = j->last;
  if (link == UINT32_MAX) j->place = place_of(g, j->at, j->selection);
  j->last = emit(g, j->op, 0, j->place);
  g->out->places.p[j->last].line = link; /* borrowed until land() */
}

static void land(Gen *g, const Jumps *j) {
  for (uint32_t at = j->last, next; at != UINT32_MAX; at = next) {
    next = g->out->places.p[at].line;
    g->out->places.p[at].line = j->place.line;
    g->out->code.p[at] = insn(j->op, here(g) - at - 1);
  }
}

static void gen_value(Gen *g, const IrItem *item, const IrValue *v, Str selection) {
  Jumps j = jumps(OP_OR_JUMP, v->at, selection);
  for (uint32_t i = 0; i < v->n_alts; i++) {
    if (i) jump(g, &j);
    gen_test(g, item, v, &v->alts[i], selection);
  }
  land(g, &j);
}

static void gen_item(Gen *g, const IrItem *item, Str selection) {
  Jumps j = jumps(item->all ? OP_AND_JUMP : OP_OR_JUMP, item->at, selection);
  for (uint32_t i = 0; i < item->n_values; i++) {
    if (i) jump(g, &j);
    gen_value(g, item, &item->values[i], selection);
  }
  land(g, &j);
}

static void gen(Gen *g, const IrNode *n) {
  switch (n->kind) {
  case IR_CONST: emit(g, n->truth ? OP_TRUE : OP_FALSE, 0, place_of(g, n->at, n->selection)); return;
  case IR_ITEM: gen_item(g, n->item, n->selection); return;
  case IR_NOT:
    gen(g, n->kids[0]);
    emit(g, OP_NOT, 0, place_of(g, n->at, n->selection));
    return;
  case IR_AND:
  case IR_OR: break;
  }
  Jumps j = jumps(n->kind == IR_AND ? OP_AND_JUMP : OP_OR_JUMP, n->at, n->selection);
  for (uint32_t i = 0; i < n->n_kids; i++) {
    if (i) jump(g, &j);
    gen(g, n->kids[i]);
  }
  land(g, &j);
}

void codegen_rule(PlainCode *out, const IrRule *rule, Linker *linker) {
  Gen g = {out, linker, linker_scratch(linker)};
  gen(&g, rule->root);
  emit(&g, OP_RET, 0, (PlaceRec){0});
}

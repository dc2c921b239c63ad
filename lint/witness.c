/* SPDX-License-Identifier: MIT
 * The search for an event: in each attempt an alternative is chosen wherever one is enough, and a value is made of what each field
 * must satisfy then. The trees together are compiled to a program once; whether an attempt is an event of theirs is what this says,
 * not how the attempt was made. */
#include "compiler/codegen.h"
#include "compiler/link.h"
#include "lint/witness_internal.h"
#include "runtime/event_json.h"
#include "runtime/vm.h"

enum {
  ATTEMPTS = 256,
  MOST_TESTS = 4096,    /* of the trees together; more of them are not looked at */
  MOST_FACTS = 1 << 17, /* of all attempts */
};

/* --- choices ------------------------------------------------------------------------------------------------- */

uint32_t witness_pick(Witness *w, uint32_t n) {
  if (!w->state || n < 2) return 0;
  w->state ^= w->state << 13;
  w->state ^= w->state >> 7;
  w->state ^= w->state << 17;
  uint32_t x = (uint32_t)(w->state >> 32);
  return x & 1 ? 0 : (x >> 1) % n;
}

uint32_t witness_root(const Witness *w, uint32_t i) {
  while (w->fields.p[i].same_as != i) i = w->fields.p[i].same_as;
  return i;
}

/* Keywords are looked for in every field: in one of this name they are found. */
static uint32_t field_of(Witness *w, Str name) {
  for (uint32_t i = 0; i < w->fields.n; i++)
    if (str_eq(w->fields.p[i].name, name)) return i;
  uint32_t i = w->fields.n;
  *vec_add(w->arena, &w->fields) = (WitnessField){.name = name, .same_as = i};
  return i;
}

/* A reference to another field: both have one value. */
static void join_fields(Witness *w, uint32_t a, uint32_t b) {
  if (a == b) return;
  WitnessField *from = &w->fields.p[a], *to = &w->fields.p[b];
  for (uint32_t i = 0; i < from->facts.n; i++) *vec_add(w->arena, &to->facts) = from->facts.p[i];
  from->same_as = b;
}

static void add_fact(Witness *w, const IrItem *item, const IrTest *t, bool holds) {
  uint32_t i = witness_root(w, field_of(w, item->any_field ? STR("Message") : item->field));
  *vec_add(w->arena, &w->fields.p[i].facts) = (WitnessFact){t, holds};
  if (holds && t->pred == PRED_FIELDREF) {
    uint32_t other = witness_root(w, field_of(w, t->text));
    join_fields(w, i, other);
  }
}

/* One alternative must hold, or none may. */
static void add_value(Witness *w, const IrItem *item, const IrValue *v, bool holds) {
  if (holds) add_fact(w, item, &v->alts[witness_pick(w, v->n_alts)], true);
  for (uint32_t i = 0; !holds && i < v->n_alts; i++) add_fact(w, item, &v->alts[i], false);
}

static void add_item(Witness *w, const IrItem *item, bool holds) {
  if (item->all != holds && item->n_values) add_value(w, item, &item->values[witness_pick(w, item->n_values)], holds);
  for (uint32_t i = 0; item->all == holds && i < item->n_values; i++) add_value(w, item, &item->values[i], holds);
}

static void add_node(Witness *w, const IrNode *n, bool holds) {
  switch (n->kind) {
  case IR_CONST: w->failed = w->failed || n->truth != holds; return;
  case IR_ITEM: add_item(w, n->item, holds); return;
  case IR_NOT: add_node(w, n->kids[0], !holds); return;
  case IR_AND:
  case IR_OR: break;
  }
  bool each = (n->kind == IR_AND) == holds;
  if (!each && n->n_kids) add_node(w, n->kids[witness_pick(w, n->n_kids)], holds);
  for (uint32_t i = 0; each && i < n->n_kids; i++) add_node(w, n->kids[i], holds);
}

/* A name with dots stands as it is: a key that equals the whole path is found first (semantics 7.2). */
static void write_event(Witness *w, Buf *out) {
  Str *values = arena_array(w->arena, Str, w->fields.n);
  buf_char(out, '{');
  for (uint32_t i = 0; i < w->fields.n && !w->failed; i++) {
    uint32_t root = witness_root(w, i);
    if (!values[root].p) values[root] = witness_value(w, root);
    if (!values[root].n) continue;
    if (out->n > 1) buf_str(out, STR(", "));
    buf_json(out, w->fields.p[i].name);
    buf_str(out, STR(": "));
    buf_str(out, values[root]);
  }
  buf_char(out, '}');
}

/* --- the program that decides -------------------------------------------------------------------------------- */

typedef struct {
  uint32_t tests;
  bool strange; /* a placeholder waits for its values, or a list is empty: the compiler has more to do before there is code */
} Survey;

/* What a place is in is not known here, and nobody asks. */
static void survey(void *ctx, IrNode *n) {
  Survey *s = ctx;
  n->at = (Span){0};
  n->selection = (Str){0};
  s->strange |= (n->kind == IR_AND || n->kind == IR_OR) && !n->n_kids;
  if (n->kind != IR_ITEM) return;
  n->item->at = (Span){0};
  s->strange |= n->item->open || !n->item->n_values;
  for (uint32_t i = 0; i < n->item->n_values; i++) {
    n->item->values[i].at = (Span){0};
    s->tests += n->item->values[i].n_alts;
    s->strange |= !n->item->values[i].n_alts;
  }
}

static Program *program_of(Arena *a, IrNode *root) {
  Sources sources = {.arena = a};
  Vars vars = {0};
  Rule rule = {.root = arena_new(a, YamlNode)};
  ImageError error;
  source_add(&sources, STR(""), STR(""));
  Linker *linker = linker_new(a, &sources);
  if (!linker_add(linker, &(IrRule){.rule = &rule, .root = root})) return NULL;
  return program_open(linker_finish(linker, &vars, a), a, &error);
}

static bool holds(Vm *vm, Str json) {
  JsonError error;
  Value *event = event_json_read(json, vm->scratch, &error);
  if (!event) return false;
  vm_event(vm, event);
  bool result = vm_run(vm, 0, CODE_FUSED);
  arena_reset(vm->scratch);
  return result;
}

static bool search(Buf *out, Vm *vm, const IrNode *root, Arena *arena) {
  uint64_t facts = 0;
  for (uint32_t attempt = 0; attempt < ATTEMPTS && facts < MOST_FACTS; attempt++) {
    Witness w = {.arena = arena_sub(arena), .state = attempt * UINT64_C(0x9E3779B97F4A7C15)};
    out->n = 0;
    add_node(&w, root, true);
    if (!w.failed) write_event(&w, out);
    for (uint32_t i = 0; i < w.fields.n; i++) facts += w.fields.p[i].facts.n;
    arena_sub_done(w.arena);
    if (!w.failed && out->n <= WITNESS_BYTES && holds(vm, buf_view(out))) return true;
  }
  return false;
}

static bool find(Str *json, Arena *owner, IrNode *root, Arena *a) {
  Survey s = {0};
  ir_walk(root, survey, &s);
  if (s.strange || s.tests > MOST_TESTS) return false;
  Program *program = program_of(a, root);
  if (!program) return false;
  Vm vm;
  Buf out = {.arena = a};
  vm_init(&vm, program, a, arena_sub(a));
  bool found = search(&out, &vm, root, a);
  if (found) *json = arena_dup(owner, buf_view(&out));
  arena_sub_done(vm.scratch);
  return found;
}

bool witness_find(Str *json, Arena *arena, const IrNode *const *yes, uint32_t n_yes, const IrNode *const *no, uint32_t n_no) {
  if (!n_yes && !n_no) {
    *json = STR("{}");
    return true;
  }
  Arena *a = arena_sub(arena);
  IrNode **kids = arena_array(a, IrNode *, n_yes + n_no);
  for (uint32_t i = 0; i < n_yes; i++) kids[i] = ir_copy(a, yes[i]);
  for (uint32_t i = 0; i < n_no; i++) kids[n_yes + i] = ir_not(a, (Span){0}, ir_copy(a, no[i]));
  bool found = find(json, arena, ir_join(a, (Span){0}, IR_AND, kids, n_yes + n_no), a);
  arena_sub_done(a);
  return found;
}

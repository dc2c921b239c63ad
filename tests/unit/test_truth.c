/* SPDX-License-Identifier: MIT
 * Truth tables of random conditions, against one row after the other. */
#include <criterion/criterion.h>

#include "lint/truth.h"

enum { VARS = 9, ROUNDS = 2000 };

static uint64_t seed;
static uint32_t pick(uint32_t n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(seed >> 33) % n;
}

typedef struct {
  Arena *arena;
  IrNode *vars[TRUTH_VARS + 1];
  uint32_t n;
} Trees;

static void begin(Trees *s, Arena *a, uint32_t n) {
  *s = (Trees){.arena = a, .n = n};
  for (uint32_t i = 0; i < n; i++) {
    s->vars[i] = ir_item(a, (Span){0}, NULL);
    s->vars[i]->selection = STR("x");
  }
}

static IrNode *tree(Trees *s, unsigned depth) {
  if (!depth || pick(4) == 0) return s->vars[pick(s->n)];
  uint32_t kind = pick(3);
  if (kind == 0) return ir_not(s->arena, (Span){0}, tree(s, depth - 1));
  uint32_t n = 2 + pick(3);
  IrNode **kids = arena_array(s->arena, IrNode *, n);
  for (uint32_t i = 0; i < n; i++) kids[i] = tree(s, depth - 1);
  return ir_join(s->arena, (Span){0}, kind == 1 ? IR_AND : IR_OR, kids, n);
}

static bool holds(const Truth *t, const IrNode *n, size_t row) {
  uint32_t k = truth_var(t, n);
  if (k != TRUTH_VARS) return (row >> k) & 1;
  if (n->kind == IR_NOT) return !holds(t, n->kids[0], row);
  bool all = n->kind == IR_AND;
  for (uint32_t i = 0; i < n->n_kids; i++)
    if (holds(t, n->kids[i], row) != all) return !all;
  return all;
}

static bool bit(const uint64_t *table, size_t row) { return (table[row / 64] >> (row % 64)) & 1; }

static void compare(Truth *t, const IrNode *x, const IrNode *y) {
  uint64_t *a = truth_new(t), *b = truth_new(t), *some = truth_new(t), *fixed = truth_new(t), *in_place = truth_new(t);
  uint32_t i = pick(t->n_vars), j = pick(t->n_vars);
  bool vi = pick(2), vj = i == j ? vi : pick(2), meet = false, differ = false, within = true;
  truth_of(t, a, x);
  truth_of(t, b, y);
  truth_fix(t, fixed, a, i, vi);
  truth_copy(t, in_place, a);
  truth_fix(t, in_place, in_place, i, vi);
  truth_fill(t, some, true);
  truth_drop(t, some, i, vi, j, vj);
  for (size_t row = 0; row < t->words * 64; row++) {
    bool in_x = holds(t, x, row), in_y = holds(t, y, row), kept = ((row >> i) & 1) != vi || ((row >> j) & 1) != vj;
    size_t with = vi ? row | (size_t)1 << i : row & ~((size_t)1 << i);
    cr_assert_eq(bit(a, row), in_x);
    cr_assert_eq(bit(b, row), in_y);
    cr_assert_eq(bit(fixed, row), holds(t, x, with));
    cr_assert_eq(bit(in_place, row), bit(fixed, row));
    cr_assert_eq(bit(some, row), kept);
    meet = meet || (in_x && in_y);
    differ = differ || (kept && in_x != in_y);
    within = within && (!in_x || in_y);
  }
  cr_assert_eq(truth_meet(t, a, b), meet);
  cr_assert_eq(truth_differ(t, a, b, some), differ);
  cr_assert_eq(truth_within(t, a, b), within);
}

Test(truth, random_trees) {
  Arena arena = {0};
  seed = 20260115;
  for (unsigned round = 0; round < ROUNDS; round++) {
    Trees s;
    Truth t;
    begin(&s, &arena, 1 + pick(VARS));
    IrNode *both[2] = {tree(&s, 4), tree(&s, 4)};
    cr_assert(truth_init(&t, &arena, ir_join(&arena, (Span){0}, IR_OR, both, 2)));
    compare(&t, both[0], both[1]);
    arena_reset(&arena);
  }
  arena_free(&arena);
}

/* Variables are numbered as they come, each once; of too many, of what is too deep and of what stands outside, nothing is said. */
Test(truth, variables) {
  Arena arena = {0};
  Trees s;
  Truth t;
  begin(&s, &arena, TRUTH_VARS + 1);
  cr_assert(truth_init(&t, &arena, s.vars[3]));
  cr_assert_eq(t.n_vars, 1);
  cr_assert_eq(truth_var(&t, s.vars[3]), 0);
  cr_assert_eq(truth_var(&t, s.vars[0]), TRUTH_VARS);
  cr_assert(truth_init(&t, &arena, ir_join(&arena, (Span){0}, IR_OR, s.vars, TRUTH_VARS)));
  cr_assert_eq(t.words, (size_t)1 << (TRUTH_VARS - 6));
  uint64_t *table = truth_new(&t);
  truth_of(&t, table, ir_join(&arena, (Span){0}, IR_OR, s.vars, TRUTH_VARS));
  cr_assert_eq(table[0], UINT64_MAX - 1);
  for (size_t w = 1; w < t.words; w++) cr_assert_eq(table[w], UINT64_MAX);
  cr_assert_not(truth_init(&t, &arena, ir_join(&arena, (Span){0}, IR_OR, s.vars, TRUTH_VARS + 1)));
  IrNode *deep = s.vars[0];
  for (unsigned i = 0; i <= TRUTH_DEPTH; i++) {
    IrNode **kids = arena_array(&arena, IrNode *, 2);
    kids[0] = s.vars[1];
    kids[1] = deep;
    deep = ir_join(&arena, (Span){0}, i % 2 ? IR_AND : IR_OR, kids, 2);
    cr_assert_eq(truth_init(&t, &arena, deep), i < TRUTH_DEPTH);
    if (i < TRUTH_DEPTH) truth_of(&t, table, deep);
  }
  s.vars[0]->selection = STR("");
  cr_assert_not(truth_init(&t, &arena, ir_join(&arena, (Span){0}, IR_OR, s.vars, 2)));
  arena_free(&arena);
}

/* SPDX-License-Identifier: MIT */
#include "runtime/index/witness.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "runtime/event.h"

/* The code of a rule as expressions again: the plain one, since jumps of the fused one leave several chains at once. For each is known what the cheapest set costs of which one predicate must hold where
 * it is true, and where it is false. */
typedef enum { EXPR_PRED, EXPR_CONST, EXPR_NOT, EXPR_AND, EXPR_OR } ExprKind;

typedef struct {
  ExprKind kind;
  uint32_t a, b;     /* of the list; PRED: the predicate; CONST: 0 or 1 */
  float cost[2];     /* if false, if true; infinite where there is no such set */
  uint32_t count[2]; /* predicates of the set, at most */
} Expr;

/* A jump whose end has not come yet, with the operand to its left. */
typedef struct {
  uint32_t left, target, height;
  ExprKind kind;
} Open;

typedef struct {
  const Program *p;
  const float *costs; /* by predicate */
  bool keywords;      /* the rule has some */
  Arena *scratch;
  VEC(Expr) list;      /* operands before what they are operands of */
  VEC(uint32_t) stack; /* as the VM's */
  VEC(Open) open;      /* innermost last */
} Chooser;

static void push(Chooser *c, Expr e) {
  *vec_add(c->scratch, &c->stack) = c->list.n;
  *vec_add(c->scratch, &c->list) = e;
}

static uint32_t pop(Chooser *c) { return c->stack.p[--c->stack.n]; }

/* Where keywords are no witnesses, a rule that runs looks for each of them in each value: what lets it run must be rarer. */
static const float keywords_run = 30;

static void push_pred(Chooser *c, uint32_t pred) {
  float dear = c->keywords && c->p->PREDS[pred].field != FIELD_ANY ? keywords_run : 1;
  push(c, (Expr){.kind = EXPR_PRED, .a = pred, .cost = {INFINITY, c->costs[pred] * dear}, .count = {0, 1}});
}

static bool has_keywords(const Program *p, const RuleRec *r) {
  for (uint32_t pc = 0; pc < r->n_plain; pc++)
    if (p->PLAIN[r->plain + pc] == insn(OP_FIELD, FIELD_ANY)) return true;
  return false;
}

static bool cheaper(const Expr *x, const Expr *y, int value) {
  return x->cost[value] < y->cost[value] || (x->cost[value] <= y->cost[value] && x->count[value] < y->count[value]);
}

/* An `and` is true only if both are, so the set of either will do; it is false if either is, which takes the sets of both. An
 * `or` is the same the other way round. */
static void push_chain(Chooser *c, ExprKind kind, uint32_t a, uint32_t b) {
  const Expr *x = &c->list.p[a], *y = &c->list.p[b];
  int either = kind == EXPR_AND, both = !either;
  Expr e = {.kind = kind, .a = a, .b = b};
  const Expr *best = cheaper(y, x, either) ? y : x;
  e.cost[either] = best->cost[either];
  e.count[either] = best->count[either];
  e.cost[both] = x->cost[both] + y->cost[both];
  e.count[both] = x->count[both] + y->count[both];
  if (e.count[both] > LIMIT_WITNESSES) e.cost[both] = INFINITY, e.count[both] = LIMIT_WITNESSES + 1;
  push(c, e);
}

static void push_not(Chooser *c, uint32_t a) {
  const Expr *x = &c->list.p[a];
  push(c, (Expr){.kind = EXPR_NOT, .a = a, .cost = {x->cost[1], x->cost[0]}, .count = {x->count[1], x->count[0]}});
}

/* Chains that end here, from the inside out. */
static bool close_chains(Chooser *c, uint32_t pc) {
  while (c->open.n && vec_last(&c->open).target == pc) {
    Open o = vec_last(&c->open);
    if (c->stack.n != o.height + 1) return false;
    c->open.n--;
    push_chain(c, o.kind, o.left, pop(c));
  }
  return !c->open.n || vec_last(&c->open).target > pc;
}

static bool may_pop(const Chooser *c) { return c->stack.n > (c->open.n ? vec_last(&c->open).height : 0); }

static bool open_chain(Chooser *c, ExprKind kind, uint32_t target) {
  if (!may_pop(c) || (c->open.n && vec_last(&c->open).target < target)) return false;
  uint32_t left = pop(c);
  *vec_add(c->scratch, &c->open) = (Open){left, target, c->stack.n, kind};
  return true;
}

/* `fused` is the instruction of fused code that stands for this one. */
static bool step(Chooser *c, const RuleRec *r, uint32_t pc, uint32_t fused) {
  uint32_t word = c->p->PLAIN[r->plain + pc], arg = insn_arg(word);
  if (insn_op(word) == OP_TEST && fused < r->n_code) word = c->p->CODE[r->code + fused];
  switch ((Op)insn_op(word)) {
  case OP_FIELD: return true; /* TEST follows */
  case OP_PRED: push_pred(c, insn_arg(word)); return true;
  case OP_TRUE: push(c, (Expr){.kind = EXPR_CONST, .a = 1, .cost = {0, INFINITY}}); return true;
  case OP_FALSE: push(c, (Expr){.kind = EXPR_CONST, .cost = {INFINITY, 0}}); return true;
  case OP_NOT:
    if (!may_pop(c)) return false;
    push_not(c, pop(c));
    return true;
  case OP_AND_JUMP: return open_chain(c, EXPR_AND, pc + 1 + arg);
  case OP_OR_JUMP: return open_chain(c, EXPR_OR, pc + 1 + arg);
  case OP_RET: return pc + 1 == r->n_plain && !c->open.n && c->stack.n == 1;
  case OP_TEST:
  case OP_COUNT: break;
  }
  return false;
}

/* Marks what the choice for the last expression is made of, from there down. By value, a bit. */
static void mark(const Chooser *c, uint8_t *needed) {
  for (uint32_t i = c->list.n; i-- > 0;) {
    const Expr *e = &c->list.p[i];
    if (e->kind == EXPR_PRED || e->kind == EXPR_CONST) continue;
    for (int value = 0; value < 2; value++) {
      if (!(needed[i] >> value & 1)) continue;
      uint8_t bit = (uint8_t)(1u << (e->kind == EXPR_NOT ? !value : value));
      bool either = value == (e->kind == EXPR_AND);
      bool second = either && e->kind != EXPR_NOT && cheaper(&c->list.p[e->b], &c->list.p[e->a], value);
      if (!second) needed[e->a] |= bit;
      if (e->kind != EXPR_NOT && (second || !either)) needed[e->b] |= bit;
    }
  }
}

static int by_number(const void *x, const void *y) {
  uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
  return (a > b) - (a < b);
}

/* The predicates of the choice, ascending, each once; the number. */
static uint32_t collect(const Chooser *c, uint32_t *out) {
  uint8_t *needed = arena_array(c->scratch, uint8_t, c->list.n);
  uint32_t n = 0, kept = 0;
  needed[c->list.n - 1] = 1u << 1;
  mark(c, needed);
  for (uint32_t i = 0; i < c->list.n; i++)
    if (c->list.p[i].kind == EXPR_PRED && needed[i]) out[n++] = c->list.p[i].a;
  if (n) qsort(out, n, sizeof *out, by_number);
  for (uint32_t i = 0; i < n; i++)
    if (!kept || out[kept - 1] != out[i]) out[kept++] = out[i];
  return kept;
}

/* No set where the code is no tree (it is not of this compiler), or nothing is necessary. */
static uint32_t choose(Chooser *c, uint32_t rule, uint32_t out[LIMIT_WITNESSES]) {
  const RuleRec *r = &c->p->RULES[rule];
  c->list.n = c->stack.n = c->open.n = 0;
  c->keywords = has_keywords(c->p, r);
  for (uint32_t pc = 0, fused = 0; pc < r->n_plain; pc++) {
    if (!close_chains(c, pc) || !step(c, r, pc, fused)) return 0;
    fused += insn_op(c->p->PLAIN[r->plain + pc]) != OP_FIELD;
  }
  return isinf(c->list.p[c->stack.p[0]].cost[1]) ? 0 : collect(c, out);
}

/* By predicate. */
static const float *costs_of(const Program *p, const Stats *stats, Arena *a) {
  float *costs = arena_array(a, float, p->n_PREDS);
  Arena *scratch = arena_sub(a);
  for (uint32_t i = 0; i < p->n_PREDS; i++) {
    stats_anchors(stats, p, p->fields[p->PREDS[i].field], p->PREDS[i].test, &costs[i], scratch);
    if (i % 256 == 255) arena_reset(scratch);
  }
  arena_sub_done(scratch);
  return costs;
}

void witness_choose(const Program *p, const Stats *stats, ImageBuilder *image) {
  Arena *scratch = arena_sub(image->arena);
  Chooser c = {.p = p, .costs = costs_of(p, stats, scratch), .scratch = scratch};
  uint32_t *found = arena_array(scratch, uint32_t, LIMIT_WITNESSES);
  image->WITNESSES.n = 0;
  for (uint32_t i = 0; i < p->n_RULES; i++) {
    ListRef *w = &image->RULES.p[i].witness;
    *w = (ListRef){image->WITNESSES.n, choose(&c, i, found)};
    for (uint32_t k = 0; k < w->n; k++) *vec_add(image->arena, &image->WITNESSES) = found[k];
  }
  arena_sub_done(scratch);
}

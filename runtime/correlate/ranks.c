/* SPDX-License-Identifier: MIT
 * Recursion is as deep as the tree is high: less than 46 for 2^32 numbers. */
#include "runtime/correlate/ranks.h"

typedef struct {
  NumberName x;
  PoolRef side[2]; /* smaller, larger */
  uint32_t rows;   /* that are in this tree */
  uint32_t times;  /* of them, with this number */
  uint32_t height;
} Node;

_Static_assert(sizeof(Node) <= RANK_NODE_BYTES, "a node has its room");

static Node *node_at(const RankPlaces *p, PoolRef ref) { return pool_at(p->pool, ref); }
static uint32_t height_of(const RankPlaces *p, PoolRef t) { return t ? node_at(p, t)->height : 0; }
static uint32_t rows_of(const RankPlaces *p, PoolRef t) { return t ? node_at(p, t)->rows : 0; }

/* What a node knows of what is below it. */
static void sum_up(const RankPlaces *p, Node *n) {
  uint32_t a = height_of(p, n->side[0]), b = height_of(p, n->side[1]);
  n->height = 1 + (a > b ? a : b);
  n->rows = n->times + rows_of(p, n->side[0]) + rows_of(p, n->side[1]);
}

/* The child of one side becomes the root. */
static PoolRef rotate(const RankPlaces *p, PoolRef t, int side) {
  Node *n = node_at(p, t);
  PoolRef up = n->side[side];
  Node *m = node_at(p, up);
  n->side[side] = m->side[!side];
  m->side[!side] = t;
  sum_up(p, n);
  sum_up(p, m);
  return up;
}

/* Whose sides differ by two at most. */
static PoolRef balance(const RankPlaces *p, PoolRef t) {
  Node *n = node_at(p, t);
  uint32_t a = height_of(p, n->side[0]), b = height_of(p, n->side[1]);
  sum_up(p, n);
  if (a <= b + 1 && b <= a + 1) return t;
  int side = b > a;
  const Node *m = node_at(p, n->side[side]);
  if (height_of(p, m->side[!side]) > height_of(p, m->side[side])) n->side[side] = rotate(p, n->side[side], !side);
  return rotate(p, t, side);
}

static PoolRef node_new(Ranks *r, RankPlaces *p, NumberName x) {
  PoolRef t = pool_take(p->pool, RANK_NODE_BYTES);
  *node_at(p, t) = (Node){.x = x, .rows = 1, .times = 1, .height = 1};
  r->nodes++;
  return t;
}

static PoolRef add(Ranks *r, RankPlaces *p, PoolRef t, NumberName x) {
  if (!t) return node_new(r, p, x);
  p->steps++;
  Node *n = node_at(p, t);
  int c = numbers_cmp(p->shared, x, n->x);
  if (c) n->side[c > 0] = add(r, p, n->side[c > 0], x);
  else n->times++;
  return balance(p, t);
}

void ranks_add(Ranks *r, RankPlaces *p, NumberName x) { r->root = add(r, p, r->root, x); }

static void node_give(Ranks *r, RankPlaces *p, PoolRef t) {
  pool_give(p->pool, t, RANK_NODE_BYTES);
  r->nodes--;
}

/* Takes the smallest node out, which *least is then. */
static PoolRef take_least(RankPlaces *p, PoolRef t, PoolRef *least) {
  Node *n = node_at(p, t);
  p->steps++;
  if (!n->side[0]) {
    *least = t;
    return n->side[1];
  }
  n->side[0] = take_least(p, n->side[0], least);
  return balance(p, t);
}

/* What stands in the place of a node that goes. */
static PoolRef without(Ranks *r, RankPlaces *p, PoolRef t) {
  Node *n = node_at(p, t);
  PoolRef left = n->side[0], right = n->side[1], least;
  node_give(r, p, t);
  if (!left || !right) return left ? left : right;
  right = take_least(p, right, &least);
  Node *m = node_at(p, least);
  m->side[0] = left;
  m->side[1] = right;
  return balance(p, least);
}

static PoolRef take_out(Ranks *r, RankPlaces *p, PoolRef t, NumberName x) {
  Node *n = node_at(p, t);
  p->steps++;
  int c = numbers_cmp(p->shared, x, n->x);
  if (c) n->side[c > 0] = take_out(r, p, n->side[c > 0], x);
  else if (!--n->times) return without(r, p, t);
  return balance(p, t);
}

void ranks_remove(Ranks *r, RankPlaces *p, NumberName x) { r->root = take_out(r, p, r->root, x); }

NumberName ranks_at(const Ranks *r, RankPlaces *p, uint32_t k) {
  const Node *n = node_at(p, r->root);
  for (;;) {
    p->steps++;
    uint32_t below = rows_of(p, n->side[0]);
    if (k >= below && k - below < n->times) return n->x;
    int larger = k >= below;
    if (larger) k -= below + n->times;
    n = node_at(p, n->side[larger]);
  }
}

static void give_all(Ranks *r, RankPlaces *p, PoolRef t) {
  if (!t) return;
  PoolRef side[2] = {node_at(p, t)->side[0], node_at(p, t)->side[1]};
  node_give(r, p, t);
  give_all(r, p, side[0]);
  give_all(r, p, side[1]);
}

void ranks_clear(Ranks *r, RankPlaces *p) {
  give_all(r, p, r->root);
  r->root = 0;
}

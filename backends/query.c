/* SPDX-License-Identifier: MIT */
#include "backends/query.h"

#include "base/utf8.h"

static const Str words[] = {[Q_AND] = STR_INIT("and"), [Q_OR] = STR_INIT("or")};

static QNode *node(Arena *a, QKind kind) {
  QNode *n = arena_new(a, QNode);
  n->kind = kind;
  return n;
}

const QNode *q_const(Arena *a, bool truth) {
  QNode *n = node(a, Q_CONST);
  n->truth = truth;
  n->width = truth ? 4 : 5;
  return n;
}

const QNode *q_leaf(Arena *a, Str text) {
  QNode *n = node(a, Q_LEAF);
  n->text = text;
  n->width = text.n;
  return n;
}

const QNode *q_not(Arena *a, const QNode *kid) {
  if (kid->kind == Q_CONST) return q_const(a, !kid->truth);
  QNode *n = node(a, Q_NOT);
  n->kids = arena_new(a, const QNode *);
  n->kids[0] = kid;
  n->n = 1;
  n->width = kid->width + 5;
  return n;
}

/* --- joining ------------------------------------------------------------------------------------------------- */

static bool is_list(const QNode *n) { return n->kind == Q_AND || n->kind == Q_OR; }

typedef VEC(const QNode *) Kids;

/* `null or ''` is one test in a target that cannot tell the two apart. Only looked for where it is cheap. */
static bool is_there(const Kids *kids, const QNode *n) {
  enum { FEW = 16 };
  if (n->kind != Q_LEAF || kids->n > FEW) return false;
  for (uint32_t i = 0; i < kids->n; i++)
    if (kids->p[i]->kind == Q_LEAF && str_eq(kids->p[i]->text, n->text)) return true;
  return false;
}

static void add_kid(Arena *a, Kids *kids, QKind kind, const QNode *kid) {
  if (kid->kind != kind) {
    if (!is_there(kids, kid)) *vec_add(a, kids) = kid;
    return;
  }
  for (uint32_t i = 0; i < kid->n; i++) add_kid(a, kids, kind, kid->kids[i]);
}

static const QNode *list(Arena *a, QKind kind, const QNode **kids, uint32_t n) {
  QNode *out = node(a, kind);
  out->kids = kids;
  out->n = n;
  out->width = (n - 1) * (words[kind].n + 2);
  for (uint32_t i = 0; i < n; i++) out->width += kids[i]->width + (is_list(kids[i]) ? 2 : 0);
  return out;
}

const QNode *q_join(Arena *a, QKind kind, const QNode *const *kids, uint32_t n) {
  Kids kept = {0};
  bool neutral = kind == Q_AND;
  for (uint32_t i = 0; i < n; i++) {
    if (kids[i]->kind == Q_CONST && kids[i]->truth != neutral) return kids[i];
    if (kids[i]->kind != Q_CONST) add_kid(a, &kept, kind, kids[i]);
  }
  if (!kept.n) return q_const(a, neutral);
  return kept.n == 1 ? kept.p[0] : list(a, kind, kept.p, kept.n);
}

const QNode *q_pair(Arena *a, QKind kind, const QNode *x, const QNode *y) {
  const QNode *both[] = {x, y};
  return q_join(a, kind, both, 2);
}

/* Groups of `most`; and where there are too many groups, groups of groups. */
static const QNode *in_groups(Arena *a, QKind kind, const QNode **kids, uint32_t n, uint32_t most) {
  while (n > most) {
    uint32_t groups = (n + most - 1) / most;
    const QNode **next = arena_array(a, const QNode *, groups);
    for (uint32_t i = 0; i < groups; i++) {
      uint32_t from = (uint32_t)((uint64_t)n * i / groups), to = (uint32_t)((uint64_t)n * (i + 1) / groups);
      next[i] = to - from == 1 ? kids[from] : list(a, kind, kids + from, to - from);
    }
    kids = next;
    n = groups;
  }
  return list(a, kind, kids, n);
}

const QNode *q_balance(Arena *a, const QNode *n, uint32_t most) {
  if (n->kind == Q_CONST || n->kind == Q_LEAF) return n;
  const QNode **kids = arena_array(a, const QNode *, n->n);
  for (uint32_t i = 0; i < n->n; i++) kids[i] = q_balance(a, n->kids[i], most);
  return n->kind == Q_NOT ? q_not(a, kids[0]) : in_groups(a, n->kind, kids, n->n, most);
}

/* --- printing ------------------------------------------------------------------------------------------------ */

enum { WIDEST = 120 };

void q_newline(Buf *out, unsigned indent) {
  buf_char(out, '\n');
  for (unsigned i = 0; i < indent; i++) buf_char(out, ' ');
}

static void print_operand(Buf *out, const QNode *n, QLayout layout);

/* Where it is broken, its operands stand one step further in than the line that it began on. */
static void print_list(Buf *out, const QNode *n, QLayout layout, bool broken) {
  QLayout inner = {layout.pretty, layout.indent + 2};
  for (uint32_t i = 0; i < n->n; i++) {
    if (i && broken) q_newline(out, layout.indent + 2);
    else if (i) buf_char(out, ' ');
    if (i) buf_str(out, words[n->kind]);
    if (i) buf_char(out, ' ');
    print_operand(out, n->kids[i], broken ? inner : layout);
  }
}

static void print(Buf *out, const QNode *n, QLayout layout, bool broken) {
  switch (n->kind) {
  case Q_CONST: buf_str(out, n->truth ? STR("true") : STR("false")); return;
  case Q_LEAF: buf_str(out, n->text); return;
  case Q_NOT:
    buf_str(out, STR("not("));
    print(out, n->kids[0], layout, layout.pretty && n->width + layout.indent > WIDEST);
    buf_char(out, ')');
    return;
  case Q_AND:
  case Q_OR: print_list(out, n, layout, broken);
  }
}

void q_print(Buf *out, const QNode *n, QLayout layout) { print(out, n, layout, layout.pretty); }

/* With brackets where it is a list. */
static void print_operand(Buf *out, const QNode *n, QLayout layout) {
  if (is_list(n)) buf_char(out, '(');
  print(out, n, layout, layout.pretty && n->width + layout.indent > WIDEST);
  if (is_list(n)) buf_char(out, ')');
}

/* SPDX-License-Identifier: MIT
 * A condition on its way to text: tests as the target spells them, joined by and, or, not. Constants fold and lists flatten
 * while it is built, so that no bracket is without use; how it is laid out is decided when it is printed. */
#ifndef SIGMAC_BACKENDS_QUERY_H
#define SIGMAC_BACKENDS_QUERY_H

#include "base/buf.h"
#include "base/vec.h"

typedef enum { Q_CONST, Q_LEAF, Q_NOT, Q_AND, Q_OR } QKind;

typedef struct QNode QNode;
struct QNode {
  QKind kind;
  bool truth; /* CONST */
  Str text;   /* LEAF: one test, which binds closer than `and` and needs no brackets; in the arena */
  const QNode **kids;
  uint32_t n;
  size_t width; /* characters on one line, without brackets around it; saturates nowhere near a limit */
};

const QNode *q_const(Arena *a, bool truth);
const QNode *q_leaf(Arena *a, Str text);
const QNode *q_not(Arena *a, const QNode *kid); /* printed as `not(...)` */
/* AND or OR of any number; none: true, false. A test that stands twice among a few is kept once. */
const QNode *q_join(Arena *a, QKind kind, const QNode *const *kids, uint32_t n);
const QNode *q_pair(Arena *a, QKind kind, const QNode *x, const QNode *y);
/* The same condition with no more than `most` operands in a row: longer rows become groups of about equal size. */
const QNode *q_balance(Arena *a, const QNode *node, uint32_t most);

typedef struct {
  bool pretty;     /* operands on lines of their own where a line would be long */
  unsigned indent; /* of the line on which it stands; what is broken stands two further in */
} QLayout;

/* Without brackets around the whole. */
void q_print(Buf *out, const QNode *node, QLayout layout);
void q_newline(Buf *out, unsigned indent);

#endif

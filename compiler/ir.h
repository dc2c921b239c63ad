/* SPDX-License-Identifier: MIT
 * The waist. A rule is one boolean tree over detection items; after the last pass (compiler/passes.h) a
 * `const IrRule *` is frozen, and bytecode, index, text backends, lint and the referee read it and nothing else.
 *
 * A detection item is (field, values, any or all of them). It stays whole: mapping field f to [x, y] gives
 * `(x has a and x has b) or (y has a and y has b)`. A value is an or of alternatives (windash, base64offset, expand),
 * which stay or-linked under `all`. `neq` is IR_NOT over the item. */
#ifndef SIGMAC_COMPILER_IR_H
#define SIGMAC_COMPILER_IR_H

#include "compiler/pattern.h"
#include "compiler/rule.h"
#include "runtime/net.h"

/* One leaf predicate without its field. */
typedef struct {
  PredKind pred;
  bool cased;      /* EQ, PREFIX, SUFFIX, CONTAINS, GLOB */
  Pattern pattern; /* GLOB; before simplify also every text test */
  Str text;        /* EQ, PREFIX, SUFFIX, CONTAINS: as written, not folded; RE: the pattern's source; NUMBER, LT ..
                       GTE, TIME: canonical number; FIELDREF: the path of the other field; CIDR: as written */
  unsigned flags;  /* RE: RegexFlags as written; FIELDREF: RefFlags */
  Str run;         /* RE: the pattern to run with run_flags; where the pattern is portable, letter case is spelled out */
  unsigned run_flags;
  bool truth;      /* BOOL, EXISTS */
  Net net;         /* CIDR */
  TimePart part;   /* TIME */
  Compare compare; /* TIME */
} IrTest;

/* A value: it holds if one of its alternatives does. None at all (an empty placeholder list): never. */
typedef struct {
  Span at;
  const YamlNode *node; /* the scalar, for sub-spans */
  IrTest *alts;
  uint32_t n_alts;
} IrValue;

typedef struct Modifier Modifier; /* compiler/modifiers.h */

/* A list of the pipeline items that changed an item. */
typedef struct IrMark IrMark;
struct IrMark {
  Str id;
  const IrMark *next;
};

typedef struct {
  Str field;      /* path; empty and `any_field` for keywords */
  bool any_field; /* keyword: any value of the event */
  Span at, field_at;
  bool all; /* every value must hold; else some value */
  IrValue *values;
  uint32_t n_values;
  bool negated;    /* neq: lowering puts IR_NOT above the item */
  bool simplified; /* by the last pass */
  bool added;      /* by a pipeline: no test of the rule's author */
  bool settled;    /* has the target's names already: transformations of pipelines leave it alone */
  const IrMark *marks;
  /* What waits for the values of placeholders; nothing in a frozen rule. */
  bool open;                /* the chain is not finished */
  unsigned stage;           /* of the chain so far (compiler/modifiers.h) */
  Span all_at;              /* of the modifier `all` */
  const Modifier **pending; /* modifiers behind `expand` */
  Span *pending_at;         /* of their names */
  uint32_t n_pending;
} IrItem;

typedef enum { IR_CONST, IR_NOT, IR_AND, IR_OR, IR_ITEM } IrKind;

typedef struct IrNode IrNode;
struct IrNode {
  IrKind kind;
  Span at;
  Str selection; /* the search identifier this stands in; empty above selections */
  bool truth;    /* CONST */
  IrNode **kids; /* NOT: one; AND, OR: any number (none: true, false) */
  uint32_t n_kids;
  IrItem *item; /* ITEM */
};

typedef struct {
  const Rule *rule;    /* metadata, logsource, spans */
  IrNode **selections; /* by search identifier, whether the condition uses it or not; shared with root before simplify */
  IrNode *root;
} IrRule;

/* Builders; nodes live in the arena. */
IrNode *ir_const(Arena *a, Span at, bool truth);
IrNode *ir_not(Arena *a, Span at, IrNode *kid);
IrNode *ir_join(Arena *a, Span at, IrKind kind, IrNode **kids, uint32_t n); /* AND or OR; one kid is itself */
IrNode *ir_item(Arena *a, Span at, IrItem *item);

/* A tree of its own, items and values included; texts, patterns and spans are shared. */
IrNode *ir_copy(Arena *a, const IrNode *node);
/* Whether two frozen trees say the same, item by item; places do not count. Equal trees have equal hashes. */
bool ir_same(const IrNode *x, const IrNode *y);
uint64_t ir_hash(const IrNode *n);
/* Calls fn for each node, parents first. */
void ir_walk(IrNode *node, void (*fn)(void *ctx, IrNode *node), void *ctx);
/* Whether the test is for whole octets of an IPv4 address from the left (`10.1.*`), and the network that this is. */
bool ir_octets(Net *out, const IrTest *test);
/* Text of a tree for people and golden tests: one node per line, indented. */
void ir_print(Buf *out, const IrNode *node);
void ir_print_test(Buf *out, const IrItem *item, const IrTest *test);

#endif

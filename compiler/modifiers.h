/* SPDX-License-Identifier: MIT
 * Value modifiers (semantics 9): one function and one row each, in modifiers.c. Lowering rewrites them away: what is
 * left are the leaf predicates of runtime/pred.def. */
#ifndef SIGMAC_COMPILER_MODIFIERS_H
#define SIGMAC_COMPILER_MODIFIERS_H

#include "compiler/passes.h"

/* Kinds of values that a modifier takes. */
typedef enum {
  IN_TEXT = 1, /* text pattern */
  IN_NUMBER = 2,
  IN_BOOL = 4,
  IN_NULL = 8,
  IN_REGEX = 16,
  IN_NET = 32,
  IN_COMPARE = 64,
  IN_EXISTS = 128,
  IN_REF = 256,
  IN_TIME = 512,
  IN_LIST = 1024 /* the list of values as a whole, whatever they are */
} ModifierInput;

typedef struct ModifierChain ModifierChain;
typedef VEC(IrTest) IrTests;

struct Modifier {
  const char *name;
  unsigned accepts; /* ModifierInput bits */
  /* Rewrites one alternative of a value into none, one or several. False after reporting an error. NULL: IN_LIST. */
  bool (*apply)(ModifierChain *chain, const IrTest *in, IrTests *out);
  unsigned param;     /* for apply: which of a family */
  unsigned leaves;    /* what the chain has done after it: bits of modifiers.c */
  unsigned not_after; /* what it must not have done before */
  const char *place;  /* where in a chain it may stand; for docs and messages */
  const char *doc;
};

const Modifier *modifier_find(Str name);
bool modifier_encodes(const Modifier *m); /* UTF-16, Base64 */
/* The modifier nearest to a misspelt name; NULL where none is near. */
const Modifier *modifier_nearest(Str name);
extern const Modifier modifiers[];
extern const unsigned modifier_count;
/* For docs, such as "text, number". */
Str modifier_input_words(Arena *a, unsigned inputs);

/* An item in the making. */
struct ModifierChain {
  Arena *arena;
  Diags *diags;
  Passes *passes;
  IrItem *item;
  unsigned stage; /* what the chain has done so far: bits of modifiers.c */
  bool expands;   /* `expand` is in the chain: texts have placeholders */
  bool encodes;   /* so is an encoding: what stands before it must give plain texts */
  /* While apply runs: */
  const Modifier *now;
  Span at; /* of its name */
  const IrValue *value;
};

/* False after reporting modifiers of which one takes texts and a later one none, so that no value can suit both. */
bool modifier_chain_ok(Diags *diags, const Modifier *const *chain, const Span *at, uint32_t n);
/* Applies one modifier to the whole item. False after reporting an error. */
bool modifier_apply(ModifierChain *chain, const Modifier *m, Span at);
/* When all modifiers are applied: `all` needs two values, keywords become unanchored, regexes must compile. */
bool modifier_finish(ModifierChain *chain);
/* The same for a single regex, of which pattern and flags are set: it must compile, and gets what runs. */
bool modifier_finish_regex(ModifierChain *chain, const IrValue *v, IrTest *t);
/* Whether a modifier keeps to texts whose placeholders have no values yet, so that it need not wait for them. */
bool modifier_takes_placeholders(const Modifier *m);
/* Whether a chain that has come so far says itself where a value must stand: contains, startswith, endswith. */
bool modifier_anchored(unsigned stage);
/* What a test takes (compiler/budget.h). */
uint64_t modifier_cost(const IrTest *test);

#endif

/* SPDX-License-Identifier: MIT
 * Value modifiers (semantics 9): one function and one row each, in modifiers.c. Lowering rewrites them away: what is
 * left are the leaf predicates of runtime/pred.def. */
#ifndef SIGMAC_COMPILER_MODIFIERS_H
#define SIGMAC_COMPILER_MODIFIERS_H

#include "compiler/ir.h"

/* Kinds of values that a modifier takes. */
typedef enum {
  IN_TEXT = 1,      /* text pattern */
  IN_NUMBER = 2,
  IN_BOOL = 4,
  IN_NULL = 8,
  IN_REGEX = 16,
  IN_NET = 32,
  IN_COMPARE = 64,
  IN_EXISTS = 128,
  IN_REF = 256,
  IN_TIME = 512,
  IN_LIST = 1024    /* the list of values as a whole, whatever they are */
} ModifierInput;

extern const char *modifier_input_words(unsigned inputs); /* for docs: "text, number" */

struct Modifier {
  const char *name;
  unsigned accepts;   /* ModifierInput bits */
  const char *gives;  /* for docs */
  const char *place;  /* where in a chain it may stand; for docs and messages */
  const char *doc;
  const char *source; /* semantics section */
};

const Modifier *modifier_find(Str name);
/* The modifier nearest to a misspelt name; NULL where none is near. */
const Modifier *modifier_nearest(Str name);
extern const Modifier modifiers[];
extern const unsigned modifier_count;

/* An item in the making. */
typedef struct {
  Arena *arena;
  Diags *diags;
  IrItem *item;
  bool negated;   /* neq was there */
  bool seen_all;
  unsigned stage; /* what the chain has done so far: bits of modifiers.c */
  Span list_at;   /* of the values */
  bool stop;      /* an error was reported */
} ModifierChain;

/* Applies one modifier to the whole item. False after reporting an error. */
bool modifier_apply(ModifierChain *chain, const Modifier *m, Span at);
/* To be called when all modifiers are applied: `all` needs two values, keywords become unanchored ... */
bool modifier_finish(ModifierChain *chain);

#endif

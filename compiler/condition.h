/* SPDX-License-Identifier: MIT
 * Condition text → syntax tree (semantics 10; grammar of pySigma's conditions):
 *   cond = and ("or" and)*;  and = not ("and" not)*;  not = "not" not | prim;
 *   prim = "(" cond ")" | ("1" | "any" | "all") "of" ("them" | pattern) | identifier
 * Names are not resolved here. */
#ifndef SIGMAC_COMPILER_CONDITION_H
#define SIGMAC_COMPILER_CONDITION_H

#include "base/intern.h"
#include "compiler/yaml.h"

typedef enum { COND_NAME, COND_SELECTOR, COND_NOT, COND_AND, COND_OR } CondKind;

typedef struct Cond Cond;
struct Cond {
  CondKind kind;
  Span at;
  Str name;    /* NAME: the identifier; SELECTOR: the pattern, or `them` */
  bool all;    /* SELECTOR: all of; else any of */
  bool them;   /* SELECTOR */
  Cond **kids; /* NOT: one; AND, OR: two or more */
  uint32_t n_kids;
};

/* `text` is a text scalar. `identifiers`: what the condition may name; needed only to tell an identifier such as `Not`
 * from an operator in the wrong letter case, so it may be NULL. False after reporting at least one error. The tree is in
 * the arena. */
bool cond_parse(Cond **out, const YamlNode *text, const Intern *identifiers, Arena *arena, Diags *diags);
/* Whether a selector selects an identifier: `*` any characters; names that start with `_` only by a pattern that
 * does so too (semantics 10.4, 10.5). */
bool cond_selects(const Cond *selector, Str identifier);

#endif

/* SPDX-License-Identifier: MIT
 * Whether what lint says of the meaning of rules is true: each finding is a claim about verdicts, which the referee (tests/oracle.h)
 * gives on random events made to hit the rule. One event that contradicts is a fault of the check. What no event contradicts is not
 * proven, but events favour the borders of what the rule asks for. */
#ifndef SIGMAC_TESTS_SOUND_SOUND_H
#define SIGMAC_TESTS_SOUND_SOUND_H

#include "compiler/compile.h"
#include "lint/lint.h"
#include "tests/oracle.h"
#include "tests/support/gen.h"

/* --- events.c ------------------------------------------------------------------------------------------------ */

typedef struct {
  Str name;
  VEC(const IrTest *) tests;
  bool single; /* known to hold one value (lint/facts.h) */
} SoundField;

typedef struct {
  Gen *g;
  Arena *arena;
  const IrRule *ir; /* as lowered */
  VEC(SoundField) fields;
} SoundEvents;

void sound_events_init(SoundEvents *e, Gen *g, Arena *arena, const LintSources *sources, const IrRule *ir);
/* An event for the rule. flat: no field holds a list. */
Value *sound_event(SoundEvents *e, bool flat);

/* --- claims.c ------------------------------------------------------------------------------------------------ */

typedef enum {
  CLAIM_NONE,     /* the finding says nothing that events could contradict */
  CLAIM_LOST,     /* what it refers to was not found: a fault of this program, or of the span */
  CLAIM_NEVER,    /* x never holds */
  CLAIM_ALWAYS,   /* x always holds */
  CLAIM_SAME,     /* x and y hold for the same events */
  CLAIM_TEXT,     /* x holds where its field has a text */
  CLAIM_CONSTANT, /* the rule means the same with the selection x false, or true; such claims of a rule go together */
} ClaimKind;

typedef struct {
  const char *id;
  Span at;
  ClaimKind kind;
  IrNode *x, *y;
  bool flat;  /* it speaks of events without lists alone */
  bool empty; /* it speaks of the event {} alone */
} Claim;

typedef VEC(Claim) Claims;

Claim claim_of(Arena *a, const IrRule *ir, const Finding *f);
/* What its words and those of its hint say of selections, under the id and the place of a claim. */
void claims_of_words(Arena *a, Sources *sources, const IrRule *ir, const Finding *f, Claim *like, Claims *out);
/* The i-th selection that a message names; NULL: it has not so many. */
IrNode *claim_selection(const IrRule *ir, Str message, uint32_t i);
/* The tree with another node in the place of one. */
IrNode *claim_replaced(Arena *a, IrNode *n, const IrNode *old, IrNode *new);
/* Where a selection first stands in the rule, counted in nodes. */
uint32_t claim_order(const IrRule *ir, const IrNode *selection);
/* The ids that are claims, each named once; NULL at the end. */
extern const char *const claim_ids[];

/* --- rules.c ------------------------------------------------------------------------------------------------- */

/* A rule of which many parts can be compared. */
Str sound_rule(Gen *g, Arena *a, unsigned number);

#endif

/* SPDX-License-Identifier: MIT
 * Why a rule matched an event or did not, and what a rule means, for people and as JSON. Everything comes from the image,
 * so that an image explains itself as its YAML does; the verdicts are the VM's own (runtime/tree.h). The event is the
 * present one of a Vm, whatever tree it was made of. Text is safe for a terminal, JSON is one line. */
#ifndef SIGMAC_RUNTIME_EXPLAIN_H
#define SIGMAC_RUNTIME_EXPLAIN_H

#include "base/buf.h"
#include "runtime/scan.h"
#include "runtime/tree.h"

typedef struct {
  bool json;
  bool colour;            /* text: with escape sequences */
  uint64_t event_index;   /* what the event is called */
  const Offered *offered; /* whether the rule is offered the event at all; NULL: not asked */
} ExplainStyle;

/* Each predicate with what the event has, whether it held, its line; hints; what decided. Scratch is an arena that the
 * event outlives. */
void explain_event(Buf *out, Vm *vm, uint32_t rule, const ExplainStyle *style, Arena *scratch);
/* A rule alone: its meaning in words, and its tree. */
void explain_rule(Buf *out, const Program *p, uint32_t rule, const ExplainStyle *style, Arena *scratch);

/* The same of a correlation, by its number. */
void explain_correlation(Buf *out, const Program *p, uint32_t number, const ExplainStyle *style, Arena *scratch);

/* The tests that made a rule match the present event, as a JSON array of {"selection","field","value","line"}: of an `or`
 * those that held; nothing below a `not`. `value` is the first one of the field for which the test holds, null where that is
 * none (absence, an object); facts that are the same in all four are told once; for a keyword `field` is the path to the
 * value, null where it is beyond LIMIT_NAMED_VALUES.
 * One Matcher goes with one Vm; it keeps the trees of the rules that matched. */
typedef struct {
  Vm *vm;
  Arena *owner;     /* of the trees */
  TreeNode **trees; /* by rule; NULL: not made yet */
} Matcher;
void matcher_init(Matcher *m, Vm *vm, Arena *owner);
void matcher_print(Matcher *m, Buf *out, uint32_t rule);

#endif

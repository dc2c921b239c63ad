/* SPDX-License-Identifier: MIT
 * What correlations need of an event, taken out of it for each rule that matched: so that an event can be forgotten, and what
 * is left of it go from one thread to another. Facts are bytes; those of the matches of one event stand one behind the other,
 * in the order of the rules. They are made and read by the same program, and are no format for files.
 *
 * Of each field that a rule needs (RuleRec.needs) there is the first value that is not null (semantics 13.2): its text, as it
 * is spelled in the event (5.4). An object has no text: it is no value. A rule that sees the event through a view (renamed
 * fields) gives the values that it sees. */
#ifndef SIGMAC_RUNTIME_CORRELATE_FACTS_H
#define SIGMAC_RUNTIME_CORRELATE_FACTS_H

#include "base/buf.h"
#include "runtime/scan.h"

/* Adds those of a rule that matches the present event; from inside of a ScanMatch. Nothing where no correlation needs the rule. */
void facts_add(Buf *out, Scanner *s, uint32_t rule);

/* The value of a needed field. */
typedef struct {
  Str text;
  bool there;
} Fact;

typedef struct {
  const Program *program;
  Str rest;
  uint32_t rule; /* of the present match */
  Fact *values;  /* as many as its needs, in their order */
  uint32_t room; /* for so many */
  Arena *arena;
} FactsReader;

/* The facts are borrowed; room for values comes from the arena, of one event. */
void facts_open(FactsReader *r, const Program *p, Str facts, Arena *arena);
/* The next match; false behind the last, or where the bytes are none of this program: nothing of them is believed. */
bool facts_next(FactsReader *r);
/* The value of a field of the present match. */
Fact facts_field(const FactsReader *r, uint32_t field);

#endif

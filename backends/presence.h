/* SPDX-License-Identifier: MIT
 * Kusto's text columns have no null: an empty text and no text are one. For each field, whether a rule can mean different
 * things by the two: the tree is looked at with every test of the field decided as the VM does for an absent field, as it does for
 * an empty text, and as the target does for its one case. Where what is left of the tree is the same, the query is exact,
 * whatever the other fields hold: `not f: null and not f: ''` needs no assumption, each part alone does. */
#ifndef SIGMAC_BACKENDS_PRESENCE_H
#define SIGMAC_BACKENDS_PRESENCE_H

#include "backends/emit.h"
#include "runtime/regex_tree.h"

typedef enum {
  PRESENCE_EXACT,
  PRESENCE_ABSENT, /* as for an absent field: right where events have no empty texts */
  PRESENCE_EMPTY,  /* as for an empty text: right where the field is never absent */
  PRESENCE_WRONG   /* as for neither */
} Presence;

/* Fills e->presence for the fields of the branch that need it. */
void presence_find(Emit *e);
Presence presence_of(const Emit *e, Str field);

/* Whether the regular expression matches the empty text. */
bool presence_regex_nullable(const RegexNode *root);

#endif

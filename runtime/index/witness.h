/* SPDX-License-Identifier: MIT
 * Witnesses: for a rule, predicates of which at least one holds whenever the rule matches. Where none holds, the rule need
 * not run. They are chosen when rules are compiled, by what is rare (stats.h), and stand in the image; but the verifier
 * proves them for each rule, so that no image, and no mistake of who chose, can lose a match. */
#ifndef SIGMAC_RUNTIME_INDEX_WITNESS_H
#define SIGMAC_RUNTIME_INDEX_WITNESS_H

#include "runtime/index/stats.h"

/* Chooses for all rules of a program (a view of an image that is being built will do: it needs no more than the sections
 * STRINGS to RULES) and writes the section WITNESSES and the `witness` of each rule. A rule without necessary predicates, such as one that is
 * a negation, gets none: it always runs. */
void witness_choose(const Program *p, const Stats *stats, ImageBuilder *image);

/* Whether the code (fused) of a rule yields false when these predicates do not hold, whatever the others do: by running it
 * once with three values. `scratch` has room for all of it and is the caller's. Linear in the code. */
bool witness_proved(const Program *p, uint32_t rule, Arena *scratch);

/* What a verdict can be, as far as known: any of these bits. */
enum { CAN_FALSE = 1, CAN_TRUE = 2, CAN_BOTH = 3 };
typedef unsigned PredCan(const void *ctx, uint32_t pred);
/* Whether the code (fused) of a rule yields false, given what predicates can be. Linear in the code; scratch as above. */
bool rule_is_false(const Program *p, uint32_t rule, PredCan *can, const void *ctx, Arena *scratch);

#endif

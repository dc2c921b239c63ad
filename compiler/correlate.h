/* SPDX-License-Identifier: MIT
 * Correlations into the image (runtime/program.h): the pass behind all rules. A document must be in the image for what refers to it to
 * be there, and a correlation stands behind those that it refers to; else they keep the order of documents. */
#ifndef SIGMAC_COMPILER_CORRELATE_H
#define SIGMAC_COMPILER_CORRELATE_H

#include "compiler/link.h"

typedef struct Correlating Correlating;

/* Of resolved rules. Reports correlations that could not be in an image whatever becomes of the rules. */
Correlating *correlating_new(RuleSet *set, Linker *linker, Arena *arena, Diags *diags);
/* A rule is in the image, the number-th. */
void correlating_rule(Correlating *c, uint32_t document, uint32_t number);
/* All rules are in the image, or refused and marked as broken: adds the correlations, and what rules must know of them. Those
 * that refer to what is refused are refused too. */
void correlating_finish(Correlating *c);

#endif

/* SPDX-License-Identifier: MIT
 * Correlations into the image (runtime/program.h): the pass behind all rules. A document must be in the image for what refers to it to
 * be there, and a correlation stands behind those that it refers to; else they keep the order of documents. */
#ifndef SIGMAC_COMPILER_CORRELATE_H
#define SIGMAC_COMPILER_CORRELATE_H

#include "compiler/asked.h"
#include "compiler/link.h"

typedef struct Correlating Correlating;

/* Of resolved rules. Reports correlations that could not be in an image whatever becomes of the rules. `renames`: rules are compiled
 * through pipelines, so that their fields get other names. */
Correlating *correlating_new(RuleSet *set, Linker *linker, bool renames, Arena *arena, Diags *diags);
/* A rule is in the image, the number-th. */
void correlating_rule(Correlating *c, uint32_t document, uint32_t number);
/* Where there are pipelines: the fields that correlations need of the events of the document, and what these are called in them, in the
 * same order. The answers last. */
const Intern *correlating_asked(const Correlating *c, uint32_t document);
void correlating_answer(Correlating *c, uint32_t document, const Asked *answers);
/* All rules are in the image, or refused and marked as broken: adds the correlations, and what rules must know of them. Those
 * that refer to what is refused are refused too. */
void correlating_finish(Correlating *c);

#endif

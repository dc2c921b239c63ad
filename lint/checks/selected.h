/* SPDX-License-Identifier: MIT
 * What checks of conditions and selections share. */
#ifndef SIGMAC_LINT_CHECKS_SELECTED_H
#define SIGMAC_LINT_CHECKS_SELECTED_H

#include "lint/lint.h"

/* A bound on comparisons of a rule: a file of 1 MiB can hold tens of thousands of selectors, and as many selections that each of
 * them has to be compared with. */
enum { SELECTING_MOST = 1000000 };

typedef struct {
  uint64_t spent;
} Selecting;

/* False: too much was compared already, and nothing more is said of this rule. */
static inline bool selecting_pay(Selecting *s, uint32_t n_detections) {
  s->spent += n_detections;
  return s->spent <= SELECTING_MOST;
}

/* A word of conditions, such as `of`: no name. */
bool selection_is_keyword(Str name);
/* Of letters, digits, `_` and `-` alone, and not empty. */
bool selection_is_word(Str name);

#endif

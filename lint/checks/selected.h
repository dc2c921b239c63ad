/* SPDX-License-Identifier: MIT
 * What checks of conditions share: a bound on their work. A file of 1 MiB can hold tens of thousands of selectors, and as many
 * selections that each of them has to be compared with. */
#ifndef SIGMAC_LINT_CHECKS_SELECTED_H
#define SIGMAC_LINT_CHECKS_SELECTED_H

#include "lint/lint.h"

enum { SELECTING_MOST = 1000000 }; /* comparisons of a rule; the largest rule of SigmaHQ needs some hundred */

typedef struct {
  uint64_t spent;
} Selecting;

/* False: too much was compared already, and nothing more is said of this rule. */
static inline bool selecting_pay(Selecting *s, uint32_t n_detections) {
  s->spent += n_detections;
  return s->spent <= SELECTING_MOST;
}

#endif

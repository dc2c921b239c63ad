/* SPDX-License-Identifier: MIT
 * Values that a field of a log source never has: what each kind of field says of a value. */
#ifndef SIGMAC_LINT_CHECKS_IMPOSSIBLE_H
#define SIGMAC_LINT_CHECKS_IMPOSSIBLE_H

#include "lint/checks/kinds.h"

/* What is wrong, as the end of a sentence about the field, and what to do; why NULL: nothing is known to be. */
typedef struct {
  const char *why, *advice;
  bool bare; /* the name of a file without its directory */
} Impossible;

Impossible impossible_path(ValueKind kind, const ValueForm *v);
Impossible impossible_word(ValueKind kind, const ValueForm *v);

#endif

/* SPDX-License-Identifier: MIT
 * Where the lines of a file belong to a scalar: there, blanks and empty lines may be part of its text. */
#ifndef SIGMAC_LINT_CHECKS_SCALARS_H
#define SIGMAC_LINT_CHECKS_SCALARS_H

#include "lint/lint.h"

typedef struct {
  uint32_t start, end; /* of a block scalar behind its first line, and without the empty lines at its end that say nothing */
  bool block;
} Lines;

typedef struct {
  VEC(Lines) list; /* scalars of several lines, in order */
  size_t known;    /* behind this byte nothing is known: the text is not well-formed */
} ScalarLines;

void scalar_lines(ScalarLines *out, Lint *l, const LintFile *f, Arena *arena);
/* The one that bytes [from, to] touch; NULL. */
const Lines *scalar_lines_at(const ScalarLines *s, size_t from, size_t to);

#endif

/* SPDX-License-Identifier: MIT
 * One spelling of tests that are found in the same values, beyond what the compiler does. */
#ifndef SIGMAC_LINT_NORMAL_H
#define SIGMAC_LINT_NORMAL_H

#include "compiler/ir.h"

/* Of each test of a tree: a pattern without letters is not cased; a portable regular expression has its flags in its text, is nowhere lazy,
 * and has nothing at its ends that may be missing, since it is searched anywhere. */
void normal_tests(Arena *arena, IrNode *root);

#endif

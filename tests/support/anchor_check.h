/* SPDX-License-Identifier: MIT
 * Whether anchors are sound: values made to satisfy a test, or to miss it by little, must fit them whenever the test holds. */
#ifndef SIGMAC_TESTS_SUPPORT_ANCHOR_CHECK_H
#define SIGMAC_TESTS_SUPPORT_ANCHOR_CHECK_H

#include "runtime/index/anchor.h"
#include "runtime/vm.h"
#include "tests/support/gen.h"

typedef struct {
  uint64_t values, held; /* values tried, and those for which the test holds */
  uint64_t rejected;     /* those that fit no anchor */
} AnchorStats;

/* Whether these are anchors as the contract has them: kinds, folding, whole characters, numbers. Prints what is wrong. */
bool anchor_check_form(const Program *p, uint32_t test, Arena *a);
/* Tries so many values on a test. The scratch of the Vm is reset. Prints the value where one holds and does not fit. */
bool anchor_check_values(Gen *g, Vm *vm, uint32_t test, unsigned values, AnchorStats *stats);
/* The same for one value. */
bool anchor_check_value(Vm *vm, uint32_t test, AnchorSets sets, Value *v, AnchorStats *stats);

#endif

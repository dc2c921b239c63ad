/* SPDX-License-Identifier: MIT
 * Tests that were given up at a limit of their cost (semantics 9.5): the rules that have them may have missed events. */
#ifndef SIGMAC_RUNTIME_GIVENUP_H
#define SIGMAC_RUNTIME_GIVENUP_H

#include "base/buf.h"
#include "runtime/vm.h"

uint64_t given_up_times(const Vm *vm);
/* A line for each rule and test. */
void given_up_report(Buf *out, const Vm *vm);

#endif

/* SPDX-License-Identifier: MIT
 * Text of a program, from the tables of opcodes and predicates alone. */
#ifndef SIGMAC_RUNTIME_DISASM_H
#define SIGMAC_RUNTIME_DISASM_H

#include "base/buf.h"
#include "runtime/vm.h"

void disasm_rule(Buf *out, const Program *p, uint32_t rule, CodeForm form);
/* Field, predicate and operand of a test, such as `Image endswith "\cmd.exe"`. */
void disasm_test(Buf *out, const Program *p, uint32_t field, uint32_t test);
/* Header facts: versions, variables, counts of the sections. */
void disasm_summary(Buf *out, const Program *p);

#endif

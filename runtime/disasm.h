/* SPDX-License-Identifier: MIT
 * Text of a program, from the tables of opcodes and predicates alone. */
#ifndef SIGMAC_RUNTIME_DISASM_H
#define SIGMAC_RUNTIME_DISASM_H

#include "base/buf.h"
#include "runtime/vm.h"

void disasm_rule(Buf *out, const Program *p, uint32_t rule, CodeForm form);
/* A correlation by its number. */
void disasm_correlation(Buf *out, const Program *p, uint32_t number, Arena *scratch);
/* The line that begins either, and the one that says what correlations want of a rule; none where they want nothing. */
void disasm_head(Buf *out, const Program *p, const char *kind, uint32_t number, const MetaRec *meta);
void disasm_correlated(Buf *out, const Program *p, const RuleRec *r);
/* Field, predicate and operand of a test, such as `Image endswith "\cmd.exe"`. */
void disasm_test(Buf *out, const Program *p, uint32_t field, uint32_t test);
/* Header facts: versions, variables, counts of the sections. */
void disasm_summary(Buf *out, const Program *p);

#endif

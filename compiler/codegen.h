/* SPDX-License-Identifier: MIT
 * Frozen IR → plain stack code, over tables of fields and tests that all rules share (Linker). */
#ifndef SIGMAC_COMPILER_CODEGEN_H
#define SIGMAC_COMPILER_CODEGEN_H

#include "base/intern.h"
#include "compiler/passes.h"
#include "runtime/program.h"

typedef struct Linker Linker;

/* What codegen makes of one rule. */
typedef struct {
  VEC(uint32_t) code;   /* plain: FIELD, TEST, jumps, RET */
  VEC(PlaceRec) places; /* one per instruction */
} PlainCode;

void codegen_rule(PlainCode *out, const IrRule *rule, Linker *linker);

#endif

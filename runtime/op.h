/* SPDX-License-Identifier: MIT
 * Opcodes and the encoding of an instruction: one 32-bit word, opcode in the low 8 bits, operand in the high 24. */
#ifndef SIGMAC_RUNTIME_OP_H
#define SIGMAC_RUNTIME_OP_H

#include <stdint.h>

typedef enum {
#define OP(name, arg, pops, push, on_jump, doc) OP_##name,
#include "runtime/op.def"
#undef OP
  OP_COUNT
} Op;

typedef enum { ARG_NONE, ARG_FIELD, ARG_TEST, ARG_PRED, ARG_FORWARD } ArgKind;

typedef struct {
  const char *name;
  ArgKind arg;
  uint8_t pops, push, on_jump;
  const char *doc;
} OpInfo;

extern const OpInfo op_info[OP_COUNT];
extern const char *const arg_kind_name[];

enum { INSN_ARG_MAX = 0xFFFFFF };
static inline uint32_t insn(Op op, uint32_t arg) { return (uint32_t)op | arg << 8; }
static inline uint32_t insn_op(uint32_t word) { return word & 0xFF; } /* may be no Op before verification */
static inline uint32_t insn_arg(uint32_t word) { return word >> 8; }

#endif

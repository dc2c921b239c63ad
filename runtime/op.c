/* SPDX-License-Identifier: MIT */
#include "runtime/op.h"

const OpInfo op_info[OP_COUNT] = {
#define OP(name, arg, pops, push, on_jump, doc) {#name, ARG_##arg, pops, push, on_jump, doc},
#include "runtime/op.def"
#undef OP
};

const char *const arg_kind_name[] = {"", "field", "test", "predicate", "forward jump"};

/* SPDX-License-Identifier: MIT */
#include "runtime/vm.h"

#include "base/limits.h"

void vm_init(Vm *vm, const Program *p, Arena *owner, Arena *scratch) {
  *vm = (Vm){.program = p, .scratch = scratch, .keys = keys_new(owner)};
  event_init(&vm->event, vm->keys, p->fields, p->n_FIELDS, owner, scratch);
  vm->memo = arena_array(owner, uint32_t, p->n_PREDS);
  vm->limit_hits = arena_array(owner, uint32_t, p->n_TESTS);
  vm->regex = regex_scratch_new(owner);
  vm->fallback = (Fallback){.program = p, .owner = owner};
}

void vm_event(Vm *vm, Value *root) {
  keys_number(vm->keys, root);
  vm_event_numbered(vm, root);
}

void vm_event_numbered(Vm *vm, Value *root) {
  event_set(&vm->event, root);
  vm->absent = NULL;
  vm->epoch = (vm->epoch + 1) & 0x7FFFFFFF;
  if (vm->epoch) return;
  /* Wrapped around: verdicts of 2^31 events ago would look fresh. */
  memset(vm->memo, 0, vm->program->n_PREDS * sizeof *vm->memo);
  vm->epoch = 1;
}

static inline bool pred_memo(Vm *vm, uint32_t pred) {
  uint32_t m = vm->memo[pred];
  if (m >> 1 == vm->epoch) return m & 1;
  if (vm->absent && vm->absent[pred / 64] >> pred % 64 & 1) return false;
  const PredRec *p = &vm->program->PREDS[pred];
  bool holds = pred_holds(vm, p->field, p->test);
  vm->memo[pred] = vm->epoch << 1 | holds;
  return holds;
}

bool vm_pred(Vm *vm, uint32_t pred) { return pred_memo(vm, pred); }

/* Most tests stand in lists: the jump behind one takes the verdict at once. */
static inline const uint32_t *take_jump(const uint32_t *pc, bool holds, uint32_t **sp) {
  Op jump = (Op)insn_op(pc[1]);
  if (jump != OP_OR_JUMP && jump != OP_AND_JUMP) {
    *(*sp)++ = holds;
    return pc;
  }
  pc++;
  if (holds != (jump == OP_OR_JUMP)) return pc;
  *(*sp)++ = holds;
  return pc + insn_arg(*pc);
}

/* verify.c has proved depth, operands and jumps: no check is made here. Two of it are made: nothing of the trace is left in
 * the one without. */
static inline __attribute__((always_inline)) bool run(Vm *vm, const uint32_t *start, const uint32_t *pc, VmTrace *trace) {
  uint32_t stack[LIMIT_CODE_DEPTH], *sp = stack;
  for (;; pc++) {
    uint32_t arg = insn_arg(*pc);
    const uint32_t *at = pc;
    switch ((Op)insn_op(*pc)) {
    case OP_FIELD: *sp++ = arg; break;
    case OP_TEST: sp[-1] = pred_holds(vm, sp[-1], arg); break;
    case OP_PRED:
      if (trace) *sp++ = pred_memo(vm, arg);
      else pc = take_jump(pc, pred_memo(vm, arg), &sp);
      break;
    case OP_TRUE: *sp++ = 1; break;
    case OP_FALSE: *sp++ = 0; break;
    case OP_NOT: sp[-1] = !sp[-1]; break;
    case OP_AND_JUMP:
      if (!sp[-1]) pc += arg;
      else sp--;
      break;
    case OP_OR_JUMP:
      if (sp[-1]) pc += arg;
      else sp--;
      break;
    case OP_RET:
      if (trace) trace(vm->trace_ctx, (uint32_t)(at - start), *at, sp[-1]);
      return sp[-1];
    case OP_COUNT: return false;
    }
    if (trace) trace(vm->trace_ctx, (uint32_t)(at - start), *at, sp > stack ? sp[-1] : 0);
  }
}

bool vm_run(Vm *vm, uint32_t rule, CodeForm form) {
  const RuleRec *r = &vm->program->RULES[rule];
  const uint32_t *start = form == CODE_FUSED ? vm->program->CODE : vm->program->PLAIN;
  const uint32_t *pc = start + (form == CODE_FUSED ? r->code : r->plain);
  return vm->trace ? run(vm, start, pc, vm->trace) : run(vm, start, pc, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "runtime/index/witness.h"

typedef struct {
  const uint32_t *p; /* ascending */
  uint32_t n;
} Witnesses;

static unsigned none_holds(const void *ctx, uint32_t pred) {
  const Witnesses *w = ctx;
  uint32_t from = 0, to = w->n;
  while (from < to) {
    uint32_t mid = from + (to - from) / 2;
    if (w->p[mid] < pred) from = mid + 1;
    else to = mid;
  }
  return from < w->n && w->p[from] == pred ? CAN_FALSE : CAN_BOTH;
}

static bool ascending(const uint32_t *w, uint32_t n) {
  for (uint32_t i = 1; i < n; i++)
    if (w[i - 1] >= w[i]) return false;
  return true;
}

/* Only the top of the stack is followed. That is all there is: whoever always jumps never pops, so verified code, which returns
 * with one verdict, has never two. `at`: what it can be where an earlier jump lands. */
typedef struct {
  uint8_t *at;
  unsigned top; /* 0: no way leads here */
} State;

/* Takes the top that decides along with it, and drops the other one. */
static void jump(State *s, uint32_t target, unsigned decides) {
  s->at[target] |= (uint8_t)(s->top & decides);
  s->top = s->top & ~decides ? CAN_BOTH : 0;
}

static unsigned negated(unsigned top) { return (top & CAN_FALSE ? CAN_TRUE : 0u) | (top & CAN_TRUE ? CAN_FALSE : 0u); }

bool witness_proved(const Program *p, uint32_t rule, Arena *scratch) {
  Witnesses w = {p->WITNESSES + p->RULES[rule].witness.first, p->RULES[rule].witness.n};
  return ascending(w.p, w.n) && rule_is_false(p, rule, none_holds, &w, scratch);
}

bool rule_is_false(const Program *p, uint32_t rule, PredCan *can, const void *ctx, Arena *scratch) {
  const RuleRec *r = &p->RULES[rule];
  const uint32_t *code = p->CODE + r->code;
  State s = {arena_array(scratch, uint8_t, r->n_code), CAN_BOTH};
  for (uint32_t pc = 0; pc < r->n_code; pc++) {
    uint32_t arg = insn_arg(code[pc]);
    s.top |= s.at[pc];
    if (!s.top) continue;
    switch ((Op)insn_op(code[pc])) {
    case OP_FIELD: break;
    case OP_TEST: s.top = CAN_BOTH; break;
    case OP_PRED: s.top = can(ctx, arg); break;
    case OP_TRUE: s.top = CAN_TRUE; break;
    case OP_FALSE: s.top = CAN_FALSE; break;
    case OP_NOT: s.top = negated(s.top); break;
    case OP_AND_JUMP: jump(&s, pc + 1 + arg, CAN_FALSE); break;
    case OP_OR_JUMP: jump(&s, pc + 1 + arg, CAN_TRUE); break;
    case OP_RET:
      if (s.top & CAN_TRUE) return false;
      s.top = 0;
      break;
    case OP_COUNT: return false;
    }
  }
  return true;
}

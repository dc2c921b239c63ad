/* SPDX-License-Identifier: MIT */
#include "runtime/givenup.h"

#include "base/diag.h"
#include "runtime/disasm.h"

/* The field that a rule looks at with this test; UINT32_MAX where it does not have the test. */
static uint32_t field_of(const Program *p, const RuleRec *r, uint32_t test) {
  for (uint32_t i = 1; i < r->n_plain; i++)
    if (p->PLAIN[r->plain + i] == insn(OP_TEST, test)) return insn_arg(p->PLAIN[r->plain + i - 1]);
  return UINT32_MAX;
}

static void report(Buf *out, const Vm *vm, const RuleRec *r, uint32_t test) {
  enum { WIDEST = 100 };
  const Program *p = vm->program;
  uint32_t times = vm->limit_hits[test];
  Buf what = {.arena = vm->scratch};
  disasm_test(&what, p, field_of(p, r, test), test);
  Str shown = buf_view(&what);
  buf_safe(out, program_str(p, r->path));
  buf_printf(out, ":%u: warning: `", r->line);
  buf_safe(out, program_str(p, r->title));
  buf_str(out, STR("`: "));
  buf_safe(out, shown.n > WIDEST ? str_sub(shown, 0, WIDEST) : shown);
  buf_printf(out, "%s: given up %u %s, taken as no match [%s]\n", shown.n > WIDEST ? "..." : "", times,
             times == 1 ? "time" : "times", diag_info[ID_regex_limit].text);
}

uint64_t given_up_times(const Vm *vm) {
  uint64_t n = 0;
  for (uint32_t t = 0; t < vm->program->n_TESTS; t++) n += vm->limit_hits[t];
  return n;
}

void given_up_report(Buf *out, const Vm *vm) {
  const Program *p = vm->program;
  for (uint32_t t = 0; t < p->n_TESTS; t++)
    for (uint32_t i = 0; vm->limit_hits[t] && i < p->n_RULES; i++)
      if (field_of(p, &p->RULES[i], t) != UINT32_MAX) report(out, vm, &p->RULES[i], t);
}

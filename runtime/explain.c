/* SPDX-License-Identifier: MIT */
#include "runtime/explain.h"

#include "runtime/explain_internal.h"

bool explain_is_group(const Program *p, const TreeNode *n) {
  if (n->kind != TREE_AND && n->kind != TREE_OR) return false;
  for (const TreeNode *kid = n->kids; kid; kid = kid->next)
    if (kid->kind != TREE_TEST || !words_same_head(p, kid->field, kid->test, n->kids->field, n->kids->test)) return false;
  return true;
}

Value *explain_value_of(Vm *vm, uint32_t field, uint32_t test) {
  enum { PAIRED = 64 }; /* values tried where each is compared with all of another field */
  const FieldValues *f = event_field(&vm->event, field);
  bool paired = vm->program->TESTS[test].kind == PRED_FIELDREF;
  for (uint32_t i = 0; i < f->n && !(paired && i == PAIRED); i++)
    if (pred_holds_value(vm, test, f->values[i])) return f->values[i];
  return NULL;
}

static Explain begin(Buf *out, const Program *p, Vm *vm, uint32_t rule, const ExplainStyle *style, Arena *scratch) {
  Explain e = {.out = out, .p = p, .vm = vm, .rule = rule, .style = style, .scratch = scratch};
  e.tree = tree_of_rule(p, rule, scratch);
  e.hints = (Hints){.vm = vm, .arena = scratch};
  return e;
}

void explain_event(Buf *out, Vm *vm, uint32_t rule, const ExplainStyle *style, Arena *scratch) {
  Explain e = begin(out, vm->program, vm, rule, style, scratch);
  tree_eval(e.tree, vm, rule);
  tree_mark(e.tree);
  if (style->json) explain_json(&e);
  else explain_text(&e);
}

void explain_rule(Buf *out, const Program *p, uint32_t rule, const ExplainStyle *style, Arena *scratch) {
  Explain e = begin(out, p, NULL, rule, style, scratch);
  if (style->json) explain_json(&e);
  else explain_text(&e);
}

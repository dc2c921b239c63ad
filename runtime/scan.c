/* SPDX-License-Identifier: MIT */
#include "runtime/scan.h"

/* A conflict is an attribute that both name and that differs, ASCII letter case ignored. */
static bool conflict(Str rule, Str label) { return rule.n && label.n && !str_eq_nocase(rule, label); }

bool labels_fit(const Program *p, const RuleRec *rule, const Labels *labels) {
  return !conflict(program_str(p, rule->category), labels->category) && !conflict(program_str(p, rule->product), labels->product) &&
         !conflict(program_str(p, rule->service), labels->service);
}

void scanner_init(Scanner *s, const Program *p, Arena *owner) {
  *s = (Scanner){.form = CODE_FUSED};
  vm_init(&s->vm, p, owner, &s->scratch);
  s->active = arena_array(owner, uint32_t, p->n_RULES);
  for (uint32_t i = 0; i < p->n_RULES; i++) s->active[s->n_active++] = i;
}

void scanner_restrict(Scanner *s, const Labels *labels) {
  const Program *p = s->vm.program;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < s->n_active; i++)
    if (labels_fit(p, &p->RULES[s->active[i]], labels)) s->active[kept++] = s->active[i];
  s->n_active = kept;
}

void scanner_free(Scanner *s) { arena_free(&s->scratch); }

void scan_value(Scanner *s, Value *root, ScanMatch *match, void *ctx) {
  vm_event(&s->vm, root);
  for (uint32_t i = 0; i < s->n_active; i++)
    if (vm_run(&s->vm, s->active[i], s->form)) match(ctx, s->active[i]);
}

bool scan_text(Scanner *s, Str text, ScanMatch *match, void *ctx, JsonError *error) {
  arena_reset(&s->scratch);
  Value *root = event_json_read(text, &s->scratch, error);
  if (!root) return false;
  scan_value(s, root, match, ctx);
  return true;
}

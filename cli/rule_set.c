/* SPDX-License-Identifier: MIT */
#include "cli/rule_set.h"

#include "cli/memory.h"
#include "cli/say.h"

sigmac_scanner *rule_set_scanner(const RuleSet *s) {
  const EvalOptions *o = s->options;
  sigmac_scanner *scanner;
  checked(sigmac_scanner_new(&scanner, s->loaded.rules, &cli_allocator));
  sigmac_scanner_set_form(scanner, o->plain ? SIGMAC_PLAIN : SIGMAC_FUSED);
  sigmac_scanner_set_index(scanner, !o->no_index);
  time_options_apply(&o->range, scanner);
  logsource_options_apply(&o->logsource, scanner);
  for (uint32_t i = 0; i < s->n_rules; i++)
    if (!s->selected[i]) sigmac_scanner_enable(scanner, i, false);
  return scanner;
}

/* False where none is left. */
static bool select_rules(RuleSet *s, const Args *args) {
  Selection selection;
  if (!selection_read(&selection, args)) return false;
  s->selected = arena_array(&s->arena, bool, s->n_rules);
  for (uint32_t i = 0; i < s->n_rules; i++) {
    s->selected[i] = selection_wants(&selection, sigmac_rules_get(s->loaded.rules, i));
    s->not_selected += !s->selected[i];
  }
  if (s->not_selected == s->n_rules) {
    s->status = selection_empty(&selection, args);
    return false;
  }
  selection_warn(&selection, args);
  return true;
}

bool rule_set_load(RuleSet *s, const EvalOptions *options) {
  *s = (RuleSet){.options = options, .arena.heap = &cli_heap};
  Args args = *options->args;
  args.arena = &s->arena;
  load_rules(&s->loaded, &args, args_values(&args, "rules"));
  s->status = s->loaded.status;
  if (!s->loaded.rules) return false;
  s->n_rules = sigmac_rules_get_facts(s->loaded.rules)->rules;
  if (!s->n_rules) {
    if (!s->loaded.no_files) say("sigmac eval: error: no detection rule could be loaded");
    s->status = EXIT_BAD_INPUT;
    return false;
  }
  return select_rules(s, &args);
}

bool rule_set_partial(const RuleSet *s) {
  return s->loaded.compiler && sigmac_compiler_get_summary(s->loaded.compiler)->unreadable;
}

void rule_set_free(RuleSet *s) { arena_free(&s->arena); }

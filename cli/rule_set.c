/* SPDX-License-Identifier: MIT */
#include "cli/rule_set.h"

#include "cli/memory.h"
#include "cli/say.h"

bool rule_set_reports(const RuleSet *s, uint32_t number) {
  return s->selected[number] && !(s->wanted[number] && sigmac_rules_get(s->loaded.rules, number)->silent);
}

static bool evaluated(const RuleSet *s, uint32_t number) { return s->selected[number] || s->wanted[number]; }

sigmac_scanner *rule_set_scanner(const RuleSet *s) {
  const EvalOptions *o = s->options;
  sigmac_scanner *scanner;
  checked(sigmac_scanner_new(&scanner, s->loaded.rules, &cli_allocator));
  sigmac_scanner_set_form(scanner, o->plain ? SIGMAC_PLAIN : SIGMAC_FUSED);
  sigmac_scanner_set_index(scanner, !o->no_index);
  time_options_apply(&o->range, scanner);
  logsource_options_apply(&o->logsource, scanner);
  for (uint32_t i = 0; i < s->n_rules; i++)
    if (!evaluated(s, i)) sigmac_scanner_enable(scanner, i, false);
  return scanner;
}

/* What selected correlations rest on. A correlation stands behind what it refers to. */
static void want_rules(RuleSet *s) {
  for (uint32_t i = s->n_rules + s->n_correlations; i-- > s->n_rules;) {
    const sigmac_rule *r = sigmac_rules_get(s->loaded.rules, i);
    s->n_correlating += s->selected[i];
    for (size_t k = 0; evaluated(s, i) && k < r->refers_n; k++) s->wanted[r->refers[k]] = true;
  }
}

/* False where none is left. */
static bool select_rules(RuleSet *s, const Args *args) {
  Selection selection;
  uint32_t n = s->n_rules + s->n_correlations;
  if (!selection_read(&selection, args)) return false;
  s->selected = arena_array(&s->arena, bool, n);
  s->wanted = arena_array(&s->arena, bool, n);
  for (uint32_t i = 0; i < n; i++) s->selected[i] = selection_wants(&selection, sigmac_rules_get(s->loaded.rules, i));
  want_rules(s);
  for (uint32_t i = 0; i < s->n_rules; i++) s->not_selected += !evaluated(s, i);
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
  s->n_correlations = sigmac_rules_get_facts(s->loaded.rules)->correlations;
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

/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "compiler/attack.h"

Test(attack, entries_are_sorted_and_found) {
  for (unsigned i = 0; i < attack_entry_count; i++) {
    const AttackEntry *e = &attack_entries[i];
    cr_expect(!i || strcmp(attack_entries[i - 1].id, e->id) < 0, "%s", e->id);
    cr_expect_eq(attack_find(str_of(e->id)), e, "%s", e->id);
    cr_expect(attack_is_id(str_of(e->id)), "%s", e->id);
    bool placed = e->tactics || e->state & (ATTACK_NEW | ATTACK_REVOKED | ATTACK_DEPRECATED);
    cr_expect(e->kind == ATTACK_TECHNIQUE ? placed : !e->tactics, "%s", e->id);
    cr_expect(e->name[0] || e->state & ATTACK_NEW, "%s has no name", e->id);
    cr_expect(!e->successor[0] || attack_find(str_of(e->successor)) || e->state & ATTACK_REVOKED, "%s", e->successor);
    cr_expect(!e->before[0] || attack_find(str_of(e->before)), "%s", e->before);
  }
}

Test(attack, finding) {
  static const struct {
    const char *word, *id;
  } cases[] = {
    {"t1059.001", "T1059.001"}, {"T1059", "T1059"}, {"g0016", "G0016"}, {"ds0001", "DS0001"},
    {"s0154", "S0154"},         {"t1685", "T1685"}, {"t1059.", NULL},   {"t105", NULL},
    {"t1059.0011", NULL},       {"", NULL},         {"z9999", NULL},    {"t1059\n", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const AttackEntry *e = attack_find(str_of(cases[i].word));
    if (cases[i].id) cr_expect(e && !strcmp(e->id, cases[i].id), "%s", cases[i].word);
    else cr_expect_null(e, "%s", cases[i].word);
  }
}

Test(attack, tactics) {
  static const struct {
    const char *word, *id, *name;
  } cases[] = {
    {"execution", "TA0002", "Execution"},
    {"command-and-control", "TA0011", "Command and Control"},
    {"Command_And_Control", "TA0011", "Command and Control"},
    {"defense-evasion", "TA0005", "Defense Evasion"},
    {"stealth", "TA0005", "Stealth"},
    {"defense-impairment", "TA0112", "Defense Impairment"},
    {"command-and", NULL, NULL},
    {"executions", NULL, NULL},
    {"", NULL, NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const AttackTactic *t = attack_tactic_find(str_of(cases[i].word));
    if (cases[i].id) cr_expect(t && !strcmp(t->id, cases[i].id) && !strcmp(t->name, cases[i].name), "%s", cases[i].word);
    else cr_expect_null(t, "%s", cases[i].word);
    cr_expect(!attack_is_id(str_of(cases[i].word)), "%s", cases[i].word);
  }
}

Test(attack, belonging) {
  static const struct {
    const char *technique, *tactic;
    bool belongs;
  } cases[] = {
    {"t1059.001", "execution", true},      {"t1059.001", "persistence", false},
    {"t1543.003", "persistence", true},    {"t1543.003", "privilege-escalation", true},
    {"t1027", "defense-evasion", true},    {"t1027", "stealth", true},
    {"t1027", "defense-impairment", true}, {"t1059", "stealth", false},
    {"t1685", "defense-impairment", true}, {"t1685", "defense-evasion", true},
    {"t1685", "execution", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_expect_eq(attack_belongs(attack_find(str_of(cases[i].technique)), attack_tactic_find(str_of(cases[i].tactic))),
                 cases[i].belongs, "%s %s", cases[i].technique, cases[i].tactic);
}

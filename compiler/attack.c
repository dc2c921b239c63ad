/* SPDX-License-Identifier: MIT */
#include "compiler/attack.h"

/* Ids are in upper case. */
static int compare_id(Str s, const char *id) {
  size_t i = 0;
  for (; i < s.n && id[i]; i++) {
    char c = ascii_lower(s.p[i]), d = ascii_lower(id[i]);
    if (c != d) return c < d ? -1 : 1;
  }
  return i < s.n ? 1 : id[i] ? -1 : 0;
}

const AttackEntry *attack_find_in(const AttackTable *table, Str id) {
  unsigned low = 0, high = table->n_entries;
  while (low < high) {
    unsigned mid = low + (high - low) / 2;
    int c = compare_id(id, table->entries[mid].id);
    if (c == 0) return &table->entries[mid];
    if (c < 0) high = mid;
    else low = mid + 1;
  }
  return NULL;
}

const AttackTactic *attack_tactic_find_in(const AttackTable *table, Str word) {
  for (unsigned t = 0; t < table->n_tactics; t++) {
    const char *w = table->tactics[t].word;
    size_t i = 0;
    for (; i < word.n && w[i]; i++)
      if ((word.p[i] == '_' ? '-' : ascii_lower(word.p[i])) != w[i]) break;
    if (i == word.n && !w[i]) return &table->tactics[t];
  }
  return NULL;
}

static AttackTable compiled_in(void) {
  return (AttackTable){attack_tactics, attack_entries, attack_tactic_count, attack_entry_count};
}

const AttackEntry *attack_find(Str id) {
  AttackTable table = compiled_in();
  return attack_find_in(&table, id);
}

const AttackTactic *attack_tactic_find(Str word) {
  AttackTable table = compiled_in();
  return attack_tactic_find_in(&table, word);
}

bool attack_is_id(Str word) {
  size_t letters = 0;
  while (letters < word.n && ascii_letter(word.p[letters])) letters++;
  return letters > 0 && letters <= 2 && letters < word.n && ascii_digit(word.p[letters]);
}

bool attack_belongs(const AttackEntry *technique, const AttackTactic *tactic) {
  uint32_t evasion = 1u << (unsigned)(attack_tactic_find(STR("defense-evasion")) - attack_tactics);
  uint32_t own = 1u << (unsigned)(tactic - attack_tactics);
  if (technique->tactics & own) return true;
  bool split = tactic->new_in_19 || own == evasion;
  return split && (technique->tactics & evasion || (!technique->tactics && technique->state & ATTACK_NEW));
}

/* SPDX-License-Identifier: MIT
 * MITRE ATT&CK as far as tags of rules name it: ids, names, and to which tactics a technique belongs. The table is compiled
 * in (attack.tsv → attack_table.c, make tables); its version and licence stand there.
 *
 * It is version 18.1, and of version 19 what public rule sets use. Version 19 replaced the tactic defense-evasion by
 * stealth, which has its id, and defense-impairment; which technique went where is not in the table, so a technique of
 * defense-evasion counts as one of all three. */
#ifndef SIGMAC_COMPILER_ATTACK_H
#define SIGMAC_COMPILER_ATTACK_H

#include "base/str.h"

typedef struct {
  const char *id, *name, *word; /* TA0011, Command and Control, command-and-control */
  bool new_in_19;
} AttackTactic;
extern const AttackTactic attack_tactics[];
extern const unsigned attack_tactic_count;

typedef enum { ATTACK_TECHNIQUE, ATTACK_GROUP, ATTACK_SOFTWARE, ATTACK_MITIGATION, ATTACK_DATA_SOURCE } AttackKind;
enum { ATTACK_REVOKED = 1, ATTACK_DEPRECATED = 2, ATTACK_NEW = 4 /* in 19 */ };

typedef struct {
  const char *id, *name; /* T1059.001, PowerShell; the name is empty where it is not known */
  const char *successor; /* its id in 19; of a revoked one what took its place; empty where it kept its own or it is not known */
  const char *before;    /* of an entry that is new in 19: what it was in 18, as far as known; else empty */
  uint32_t tactics;      /* 1 << place in attack_tactics; none for techniques that are new in 19 */
  AttackKind kind;
  unsigned state; /* ATTACK_REVOKED ... */
} AttackEntry;
extern const AttackEntry attack_entries[]; /* sorted by id */
extern const unsigned attack_entry_count;

/* A table of ATT&CK: the one above, or one that stands in its place. At most 32 tactics. */
typedef struct {
  const AttackTactic *tactics;
  const AttackEntry *entries; /* sorted by id */
  unsigned n_tactics, n_entries;
} AttackTable;
const AttackEntry *attack_find_in(const AttackTable *table, Str id);
const AttackTactic *attack_tactic_find_in(const AttackTable *table, Str word);

/* What stands behind `attack.` in a tag, letter case ignored: t1059.001, g0016. NULL where there is no such entry. */
const AttackEntry *attack_find(Str id);
/* The same for a tactic: command-and-control, or with underscores, as before Sigma 2.0. */
const AttackTactic *attack_tactic_find(Str word);
/* Whether a tag looks like an id (letters and digits) and not like a tactic. */
bool attack_is_id(Str word);
/* Whether a technique belongs to a tactic; see above for those of defense-evasion. */
bool attack_belongs(const AttackEntry *technique, const AttackTactic *tactic);

#endif

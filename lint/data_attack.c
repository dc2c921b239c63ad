/* SPDX-License-Identifier: MIT
 * Override files: the table of ATT&CK. */
#include <stdlib.h>

#include "base/intern.h"
#include "lint/data_read.h"

enum { MOST_TACTICS = 32 /* a set of them is a uint32_t */ };

typedef struct {
  DataReader *reader;
  AttackTactic *tactics;
  unsigned n_tactics;
  VEC(AttackEntry) entries;
  Intern seen;
} Attack;

static AttackTable table_of(const Attack *a) { return (AttackTable){a->tactics, a->entries.p, a->n_tactics, a->entries.n}; }

/* --- tactics ------------------------------------------------------------------------------------------------- */

static void read_tactics(Attack *a, const YamlNode *key, const YamlNode *n) {
  DataReader *r = a->reader;
  if (!data_is_list(r, key, n)) return;
  a->tactics = arena_array(r->arena, AttackTactic, MOST_TACTICS);
  for (uint32_t i = 0; i < n->n; i++) {
    const char *word = data_small_word(r, n->items[i]);
    AttackTable table = table_of(a);
    if (!word) continue;
    if (strchr(word, '_')) data_fault(r, n->items[i], "words of tactics are joined by hyphens");
    else if (attack_tactic_find_in(&table, str_of(word))) data_fault(r, n->items[i], "`%s` is listed twice", word);
    else if (a->n_tactics == MOST_TACTICS) {
      data_fault(r, n->items[i], "more than %d tactics", MOST_TACTICS);
      return;
    } else a->tactics[a->n_tactics++] = (AttackTactic){"", "", word, false};
  }
}

static uint32_t read_tactics_of(Attack *a, const YamlNode *key, const YamlNode *n) {
  uint32_t set = 0;
  AttackTable table = table_of(a);
  if (!data_is_list(a->reader, key, n)) return 0;
  for (uint32_t i = 0; i < n->n; i++) {
    const char *word = data_small_word(a->reader, n->items[i]);
    const AttackTactic *tactic = word ? attack_tactic_find_in(&table, str_of(word)) : NULL;
    if (tactic) set |= 1u << (unsigned)(tactic - a->tactics);
    else if (word) data_fault(a->reader, n->items[i], "`%s` is not among `tactics`", word);
  }
  return set;
}

/* --- ids ----------------------------------------------------------------------------------------------------- */

/* One or two letters and digits, perhaps a point and more digits: in upper case. NULL, and a fault. */
static const char *id_of(Attack *a, const YamlNode *n) {
  const char *word = data_word(a->reader, n);
  if (!word) return NULL;
  bool good = attack_is_id(str_of(word));
  char *id = arena_array(a->reader->arena, char, strlen(word) + 1);
  size_t i = 0, letters = 0;
  for (; word[i]; i++) {
    bool letter = ascii_letter(word[i]);
    if (letter && letters == i) letters++;
    else good = good && (ascii_digit(word[i]) || word[i] == '.');
    id[i] = (char)(word[i] >= 'a' && word[i] <= 'z' ? word[i] - 32 : word[i]);
  }
  id[i] = 0;
  if (good) return id;
  data_fault(a->reader, n, "`%s` is no id such as T1059.001", word);
  return NULL;
}

static AttackEntry *add(Attack *a, const YamlNode *n, AttackKind kind) {
  const char *id = id_of(a, n);
  uint32_t known = a->seen.names.n;
  if (!id) return NULL;
  if (intern_id(&a->seen, str_of(id)) < known) {
    data_fault(a->reader, n, "`%s` stands in the table twice", id);
    return NULL;
  }
  AttackEntry *e = vec_add(a->reader->arena, &a->entries);
  *e = (AttackEntry){.id = id, .name = "", .successor = "", .before = "", .kind = kind};
  return e;
}

static bool is_map(Attack *a, const YamlNode *key, const YamlNode *n) {
  if (n->kind == YAML_MAP) return true;
  data_fault(a->reader, n, "`" STR_FMT "` is %s; a map is wanted", STR_ARG(key->text), yaml_kind_words(n));
  return false;
}

static void read_techniques(Attack *a, const YamlNode *key, const YamlNode *n) {
  if (!is_map(a, key, n)) return;
  for (uint32_t i = 0; i < n->n; i++) {
    AttackEntry *e = add(a, n->pairs[i].key, ATTACK_TECHNIQUE);
    uint32_t tactics = read_tactics_of(a, n->pairs[i].key, n->pairs[i].value);
    if (e) e->tactics = tactics;
  }
}

static void read_others(Attack *a, const YamlNode *key, const YamlNode *n) {
  if (!data_is_list(a->reader, key, n)) return;
  for (uint32_t i = 0; i < n->n; i++) add(a, n->items[i], ATTACK_GROUP);
}

static void read_revoked(Attack *a, const YamlNode *key, const YamlNode *n) {
  if (!is_map(a, key, n)) return;
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlNode *successor = n->pairs[i].value;
    AttackEntry *e = add(a, n->pairs[i].key, ATTACK_TECHNIQUE);
    const char *id = yaml_is_null(successor) ? "" : id_of(a, successor);
    if (!e) continue;
    e->state = ATTACK_REVOKED;
    if (id) e->successor = id;
  }
}

/* --- the table ----------------------------------------------------------------------------------------------- */

static const struct {
  const char *key;
  void (*read)(Attack *a, const YamlNode *key, const YamlNode *n);
  bool needed;
} parts[] = {
  {"tactics", read_tactics, true}, /* first: techniques name them */
  {"techniques", read_techniques, true},
  {"others", read_others, false},
  {"revoked", read_revoked, false},
};
enum { PARTS = sizeof parts / sizeof *parts };

static void check_keys(DataReader *r, const YamlNode *n) {
  for (uint32_t i = 0; i < n->n; i++) {
    unsigned k = 0;
    while (k < PARTS && !str_is(n->pairs[i].key->text, parts[k].key)) k++;
    if (k < PARTS) continue;
    data_fault(r, n->pairs[i].key, "`" STR_FMT "` is no key of `attack`", STR_ARG(n->pairs[i].key->text));
    diag_hint(r->diags, "keys are: tactics, techniques, others, revoked");
  }
}

/* attack_find_in compares letters in lower case; ids are letters in upper case, digits and points: the order is the same. */
static int by_id(const void *x, const void *y) {
  const AttackEntry *a = x, *b = y;
  return strcmp(a->id, b->id);
}

void lint_data_read_attack(DataReader *r, const YamlNode *key, const YamlNode *n) {
  Attack a = {.reader = r};
  intern_init(&a.seen, r->arena);
  if (!is_map(&a, key, n)) return;
  check_keys(r, n);
  for (unsigned k = 0; k < PARTS; k++) {
    const YamlNode *part = yaml_get(n, parts[k].key);
    if (part) parts[k].read(&a, yaml_key(n, parts[k].key), part);
    else if (parts[k].needed) data_fault(r, key, "`attack` has no `%s`", parts[k].key);
  }
  if (a.entries.n) qsort(a.entries.p, a.entries.n, sizeof *a.entries.p, by_id);
  r->data.attack = table_of(&a);
}

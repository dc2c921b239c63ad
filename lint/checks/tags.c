/* SPDX-License-Identifier: MIT
 * Tags: specification, appendix "Tags". */
#include "compiler/attack.h"
#include "lint/checks/fixes.h"
#include "lint/checks/metadata.h"
#include "lint/config.h"

typedef struct {
  const YamlNode *node;
  Str space, name; /* space is empty where there is no dot */
  const LintFile *file;
  const YamlNode *list;
  uint32_t i; /* in the list */
} Tag;

static Tag tag_of(const YamlNode *n) {
  size_t dot = str_find(n->text, STR("."), 0);
  if (dot == SIZE_MAX) return (Tag){.node = n, .name = n->text};
  return (Tag){n, str_sub(n->text, 0, dot), str_from(n->text, dot + 1)};
}

static bool all_of(Str s, const char *others) {
  for (size_t i = 0; i < s.n; i++) {
    bool plain = (s.p[i] >= 'a' && s.p[i] <= 'z') || ascii_digit(s.p[i]);
    if (!plain && !strchr(others, s.p[i])) return false;
  }
  return s.n > 0;
}

static bool is_one_of(Str word, const char *const *words) {
  while (*words && !str_is(word, *words)) words++;
  return *words != NULL;
}

/* `d` stands for a digit. */
static bool has_form(Str s, const char *form) {
  size_t i = 0;
  for (; i < s.n && form[i]; i++)
    if (form[i] == 'd' ? !ascii_digit(s.p[i]) : s.p[i] != form[i]) return false;
  return i == s.n && !form[i];
}

static void complain(Lint *l, CheckId check, const Tag *t) {
  lint_report(l, check, t->node->at, "`" STR_FMT "`: %s", STR_ARG(t->node->text), checks[check].what);
}

/* The tag becomes another one, or goes where that is there already. */
static void rewrite(Lint *l, const Tag *t, Str text) {
  if (!l->kept || t->file->no_edits) return;
  bool there = false;
  for (uint32_t i = 0; i < t->list->n && !there; i++) there = str_eq(t->list->items[i]->text, text);
  if (there) edit_drop_item(l, t->file, t->list, t->i);
  else edit_scalar(l, t->file, t->node, text);
}

/* --- one namespace each -------------------------------------------------------------------------------------- */

static void check_attack(Lint *l, const Tag *t) {
  const AttackEntry *e = attack_find_in(&l->data.attack, t->name);
  if (e && (e->state & (ATTACK_REVOKED | ATTACK_DEPRECATED))) {
    lint_report(l, CHECK_tag_attack_revoked, t->node->at, "`" STR_FMT "` is %s", STR_ARG(t->node->text),
                e->state & ATTACK_REVOKED ? "revoked" : "deprecated");
    if (!*e->successor) return;
    lint_hint(l, "its successor is %s", e->successor);
    rewrite(l, t, fix_lower(l, arena_printf(l->arena, "attack.%s", e->successor)));
    return;
  }
  const AttackTactic *tactic = attack_tactic_find_in(&l->data.attack, t->name);
  if (e || (tactic && str_is(t->name, tactic->word))) return;
  if (l->data.attack.tactics == attack_tactics) complain(l, CHECK_tag_attack, t);
  else
    lint_report(l, CHECK_tag_attack, t->node->at, "`" STR_FMT "`: the table that replaces ATT&CK has no such entry",
                STR_ARG(t->node->text));
  if (!tactic) return;
  lint_hint(l, "write attack.%s", tactic->word);
  rewrite(l, t, arena_printf(l->arena, "attack.%s", tactic->word));
}

static void check_d3fend(Lint *l, const Tag *t) {
  if (!lint_words_have(l->data.d3fend, t->name)) complain(l, CHECK_tag_d3fend, t);
}

static void check_car(Lint *l, const Tag *t) {
  if (!has_form(t->name, "dddd-dd-ddd")) complain(l, CHECK_tag_car, t);
}

static void check_cve(Lint *l, const Tag *t) {
  size_t hyphen = str_find(t->name, STR("-"), 0), digits = 0;
  for (size_t i = 0; i < t->name.n; i++) digits += ascii_digit(t->name.p[i]);
  bool good = hyphen != SIZE_MAX && hyphen > 0 && hyphen + 1 < t->name.n && digits + 1 == t->name.n;
  if (good) return;
  complain(l, CHECK_tag_cve, t);
  if (!has_form(str_sub(t->name, 0, t->name.n < 5 ? t->name.n : 5), "dddd.") || t->name.n <= 5) return;
  lint_hint(l, "write cve.%.4s-" STR_FMT, t->name.p, STR_ARG(str_from(t->name, 5)));
  if (digits + 1 == t->name.n) edit_part(l, t->file, t->node, strlen("cve.2021"), strlen("cve.2021."), STR("-"));
}

static void check_stp(Lint *l, const Tag *t) {
  Str n = t->name;
  bool good = (n.n == 1 || (n.n == 2 && strchr("auk", n.p[1]))) && n.p[0] >= '1' && n.p[0] <= '5';
  if (!good) complain(l, CHECK_tag_stp, t);
}

static void check_tlp(Lint *l, const Tag *t) {
  static const char *const words[] = {"clear", "white", "green", "amber", "amber-strict", "red", NULL};
  if (!is_one_of(t->name, words)) complain(l, CHECK_tag_tlp, t);
  if (!str_is(t->name, "clear")) complain(l, CHECK_tag_tlp_public, t);
}

static bool same_but_hyphens(Str s, const char *word) {
  size_t i = 0;
  while (i < s.n && word[i] && (s.p[i] == word[i] || (s.p[i] == '_' && word[i] == '-'))) i++;
  return i == s.n && !word[i];
}

static void check_detection(Lint *l, const Tag *t) {
  static const char *const words[] = {"dfir", "emerging-threats", "threat-hunting", NULL};
  if (is_one_of(t->name, words)) return;
  complain(l, CHECK_tag_detection, t);
  for (unsigned i = 0; words[i]; i++) {
    if (str_distance(t->name, str_of(words[i]), 2) > 2) continue;
    lint_hint(l, "write detection.%s", words[i]);
    rewrite(l, t, arena_printf(l->arena, "detection.%s", words[i]));
    if (same_but_hyphens(t->name, words[i])) lint_fix_safe(l);
    return;
  }
}

typedef struct {
  const char *name;
  void (*check)(Lint *l, const Tag *t);
} Namespace;

static const Namespace namespaces[] = {
  {"attack", check_attack},       {"car", check_car}, {"cve", check_cve}, {"d3fend", check_d3fend},
  {"detection", check_detection}, {"stp", check_stp}, {"tlp", check_tlp},
};

/* False where it is of no form: then nothing else is said of it. */
static bool check_form(Lint *l, const Tag *t) {
  bool good = t->space.n && all_of(t->space, "_-") && all_of(t->name, "._-");
  if (good) return true;
  lint_report(l, CHECK_tag_format, t->node->at, "`" STR_FMT "` is not `namespace.name` in lower case", STR_ARG(t->node->text));
  if (!l->kept) return false;
  Str lower = fix_lower(l, t->node->text);
  if (t->space.n && all_of(str_sub(lower, 0, t->space.n), "_-") && all_of(str_from(lower, t->space.n + 1), "._-"))
    rewrite(l, t, lower);
  return false;
}

/* Where a list of namespaces replaces those of the specification, it alone says which are known. */
static void check_tag(Lint *l, const Tag *t) {
  const LintWords *known = l->data.namespaces;
  bool listed = known && lint_words_have(known, t->space);
  for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
    if ((known && !listed) || !str_is(t->space, namespaces[i].name)) continue;
    namespaces[i].check(l, t);
    return;
  }
  if (listed) return;
  lint_report(l, CHECK_tag_namespace, t->node->at, "the namespace `" STR_FMT "` is not known", STR_ARG(t->space));
}

/* --- all of a rule ------------------------------------------------------------------------------------------- */

static const YamlNode *tags_of(const LintDoc *doc) {
  const YamlNode *n = yaml_get(doc->root, "tags");
  return n && n->kind == YAML_LIST ? n : NULL;
}

void check_tags(Lint *l, const LintAt *at) {
  const YamlNode *list = tags_of(at->doc);
  unsigned tlp = 0, detection = 0;
  Intern seen;
  if (!list) return;
  intern_init(&seen, l->arena);
  for (uint32_t i = 0; i < list->n; i++) {
    if (list->items[i]->kind != YAML_SCALAR) continue;
    Tag t = tag_of(list->items[i]);
    t.file = at->file, t.list = list, t.i = i;
    uint32_t known = seen.names.n;
    if (intern_id(&seen, t.node->text) < known) {
      lint_report(l, CHECK_duplicate_tag, t.node->at, "`" STR_FMT "` stands in `tags` twice", STR_ARG(t.node->text));
      edit_drop_item(l, at->file, list, i);
      continue;
    }
    bool allowed = lint_tag_allowed(l, t.node->text);
    if (!allowed && !check_form(l, &t)) continue;
    if (!allowed) check_tag(l, &t);
    if (str_is(t.space, "tlp") && tlp++) complain(l, CHECK_tag_tlp_multiple, &t);
    if (str_is(t.space, "detection") && detection++) complain(l, CHECK_tag_detection_multiple, &t);
  }
}

/* --- techniques and tactics ---------------------------------------------------------------------------------- */

/* Bits of the tactics that have a tag. defense-evasion is divided in version 19; which technique went where is not in the
 * table, so it is not asked for. */
static uint32_t tactics_of(const AttackTable *attack, const YamlNode *list) {
  uint32_t have = 0;
  for (unsigned k = 0; attack->tactics == attack_tactics && k < attack->n_tactics; k++)
    if (str_is(str_of(attack_tactics[k].word), "defense-evasion")) have |= UINT32_C(1) << k;
  for (uint32_t i = 0; i < list->n; i++) {
    if (list->items[i]->kind != YAML_SCALAR) continue;
    Tag t = tag_of(list->items[i]);
    const AttackTactic *tactic = str_is(t.space, "attack") ? attack_tactic_find_in(attack, t.name) : NULL;
    if (tactic) have |= UINT32_C(1) << (tactic - attack->tactics);
  }
  return have;
}

/* A technique that was given up has no tactics: tag-attack-revoked says what to write. */
void check_tag_tactics(Lint *l, const LintAt *at) {
  const AttackTable *attack = &l->data.attack;
  const YamlNode *list = tags_of(at->doc);
  uint32_t have = list ? tactics_of(attack, list) : 0;
  for (uint32_t i = 0; list && i < list->n; i++) {
    if (list->items[i]->kind != YAML_SCALAR) continue;
    Tag t = tag_of(list->items[i]);
    const AttackEntry *e = str_is(t.space, "attack") ? attack_find_in(attack, t.name) : NULL;
    if (!e || e->kind != ATTACK_TECHNIQUE || (e->state & (ATTACK_REVOKED | ATTACK_DEPRECATED))) continue;
    for (unsigned k = 0; k < attack->n_tactics; k++)
      if ((e->tactics & ~have) >> k & 1) {
        lint_report(l, CHECK_tag_attack_tactic, t.node->at, "no tag attack.%s, which is a tactic of %s", attack->tactics[k].word,
                    e->id);
        if (l->kept) edit_add_item(l, at->file, list, arena_printf(l->arena, "attack.%s", attack->tactics[k].word));
      }
  }
}

static bool below(Str path, const char *folder) {
  for (size_t from = 0, to; (to = str_find(path, STR("/"), from)) != SIZE_MAX; from = to + 1)
    if (str_is(str_sub(path, from, to), folder)) return true;
  return false;
}

void check_tag_folder(Lint *l, const LintAt *at) {
  static const char *const folders[][2] = {{"rules-dfir", "detection.dfir"},
                                           {"rules-emerging-threats", "detection.emerging-threats"},
                                           {"rules-threat-hunting", "detection.threat-hunting"}};
  const YamlNode *list = tags_of(at->doc);
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    bool found = false;
    for (uint32_t k = 0; list && k < list->n; k++) found |= str_is(list->items[k]->text, folders[i][1]); /* a list has no text */
    if (found || !below(at->file->path, folders[i][0])) continue;
    lint_report(l, CHECK_tag_detection_folder, lint_start(at->doc), "no tag %s in a folder %s/", folders[i][1], folders[i][0]);
    if (l->kept) meta_add_to_list(l, at->doc, "tags", str_of(folders[i][1]));
  }
}

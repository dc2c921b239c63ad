/* SPDX-License-Identifier: MIT
 * The keys of a document: known ones per kind (specification and JSON schemas), letter case, order (rule convention of
 * SigmaHQ). */
#include "lint/checks/metadata.h"
#include "lint/edit.h"
#include "lint/config.h"
#include "lint/checks/moves.h"

typedef struct {
  const char *name;
  unsigned kinds;
  int place; /* in the order of the convention; 0: anywhere */
} Key;

static const Key keys[] = {
  {"title", IN_ALL, 1},
  {"id", IN_ALL, 2},
  {"name", IN_ALL, 0},
  {"related", IN_ALL, 3},
  {"taxonomy", IN_ALL, 0},
  {"status", IN_ALL, 4},
  {"description", IN_ALL, 5},
  {"license", IN_ALL, 0},
  {"references", IN_ALL, 6},
  {"author", IN_ALL, 7},
  {"date", IN_ALL, 8},
  {"modified", IN_ALL, 9},
  {"tags", IN_ALL, 10},
  {"scope", IN_ALL, 0},
  {"logsource", IN_RULE | IN_FILTER, 11},
  {"detection", IN_RULE, 12},
  {"correlation", IN_CORRELATION, 12},
  {"filter", IN_FILTER, 12},
  {"generate", IN_CORRELATION, 0},
  {"fields", IN_ALL, 13},
  {"falsepositives", IN_ALL, 14},
  {"level", IN_ALL, 15},
  {"sigma-version", IN_ALL, 0},
  {"custom_attributes", IN_ALL, 0},
  {"action", IN_ALL, 0},
  {"regression_tests_path", IN_ALL, 0},
  {"simulation", IN_ALL, 0},
};
enum { N_KEYS = sizeof keys / sizeof *keys };

static const Key *find(Str name, unsigned kind) {
  for (size_t i = 0; i < N_KEYS; i++)
    if (keys[i].kinds >> kind & 1 && str_is(name, keys[i].name)) return &keys[i];
  return NULL;
}

/* One or two letters away; of a short key, half of its letters at most. */
static const Key *nearest(Str name, unsigned kind) {
  const Key *best = NULL;
  unsigned least = 3;
  for (size_t i = 0; i < N_KEYS; i++) {
    size_t n = strlen(keys[i].name);
    if (!(keys[i].kinds >> kind & 1)) continue;
    unsigned d = str_distance(name, str_of(keys[i].name), 2);
    if (d < least && d <= n / 2) least = d, best = &keys[i];
  }
  return best;
}

static bool has_capital(Str name) {
  for (size_t i = 0; i < name.n; i++)
    if (name.p[i] >= 'A' && name.p[i] <= 'Z') return true;
  return false;
}

static void rename(Lint *l, const LintDoc *doc, const YamlNode *key, Str name) {
  bool there = false;
  for (uint32_t i = 0; i < doc->root->n && !there; i++) there = str_eq(doc->root->pairs[i].key->text, name);
  if (!there) edit_key(l, doc->file, key, name);
}

static void judge_key(Lint *l, const LintDoc *doc, const YamlNode *key) {
  static const char *const kind_words[] = {"rule", "correlation", "filter"};
  char lower[64];
  size_t n = key->text.n < sizeof lower ? key->text.n : 0;
  for (size_t i = 0; i < n; i++) lower[i] = ascii_lower(key->text.p[i]);
  unsigned kind = doc->rule->kind;
  if (lint_key_allowed(l, key->text)) return;
  if (has_capital(key->text)) {
    lint_report(l, CHECK_key_case, key->at, "the key `" STR_FMT "` is not in lower case", STR_ARG(key->text));
    if (n && lint_enabled(l, CHECK_key_case)) lint_hint(l, "write `%.*s`", (int)n, lower);
    if (n && find((Str){lower, n}, kind)) rename(l, doc, key, (Str){lower, n});
    if (n && find((Str){lower, n}, kind)) return;
  }
  if (find(key->text, kind) || memchr(key->text.p ? key->text.p : "", '.', key->text.n) || !lint_enabled(l, CHECK_unknown_key))
    return;
  const Key *near = nearest(n ? (Str){lower, n} : key->text, kind);
  lint_report(l, CHECK_unknown_key, key->at, "`" STR_FMT "` is no key of a %s", STR_ARG(key->text), kind_words[kind]);
  if (!near) return;
  lint_hint(l, "did you mean `%s`?", near->name);
  rename(l, doc, key, str_of(near->name));
}

void check_keys(Lint *l, const LintAt *at) {
  const YamlNode *root = at->doc->root;
  for (uint32_t i = 0; root->kind == YAML_MAP && i < root->n; i++) judge_key(l, at->doc, root->pairs[i].key);
}

/* The last one of those before it in the order, wherever it stands; else the first entry, which is mostly the title. */
uint32_t meta_place(const LintDoc *doc, const char *key) {
  const Key *k = find(str_of(key), doc->rule->kind);
  int place = k ? k->place : N_KEYS, best = 0;
  uint32_t after = 0;
  for (uint32_t i = 0; i < doc->root->n; i++) {
    const Key *other = find(doc->root->pairs[i].key->text, doc->rule->kind);
    if (other && other->place > best && other->place < place) best = other->place, after = i;
  }
  return after;
}

/* --- order --------------------------------------------------------------------------------------------------- */

/* One entry to the top. */
static void fix_first(Lint *l, const LintDoc *doc, const YamlNode *key) {
  Arena *own = arena_sub(l->arena);
  uint32_t *order = arena_array(own, uint32_t, doc->root->n), k = 1;
  for (uint32_t i = 0; i < doc->root->n; i++) order[doc->root->pairs[i].key == key ? 0 : k++] = i;
  move_entries(l, doc, order);
  arena_sub_done(own);
}

void check_title_first(Lint *l, const LintAt *at) {
  const LintDoc *doc = at->doc;
  const YamlDocs *docs = &doc->file->docs;
  if (!meta_applies(doc) || docs->docs.n + docs->broken != 1 || !lint_enabled(l, CHECK_title_first)) return;
  const YamlNode *title = yaml_key(doc->root, "title"), *first = doc->root->pairs[0].key;
  if (!title || title == first) return;
  lint_report(l, CHECK_title_first, first->at, "the first key is `" STR_FMT "`, not `title`", STR_ARG(first->text));
  fix_first(l, doc, title);
}

/* An entry that may stand anywhere stays behind the one that it is behind now. */
static void fix_order(Lint *l, const LintDoc *doc) {
  Arena *own = arena_sub(l->arena);
  const YamlNode *root = doc->root;
  int *places = arena_array(own, int, root->n), place = 0, most = 0;
  uint32_t *order = arena_array(own, uint32_t, root->n), n = 0;
  for (uint32_t i = 0; i < root->n; i++) {
    const Key *k = find(root->pairs[i].key->text, doc->rule->kind);
    if (k && k->place) place = k->place;
    places[i] = place;
    if (place > most) most = place;
  }
  for (int p = 0; p <= most; p++)
    for (uint32_t i = 0; i < root->n; i++)
      if (places[i] == p) order[n++] = i;
  move_entries(l, doc, order);
  arena_sub_done(own);
}

void check_key_order(Lint *l, const LintAt *at) {
  const LintDoc *doc = at->doc;
  const Key *last = NULL;
  if (!lint_enabled(l, CHECK_key_order) || !meta_applies(doc)) return;
  for (uint32_t i = 0; i < doc->root->n; i++) {
    const YamlNode *key = doc->root->pairs[i].key;
    const Key *k = find(key->text, doc->rule->kind);
    if (!k || !k->place) continue;
    if (last && k->place < last->place) {
      lint_report(l, CHECK_key_order, key->at, "`%s` stands behind `%s`", k->name, last->name);
      fix_order(l, doc);
      return;
    }
    last = k;
  }
}

void check_fields_deprecated(Lint *l, const LintAt *at) {
  const YamlNode *fields = meta_value(at->doc, "fields");
  if (!fields || (fields->kind == YAML_LIST && !fields->n)) return;
  lint_report(l, CHECK_fields_deprecated, yaml_key(at->doc->root, "fields")->at, "`fields` is not used any more");
  lint_hint(l, "delete it");
  edit_drop_entry(l, at->file, at->doc->root, edit_entry_of(at->doc->root, fields));
}

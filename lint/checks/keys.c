/* SPDX-License-Identifier: MIT
 * The keys at the top of a document: those of the specification's three schemas, and their order in SigmaHQ's convention. */
#include "lint/lint.h"

enum { RULE = 1, CORRELATION = 2, FILTER = 4 };

typedef struct {
  const char *name;
  unsigned kinds;
} Key;

/* In the order of sigmahq-rule-convention.md; the rest behind. */
static const Key keys[] = {
  {"title", 7},
  {"id", 7},
  {"name", 7},
  {"related", 7},
  {"taxonomy", 7},
  {"status", 7},
  {"description", 7},
  {"license", 7},
  {"references", 7},
  {"author", 7},
  {"date", 7},
  {"modified", 7},
  {"tags", 7},
  {"scope", 7},
  {"logsource", RULE | FILTER},
  {"detection", RULE},
  {"correlation", CORRELATION},
  {"filter", FILTER},
  {"fields", 7},
  {"falsepositives", 7},
  {"level", 7},
  {"regression_tests_path", 7},
  {"simulation", 7},
  {"sigma-version", 7},
  {"action", 7},
  {"custom", 0},
};
enum { KEYS = sizeof keys / sizeof *keys - 1 };

static bool is_known(Str name, unsigned kind) {
  for (unsigned i = 0; i < KEYS; i++)
    if (str_is(name, keys[i].name)) return (keys[i].kinds & kind) != 0;
  return false;
}

static const char *nearest(Str name, unsigned kind) {
  for (unsigned distance = 1; distance <= 2; distance++)
    for (unsigned i = 0; i < KEYS; i++)
      if ((keys[i].kinds & kind) && strlen(keys[i].name) > 3 && str_distance(name, str_of(keys[i].name), distance) <= distance)
        return keys[i].name;
  return NULL;
}

static bool has_capital(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] >= 'A' && s.p[i] <= 'Z') return true;
  return false;
}

static Str lowered(Lint *l, Str s) {
  char *p = arena_alloc(l->arena, s.n + 1);
  for (size_t i = 0; i < s.n; i++) p[i] = ascii_lower(s.p[i]);
  return (Str){p, s.n};
}

static void check_key(Lint *l, const YamlNode *key, unsigned kind) {
  Str name = key->text;
  if (has_capital(name)) {
    lint_report(l, CHECK_key_case, key->at, "the key `" STR_FMT "` is not in lower case", STR_ARG(name));
    name = lowered(l, name);
    if (is_known(name, kind)) return;
  }
  if (is_known(name, kind) || str_find(name, STR("."), 0) != SIZE_MAX) return;
  const char *like = nearest(name, kind);
  lint_report(l, CHECK_unknown_key, key->at, "unknown key `" STR_FMT "`", STR_ARG(key->text));
  if (like) lint_hint(l, "write `%s`", like);
}

void check_keys(Lint *l, const LintAt *at) {
  const YamlNode *root = at->doc->root;
  for (uint32_t i = 0; i < root->n; i++) check_key(l, root->pairs[i].key, 1u << at->doc->rule->kind);
}

static unsigned place_of(Str name) {
  unsigned i = 0;
  while (i < KEYS && !str_is(name, keys[i].name)) i++;
  return i;
}

/* The first key that stands behind one that it should come before. */
void check_key_order(Lint *l, const LintAt *at) {
  const YamlNode *root = at->doc->root;
  for (uint32_t i = 1; i < root->n; i++) {
    const YamlNode *key = root->pairs[i].key, *before = root->pairs[i - 1].key;
    if (place_of(key->text) == KEYS || place_of(key->text) >= place_of(before->text)) continue;
    lint_report(l, CHECK_key_order, key->at, "`" STR_FMT "` stands behind `" STR_FMT "`", STR_ARG(key->text),
                STR_ARG(before->text));
    return;
  }
}

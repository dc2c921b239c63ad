/* SPDX-License-Identifier: MIT
 * `regression_tests_path`: what it names stands beside the linted rules (SigmaHQ, tests/regression_tests_runner.py). Paths are
 * relative to the folder of the repository, which is the first one above the rule that has such a file. */
#include <stdlib.h>

#include "compiler/paths.h"
#include "lint/checks/metadata.h"
#include "lint/checks/regression.h"

enum { MOST_FOLDERS = 64, MOST_TESTS = 256 };

/* The folders above a file, from the inside: names are taken off, then `..` is put in front. */
typedef struct {
  Arena *arena;
  Str folder; /* "" is the present one */
  bool outside;
} Climb;

static Climb climb_from(Arena *arena, Str file) {
  size_t n = file.n;
  while (n > 0 && file.p[n - 1] != '/') n--;
  return (Climb){.arena = arena, .folder = str_sub(file, 0, n)};
}

static void climb(Climb *c) {
  size_t n = c->folder.n;
  if (!n || c->outside) {
    c->folder = arena_printf(c->arena, STR_FMT "../", STR_ARG(c->folder));
    c->outside = true;
    return;
  }
  for (n--; n > 0 && c->folder.p[n - 1] != '/';) n--;
  c->folder = str_sub(c->folder, 0, n);
}

static bool exists(Arena *arena, Str folder, Str path) {
  return paths_identity(arena, arena_printf(arena, STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(path))).n > 0;
}

static Str identity(Arena *arena, Str folder) { return paths_identity(arena, folder.n ? arena_dup(arena, folder) : STR(".")); }

/* The first folder above the file that has the path; false where none has. */
static bool find_above(Str *out, Arena *arena, Str file, Str path) {
  Climb c = climb_from(arena, file);
  Str before = STR("");
  for (int i = 0; i < MOST_FOLDERS; i++, climb(&c)) {
    Str here = identity(arena, c.folder);
    if (exists(arena, c.folder, path)) {
      *out = c.folder;
      return true;
    }
    if (i && str_eq(here, before)) return false; /* the root is above itself */
    before = here;
    if (str_is(c.folder, "/")) return false;
  }
  return false;
}

/* Rules that were taken out of their repository: below a folder `rules`, and nothing above has the folder of the tests. Of such,
 * nothing can be said. */
static bool rules_alone(Arena *arena, Str file, Str path) {
  Str ignored;
  size_t slash = str_find(path, STR("/"), 0);
  bool below_rules = str_starts(file, STR("rules")) || str_find(file, STR("/rules/"), 0) != SIZE_MAX ||
                     str_find(file, STR("/rules-"), 0) != SIZE_MAX;
  return below_rules && slash != SIZE_MAX && !find_above(&ignored, arena, file, str_sub(path, 0, slash));
}

/* Of the repository, not of what is around it. */
static bool stays_inside(Str path) {
  if (!path.n || path.p[0] == '/' || memchr(path.p, 0, path.n)) return false;
  for (size_t from = 0; from <= path.n;) {
    size_t to = str_find(path, STR("/"), from);
    if (to == SIZE_MAX) to = path.n;
    if (str_is(str_sub(path, from, to), "..")) return false;
    from = to + 1;
  }
  return true;
}

typedef struct {
  Lint *lint;
  Arena *arena;
  const YamlNode *at;
  Str file, source, id; /* of the rule */
} Regression;

static void keep_why(void *ctx, Str path, const char *why) {
  (void)path;
  *(const char **)ctx = why;
}

/* The events of a test are kept as .evtx, as .json, or as both. *json is empty where they are not there as JSON. */
static bool find_test(const Regression *r, Str path, Str *json) {
  Str folder;
  *json = STR("");
  if (!stays_inside(path)) return false;
  bool is_evtx = str_ends(path, STR(".evtx"));
  Str name = is_evtx ? arena_printf(r->arena, STR_FMT "json", STR_ARG(str_sub(path, 0, path.n - 4))) : path;
  if (str_ends(name, STR(".json")) && find_above(&folder, r->arena, r->file, name))
    *json = arena_printf(r->arena, STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(name));
  return json->n || find_above(&folder, r->arena, r->file, path);
}

/* `match_count` is the least, as in the program that they are made for; one, where it is not given. */
static void judge_matches(const Regression *r, const YamlNode *test, Str json) {
  const YamlNode *wanted = yaml_get(test, "match_count");
  uint32_t found;
  if (!json.n || !lint_enabled(r->lint, CHECK_regression_no_match) ||
      !regression_matches(r->arena, r->file, r->source, r->id, json, &found))
    return;
  bool counted = wanted && wanted->kind == YAML_SCALAR && wanted->type == SCALAR_INT;
  unsigned long least = counted ? strtoul(arena_cstr(r->arena, wanted->number), NULL, 10) : 1;
  if (found >= least) return;
  lint_report(r->lint, CHECK_regression_no_match, r->at->at, "the rule matches %u events of `" STR_FMT "`, fewer than %lu", found,
              STR_ARG(json), least);
}

static void judge_tests(const Regression *r, const YamlNode *tests) {
  for (uint32_t i = 0; i < tests->n && i < MOST_TESTS; i++) {
    const YamlNode *path = tests->items[i]->kind == YAML_MAP ? yaml_get(tests->items[i], "path") : NULL;
    Str json;
    if (!yaml_is_text(path)) continue;
    if (find_test(r, path->text, &json)) judge_matches(r, tests->items[i], json);
    else lint_report(r->lint, CHECK_regression_path, r->at->at, "the test file `" STR_FMT "` does not exist", STR_ARG(path->text));
  }
}

static void judge_id(const Regression *r, const YamlNode *rules) {
  bool any = false;
  for (uint32_t i = 0; i < rules->n; i++) {
    const YamlNode *id = rules->items[i]->kind == YAML_MAP ? yaml_get(rules->items[i], "id") : NULL;
    if (!yaml_is_text(id)) continue;
    if (str_eq_nocase(id->text, r->id)) return;
    any = true;
  }
  if (any) lint_report(r->lint, CHECK_regression_path, r->at->at, "the tests are of another rule, by the `id` in `rule_metadata`");
}

static void judge_info(const Regression *r, Str path) {
  Str text;
  const char *why = "";
  Sources sources = {.arena = r->arena};
  Diags diags = {.arena = r->arena};
  YamlDocs docs;
  if (!paths_read(&text, r->arena, path, keep_why, (void *)&why)) {
    lint_report(r->lint, CHECK_regression_path, r->at->at, "the file cannot be read: %s", why);
    return;
  }
  uint32_t number = source_add(&sources, path, text);
  if (!yaml_parse(&docs, &sources, number, r->arena, &diags) || !docs.docs.n || docs.docs.p[0]->kind != YAML_MAP) {
    lint_report(r->lint, CHECK_regression_path, r->at->at, "the file is no YAML map");
    return;
  }
  const YamlNode *tests = yaml_get(docs.docs.p[0], "regression_tests_info"), *rules = yaml_get(docs.docs.p[0], "rule_metadata");
  if (tests && tests->kind == YAML_LIST) judge_tests(r, tests);
  if (rules && rules->kind == YAML_LIST && r->id.n) judge_id(r, rules);
}

static void judge(const Regression *r) {
  Str path = r->at->text, folder;
  if (!paths_identity(r->arena, r->file).n) return; /* a text without a file */
  if (!stays_inside(path)) {
    lint_report(r->lint, CHECK_regression_path, r->at->at, "the path must be relative to the folder of the repository");
  } else if (find_above(&folder, r->arena, r->file, path)) {
    judge_info(r, arena_printf(r->arena, STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(path)));
  } else if (!rules_alone(r->arena, r->file, path)) {
    lint_report(r->lint, CHECK_regression_path, r->at->at, "`" STR_FMT "` does not exist", STR_ARG(path));
  }
}

void check_regression_path(Lint *l, const LintAt *at) {
  const YamlNode *n = meta_value(at->doc, "regression_tests_path");
  if (!n) return;
  if (!yaml_is_text(n)) {
    lint_report(l, CHECK_regression_path, n->at, "the path must be text, not %s", yaml_kind_words(n));
    return;
  }
  Arena *scratch = arena_sub(l->arena);
  judge(&(Regression){l, scratch, n, at->doc->file->path, at->doc->file->text, at->doc->rule->id.text});
  arena_sub_done(scratch);
}

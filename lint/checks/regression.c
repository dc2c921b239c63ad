/* SPDX-License-Identifier: MIT
 * Regression tests of SigmaHQ's layout: `regression_tests_path` names an info.yml, by its path from the root of the repository;
 * that file has the ids of its rules and the paths of its tests. */
#include "compiler/paths.h"
#include "lint/lint.h"

/* The folder above; empty where there is none. */
static Str parent(Str path) {
  size_t n = path.n;
  while (n && path.p[n - 1] != '/') n--;
  return str_sub(path, 0, n ? n - 1 : 0);
}

/* From the rule's folder upward: the first in which the file is. */
static bool find_info(Lint *l, const LintAt *at, Str name, Str *root, Str *text) {
  const char *why;
  for (Str folder = parent(at->file->path);; folder = parent(folder)) {
    Str base = folder.n ? folder : STR(".");
    if (paths_read_below(text, l->arena, arena_dup(l->arena, base), arena_dup(l->arena, name), &why)) {
      *root = base;
      return true;
    }
    if (!folder.n) return false;
  }
}

/* Whether the text of info.yml has the id: it is read as text, for its form is that of another program. */
static bool names_id(Str info, Str id) {
  for (size_t i = 0; i + id.n <= info.n; i++)
    if (str_eq_nocase(str_sub(info, i, i + id.n), id)) return true;
  return false;
}

void check_regression(Lint *l, const LintAt *at) {
  const LintDoc *doc = at->doc;
  const YamlNode *path = yaml_get(doc->root, "regression_tests_path");
  Str status = doc->rule->status.text, root, info;
  if (!path && doc->rule->kind == DOC_RULE && (str_is(status, "test") || str_is(status, "stable")))
    lint_report(l, CHECK_missing_regression_test, doc->rule->status.at, "no `regression_tests_path`");
  if (!yaml_is_text(path) || !lint_enabled(l, CHECK_regression_path)) return;
  if (!find_info(l, at, path->text, &root, &info))
    lint_report(l, CHECK_regression_path, path->at, "there is no such file below a folder that the rule stands in");
  else if (doc->rule->id.text.n && !names_id(info, doc->rule->id.text))
    lint_report(l, CHECK_regression_path, path->at, "the file does not name the rule's id");
}

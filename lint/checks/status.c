/* SPDX-License-Identifier: MIT
 * `status`: against the folder, the age and the tests of a rule. */
#include "lint/checks/metadata.h"
#include "lint/edit.h"

/* --- folder -------------------------------------------------------------------------------------------------- */

typedef enum { FOLDER_OTHER, FOLDER_LIVE, FOLDER_RETIRED } Folder;

static Folder folder_kind(Str name) {
  if (str_is(name, "deprecated") || str_is(name, "unsupported")) return FOLDER_RETIRED;
  return str_is(name, "rules") || str_starts(name, STR("rules-")) ? FOLDER_LIVE : FOLDER_OTHER;
}

/* The innermost folder that says something. */
static Folder folder_of(Str path) {
  Folder found = FOLDER_OTHER;
  for (size_t from = 0;;) {
    size_t to = str_find(path, STR("/"), from);
    if (to == SIZE_MAX) return found;
    Folder kind = folder_kind(str_sub(path, from, to));
    if (kind != FOLDER_OTHER) found = kind;
    from = to + 1;
  }
}

bool meta_retired_path(Str path) { return folder_of(path) == FOLDER_RETIRED; }

static bool retired(Str status) { return str_is(status, "deprecated") || str_is(status, "unsupported"); }

void check_status_folder(Lint *l, const LintAt *at) {
  Text status = at->doc->rule->status;
  Folder folder = status.text.n ? folder_of(at->doc->file->path) : FOLDER_OTHER;
  if (folder == FOLDER_OTHER || retired(status.text) == (folder == FOLDER_RETIRED)) return;
  lint_report(l, CHECK_status_folder, status.at, "a rule of status `" STR_FMT "` in a folder of rules that are %s",
              STR_ARG(status.text), folder == FOLDER_LIVE ? "in use" : "deprecated or unsupported");
  lint_hint(l, folder == FOLDER_LIVE ? "move it to `deprecated` or `unsupported`" : "move it, or mend the status");
}

/* --- age ----------------------------------------------------------------------------------------------------- */

enum { NEW_DAYS = 60, PROMOTE_DAYS = 300 };

static void new_rule(Lint *l, const LintDoc *doc) {
  Text status = doc->rule->status;
  int64_t date = meta_day(doc->rule->date);
  bool tested = lint_key(doc, "regression_tests_path") != NULL;
  if (date == LINT_NO_DAY || l->today - date > NEW_DAYS) return;
  if (!str_is(status.text, "stable") && (tested || !str_is(status.text, "test"))) return;
  lint_report(l, CHECK_status_too_high, status.at, "`" STR_FMT "` is too high within %d days of `date`", STR_ARG(status.text),
              NEW_DAYS);
  lint_hint(l, "write `status: experimental`");
  edit_scalar(l, doc->file, yaml_get(doc->root, "status"), STR("experimental"));
}

static void old_rule(Lint *l, const LintDoc *doc) {
  Text status = doc->rule->status;
  Text last = doc->rule->modified.text.n ? doc->rule->modified : doc->rule->date;
  int64_t day = meta_day(last);
  if (!str_is(status.text, "experimental") || day == LINT_NO_DAY || l->today - day < PROMOTE_DAYS) return;
  lint_report(l, CHECK_status_promotable, status.at, "experimental, and not modified for %d days", (int)(l->today - day));
  lint_hint(l, "write `status: test`");
  edit_scalar(l, doc->file, yaml_get(doc->root, "status"), STR("test"));
}

void check_status_age(Lint *l, const LintAt *at) {
  if (l->today == LINT_NO_DAY) return;
  new_rule(l, at->doc);
  old_rule(l, at->doc);
}

/* --- what a status asks for ---------------------------------------------------------------------------------- */

void check_status_needs(Lint *l, const LintAt *at) {
  const LintDoc *doc = at->doc;
  Text status = doc->rule->status;
  if ((str_is(status.text, "test") || str_is(status.text, "stable")) && !lint_key(doc, "regression_tests_path"))
    lint_report(l, CHECK_missing_regression_test, status.at, "`" STR_FMT "` without `regression_tests_path`", STR_ARG(status.text));
  if (!str_is(status.text, "deprecated")) return;
  const YamlNode *related = meta_value(doc, "related");
  if (related ? related->kind != YAML_SCALAR && !related->n : !lint_key(doc, "related") || yaml_get(doc->root, "related"))
    lint_report(l, CHECK_deprecated_without_related, status.at, "a deprecated rule without `related`");
}

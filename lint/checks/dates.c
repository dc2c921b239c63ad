/* SPDX-License-Identifier: MIT
 * `date` and `modified`, one against the other. */
#include "lint/checks/metadata.h"

void check_dates(Lint *l, const LintAt *at) {
  const LintDoc *doc = at->doc;
  if (!meta_applies(doc)) return;
  const YamlNode *key = yaml_key(doc->root, "modified"), *value = meta_value(doc, "modified");
  if (!value) return;
  if (!lint_key(doc, "date") || yaml_is_null(yaml_get(doc->root, "date")))
    lint_report(l, CHECK_modified_without_date, key->at, "`modified` without `date`");
  int64_t date = meta_day(doc->rule->date), modified = meta_day(doc->rule->modified);
  if (date == LINT_NO_DAY || modified == LINT_NO_DAY) return;
  if (modified < date) {
    lint_report(l, CHECK_modified_before_date, value->at, "`modified` is earlier than `date`, " STR_FMT,
                STR_ARG(doc->rule->date.text));
  } else if (modified == date) {
    lint_report(l, CHECK_redundant_modified, key->at, "`modified` is the same day as `date`");
    lint_hint(l, "delete `modified`");
  }
}

/* SPDX-License-Identifier: MIT
 * `date` and `modified`, one against the other, and against today. */
#include "lint/checks/metadata.h"
#include "lint/edit.h"

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
    edit_drop_entry(l, at->file, doc->root, edit_entry_of(doc->root, key));
  }
}

static void check_future(Lint *l, const LintDoc *doc, const char *key, Text t) {
  const YamlNode *value = meta_text(doc, key);
  int64_t day = meta_day(t);
  if (!value || day == LINT_NO_DAY || day <= l->today + 1) return; /* it may be tomorrow already where the author lives */
  lint_report(l, CHECK_date_in_future, value->at, "`%s` is %lld days from now", key, (long long)(day - l->today));
  lint_hint(l, "write the day on which the rule was %s", str_is(STR("date"), key) ? "written" : "last changed");
}

void check_date_in_future(Lint *l, const LintAt *at) {
  if (l->today == LINT_NO_DAY || !meta_applies(at->doc)) return;
  check_future(l, at->doc, "date", at->doc->rule->date);
  check_future(l, at->doc, "modified", at->doc->rule->modified);
}

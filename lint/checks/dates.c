/* SPDX-License-Identifier: MIT
 * `date` and `modified`, and what the age of a rule says of its status. */
#include "lint/lint.h"

/* The day of a key. A day with slashes is a fault that its own check reports; here it counts as the day it is. */
static int64_t day_of(const YamlNode *n) {
  char text[10];
  if (!n || n->kind != YAML_SCALAR || n->text.n != sizeof text) return LINT_NO_DAY;
  memcpy(text, n->text.p, sizeof text);
  for (size_t i = 0; i < sizeof text; i++)
    if (text[i] == '/') text[i] = '-';
  return lint_day((Str){text, sizeof text});
}

static void check_form(Lint *l, CheckId check, const YamlNode *n, const char *key) {
  if (!n || (n->kind == YAML_SCALAR && lint_day(n->text) != LINT_NO_DAY)) return;
  if (n->kind != YAML_SCALAR) {
    lint_report(l, check, n->at, "`%s` is %s, not a day", key, yaml_kind_words(n));
    return;
  }
  bool slashes = day_of(n) != LINT_NO_DAY;
  lint_report(l, check, n->at, "`%s` is `" STR_FMT "`, which is no existing day in the form YYYY-MM-DD", key, STR_ARG(n->text));
  if (slashes) lint_hint(l, "write %.4s-%.2s-%.2s", n->text.p, n->text.p + 5, n->text.p + 8);
}

void check_date(Lint *l, const LintAt *at) {
  const YamlNode *date = yaml_get(at->doc->root, "date"), *modified = yaml_get(at->doc->root, "modified");
  int64_t first = day_of(date), last = day_of(modified);
  check_form(l, CHECK_invalid_date, date, "date");
  check_form(l, CHECK_invalid_modified, modified, "modified");
  if (modified && !lint_key(at->doc, "date"))
    lint_report(l, CHECK_modified_without_date, yaml_key(at->doc->root, "modified")->at, "`modified` without `date`");
  if (first == LINT_NO_DAY || last == LINT_NO_DAY) return;
  if (last < first) lint_report(l, CHECK_modified_before_date, modified->at, "`modified` is earlier than `date`");
  if (last == first)
    lint_report(l, CHECK_redundant_modified, yaml_key(at->doc->root, "modified")->at, "`modified` is the same day as `date`");
}

/* Days since the newer of both. */
static int64_t unchanged_for(const Lint *l, const LintDoc *doc) {
  int64_t first = day_of(yaml_get(doc->root, "date")), last = day_of(yaml_get(doc->root, "modified"));
  if (last == LINT_NO_DAY) last = first;
  return l->today == LINT_NO_DAY || last == LINT_NO_DAY ? -1 : l->today - last;
}

void check_status_age(Lint *l, const LintAt *at) {
  enum { DAYS_OF_NEW = 60, DAYS_OF_PROVEN = 300 };
  const Text *status = &at->doc->rule->status;
  bool tested = yaml_key(at->doc->root, "regression_tests_path");
  int64_t date = day_of(yaml_get(at->doc->root, "date"));
  bool high = str_is(status->text, "stable") || (str_is(status->text, "test") && !tested);
  bool is_new = l->today != LINT_NO_DAY && date != LINT_NO_DAY && l->today - date <= (tested ? 0 : DAYS_OF_NEW);
  if (high && is_new)
    lint_report(l, CHECK_status_too_high, status->at, "`status` is " STR_FMT ", though the rule is new", STR_ARG(status->text));
  if (str_is(status->text, "experimental") && unchanged_for(l, at->doc) >= DAYS_OF_PROVEN)
    lint_report(l, CHECK_status_promotable, status->at, "experimental, and not changed for %d days or more", DAYS_OF_PROVEN);
}

/* SPDX-License-Identifier: MIT
 * Filters: attributes that only what they change can have. */
#include "lint/lint.h"

void check_filter_attributes(Lint *l, const LintAt *at) {
  static const struct {
    CheckId check;
    const char *key;
  } unwanted[] = {{CHECK_filter_level, "level"}, {CHECK_filter_status, "status"}};
  if (at->doc->rule->kind != DOC_FILTER) return;
  for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++) {
    const YamlNode *key = lint_key(at->doc, unwanted[i].key);
    if (key) lint_report(l, unwanted[i].check, key->at, "a filter has no `%s` of its own", unwanted[i].key);
  }
}

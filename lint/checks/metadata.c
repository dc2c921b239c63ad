/* SPDX-License-Identifier: MIT
 * Attributes of a rule that are missing. */
#include "lint/lint.h"

typedef struct {
  CheckId check;
  const char *key;
} MissingKey;

void check_missing_keys(Lint *l, const LintAt *at) {
  static const MissingKey keys[] = {{CHECK_missing_id, "id"}};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (!lint_key(at->doc, keys[i].key)) lint_report(l, keys[i].check, lint_start(at->doc), "no `%s`", keys[i].key);
}

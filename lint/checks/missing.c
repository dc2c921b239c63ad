/* SPDX-License-Identifier: MIT
 * Keys of a document that are missing. */
#include "lint/lint.h"

enum { OF_RULE = 1, OF_CORRELATION = 2, OF_FILTER = 4, OF_ALL = 7 };

typedef struct {
  CheckId check;
  const char *key;
  unsigned kinds;
} MissingKey;

static const MissingKey keys[] = {
  {CHECK_missing_id, "id", OF_ALL},
  {CHECK_missing_status, "status", OF_RULE | OF_CORRELATION},
  {CHECK_missing_description, "description", OF_ALL},
  {CHECK_missing_references, "references", OF_RULE},
  {CHECK_missing_author, "author", OF_ALL},
  {CHECK_missing_date, "date", OF_ALL},
  {CHECK_missing_level, "level", OF_RULE | OF_CORRELATION},
  {CHECK_missing_falsepositives, "falsepositives", OF_RULE},
  {CHECK_missing_tags, "tags", OF_RULE},
};

void check_missing_keys(Lint *l, const LintAt *at) {
  unsigned kind = 1u << at->doc->rule->kind;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if ((keys[i].kinds & kind) && !lint_key(at->doc, keys[i].key))
      lint_report(l, keys[i].check, lint_start(at->doc), "no `%s`", keys[i].key);
}

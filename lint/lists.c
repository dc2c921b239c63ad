/* SPDX-License-Identifier: MIT */
#include "compiler/lists.h"

#include "lint/lint.h"

static void list_checks(ListTable *t) {
  static const char *const severities[] = {"error", "warning", "info"};
  static const char *const profiles[] = {"default", "sigmahq", "all"};
  for (unsigned i = 0; i < CHECK_COUNT; i++) {
    list_cell(t, str_of(checks[i].id));
    list_cell(t, str_of(severities[checks[i].severity]));
    list_cell(t, str_of(profiles[checks[i].profile]));
    list_cell(t, str_of(checks[i].what));
  }
}

const ListKind lint_lists[] = {
  {"checks", {"id", "severity", "profile", "what"}, list_checks},
  {NULL, {NULL}, NULL},
};

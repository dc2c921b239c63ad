/* SPDX-License-Identifier: MIT */
#include "lint/lint.h"

const Check checks[CHECK_COUNT] = {
#define CHECK(word, id, severity, profile, scope, fix, run, what, advice, bad, good) \
  [CHECK_##word] = {id, severity, profile, scope, fix, run, what, advice, bad, good},
#include "lint/checks.def"
#undef CHECK
};

void check_by_compiler(Lint *l, const LintAt *at) {
  (void)l;
  (void)at;
}

CheckId check_find(Str id) {
  unsigned i = 0;
  while (i < CHECK_COUNT && !str_is(id, checks[i].id)) i++;
  return (CheckId)i;
}

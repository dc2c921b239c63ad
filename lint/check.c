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

const char *check_nearest(Str id) {
  const char *nearest = NULL;
  unsigned least = 4; /* letters that may differ, and one */
  for (unsigned i = 0; i < CHECK_COUNT && least; i++) {
    unsigned distance = str_distance(id, str_of(checks[i].id), least - 1);
    if (distance < least) nearest = checks[i].id, least = distance;
  }
  return nearest;
}

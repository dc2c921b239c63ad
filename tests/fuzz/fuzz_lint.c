/* SPDX-License-Identifier: MIT
 * Any bytes as one rule file, linted with every check: nothing crashes, every span lies in the text, findings are sorted, and
 * what the reader of YAML refuses as too deep or too large is found by the checks that have lower limits. */
#include <stdlib.h>

#include "base/limits.h"
#include "lint/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

static bool refused(const Lint *l, DiagId id) {
  for (uint32_t i = 0; i < l->compiler.diags.list.n; i++)
    if (l->compiler.diags.list.p[i].id == id) return true;
  return false;
}

static bool found(const Lint *l, CheckId check) {
  for (uint32_t i = 0; i < l->findings.n; i++)
    if (l->findings.p[i].check == check) return true;
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena a = {0};
  Lint l;
  Str text = {(const char *)data, size};
  lint_init(&l, &a);
  l.profile = PROFILE_ALL;
  lint_add(&l, STR("rule.yml"), text);
  lint_run(&l);
  for (uint32_t i = 0; i < l.findings.n; i++) {
    const Finding *f = &l.findings.p[i];
    demand(f->at.file == 0 && f->at.start <= f->at.end && f->at.end <= size && f->message.n);
    demand(i == 0 || f[-1].at.start <= f->at.start);
  }
  if (!lint_dropped(&l, 0)) {
    demand(!refused(&l, ID_yaml_depth) || found(&l, CHECK_yaml_depth));
    demand(!refused(&l, ID_yaml_alias_limit) || found(&l, CHECK_yaml_alias_limit));
  }
  arena_free(&a);
  return 0;
}

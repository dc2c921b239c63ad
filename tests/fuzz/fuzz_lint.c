/* SPDX-License-Identifier: MIT
 * Any bytes as one rule file, linted with every check: nothing crashes, every span lies in the text, findings are sorted, and
 * what the reader of YAML refuses as too deep or too large is found by the checks that have lower limits. Without yaml-indent,
 * for which the tokens of every file are read, all other findings are the same; comments that silence some leave that to fuzz_config. */
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

static void run(Lint *l, Arena *a, Str text, bool indent) {
  lint_init(l, a);
  l->profile = PROFILE_ALL;
  l->wish[CHECK_yaml_indent] = indent ? 1 : -1;
  lint_add(l, STR("rule.yml"), text);
  lint_run(l);
}

static uint32_t next(const Lint *l, uint32_t i) {
  while (i < l->findings.n && l->findings.p[i].check == CHECK_yaml_indent) i++;
  return i;
}

/* lint/checks/yaml_suspicious.c */
static void demand_same(const Lint *with, const Lint *without) {
  uint32_t i = next(with, 0), k = 0;
  for (; i < with->findings.n && k < without->findings.n; i = next(with, i + 1), k++) {
    const Finding *a = &with->findings.p[i], *b = &without->findings.p[k];
    demand(a->check == b->check && a->at.start == b->at.start && a->at.end == b->at.end);
  }
  demand(i == with->findings.n && k == without->findings.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena a = {0};
  Lint l, without;
  Str text = {(const char *)data, size};
  run(&l, &a, text, true);
  for (uint32_t i = 0; i < l.findings.n; i++) {
    const Finding *f = &l.findings.p[i];
    demand(f->at.file == 0 && f->at.start <= f->at.end && f->at.end <= size && f->message.n);
    demand(i == 0 || f[-1].at.start <= f->at.start);
  }
  if (!lint_dropped(&l, 0) && !l.silence) {
    demand(!refused(&l, ID_yaml_depth) || found(&l, CHECK_yaml_depth));
    demand(!refused(&l, ID_yaml_alias_limit) || found(&l, CHECK_yaml_alias_limit));
    run(&without, &a, text, false);
    demand_same(&l, &without);
  }
  arena_free(&a);
  return 0;
}

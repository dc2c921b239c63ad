/* SPDX-License-Identifier: MIT
 * Any bytes as a configuration of lint, as a baseline, as a rule with comments that silence checks, and as a list of changed files: nothing
 * crashes, every fault has a place inside of the text, and of a text with a fault nothing counts. What a configuration silences is
 * counted, and what a baseline was written of is known by it. */
#include <stdlib.h>

#include "cli/lint_settings.h"
#include "lint/baseline.h"
#include "lint/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
  if (!holds) abort();
}

static const char rule[] =
  "title: Example\nid: 5b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10\ntags: [own.word]\nx_key: 1\nlogsource: {product: own}\n"
  "detection:\n  s: {Field: '*a'}\n  condition: s\n";

static void check_places(const Diags *d, size_t size) {
  for (uint32_t i = 0; i < d->list.n; i++) {
    const Diag *x = &d->list.p[i];
    require(x->id < ID_COUNT && x->msg.n > 0 && x->at.start <= x->at.end && x->at.end <= size);
  }
}

static void lint(Lint *l, Arena *a, Str text, LintConfig *config, LintBaseline *baseline) {
  lint_init(l, a);
  l->profile = PROFILE_ALL;
  l->config = config;
  l->baseline = baseline;
  lint_add(l, STR("/x/rules/rule.yml"), text);
  lint_run(l);
}

static void as_config(Arena *a, Str text) {
  Sources sources = {.arena = a};
  Diags diags = {.arena = a};
  LintConfig config = {0}, before = {0};
  Lint l, plain;
  uint32_t file = source_add(&sources, STR("/x/.sigmac.yml"), text);
  bool good = lint_config_read(&config, STR("/x"), &sources, file, a, &diags);
  require(good == !diags.errors);
  check_places(&diags, text.n);
  if (!good) require(memcmp(&config, &before, sizeof config) == 0);
  lint(&l, a, str_of(rule), &config, NULL);
  memset(config.wish, 0, sizeof config.wish);
  memset(config.severity, 0, sizeof config.severity);
  config.has_profile = false;
  config.tags.n = config.keys.n = config.sources.n = config.fields.n = 0;
  lint(&l, a, str_of(rule), &config, NULL);
  lint(&plain, a, str_of(rule), NULL, NULL);
  require(l.findings.n + l.suppressed == plain.findings.n);
}

static void as_rule(Arena *a, Str text) {
  Lint l, again;
  Buf written = {.arena = a};
  Sources sources = {.arena = a};
  Diags diags = {.arena = a};
  LintBaseline baseline = {0};
  lint(&l, a, text, NULL, NULL);
  lint_baseline_write(&l, STR("/y"), &written);
  uint32_t file = source_add(&sources, STR("/y/b.json"), buf_view(&written));
  require(lint_baseline_read(&baseline, STR("/y"), &sources, file, a, &diags));
  lint(&again, a, text, NULL, &baseline);
  require(again.findings.n == 0 && again.known == l.findings.n && again.gone == 0 && again.suppressed == l.suppressed);
}

static void as_baseline(Arena *a, Str text) {
  Sources sources = {.arena = a};
  Diags diags = {.arena = a};
  LintBaseline baseline = {0};
  Lint l;
  uint32_t file = source_add(&sources, STR("/y/b.json"), text);
  bool good = lint_baseline_read(&baseline, STR("/y"), &sources, file, a, &diags);
  require(good == !diags.errors);
  check_places(&diags, text.n);
  if (good) lint(&l, a, str_of(rule), NULL, &baseline);
}

static void as_names(Arena *a, Str text) {
  StrList names = {0};
  lint_read_names(&names, a, text);
  for (uint32_t i = 0; i < names.n; i++) require(names.p[i].n > 0 && names.p[i].p[names.p[i].n] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena a = {0};
  Str text = {(const char *)data, size};
  as_config(&a, text);
  as_rule(&a, text);
  as_baseline(&a, text);
  as_names(&a, text);
  arena_free(&a);
  return 0;
}

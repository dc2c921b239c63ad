/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "lint/sources.h"

static Logsource source(const char *product, const char *category, const char *service) {
  return (Logsource){.product.text = str_of(product), .category.text = str_of(category), .service.text = str_of(service)};
}

static void expect_names(const LintNames *names) {
  for (unsigned i = 0; i < names->n; i++) {
    cr_expect(lint_names_have(names, str_of(names->p[i])), "%s", names->p[i]);
    cr_expect(!i || strcmp(names->p[i - 1], names->p[i]) != 0, "%s stands twice", names->p[i]);
  }
}

static const LintSource *find(const Logsource *l) {
  LintSources compiled_in = {lint_sources, lint_source_count};
  return lint_source_find(&compiled_in, l);
}

Test(lint_sources, each_is_found_with_its_fields) {
  for (unsigned i = 0; i < lint_source_count; i++) {
    const LintSource *s = &lint_sources[i];
    Logsource l = source(s->product, s->category, s->service);
    cr_expect_eq(find(&l), s, "%s %s %s", s->product, s->category, s->service);
    expect_names(&s->fields);
    expect_names(&s->redundant);
    expect_names(&s->providers);
    cr_expect_leq(s->n_events, sizeof s->events / sizeof *s->events);
  }
}

Test(lint_sources, all_three_parts_count) {
  Logsource good = source("windows", "process_creation", NULL), open = source(NULL, "process_creation", NULL),
            more = source("windows", "process_creation", "sysmon"), none = {0};
  cr_assert_not_null(find(&good));
  cr_expect_null(find(&open));
  cr_expect_null(find(&more));
  cr_expect_null(find(&none));
}

Test(lint_sources, names) {
  Logsource l = source("windows", "process_creation", NULL);
  const LintNames *fields = &find(&l)->fields;
  static const struct {
    const char *word;
    bool have;
    const char *by_case, *near;
  } cases[] = {
    {"CommandLine", true, "CommandLine", "CommandLine"},
    {"commandline", false, "CommandLine", "CommandLine"},
    {"CommandLin", false, NULL, "CommandLine"},
    {"ComandLin", false, NULL, "CommandLine"},
    {"CmdLine", false, NULL, NULL},
    {"imphash", true, "Imphash", "imphash"},
    {"IMPHASH", false, "Imphash", NULL},
    {"md", false, NULL, "md5"},
    {"", false, NULL, NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Str word = str_of(cases[i].word);
    const char *by_case = lint_names_case(fields, word), *near = lint_names_near(fields, word);
    cr_expect_eq(lint_names_have(fields, word), cases[i].have, "%s", cases[i].word);
    cr_expect(cases[i].by_case ? by_case && !strcmp(by_case, cases[i].by_case) : !by_case, "%s: %s", cases[i].word, by_case);
    cr_expect(cases[i].near ? near && !strcmp(near, cases[i].near) : !near, "%s: %s", cases[i].word, near);
  }
}

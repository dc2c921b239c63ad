/* SPDX-License-Identifier: MIT
 * deploy-rule FORMAT [--query FILE] [--table NAME]... [--index PATTERN]... [--time FIELD] [--set NAME=VALUE]... RULES...
 * Writes each rule in a deploy format, with a query that is given instead of translated, so that the formats can be tested
 * with any text. Exit status 1 where a rule was refused, 2 for wrong usage or an unreadable file. */
#include <stdio.h>
#include <stdlib.h>

#include "backends/deploy.h"

static void die(const char *what, const char *why) {
  fprintf(stderr, "deploy-rule: %s: %s\n", what, why);
  exit(2);
}

static Str read_path(Arena *a, const char *path) {
  Buf b = {.arena = a};
  FILE *f = fopen(path, "rb");
  if (!f) die(path, "cannot be read");
  for (size_t n = 1; n;) {
    buf_reserve(&b, 1 << 12);
    n = fread(b.p + b.n, 1, 1 << 12, f);
    b.n += n;
  }
  fclose(f);
  return buf_view(&b);
}

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  RuleSet rules;
  DeployFormat format;
  Str query;
  VEC(PlanBranch) branches;
  VEC(Text) index;
  Plan plan;
} Run;

static void add_rules(Run *r, const char *path) {
  YamlDocs docs = {0};
  uint32_t file = source_add(&r->sources, str_of(path), read_path(&r->arena, path));
  yaml_parse(&docs, &r->sources, file, &r->arena, &r->diags);
  rules_read(&r->rules, &docs, file, &r->arena, &r->diags);
}

static void add_attribute(Run *r, const char *text) {
  const char *equals = strchr(text, '=');
  if (!equals) die(text, "not NAME=VALUE");
  *vec_add(&r->arena, &r->plan.attributes) =
    (PlanAttribute){.name = {.text = {text, (size_t)(equals - text)}}, .value = {.text = str_of(equals + 1)}};
}

static void read_option(Run *r, const char *option, const char *value) {
  if (!strcmp(option, "--query")) r->query = read_path(&r->arena, value);
  else if (!strcmp(option, "--table")) vec_add(&r->arena, &r->branches)->table = str_of(value);
  else if (!strcmp(option, "--index")) vec_add(&r->arena, &r->index)->text = str_of(value);
  else if (!strcmp(option, "--time")) r->plan.time_field = str_of(value);
  else if (!strcmp(option, "--set")) add_attribute(r, value);
  else die(option, "no such option");
}

static void read_arguments(Run *r, int argc, char **argv) {
  r->format = argc > 1 ? deploy_find(str_of(argv[1])) : DEPLOY_COUNT;
  if (r->format == DEPLOY_COUNT) die(argc > 1 ? argv[1] : "FORMAT", "no such format");
  for (int i = 2; i < argc; i++) {
    if (strncmp(argv[i], "--", 2) != 0) add_rules(r, argv[i]);
    else if (i + 1 == argc) die(argv[i], "needs a value");
    else i++, read_option(r, argv[i - 1], argv[i]);
  }
  if (!r->branches.n) vec_add(&r->arena, &r->branches);
  r->plan.branches = r->branches.p;
  r->plan.n_branches = r->branches.n;
  r->plan.index = (TextList){r->index.p, r->index.n};
  r->plan.target = deploy_info[r->format].target;
}

int main(int argc, char **argv) {
  Run r = {.query = STR("any where true")};
  Buf out = {0}, report = {0};
  Deploy d;
  int rc = 0;
  r.sources.arena = r.diags.arena = &r.arena;
  read_arguments(&r, argc, argv);
  deploy_begin(&d, r.format, &r.arena, &r.diags, &out);
  for (uint32_t i = 0; i < r.rules.list.n; i++) {
    r.plan.rule = &r.rules.list.p[i];
    if (r.plan.rule->broken || !deploy_rule(&d, &r.plan, r.query, &out)) rc = 1;
  }
  deploy_end(&d, &out);
  for (uint32_t i = 0; i < r.diags.list.n; i++) diag_render(&report, &r.sources, &r.diags.list.p[i], false);
  if (out.n) fwrite(out.p, 1, out.n, stdout);
  if (report.n) fwrite(report.p, 1, report.n, stderr);
  buf_free(&out);
  buf_free(&report);
  arena_free(&r.arena);
  return rc;
}

/* SPDX-License-Identifier: MIT
 * translate-text eql|kql [--pretty] [--assume ID]... [--var NAME=VALUE]... [--ndjson] RULES...
 * Translates without pipelines, straight from the compiler's passes. Text: each query, or what was refused; with --ndjson a line for
 * each rule with the ids of its refusals, for figures over many rules. Exit status 1 where a rule was refused, 2 for wrong usage. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "backends/backend.h"
#include "compiler/compile.h"

typedef struct {
  Arena arena;
  Compiler compiler;
  const Backend *backend;
  PrintOptions options;
  bool ndjson, refused;
} Tool;

static void die(const char *what, const char *why) {
  fprintf(stderr, "translate-text: %s: %s\n", what, why);
  exit(2);
}

static Str read_path(Arena *a, const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) die(path, "cannot be read");
  Buf b = {0};
  for (size_t n = 1; n;) {
    buf_reserve(&b, 1 << 16);
    n = fread(b.p + b.n, 1, 1 << 16, f);
    b.n += n;
  }
  fclose(f);
  Str text = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return text;
}

typedef VEC(const char *) Paths;

static int by_name(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

static void add_rules(Tool *t, const char *path) {
  struct stat st;
  if (stat(path, &st) != 0) die(path, "not found");
  if (!S_ISDIR(st.st_mode)) {
    if (str_ends(str_of(path), STR(".yml"))) compiler_add(&t->compiler, str_of(path), read_path(&t->arena, path));
    return;
  }
  Paths paths = {0};
  DIR *folder = opendir(path);
  if (!folder) die(path, "cannot be read");
  for (struct dirent *e; (e = readdir(folder));)
    if (e->d_name[0] != '.') *vec_add(&t->arena, &paths) = arena_printf(&t->arena, "%s/%s", path, e->d_name).p;
  closedir(folder);
  if (paths.n) qsort(paths.p, paths.n, sizeof *paths.p, by_name);
  for (uint32_t i = 0; i < paths.n; i++) add_rules(t, paths.p[i]);
}

static bool translate(Tool *t, const Rule *rule, Query *query) {
  Passes *passes = &t->compiler.passes;
  PlanOptions options = {.target = backend_target(t->backend)};
  IrRule ir;
  Plan plan;
  if (!lower_rule(&ir, rule, passes) || rule->broken || !plan_rule(&plan, &ir, NULL, &options, passes)) return false;
  return backend_print(query, t->backend, &plan, &t->options, &t->arena, passes->diags);
}

static void print_diags(Tool *t, uint32_t from) {
  Buf out = {0};
  const Diags *d = &t->compiler.diags;
  for (uint32_t i = from; i < d->list.n; i++) diag_render(&out, &t->compiler.sources, &d->list.p[i], false);
  printf(STR_FMT, STR_ARG(buf_view(&out)));
  buf_free(&out);
}

static void print_line(Tool *t, const Rule *rule, bool good, const Query *query, uint32_t from) {
  Buf out = {0};
  const Diags *d = &t->compiler.diags;
  buf_str(&out, STR("{\"id\":"));
  buf_json(&out, t->compiler.sources.files.p[rule->file].path);
  if (good) {
    buf_str(&out, STR(",\"query\":"));
    buf_json(&out, query->text);
  }
  buf_str(&out, STR(",\"assumed\":["));
  for (unsigned i = 0, n = 0; i < ASSUME_COUNT; i++)
    if (good && query->assumed >> i & 1) buf_printf(&out, "%s\"%s\"", n++ ? "," : "", assumption_info[i].id);
  buf_str(&out, STR("],\"diags\":["));
  for (uint32_t i = from; i < d->list.n; i++) buf_printf(&out, "%s\"%s\"", i > from ? "," : "", diag_info[d->list.p[i].id].text);
  buf_str(&out, STR("]}"));
  puts(arena_cstr(&t->arena, buf_view(&out)));
  buf_free(&out);
}

static void print_text(Tool *t, bool good, const Query *query, uint32_t from) {
  if (good) puts(arena_cstr(&t->arena, query->text));
  for (unsigned i = 0; i < ASSUME_COUNT; i++)
    if (good && query->assumed >> i & 1 && i != ASSUME_SCOPE)
      printf("// %s: %s\n", assumption_info[i].id, assumption_info[i].sentence);
  print_diags(t, from);
}

static void one(Tool *t, const Rule *rule) {
  Compiler *c = &t->compiler;
  uint32_t from = c->diags.list.n;
  Query query = {0};
  budget_open(&c->passes.budget, rule->at, rule->at.end - rule->at.start);
  bool good = translate(t, rule, &query);
  budget_close(&c->passes.budget);
  t->refused = t->refused || !good;
  if (t->ndjson) print_line(t, rule, good, &query, from);
  else print_text(t, good, &query, from);
}

static int option(Tool *t, char **argv, int i) {
  if (strcmp(argv[i], "--pretty") == 0) t->options.pretty = true;
  else if (strcmp(argv[i], "--ndjson") == 0) t->ndjson = true;
  else if (strcmp(argv[i], "--assume") == 0 && argv[i + 1]) {
    Assumption a = assumption_find(str_of(argv[++i]));
    if (a == ASSUME_COUNT) die(argv[i], "no such assumption");
    t->options.assume |= 1u << a;
  } else if (strcmp(argv[i], "--var") == 0 && argv[i + 1]) {
    if (!vars_assign(&t->compiler.vars, str_of(argv[++i]), &t->arena)) die(argv[i], "not NAME=VALUE");
  } else add_rules(t, argv[i]);
  return i;
}

int main(int argc, char **argv) {
  static Tool t;
  compiler_init(&t.compiler, &t.arena);
  t.backend = argc > 1 ? backend_find(str_of(argv[1])) : NULL;
  if (!t.backend) die("usage", "eql|kql [--pretty] [--assume ID]... [--var NAME=VALUE]... [--ndjson] RULES...");
  for (int i = 2; i < argc; i++) i = option(&t, argv, i);
  Compiler *c = &t.compiler;
  rules_resolve(&c->rules, c->arena, &c->diags);
  for (uint32_t i = 0; i < c->rules.list.n; i++)
    if (c->rules.list.p[i].kind == DOC_RULE) one(&t, &c->rules.list.p[i]);
  arena_free(&t.arena);
  return t.refused;
}

/* SPDX-License-Identifier: MIT
 * pipeline-show [-q] [--steps] [--target eql|kql] [--var NAME=VALUE]... [-p PIPELINE]... [RULE...]
 * Applies pipelines to rules and prints what becomes of them: the tree, the fields, what else was set, and a query that stands for
 * all of them (`QUERY`) after postprocessing; last, what finalizers make. Everything is on stdout, diagnostics too. -q: diagnostics
 * alone. Exit status 1 after errors, 2 for wrong usage. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "compiler/pipeline.h"
#include "compiler/rule.h"

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  Vars vars;
  Passes passes;
  Pipelines *pipelines;
  RuleSet rules;
  Target target;
  bool steps, quiet;
  VEC(Str) queries;
} Tool;

static void die(const char *what, const char *why) {
  fprintf(stderr, "pipeline-show: %s: %s\n", what, why);
  exit(2);
}

static bool read_path(Arena *a, const char *path, Str *out) {
  FILE *f = fopen(path, "rb");
  Buf b = {.arena = a};
  if (!f) return false;
  for (size_t n = 1; n;) {
    buf_reserve(&b, 1 << 16);
    n = fread(b.p + b.n, 1, 1 << 16, f);
    b.n += n;
  }
  fclose(f);
  *out = buf_view(&b);
  return true;
}

static bool read_below(void *ctx, Str folder, Str path, Str *text, const char **why) {
  Tool *t = ctx;
  Str full = arena_printf(&t->arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(path));
  *why = "not found";
  return read_path(&t->arena, full.p, text);
}

static void add_pipeline(Tool *t, const char *path) {
  Str text;
  const char *slash = strrchr(path, '/');
  Str folder = slash ? (Str){path, (size_t)(slash - path)} : STR(".");
  if (!read_path(&t->arena, path, &text)) die(path, "cannot be read");
  pipelines_add(t->pipelines, str_of(path), folder, text);
}

static void add_rule(Tool *t, const char *path) {
  Str text;
  YamlDocs docs = {0};
  if (!read_path(&t->arena, path, &text)) die(path, "cannot be read");
  uint32_t file = source_add(&t->sources, str_of(path), text);
  yaml_parse(&docs, &t->sources, file, &t->arena, &t->diags);
  rules_read(&t->rules, &docs, file, &t->arena, &t->diags);
}

static void print(const Buf *b) {
  if (b->n) fwrite(b->p, 1, b->n, stdout);
}

static void print_step(void *ctx, const PipelineRun *run, const PipelineStep *step) {
  Tool *t = ctx;
  Buf b = {.arena = &t->arena};
  (void)run;
  Place at = source_place(&t->sources, step->at);
  buf_printf(&b, "step %s `" STR_FMT "` line %u", step->type, STR_ARG(step->id), at.line);
  if (step->note.n) buf_printf(&b, ": " STR_FMT, STR_ARG(step->note));
  buf_char(&b, '\n');
  if (step->before != step->after) ir_print(&b, step->after);
  print(&b);
}

static void print_texts(Buf *b, const char *what, const TextList *list) {
  if (!list->n) return;
  buf_printf(b, "%s:", what);
  for (uint32_t i = 0; i < list->n; i++) buf_printf(b, " " STR_FMT, STR_ARG(list->p[i].text));
  buf_char(b, '\n');
}

static void print_results(Tool *t, PipelineRun *run, const IrNode *root, const Rule *rule) {
  Buf b = {.arena = &t->arena};
  Plan plan = {.rule = rule};
  Logsource l = pipeline_run_logsource(run);
  Str query = STR("QUERY");
  pipeline_run_results(run, &plan);
  if (t->rules.list.n > 1) buf_printf(&b, "rule " STR_FMT "\n", STR_ARG(t->sources.files.p[rule->file].path));
  ir_print(&b, root);
  print_texts(&b, "fields", &plan.fields);
  print_texts(&b, "index", &plan.index);
  for (uint32_t i = 0; i < plan.attributes.n; i++)
    buf_printf(&b, "attribute " STR_FMT " = " STR_FMT "\n", STR_ARG(plan.attributes.p[i].name.text),
               STR_ARG(plan.attributes.p[i].value.text));
  buf_printf(&b, "logsource: " STR_FMT "/" STR_FMT "/" STR_FMT "\n", STR_ARG(l.category.text), STR_ARG(l.product.text),
             STR_ARG(l.service.text));
  if (!pipeline_run_postprocess(run, &query)) return;
  *vec_add(&t->arena, &t->queries) = query;
  if (!str_is(query, "QUERY")) buf_printf(&b, "query: " STR_FMT "\n", STR_ARG(query));
  if (!t->quiet) print(&b);
}

static void run_rule(Tool *t, const Rule *rule) {
  IrRule ir;
  budget_open(&t->passes.budget, rule->at, rule->at.end - rule->at.start);
  if (rule->kind == DOC_RULE && !rule->broken && lower_rule(&ir, rule, &t->passes)) {
    IrNode *root = ir_copy(&t->arena, ir.root);
    PipelineRun *run = pipeline_run_new(t->pipelines, rule, rule->logsource, t->target, &t->passes);
    if (t->steps) pipeline_run_trace(run, print_step, t);
    if (pipeline_run_apply(run, &root)) {
      IrRule after = {.rule = rule, .root = ir_copy(&t->arena, root)};
      if (expand_tree(after.root, &t->passes) && simplify_rule(&after, &t->passes)) print_results(t, run, root, rule);
    }
  }
  budget_close(&t->passes.budget);
}

static void print_diags(Tool *t) {
  Buf b = {.arena = &t->arena};
  for (uint32_t i = 0; i < t->diags.list.n; i++) {
    const Diag *d = &t->diags.list.p[i];
    Place at = source_place(&t->sources, d->at);
    Str path = t->sources.files.p[d->at.file].path;
    buf_printf(&b, STR_FMT ":%u:%u: ", STR_ARG(path), at.line, at.col);
    diag_render_severity(&b, d->severity, false);
    buf_printf(&b, STR_FMT " [%s]\n", STR_ARG(d->msg), diag_info[d->id].text);
    if (d->hint.n) buf_printf(&b, "  hint: " STR_FMT "\n", STR_ARG(d->hint));
  }
  print(&b);
}

static const char *option(int argc, char **argv, int *i) {
  if (++*i >= argc) die(argv[*i - 1], "needs a value");
  return argv[*i];
}

int main(int argc, char **argv) {
  Tool t = {0};
  VEC(const char *) rules = {0}, vars = {0};
  t.sources.arena = t.diags.arena = &t.arena;
  t.pipelines = pipelines_new(&t.arena, &t.sources, &t.diags, read_below, &t);
  passes_init(&t.passes, &t.vars, &t.arena, &t.diags);
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "-q")) t.quiet = true;
    else if (!strcmp(argv[i], "--steps")) t.steps = true;
    else if (!strcmp(argv[i], "--var")) *vec_add(&t.arena, &vars) = option(argc, argv, &i);
    else if (!strcmp(argv[i], "-p")) add_pipeline(&t, option(argc, argv, &i));
    else if (!strcmp(argv[i], "--target")) t.target = strcmp(option(argc, argv, &i), "eql") ? TARGET_KQL : TARGET_EQL;
    else if (argv[i][0] == '-') die(argv[i], "unknown option");
    else *vec_add(&t.arena, &rules) = argv[i];
  }
  pipelines_finish(t.pipelines, &t.vars);
  for (uint32_t i = 0; i < vars.n; i++) vars_assign(&t.vars, str_of(vars.p[i]), &t.arena);
  if (!t.diags.errors && pipelines_allow(t.pipelines, t.target)) {
    for (uint32_t i = 0; i < rules.n; i++) add_rule(&t, rules.p[i]);
    for (uint32_t i = 0; i < t.rules.list.n; i++) run_rule(&t, &t.rules.list.p[i]);
    Str out;
    if (pipelines_have_finalizers(t.pipelines) && pipelines_finalize(t.pipelines, t.queries.p, t.queries.n, &t.arena, &out))
      printf("final: " STR_FMT "\n", STR_ARG(out));
  }
  print_diags(&t);
  int status = t.diags.errors ? 1 : 0;
  arena_free(&t.arena);
  return status;
}

/* SPDX-License-Identifier: MIT */
#include "compiler/compile.h"

#include "compiler/correlate.h"
#include "compiler/paths.h"
#include "compiler/shipped.h"

void compiler_init(Compiler *c, Arena *arena) {
  *c = (Compiler){.arena = arena, .trees = arena_sub(arena)};
  c->sources.arena = arena;
  c->diags.arena = arena;
  passes_init(&c->passes, &c->vars, arena, &c->diags);
}

static uint32_t add_file(Compiler *c, Str path, Str text) {
  uint32_t file = source_add(&c->sources, path, text);
  YamlDocs docs = {0};
  yaml_parse(&docs, &c->sources, file, c->trees, &c->diags);
  if (!docs.docs.n && !docs.broken)
    diag_warning(&c->diags, ID_no_rules, (Span){file, 0, 0}, "the file holds no rule: it is empty, or has only comments");
  uint32_t first = c->rules.list.n;
  rules_read(&c->rules, &docs, file, c->arena, &c->diags);
  c->unreadable += docs.broken;
  return first;
}

void compiler_add(Compiler *c, Str path, Str text) { add_file(c, path, text); }

void compiler_add_filters(Compiler *c, Str path, Str text) {
  for (uint32_t i = add_file(c, path, text); i < c->rules.list.n; i++) rule_expect_filter(&c->rules.list.p[i], &c->diags);
}

void compiler_add_vars(Compiler *c, Str path, Str text, VarsRole role) {
  vars_read(&c->vars, &c->sources, source_add(&c->sources, path, text), role, c->arena, &c->diags);
}

/* Files of a pipeline stand below its folder; what is not there may be a file that the library has. */
static bool read_below(void *ctx, Str folder, Str path, Str *text, const char **why) {
  Compiler *c = ctx;
  *why = NULL;
  if (folder.n && !str_eq(folder, SHIPPED_FOLDER) && paths_read_below(text, c->arena, folder, path, why)) return true;
  const ShippedFile *f = *why ? NULL : shipped_find(path);
  if (f) *text = f->text;
  else if (!*why) *why = "there is no such file";
  return f != NULL;
}

void compiler_add_pipeline(Compiler *c, Str path, Str folder, Str text) {
  if (!c->pipelines) c->pipelines = pipelines_new(c->arena, &c->sources, &c->diags, read_below, c);
  if (!pipelines_add(c->pipelines, path, folder, text)) c->misconfigured = true;
}

void compiler_merge_pipelines(Compiler *c) {
  if (c->merged || !c->pipelines || c->misconfigured) return;
  c->merged = true;
  if (!pipelines_finish(c->pipelines, &c->vars) || !model_read(&c->model, c->pipelines, &c->sources, c->arena, &c->diags))
    c->misconfigured = true;
}

void compiler_add_types(Compiler *c, Str path, Str text) {
  if (!c->types) {
    c->types = arena_new(c->arena, TypeTable);
    types_init(c->types, c->arena);
  }
  if (!types_read(c->types, &c->sources, source_add(&c->sources, path, text), c->arena, &c->diags)) c->misconfigured = true;
}

void compiler_sort_diags(Compiler *c) { diag_sort(&c->diags); }

/* A document that is refused for its metadata is lowered too: people want all its errors at once. */
void compiler_begin_rule(Compiler *c, Lowered *out, Rule *rule) {
  *out = (Lowered){.rule = rule};
  if (!c->keep_ir) c->passes.arena = arena_sub(c->arena);
  budget_open(&c->passes.budget, rule->at, rule->at.end - rule->at.start);
  out->broken = !lower_rule(&out->ir, rule, &c->passes) || rule->broken;
  if (rule->kind == DOC_RULE && c->filter_pass && !filters_apply(c->filter_pass, rule, out->broken ? NULL : &out->ir, &c->passes))
    out->broken = true;
}

void compiler_end_rule(Compiler *c) {
  budget_close(&c->passes.budget);
  if (c->keep_ir) return;
  arena_sub_done(c->passes.arena);
  c->passes.arena = c->arena;
}

bool compiler_prepare(Compiler *c) {
  if (c->prepared) return !c->misconfigured;
  c->prepared = true;
  compiler_merge_pipelines(c);
  rules_resolve(&c->rules, c->arena, &c->diags);
  return !c->misconfigured;
}

void compiler_ready_filters(Compiler *c) {
  FilterValues values = !c->pipelines ? VALUES_NOW : pipelines_give_values(c->pipelines) ? VALUES_UNKNOWN : VALUES_LATER;
  c->filter_pass = filters_new(&c->rules, &c->passes, values);
}

PlanOptions compiler_plan_options(const Compiler *c, Target target) {
  return (PlanOptions){.target = target, .absent = c->absent, .types = c->types, .model = c->model};
}

/* What the VM runs. */
static bool freeze(Compiler *c, Lowered *l) {
  Plan plan;
  if (!c->pipelines) return expand_rule(&l->ir, &c->passes) && simplify_rule(&l->ir, &c->passes);
  PlanOptions options = compiler_plan_options(c, pipelines_target(c->pipelines));
  options.for_vm = true;
  return plan_rule(&plan, &l->ir, c->pipelines, &options, &c->passes) && plan_join(&l->ir, &plan, &c->passes);
}

static bool compile_rule(Compiler *c, Linker *linker, Lowered *l) {
  if (l->broken || !freeze(c, l)) return false;
  if (!linker_add(linker, &l->ir)) {
    diag_error(&c->diags, ID_rule_too_large, l->rule->at, "the rules need more code or tests than an image can hold");
    return false;
  }
  if (c->keep_ir) *vec_add(c->arena, &c->ir) = l->ir;
  filters_taken(c->filter_pass);
  return true;
}

/* What correlations need of its events may have other names in them. */
static void ask_rule(Compiler *c, Correlating *correlating, uint32_t document, const IrRule *lowered) {
  const Intern *asked = correlating_asked(correlating, document);
  Asked *answers = arena_array(c->arena, Asked, asked->names.n);
  PlanOptions options = compiler_plan_options(c, pipelines_target(c->pipelines));
  options.for_vm = true;
  for (uint32_t i = 0; i < asked->names.n; i++)
    answers[i] = asked_name(asked->names.p[i], lowered, c->pipelines, &options, &c->passes, c->arena);
  correlating_answer(correlating, document, answers);
}

static void compile_all(Compiler *c, Linker *linker) {
  compiler_ready_filters(c);
  Correlating *correlating = correlating_new(&c->rules, linker, c->pipelines != NULL, c->arena, &c->diags);
  for (uint32_t i = 0; i < c->rules.list.n; i++) {
    Lowered l;
    if (c->rules.list.p[i].kind != DOC_RULE) continue;
    compiler_begin_rule(c, &l, &c->rules.list.p[i]);
    IrRule lowered = l.ir;
    l.rule->broken = !compile_rule(c, linker, &l);
    if (!l.rule->broken) {
      correlating_rule(correlating, i, c->compiled++);
      if (c->pipelines) ask_rule(c, correlating, i, &lowered);
    }
    compiler_end_rule(c);
  }
  c->filters = filters_finish(c->filter_pass, &c->diags);
  correlating_finish(correlating);
}

static void name_pipelines(const Compiler *c, Linker *linker) {
  const PipelineFile *f;
  for (uint32_t i = 0; c->pipelines && (f = pipelines_file(c->pipelines, i)) != NULL; i++)
    linker_version(linker, PROGRAM_PIPELINE, f->name.n ? f->name : f->path);
}

static void count(Compiler *c, const Rule *rule) {
  if (rule->broken) c->refused++;
  else if (rule->kind == DOC_CORRELATION) c->correlations++;
}

void compiler_tune(Compiler *c, struct Value *event, Arena *scratch) {
  if (!c->tune) c->tune = tune_new(c->pipelines != NULL, c->arena);
  tune_event(c->tune, event, 1, scratch);
}

static void add_statistics(Compiler *c, Linker *linker) {
  if (!c->tune) return;
  Arena *scratch = arena_sub(c->arena);
  Tuned tuned = tune_finish(c->tune, tune_size, scratch);
  linker_statistics(linker, &tuned);
  arena_sub_done(scratch);
}

Str compiler_finish(Compiler *c) {
  Str image = {0};
  if (compiler_prepare(c)) {
    Linker *linker = linker_new(c->arena, &c->sources);
    compile_all(c, linker);
    if (!c->keep_ir) arena_sub_done(c->trees); /* half of all memory, and laying out takes more */
    name_pipelines(c, linker);
    add_statistics(c, linker);
    image = linker_finish(linker, &c->vars, c->arena);
  }
  for (uint32_t i = 0; i < c->rules.list.n; i++) count(c, &c->rules.list.p[i]);
  c->refused += c->unreadable;
  compiler_sort_diags(c);
  return image;
}

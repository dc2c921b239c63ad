/* SPDX-License-Identifier: MIT
 * Any bytes as pipelines and rules, with 0x1E between them, the rules last: nothing crashes, every error has a place inside of its
 * file, a second run gives the same tree and query, and so does one that is watched step by step; the last step is the result. */
#include <stdlib.h>

#include "base/limits.h"

#include "compiler/pipeline.h"
#include "compiler/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEPARATOR = 0x1E };

static void require(bool holds) {
  if (!holds) abort();
}

/* All files of all folders hold the same. */
static bool read_same(void *ctx, Str folder, Str path, Str *text, const char **why) {
  (void)ctx, (void)folder;
  for (size_t i = 0; i + 1 < path.n; i++)
    require(path.p[i] != '.' || path.p[i + 1] != '.' || (i && path.p[i - 1] != '/') || (i + 2 < path.n && path.p[i + 2] != '/'));
  require(path.n && path.p[0] != '/');
  *text = STR("name,other\none,1\n\"two, \"\"2\"\"\",*\n");
  *why = "there is none";
  return path.n != 3;
}

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  Vars vars;
  Passes passes;
  Pipelines *pipelines;
  RuleSet rules;
  Buf last; /* of the step that is watched */
} World;

static void check_places(const World *w) {
  for (uint32_t i = 0; i < w->diags.list.n; i++) {
    const Diag *d = &w->diags.list.p[i];
    require(d->id < ID_COUNT && d->msg.n > 0 && d->at.file < w->sources.files.n);
    require(d->at.start <= d->at.end && d->at.end <= w->sources.files.p[d->at.file].text.n);
  }
}

static void watch(void *ctx, const PipelineRun *run, const PipelineStep *step) {
  World *w = ctx;
  (void)run;
  require(step->before && step->after && step->type && (step->before != step->after || step->note.n));
  w->last = (Buf){.arena = &w->arena};
  ir_print(&w->last, step->after);
}

/* Tree and query as text; false where the rule is refused. */
static bool apply(World *w, const Rule *rule, bool watched, Buf *out, Str *query) {
  IrRule ir;
  bool ok = false;
  budget_open(&w->passes.budget, rule->at, rule->at.end - rule->at.start);
  if (lower_rule(&ir, rule, &w->passes)) {
    IrNode *root = ir_copy(&w->arena, ir.root);
    PipelineRun *run = pipeline_run_new(w->pipelines, rule, rule->logsource, TARGET_NONE, &w->passes);
    if (watched) pipeline_run_trace(run, watch, w);
    *query = STR("QUERY");
    ok = pipeline_run_apply(run, &root);
    require(ok || w->diags.errors);
    if (ok) ir_print(out, root);
    Plan plan = {.rule = rule};
    pipeline_run_results(run, &plan);
    ok = ok && pipeline_run_postprocess(run, query);
    IrRule after = {.rule = rule, .root = root};
    if (ok && expand_tree(root, &w->passes)) simplify_rule(&after, &w->passes);
  }
  budget_close(&w->passes.budget);
  return ok;
}

static void run_rule(World *w, const Rule *rule) {
  Buf once = {.arena = &w->arena}, again = once;
  Str query = {0}, same = {0};
  bool ok = apply(w, rule, false, &once, &query);
  w->last.n = 0;
  bool watched = apply(w, rule, true, &again, &same);
  if (w->passes.budget.pool < (LIMIT_SET_EXPANSION / 2)) return; /* the second run may be too large for what is left */
  require(ok == watched);
  if (!ok) return;
  require(str_eq(buf_view(&once), buf_view(&again)) && str_eq(query, same));
  require(!w->last.n || str_eq(buf_view(&w->last), buf_view(&again)));
  Str out;
  if (pipelines_have_finalizers(w->pipelines)) pipelines_finalize(w->pipelines, &query, 1, &w->arena, &out);
}

static void read_rules(World *w, Str text) {
  YamlDocs docs = {0};
  uint32_t file = source_add(&w->sources, STR("r.yml"), text);
  yaml_parse(&docs, &w->sources, file, &w->arena, &w->diags);
  rules_read(&w->rules, &docs, file, &w->arena, &w->diags);
  for (uint32_t i = 0; i < w->rules.list.n; i++)
    if (w->rules.list.p[i].kind == DOC_RULE && !w->rules.list.p[i].broken) run_rule(w, &w->rules.list.p[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  World w = {0};
  Str rest = {(const char *)data, size};
  w.sources.arena = w.diags.arena = &w.arena;
  passes_init(&w.passes, &w.vars, &w.arena, &w.diags);
  w.pipelines = pipelines_new(&w.arena, &w.sources, &w.diags, read_same, NULL);
  for (const char *p; (p = memchr(rest.p, SEPARATOR, rest.n)) != NULL;) {
    size_t n = (size_t)(p - rest.p);
    uint32_t errors = w.diags.errors;
    bool ok = pipelines_add(w.pipelines, STR("p.yml"), STR(""), str_sub(rest, 0, n));
    require(ok == (w.diags.errors == errors));
    rest = str_from(rest, n + 1);
  }
  bool ok = pipelines_finish(w.pipelines, &w.vars);
  require(ok == !w.diags.errors);
  if (ok) read_rules(&w, rest);
  check_places(&w);
  arena_free(&w.arena);
  return 0;
}

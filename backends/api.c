/* SPDX-License-Identifier: MIT
 * include/sigmac.h: translating. The passes are those of compiling up to lowering; then each rule is planned and printed alone,
 * with diagnostics of its own, so that what is said of a rule is all there is to say of it. */
#include "backends/api_internal.h"

#include "base/limits.h"

/* --- one document -------------------------------------------------------------------------------------------- */

typedef VEC(sigmac_str) OutStrs;

static bool has_error(const Diags *d) {
  for (uint32_t i = 0; i < d->list.n; i++)
    if (d->list.p[i].severity == SEV_ERROR) return true;
  return false;
}

/* A refusal says that the target or a pipeline does not take the rule; all else is wrong with the rule itself. */
static bool is_refusal(DiagId id) {
  Str text = str_of(diag_info[id].text);
  return str_starts(text, STR("target-")) || str_starts(text, STR("pipeline-")) || str_starts(text, STR("deploy-"));
}

static sigmac_fidelity fidelity_of(const Translating *t, bool good) {
  if (good) return t->query.assumed ? SIGMAC_ASSUMED : SIGMAC_EXACT;
  for (uint32_t i = 0; i < t->own.list.n; i++)
    if (t->own.list.p[i].severity == SEV_ERROR && !is_refusal(t->own.list.p[i].id)) return SIGMAC_BROKEN;
  return has_error(&t->own) ? SIGMAC_REFUSED : SIGMAC_BROKEN;
}

/* What a rule wants of others is refused, not left out: without it the query would mean something else. */
static bool refuse_correlation(Translating *t, const Rule *rule) {
  if (rule->broken) return false;
  diag_error(&t->own, ID_target_correlation, rule->at, "correlations are not translated yet");
  diag_hint(&t->own, "the rules that it joins are translated, each alone");
  return false;
}

/* As part of the text of all, or as one of its own. */
static bool put_document(Translating *t) {
  const ApiTranslator *tr = t->translator;
  Deploy alone, *d = tr->together ? &t->deploy : &alone;
  t->document = (Buf){.arena = t->arena};
  if (tr->format == DEPLOY_COUNT) return true;
  if (!tr->together) deploy_begin(&alone, tr->format, t->arena, &t->own, &t->document);
  bool good = deploy_rule(d, &t->plan, t->query.text, &t->document);
  if (!tr->together) deploy_end(&alone, &t->document);
  if (!good) t->document.n = 0;
  return good;
}

/* What pipelines make of the query, and of all queries together in the end. */
static bool postprocess(Translating *t) {
  Arena *a = &t->compiler->arena;
  const Pipelines *pipelines = t->compiler->compiler.pipelines;
  if (t->plan.run && !pipeline_run_postprocess(t->plan.run, &t->query.text)) return false;
  if (pipelines && pipelines_have_finalizers(pipelines)) *vec_add(a, &t->queries) = arena_dup(a, t->query.text);
  return true;
}

static bool translate_rule(Translating *t, Lowered *l) {
  Compiler *c = &t->compiler->compiler;
  const ApiTranslator *tr = t->translator;
  PlanOptions options = compiler_plan_options(c, backend_target(tr->backend));
  options.trace = t->trace;
  PrintOptions print = tr->options;
  print.regex_work = &t->regex_work;
  if (l->broken) return false;
  return plan_rule(&t->plan, &l->ir, c->pipelines, &options, &c->passes) &&
         backend_print(&t->query, tr->backend, &t->plan, &print, t->arena, &t->own) && postprocess(t) && put_document(t);
}

/* --- what is told of it -------------------------------------------------------------------------------------- */

static void tell(Translating *t, const Diag *d, uint32_t omitted) {
  sigmac_compiler *c = t->compiler;
  if (!c->fn) return;
  c->text.n = 0;
  sigmac_diagnostic out = api_compiler_diagnostic(c, d, omitted + t->owed, &c->text);
  t->owed = 0;
  c->fn(c->ctx, &out);
}

static void tell_elsewhere(Translating *t, const Diag *d) {
  if (d->severity == SEV_ERROR) t->compiler->summary.elsewhere++;
  tell(t, d, 0);
}

static const Diag *next_early(Translating *t) {
  const Diags *d = &t->compiler->compiler.diags;
  const Diag *e = &d->list.p[t->early++];
  if (t->early == d->list.n || d->list.p[t->early].at.file != e->at.file) t->owed = diag_dropped(d, e->at.file);
  return e;
}

static bool before(Span a, Span b) { return a.file != b.file ? a.file < b.file : a.start < b.start; }

/* Those of reading stand in the order of places: what is in front of the document is told, what is in it joins its own. */
static void take_early(Translating *t, Span at) {
  const Diags *d = &t->compiler->compiler.diags;
  Span end = {at.file, at.end, at.end};
  while (t->early < d->list.n && before(d->list.p[t->early].at, end)) {
    const Diag *e = next_early(t);
    if (before(e->at, at)) tell_elsewhere(t, e);
    else *vec_add(t->own.arena, &t->own.list) = *e;
  }
}

/* Part of the document may stand in another one of the file (`action: global`), and its error there; or it is one of so many
 * that the error was counted, not kept. The first error of the file stands for it. */
static void borrow_error(Translating *t, const Rule *rule) {
  const Diags *d = &t->compiler->compiler.diags;
  uint32_t *i = &t->borrowed; /* files come in their order: nothing is looked at twice */
  while (*i < d->list.n &&
         (d->list.p[*i].at.file < rule->file || (d->list.p[*i].at.file == rule->file && d->list.p[*i].severity != SEV_ERROR)))
    ++*i;
  if (*i < d->list.n && d->list.p[*i].at.file == rule->file) *vec_add(t->own.arena, &t->own.list) = d->list.p[*i];
}

static void tell_own(Translating *t, const Rule *rule) {
  diag_sort(&t->own);
  for (uint32_t i = 0; i < t->own.list.n; i++)
    tell(t, &t->own.list.p[i], i + 1 == t->own.list.n ? diag_dropped(&t->own, rule->file) : 0);
}

static const sigmac_diagnostic *const *out_diagnostics(Translating *t) {
  const sigmac_diagnostic **list = arena_array(t->arena, const sigmac_diagnostic *, t->own.list.n);
  for (uint32_t i = 0; i < t->own.list.n; i++) {
    Buf text = {.arena = t->arena};
    sigmac_diagnostic *d = arena_new(t->arena, sigmac_diagnostic);
    *d = api_compiler_diagnostic(t->compiler, &t->own.list.p[i], 0, &text);
    list[i] = d;
  }
  return list;
}

static sigmac_strs out_assumptions(const Translating *t) {
  OutStrs list = {0};
  for (int i = 0; i < ASSUME_COUNT; i++)
    if (t->query.assumed & 1u << i) *vec_add(t->arena, &list) = api_out(str_of(assumption_info[i].id));
  return (sigmac_strs){list.p, list.n};
}

static void add_once(Arena *arena, OutStrs *list, Str s) {
  for (uint32_t i = 0; i < list->n; i++)
    if (str_eq(api_str(list->p[i]), s)) return;
  if (s.n) *vec_add(arena, list) = api_out(s);
}

static sigmac_strs out_tables(const Translating *t) {
  OutStrs list = {0};
  for (uint32_t i = 0; i < t->plan.n_branches; i++) add_once(t->arena, &list, t->plan.branches[i].table);
  return (sigmac_strs){list.p, list.n};
}

static sigmac_strs out_index(const Translating *t) {
  OutStrs list = {0};
  for (uint32_t i = 0; i < t->plan.index.n; i++) add_once(t->arena, &list, t->plan.index.p[i].text);
  return (sigmac_strs){list.p, list.n};
}

static bool give_together(const Translating *t, const Buf *text) {
  const ApiTranslator *tr = t->translator;
  return !tr->together || !text->n || tr->together(tr->ctx, api_out(buf_view(text)));
}

static bool call_back(Translating *t, const Rule *rule, uint32_t number, sigmac_fidelity fidelity) {
  sigmac_compiler *c = t->compiler;
  Place at = source_place(&c->compiler.sources, rule->at);
  bool good = fidelity == SIGMAC_EXACT || fidelity == SIGMAC_ASSUMED;
  sigmac_translation out = {.number = number,
                            .count = c->compiler.rules.list.n,
                            .id = api_out(rule->id.text),
                            .title = api_out(rule->title.text),
                            .path = api_out(c->compiler.sources.files.p[rule->file].path),
                            .line = at.line,
                            .column = at.col,
                            .target = backend_name(t->translator->backend),
                            .fidelity = fidelity,
                            .diagnostics_n = t->own.list.n};
  if (good) {
    out.query = api_out(t->query.text);
    out.document = api_out(buf_view(&t->document));
    out.assumptions = out_assumptions(t);
    out.tables = out_tables(t);
    out.index = out_index(t);
  }
  out.diagnostics = out_diagnostics(t);
  return give_together(t, &t->document) && t->fn(t->ctx, &out);
}

/* --- all documents ------------------------------------------------------------------------------------------- */

static void count(Translating *t, const Rule *rule, bool good) {
  sigmac_compiler_summary *s = &t->compiler->summary;
  if (good) s->rules++;
  else if (rule->broken || rule->kind == DOC_RULE) s->refused++;
  else s->correlations++;
  s->errors += t->own.errors;
  s->warnings += t->own.warnings;
}

/* The counts by file would grow with the number of files for each document. What is said of a filter is of another file. */
static void clear_own(Translating *t, const Rule *rule) {
  if (rule->file < t->own.by_file.n) t->own.by_file.p[rule->file] = (DiagCount){0};
  for (uint32_t i = 0; i < t->own.list.n; i++)
    if (t->own.list.p[i].at.file < t->own.by_file.n) t->own.by_file.p[t->own.list.p[i].at.file] = (DiagCount){0};
  t->own.list.n = 0;
  t->own.errors = t->own.warnings = 0;
}

/* All that is found out about the document, and told. */
static bool finish_document(Translating *t, const Rule *rule, uint32_t number, bool good) {
  count(t, rule, good);
  take_early(t, rule->at);
  tell_own(t, rule);
  if (!good && !has_error(&t->own)) borrow_error(t, rule);
  return call_back(t, rule, number, fidelity_of(t, good));
}

/* A filter has no query of its own: what is wrong with it is told, else there is nothing to tell. */
static bool finish_filter(Translating *t, const Rule *rule, uint32_t number) {
  if (rule->broken) return finish_document(t, rule, number, false);
  take_early(t, rule->at);
  tell_own(t, rule);
  return true;
}

/* Memory is that of one document: what is made of it, and what is said of it, goes when it was called back. */
static bool translate_document(Translating *t, Rule *rule, uint32_t number) {
  Compiler *c = &t->compiler->compiler;
  bool go_on;
  Lowered l;
  t->plan = (Plan){0};
  t->query = (Query){0};
  t->document.n = 0;
  t->arena = t->own.texts = arena_sub(&t->compiler->arena);
  t->regex_work.rule = LIMIT_REGEX_EFFORT;
  t->regex_work.gone = false;
  clear_own(t, rule);
  if (rule->kind == DOC_RULE) {
    compiler_begin_rule(c, &l, rule);
    bool good = translate_rule(t, &l);
    if (good) filters_taken(c->filter_pass);
    go_on = finish_document(t, rule, number, good);
    compiler_end_rule(c);
  } else {
    go_on =
      rule->kind == DOC_FILTER ? finish_filter(t, rule, number) : finish_document(t, rule, number, refuse_correlation(t, rule));
  }
  arena_sub_done(t->arena);
  return go_on;
}

/* What stands before the first document of a text of all, and behind the last. */
static void begin_together(Translating *t) {
  Buf text = {.arena = &t->compiler->arena};
  if (!t->translator->together) return;
  deploy_begin(&t->deploy, t->translator->format, &t->compiler->arena, &t->own, &text);
  if (!give_together(t, &text)) t->stopped = true;
}

static void end_together(Translating *t) {
  Buf text = {.arena = &t->compiler->arena};
  if (!t->translator->together || t->stopped) return;
  deploy_end(&t->deploy, &text);
  if (!give_together(t, &text)) t->stopped = true;
}

static void translate_all(Translating *t) {
  Compiler *c = &t->compiler->compiler;
  bool ready = compiler_prepare(c);
  if (ready) compiler_ready_filters(c);
  compiler_sort_diags(c);
  if (ready) begin_together(t);
  c->passes.diags = c->passes.budget.diags = &t->own;
  for (uint32_t i = 0; ready && i < c->rules.list.n && !t->stopped; i++)
    t->stopped = !translate_document(t, &c->rules.list.p[i], i);
  t->own.texts = NULL;
  if (ready) end_together(t);
  if (ready) t->compiler->summary.filters = filters_finish(c->filter_pass, &c->diags);
  while (t->early < c->diags.list.n) tell_elsewhere(t, next_early(t));
  c->passes.diags = c->passes.budget.diags = &c->diags;
}

/* Where no target was set, the pipelines say it. */
static bool choose_backend(sigmac_compiler *c) {
  ApiTranslator *t = c->translator;
  Target target = c->compiler.pipelines ? pipelines_target(c->compiler.pipelines) : TARGET_NONE;
  for (unsigned i = 0; i < backend_count && !t->backend; i++)
    if (backend_target(backends[i]) == target) t->backend = backends[i];
  return t->backend && (t->format == DEPLOY_COUNT || deploy_info[t->format].target == backend_target(t->backend));
}

static void finalize(Translating *t) {
  sigmac_compiler *c = t->compiler;
  if (!t->queries.n) return;
  pipelines_finalize(c->compiler.pipelines, t->queries.p, t->queries.n, &c->arena, &t->translator->final);
  while (t->early < c->compiler.diags.list.n) tell_elsewhere(t, next_early(t));
}

static void translate(void *ctx) {
  Translating *t = ctx;
  sigmac_compiler *c = t->compiler;
  t->own.arena = &c->arena;
  t->translator = api_translator_of(c);
  t->regex_work.run = LIMIT_REGEX_EFFORTS;
  api_compiler_apply_later(c);
  t->ready = choose_backend(c);
  const Pipelines *pipelines = c->compiler.pipelines;
  if (t->ready && pipelines && !c->compiler.misconfigured && !pipelines_allow(pipelines, backend_target(t->translator->backend)))
    c->compiler.misconfigured = true;
  if (!t->ready && !c->compiler.misconfigured) return;
  translate_all(t);
  finalize(t);
  c->summary.malformed = c->compiler.unreadable;
  c->summary.refused += c->compiler.unreadable;
  c->summary.errors += c->compiler.diags.errors;
  c->summary.warnings += c->compiler.diags.warnings;
}

/* Whether it is known before the work begins that it cannot: the compiler then stays as it is. */
static bool is_hopeless(const sigmac_compiler *c) {
  const ApiTranslator *t = c->translator;
  if (!t || !t->backend) return !c->compiler.pipelines;
  return t->format != DEPLOY_COUNT && deploy_info[t->format].target != backend_target(t->backend);
}

sigmac_status api_translate(Translating *t) {
  sigmac_compiler *c = t->compiler;
  if (!c || is_hopeless(c)) return SIGMAC_MISUSE;
  sigmac_status status = api_compiler_run(c, translate, t);
  if (status != SIGMAC_OK) return status;
  c->finished = true;
  if (c->compiler.misconfigured) return SIGMAC_BAD_PIPELINE;
  if (!t->ready) return SIGMAC_MISUSE;
  return t->stopped ? SIGMAC_STOPPED : SIGMAC_OK;
}

sigmac_status sigmac_compiler_translate(sigmac_compiler *c, sigmac_on_translation *fn, void *ctx) {
  if (!fn) return SIGMAC_MISUSE;
  return api_translate(&(Translating){.compiler = c, .fn = fn, .ctx = ctx});
}

sigmac_str sigmac_compiler_get_final(const sigmac_compiler *c) { return api_out(c->translator ? c->translator->final : STR("")); }

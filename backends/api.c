/* SPDX-License-Identifier: MIT
 * include/sigmac.h: translating. The passes are those of compiling up to lowering; then each rule is planned and printed alone,
 * with diagnostics of its own, so that what is said of a rule is all there is to say of it. */
#include "backends/api_internal.h"

#include "backends/correlation.h"
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
  if (good) return t->part ? SIGMAC_PART : t->query.assumed ? SIGMAC_ASSUMED : SIGMAC_EXACT;
  for (uint32_t i = 0; i < t->own.list.n; i++)
    if (t->own.list.p[i].severity == SEV_ERROR && !is_refusal(t->own.list.p[i].id)) return SIGMAC_BROKEN;
  return has_error(&t->own) ? SIGMAC_REFUSED : SIGMAC_BROKEN;
}

static bool is_one(Translating *t) {
  if (t->query.n_parts < 2) return true;
  diag_error(&t->own, ID_deploy_queries, t->plan.rule->title.at,
             "the correlation takes %u queries, of which any may find something, and a rule of the format has one",
             t->query.n_parts);
  diag_hint(&t->own, "give the rules an order (temporal_ordered), or translate without a format and deploy each query");
  return false;
}

/* As part of the text of all, or as one of its own. */
static bool put_document(Translating *t) {
  const ApiTranslator *tr = t->translator;
  Deploy alone, *d = tr->together ? &t->deploy : &alone;
  t->document = (Buf){.arena = t->arena};
  if (tr->format == DEPLOY_COUNT) return true;
  if (!is_one(t)) return false;
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

/* --- correlations -------------------------------------------------------------------------------------------- */

/* What a correlation refers to reports nothing itself (semantics 12.8): it is part of that query. */
static void find_parts(Translating *t) {
  RuleSet *rules = &t->compiler->compiler.rules;
  t->part_of = arena_array(&t->compiler->arena, uint32_t, rules->list.n);
  for (uint32_t i = 0; i < rules->list.n; i++) {
    const Rule *r = &rules->list.p[i];
    if (r->kind != DOC_CORRELATION || r->broken || r->correlation.generate) continue;
    for (uint32_t k = 0; k < r->correlation.rules.n; k++) {
      const Rule *part = rules_find(rules, r->correlation.rules.p[k].text);
      if (part && !t->part_of[part - rules->list.p]) t->part_of[part - rules->list.p] = i + 1;
    }
  }
}

static bool is_part(const Translating *t, uint32_t number) {
  const Rule *r = &t->compiler->compiler.rules.list.p[number];
  return t->part_of[number] && !r->broken && r->kind != DOC_FILTER;
}

/* Its plan stays until the correlation is printed, and so does the arena that it is in. */
static bool add_ref(Translating *t, Joint *j, Rule *rule) {
  Compiler *c = &t->compiler->compiler;
  PlanOptions options = compiler_plan_options(c, backend_target(t->translator->backend));
  Lowered l;
  options.trace = t->trace;
  compiler_begin_rule(c, &l, rule);
  bool good = !l.broken && joint_add(j, rule, &l.ir, c->pipelines, &options, &c->passes);
  if (good && rule->kind == DOC_RULE) filters_taken(c->filter_pass);
  budget_close(&c->passes.budget);
  *vec_add(t->arena, &t->held) = c->passes.arena;
  return good;
}

static void release_refs(Translating *t) {
  Compiler *c = &t->compiler->compiler;
  for (uint32_t i = 0; i < t->held.n; i++)
    if (t->held.p[i] != c->arena) arena_sub_done(t->held.p[i]);
  c->passes.arena = c->arena;
}

static bool translate_correlation(Translating *t, const Rule *rule) {
  Compiler *c = &t->compiler->compiler;
  PrintOptions print = t->translator->options;
  print.regex_work = &t->regex_work;
  Joint j = {
    .rule = rule, .rules = &c->rules, .backend = t->translator->backend, .options = &print, .arena = t->arena, .diags = &t->own};
  if (rule->broken) return false;
  bool good = joint_begin(&j);
  for (uint32_t i = 0; good && i < rule->correlation.rules.n; i++)
    good = add_ref(t, &j, &c->rules.list.p[rules_find(&c->rules, rule->correlation.rules.p[i].text) - c->rules.list.p]);
  good = good && joint_print(&j, &t->query);
  if (good) joint_plan(&j, &t->query, &t->plan);
  return good && postprocess(t) && put_document(t);
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

static sigmac_strs out_queries(const Translating *t) {
  OutStrs list = {0};
  for (uint32_t i = 0; t->query.n_parts > 1 && i < t->query.n_parts; i++) *vec_add(t->arena, &list) = api_out(t->query.parts[i]);
  return (sigmac_strs){list.p, list.n};
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
  const Rule *whole = t->part ? &c->compiler.rules.list.p[t->part_of[number] - 1] : NULL;
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
  if (whole) out.part_of = api_out(whole->id.text.n ? whole->id.text : whole->name.text.n ? whole->name.text : whole->title.text);
  if (good) {
    out.query = api_out(t->query.text);
    out.queries = out_queries(t);
    out.document = api_out(buf_view(&t->document));
    out.assumptions = out_assumptions(t);
    out.tables = out_tables(t);
    out.index = out_index(t);
  }
  out.diagnostics = out_diagnostics(t);
  return give_together(t, &t->document) && t->fn(t->ctx, &out);
}

/* --- all documents ------------------------------------------------------------------------------------------- */

static void count(Translating *t, bool good) {
  sigmac_compiler_summary *s = &t->compiler->summary;
  if (t->part) s->parts++;
  else if (good) s->rules++;
  else s->refused++;
  s->errors += t->own.errors;
  s->warnings += t->own.warnings;
}

static void clear_file(Translating *t, uint32_t file) {
  if (file < t->own.by_file.n) t->own.by_file.p[file] = (DiagCount){0};
}

/* The counts by file would grow with the number of files for each document. What is said of a filter is of another file. */
static void clear_own(Translating *t, const Rule *rule) {
  clear_file(t, rule->file);
  for (uint32_t i = 0; i < t->own.list.n; i++) clear_file(t, t->own.list.p[i].at.file);
  for (uint32_t i = 0; i < rule->correlation.rules.n; i++) {
    const Rule *r = rules_find(&t->compiler->compiler.rules, rule->correlation.rules.p[i].text);
    if (r) clear_file(t, r->file);
  }
  t->own.list.n = 0;
  t->own.errors = t->own.warnings = 0;
}

/* All that is found out about the document, and told. */
static bool finish_document(Translating *t, const Rule *rule, uint32_t number, bool good) {
  count(t, good);
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

static bool make(Translating *t, Rule *rule) {
  Compiler *c = &t->compiler->compiler;
  Lowered l;
  if (t->part) { /* its filters are for it, whatever becomes of the correlation */
    if (rule->kind == DOC_RULE) filters_apply(c->filter_pass, rule, NULL, &c->passes);
    return true;
  }
  if (rule->kind == DOC_CORRELATION) {
    bool good = translate_correlation(t, rule);
    if (!good) t->query = (Query){0};
    return good;
  }
  compiler_begin_rule(c, &l, rule);
  bool good = translate_rule(t, &l);
  if (good) filters_taken(c->filter_pass);
  return good;
}

/* Memory is that of one document: what is made of it, and what is said of it, goes when it was called back. */
static bool translate_document(Translating *t, Rule *rule, uint32_t number) {
  Compiler *c = &t->compiler->compiler;
  bool go_on;
  t->plan = (Plan){0};
  t->query = (Query){0};
  t->document.n = 0;
  t->arena = t->own.texts = arena_sub(&t->compiler->arena);
  t->held.p = NULL;
  t->held.n = t->held.cap = 0;
  t->regex_work.rule = LIMIT_REGEX_EFFORT;
  t->regex_work.gone = false;
  t->part = is_part(t, number);
  clear_own(t, rule);
  if (rule->kind == DOC_FILTER) {
    go_on = finish_filter(t, rule, number);
  } else {
    bool good = make(t, rule);
    go_on = finish_document(t, rule, number, good);
    if (rule->kind == DOC_CORRELATION) release_refs(t);
    else if (!t->part) compiler_end_rule(c);
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
  find_parts(t);
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

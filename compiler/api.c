/* SPDX-License-Identifier: MIT
 * include/sigmac.h: compiling. */
#include "base/limits.h"
#include "compiler/api_internal.h"
#include "compiler/paths.h"
#include "compiler/shipped.h"
#include "runtime/event_json.h"

/* --- life ---------------------------------------------------------------------------------------------------- */

static void init(void *ctx) {
  sigmac_compiler *c = ctx;
  compiler_init(&c->compiler, &c->arena);
  intern_init(&c->seen, &c->arena);
}

sigmac_status sigmac_compiler_new(sigmac_compiler **out, const sigmac_allocator *allocator) {
  if (!out || !api_allocator_ok(allocator)) return SIGMAC_MISUSE;
  Heap heap = api_heap(allocator);
  sigmac_compiler *c = heap_ask(&heap, sizeof *c);
  if (!c) return SIGMAC_NO_MEMORY;
  *c = (sigmac_compiler){.heap = heap};
  c->arena.heap = c->text.heap = &c->heap;
  if (!heap_run(&c->heap, init, c)) {
    sigmac_compiler_free(c);
    return SIGMAC_NO_MEMORY;
  }
  *out = c;
  return SIGMAC_OK;
}

void sigmac_compiler_free(sigmac_compiler *c) {
  if (!c) return;
  Heap heap = c->heap;
  buf_free(&c->text);
  arena_free(&c->arena);
  heap_release(&heap, c);
}

sigmac_status api_compiler_run(sigmac_compiler *c, void (*work)(void *), void *ctx) {
  if (!c || c->busy || c->finished) return SIGMAC_MISUSE;
  if (c->exhausted) return SIGMAC_NO_MEMORY;
  c->busy = true;
  c->exhausted = !heap_run(&c->heap, work, ctx);
  c->busy = false;
  return c->exhausted ? SIGMAC_NO_MEMORY : SIGMAC_OK;
}

/* --- diagnostics --------------------------------------------------------------------------------------------- */

void sigmac_compiler_on_diagnostic(sigmac_compiler *c, sigmac_on_diagnostic *fn, void *ctx) {
  c->fn = fn;
  c->ctx = ctx;
}

void sigmac_compiler_set_colour(sigmac_compiler *c, bool on) { c->colour = on; }

static sigmac_severity severity_of(Severity s) {
  switch (s) {
  case SEV_ERROR: return SIGMAC_ERROR;
  case SEV_WARNING: return SIGMAC_WARNING;
  case SEV_INFO: break;
  }
  return SIGMAC_INFO;
}

sigmac_diagnostic api_compiler_diagnostic(sigmac_compiler *c, const Diag *d, uint32_t omitted, Buf *text) {
  Place at = source_place(&c->compiler.sources, d->at);
  size_t start = text->n;
  diag_render(text, &c->compiler.sources, d, c->colour);
  return (sigmac_diagnostic){.id = diag_info[d->id].text,
                             .severity = severity_of(d->severity),
                             .path = api_out(c->compiler.sources.files.p[d->at.file].path),
                             .line = at.line,
                             .column = at.col,
                             .end_line = at.end_line,
                             .end_column = at.end_col,
                             .message = api_out(d->msg),
                             .hint = api_out(d->hint),
                             .text = api_out(str_from(buf_view(text), start)),
                             .omitted = omitted};
}

static void give_out(sigmac_compiler *c, const Diag *d, uint32_t omitted) {
  c->text.n = 0;
  sigmac_diagnostic out = api_compiler_diagnostic(c, d, omitted, &c->text);
  c->fn(c->ctx, &out);
}

static void give_out_all(sigmac_compiler *c) {
  const Diags *d = &c->compiler.diags;
  for (uint32_t i = 0; c->fn && i < d->list.n; i++) {
    uint32_t file = d->list.p[i].at.file;
    bool last = i + 1 == d->list.n || d->list.p[i + 1].at.file != file;
    give_out(c, &d->list.p[i], last ? diag_dropped(d, file) : 0);
  }
}

/* On a path as a whole; the message is `what` and `why`. */
static void tell_of_path(sigmac_compiler *c, DiagId id, Severity severity, Str path, const char *what, const char *why) {
  Buf *b = &c->text;
  b->n = 0;
  buf_safe(b, path);
  buf_str(b, STR(": "));
  diag_render_severity(b, severity, c->colour);
  size_t start = b->n;
  buf_printf(b, "%s%s", what, why);
  size_t end = b->n;
  buf_printf(b, " [%s]\n", diag_info[id].text);
  sigmac_diagnostic out = {.id = diag_info[id].text,
                           .severity = severity_of(severity),
                           .path = api_out(path),
                           .message = api_out(str_sub(buf_view(b), start, end)),
                           .text = api_out(buf_view(b))};
  if (c->fn) c->fn(c->ctx, &out);
}

static void on_problem(void *ctx, Str path, const char *why) {
  sigmac_compiler *c = ctx;
  c->summary.unreadable++;
  c->summary.errors++;
  tell_of_path(c, ID_file_unreadable, SEV_ERROR, path, "cannot be read: ", why);
}

static void warn_of_path(sigmac_compiler *c, DiagId id, Str path, const char *what) {
  c->summary.warnings++;
  tell_of_path(c, id, SEV_WARNING, path, what, "");
}

/* --- variables ----------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_compiler *compiler;
  Str name, value;
  bool clear, good;
} SetVar;

/* `NAME=VALUE`, or `NAME` alone; a value may hold NUL. */
static Str assignment_of(const SetVar *v, Arena *arena) {
  if (v->clear) return arena_dup(arena, v->name);
  size_t n = v->name.n + 1 + v->value.n;
  char *p = arena_alloc(arena, n);
  if (v->name.n) memcpy(p, v->name.p, v->name.n);
  p[v->name.n] = '=';
  if (v->value.n) memcpy(p + v->name.n + 1, v->value.p, v->value.n);
  return (Str){p, n};
}

/* Put off until the defaults of all files are there, whatever the order of the calls; but for the name, which is judged now. */
static void set_var(void *ctx) {
  SetVar *v = ctx;
  Arena *arena = &v->compiler->arena, *scratch = arena_sub(arena);
  Str assignment = assignment_of(v, arena);
  Vars trial = {0};
  v->good = str_eq(vars_name(assignment), v->name) && vars_assign(&trial, assignment, scratch);
  if (v->good) *vec_add(arena, &v->compiler->later) = (ApiLater){.text = assignment};
  arena_sub_done(scratch);
}

static sigmac_status run_set_var(SetVar v) {
  sigmac_status status = api_compiler_run(v.compiler, set_var, &v);
  return status == SIGMAC_OK && !v.good ? SIGMAC_MISUSE : status;
}

sigmac_status sigmac_compiler_add_var(sigmac_compiler *c, sigmac_str name, sigmac_str value) {
  return run_set_var((SetVar){.compiler = c, .name = api_str(name), .value = api_str(value)});
}

sigmac_status sigmac_compiler_clear_var(sigmac_compiler *c, sigmac_str name) {
  return run_set_var((SetVar){.compiler = c, .name = api_str(name), .clear = true});
}

/* --- rules --------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_compiler *compiler;
  Str path, text;
  bool filters; /* are all that is wanted */
  bool readable;
} Add;

/* In the arena; of one that is too large, enough to be refused. */
static Str copy_text(const Add *a) {
  return arena_dup(&a->compiler->arena,
                   a->text.n > LIMIT_RULE_FILE_BYTES ? str_sub(a->text, 0, LIMIT_RULE_FILE_BYTES + 1) : a->text);
}

/* In the arena already. */
static void take_rules(const Add *a, Str path, Str text) {
  (a->filters ? compiler_add_filters : compiler_add)(&a->compiler->compiler, path, text);
}

static void add_text(void *ctx) {
  const Add *a = ctx;
  take_rules(a, arena_dup(&a->compiler->arena, a->path), copy_text(a));
  a->compiler->summary.files++;
}

sigmac_status sigmac_compiler_add_text(sigmac_compiler *c, sigmac_str path, sigmac_str text) {
  return api_compiler_run(c, add_text, &(Add){.compiler = c, .path = api_str(path), .text = api_str(text)});
}

sigmac_status sigmac_compiler_add_filter_text(sigmac_compiler *c, sigmac_str path, sigmac_str text) {
  Add a = {.compiler = c, .path = api_str(path), .text = api_str(text), .filters = true};
  return api_compiler_run(c, add_text, &a);
}

static void add_vars_text(void *ctx) {
  const Add *a = ctx;
  Str path = arena_dup(&a->compiler->arena, a->path), text = copy_text(a);
  *vec_add(&a->compiler->arena, &a->compiler->later) = (ApiLater){true, path, text};
}

sigmac_status sigmac_compiler_add_vars_text(sigmac_compiler *c, sigmac_str path, sigmac_str text) {
  return api_compiler_run(c, add_vars_text, &(Add){.compiler = c, .path = api_str(path), .text = api_str(text)});
}

/* Several paths may lead to one file, as a folder and a rule in it. */
static PathResult read_new(sigmac_compiler *c, Str path, Str *text) {
  return paths_read_new(text, &c->arena, &c->seen, path, on_problem, c);
}

static void add_defaults(sigmac_compiler *c, Str path) {
  Str text;
  if (read_new(c, path, &text) == PATH_READ) compiler_add_vars(&c->compiler, path, text, VARS_DEFAULT);
}

/* A rule that is named twice is read once, or its matches would be doubled. False where the file cannot be read. */
static bool add_file(const Add *a, Str path) {
  sigmac_compiler *c = a->compiler;
  Str text;
  switch (read_new(c, path, &text)) {
  case PATH_KNOWN: warn_of_path(c, ID_file_repeated, path, "this file is named twice, it is read once"); return true;
  case PATH_UNREADABLE: c->summary.files++; return false;
  case PATH_READ: break;
  }
  c->summary.files++;
  take_rules(a, path, text);
  return true;
}

static void add_path(void *ctx) {
  Add *a = ctx;
  sigmac_compiler *c = a->compiler;
  PathFiles files;
  a->readable = paths_find(&files, &c->arena, a->path, on_problem, c);
  for (uint32_t i = 0; i < files.vars.n; i++) add_defaults(c, files.vars.p[i]);
  for (uint32_t i = 0; i < files.rules.n; i++)
    if (!add_file(a, files.rules.p[i]) && str_eq(files.rules.p[i], a->path)) a->readable = false;
  /* One of several folders may well be empty. */
  if (a->readable && !files.rules.n) warn_of_path(c, ID_no_rules, a->path, "no rule files (*.yml, *.yaml)");
}

static sigmac_status run_add_path(sigmac_compiler *c, const char *path, bool filters) {
  if (!path) return SIGMAC_MISUSE;
  Add a = {.compiler = c, .path = str_of(path), .filters = filters};
  sigmac_status status = api_compiler_run(c, add_path, &a);
  return status == SIGMAC_OK && !a.readable ? SIGMAC_UNREADABLE : status;
}

sigmac_status sigmac_compiler_add_path(sigmac_compiler *c, const char *path) { return run_add_path(c, path, false); }
sigmac_status sigmac_compiler_add_filter_path(sigmac_compiler *c, const char *path) { return run_add_path(c, path, true); }

/* --- pipelines ----------------------------------------------------------------------------------------------- */

static void add_pipeline_text(void *ctx) {
  const Add *a = ctx;
  Arena *arena = &a->compiler->arena;
  compiler_add_pipeline(&a->compiler->compiler, arena_dup(arena, a->path), STR(""), copy_text(a));
}

sigmac_status sigmac_compiler_add_pipeline_text(sigmac_compiler *c, sigmac_str path, sigmac_str text) {
  return api_compiler_run(c, add_pipeline_text, &(Add){.compiler = c, .path = api_str(path), .text = api_str(text)});
}

/* Where a path stands; of a name alone the present folder. */
static Str folder_of(Str path) {
  size_t end = path.n;
  while (end && path.p[end - 1] != '/') end--;
  return end > 1 ? str_sub(path, 0, end - 1) : end ? STR("/") : STR(".");
}

static void no_pipeline(sigmac_compiler *c, Str name) {
  Str like = shipped_nearest(name);
  c->summary.unreadable++;
  c->summary.errors++;
  tell_of_path(c, ID_pipeline_file, SEV_ERROR, name, "neither a file nor a pipeline that sigmac has",
               like.n ? arena_printf(&c->arena, "; did you mean " STR_FMT "?", STR_ARG(like)).p
                      : "; `sigmac list pipelines` names those");
}

/* A file that is there wins over a pipeline of the library with its name. */
static void add_pipeline(void *ctx) {
  Add *a = ctx;
  sigmac_compiler *c = a->compiler;
  Arena *arena = &c->arena;
  Str path = arena_dup(arena, a->path), text;
  bool is_file = paths_identity(arena, path).n > 0;
  const ShippedFile *f = is_file ? NULL : shipped_pipeline(path);
  a->readable = f || (is_file && paths_read(&text, arena, path, on_problem, c));
  if (!a->readable) c->compiler.misconfigured = true;
  else if (f) compiler_add_pipeline(&c->compiler, f->name, SHIPPED_FOLDER, f->text);
  else compiler_add_pipeline(&c->compiler, path, folder_of(path), text);
  if (!f && !is_file) no_pipeline(c, path);
}

sigmac_status sigmac_compiler_add_pipeline(sigmac_compiler *c, const char *name_or_path) {
  if (!name_or_path) return SIGMAC_MISUSE;
  Add a = {.compiler = c, .path = str_of(name_or_path)};
  sigmac_status status = api_compiler_run(c, add_pipeline, &a);
  return status == SIGMAC_OK && !a.readable ? SIGMAC_UNREADABLE : status;
}

static void add_types_text(void *ctx) {
  const Add *a = ctx;
  compiler_add_types(&a->compiler->compiler, arena_dup(&a->compiler->arena, a->path), copy_text(a));
}

sigmac_status sigmac_compiler_add_types_text(sigmac_compiler *c, sigmac_str path, sigmac_str text) {
  return api_compiler_run(c, add_types_text, &(Add){.compiler = c, .path = api_str(path), .text = api_str(text)});
}

sigmac_status sigmac_compiler_set_absent(sigmac_compiler *c, sigmac_absent absent) {
  if (!c || c->busy || c->finished || (absent != SIGMAC_ABSENT_REFUSED && absent != SIGMAC_ABSENT_FALSE)) return SIGMAC_MISUSE;
  c->compiler.absent = absent == SIGMAC_ABSENT_FALSE ? ABSENT_FALSE : ABSENT_REFUSE;
  return SIGMAC_OK;
}

typedef struct {
  sigmac_compiler *compiler;
  Str event;
  bool good;
  JsonError error;
} TuneEvent;

static void tune(void *ctx) {
  TuneEvent *t = ctx;
  Arena *scratch = arena_sub(&t->compiler->arena);
  Value *event = event_json_read(t->event, scratch, &t->error);
  t->good = event != NULL;
  if (event) compiler_tune(&t->compiler->compiler, event, scratch);
  arena_sub_done(scratch);
}

sigmac_status sigmac_compiler_tune(sigmac_compiler *c, sigmac_str event, sigmac_error *error) {
  TuneEvent t = {.compiler = c, .event = api_str(event)};
  sigmac_status status = api_compiler_run(c, tune, &t);
  if (status == SIGMAC_NO_MEMORY) return api_fail(error, status, "out of memory", 0);
  if (status != SIGMAC_OK) return api_fail(error, status, "no compiler, or one that is calling back or has finished", 0);
  return t.good ? SIGMAC_OK : api_fail(error, SIGMAC_BAD_EVENT, t.error.message, t.error.offset);
}

/* --- the end ------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_compiler *compiler;
  Str image;
} Finish;

void api_compiler_apply_later(sigmac_compiler *c) {
  compiler_merge_pipelines(&c->compiler);
  for (uint32_t i = 0; i < c->later.n; i++) {
    const ApiLater *l = &c->later.p[i];
    if (l->file) compiler_add_vars(&c->compiler, l->path, l->text, VARS_MORE);
    else vars_assign(&c->compiler.vars, l->text, &c->arena); /* the name was judged before */
  }
}

static void finish(void *ctx) {
  Finish *f = ctx;
  Compiler *c = &f->compiler->compiler;
  api_compiler_apply_later(f->compiler);
  f->image = compiler_finish(c);
  sigmac_compiler_summary *s = &f->compiler->summary;
  s->rules = c->compiled;
  s->refused = c->refused;
  s->malformed = c->unreadable;
  s->correlations = c->correlations;
  s->filters = c->filters;
  s->errors += c->diags.errors;
  s->warnings += c->diags.warnings;
  give_out_all(f->compiler);
}

sigmac_status sigmac_compiler_finish(sigmac_compiler *c, sigmac_str *image) {
  Finish f = {.compiler = c};
  if (!image) return SIGMAC_MISUSE;
  sigmac_status status = api_compiler_run(c, finish, &f);
  if (status != SIGMAC_OK) return status;
  c->finished = true;
  if (c->compiler.misconfigured) return SIGMAC_BAD_PIPELINE;
  *image = api_out(f.image);
  return SIGMAC_OK;
}

const sigmac_compiler_summary *sigmac_compiler_get_summary(const sigmac_compiler *c) { return &c->summary; }

bool sigmac_compiler_has_placeholder(const sigmac_compiler *c, sigmac_str name, sigmac_str *like) {
  const Var *v = c->finished ? vars_find(&c->compiler.vars, api_str(name)) : NULL;
  if (v && v->used) return true;
  if (like) *like = api_out(c->finished ? vars_like(&c->compiler.vars, api_str(name)) : STR(""));
  return false;
}

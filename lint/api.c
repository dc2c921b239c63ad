/* SPDX-License-Identifier: MIT
 * include/sigmac.h: linting. */
#include "base/limits.h"
#include "compiler/paths.h"
#include "lint/api_internal.h"
#include "lint/config.h"

/* --- the tables ---------------------------------------------------------------------------------------------- */

#define NAME_PROFILE_DEFAULT "default"
#define NAME_PROFILE_SIGMAHQ "sigmahq"
#define NAME_PROFILE_ALL     "all"
#define NAME_SCOPE_COMPILER  "compiler"
#define NAME_SCOPE_BYTES     "bytes"
#define NAME_SCOPE_YAML      "yaml"
#define NAME_SCOPE_DOC       "rule"
#define NAME_SCOPE_ITEM      "item"
#define NAME_SCOPE_MEANING   "meaning"
#define NAME_SCOPE_SET       "set"
_Static_assert((int)SIGMAC_ERROR == (int)SEV_ERROR && (int)SIGMAC_WARNING == (int)SEV_WARNING && (int)SIGMAC_INFO == (int)SEV_INFO,
               "severities are the same in both");
_Static_assert((int)SIGMAC_FIX_NONE == (int)FIX_NONE && (int)SIGMAC_FIX_SAFE == (int)FIX_SAFE &&
                 (int)SIGMAC_FIX_UNSAFE == (int)FIX_UNSAFE,
               "kinds of fixes are the same in both");

static const sigmac_check table[CHECK_COUNT] = {
#define CHECK(word, id, severity, profile, scope, fix, run, what, advice, bad, good) \
  [CHECK_##word] = {id, (sigmac_severity)(severity), NAME_##profile, NAME_##scope, what, advice, bad, good, (sigmac_fix_kind)(fix)},
#include "lint/checks.def"
#undef CHECK
};

const sigmac_check *sigmac_check_get(unsigned i) { return i < CHECK_COUNT ? &table[i] : NULL; }

static const sigmac_lint_data data[] = {
#define DATA(word, name, version, source, notice) {name, version, source, notice},
#include "lint/data.def"
#undef DATA
};

const sigmac_lint_data *sigmac_lint_data_get(unsigned i) { return i < sizeof data / sizeof *data ? &data[i] : NULL; }

/* --- life ---------------------------------------------------------------------------------------------------- */

static void init(void *ctx) {
  sigmac_linter *l = ctx;
  lint_init(&l->lint, &l->arena);
  intern_init(&l->seen, &l->arena);
}

sigmac_status sigmac_linter_new(sigmac_linter **out, const sigmac_allocator *allocator) {
  if (!out || !api_allocator_ok(allocator)) return SIGMAC_MISUSE;
  Heap heap = api_heap(allocator);
  sigmac_linter *l = heap_ask(&heap, sizeof *l);
  if (!l) return SIGMAC_NO_MEMORY;
  *l = (sigmac_linter){.heap = heap};
  l->arena.heap = l->text.heap = &l->heap;
  if (!heap_run(&l->heap, init, l)) {
    sigmac_linter_free(l);
    return SIGMAC_NO_MEMORY;
  }
  *out = l;
  return SIGMAC_OK;
}

void sigmac_linter_free(sigmac_linter *l) {
  if (!l) return;
  Heap heap = l->heap;
  buf_free(&l->text);
  arena_free(&l->arena);
  heap_release(&heap, l);
}

/* It takes files and settings. */
static bool usable(const sigmac_linter *l) { return l && !l->busy && !l->finished && !l->fixed; }

sigmac_status linter_work(sigmac_linter *l, void (*work)(void *), void *ctx) {
  if (!l || l->busy || l->finished) return SIGMAC_MISUSE;
  if (l->exhausted) return SIGMAC_NO_MEMORY;
  l->busy = true;
  l->exhausted = !heap_run(&l->heap, work, ctx);
  l->busy = false;
  return l->exhausted ? SIGMAC_NO_MEMORY : SIGMAC_OK;
}

sigmac_status linter_add(sigmac_linter *l, void (*work)(void *), void *ctx) {
  return usable(l) ? linter_work(l, work, ctx) : SIGMAC_MISUSE;
}

/* --- settings ------------------------------------------------------------------------------------------------ */

void sigmac_linter_set_colour(sigmac_linter *l, bool on) { l->colour = on; }

sigmac_status sigmac_linter_set_profile(sigmac_linter *l, sigmac_str name) {
  static const char *const names[] = {NAME_PROFILE_DEFAULT, NAME_PROFILE_SIGMAHQ, NAME_PROFILE_ALL};
  for (unsigned i = 0; usable(l) && i < sizeof names / sizeof *names; i++) {
    if (!str_is(api_str(name), names[i])) continue;
    l->lint.profile = (Profile)i;
    l->lint.profile_set = true;
    return SIGMAC_OK;
  }
  return SIGMAC_MISUSE;
}

sigmac_status sigmac_linter_set_check(sigmac_linter *l, sigmac_str id, bool on) {
  CheckId check = check_find(api_str(id));
  if (!usable(l) || check == CHECK_COUNT) return SIGMAC_MISUSE;
  l->lint.wish[check] = on ? 1 : -1;
  return SIGMAC_OK;
}

sigmac_status sigmac_linter_set_today(sigmac_linter *l, sigmac_str day) {
  int64_t today = lint_day(api_str(day));
  if (!usable(l) || today == LINT_NO_DAY) return SIGMAC_MISUSE;
  l->lint.today = today;
  return SIGMAC_OK;
}

/* --- files --------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_linter *linter;
  Str path, text;
  bool filters; /* are all that is wanted */
  bool readable;
} Add;

/* In the arena already. */
static void take_file(const Add *a, Str path, Str text) {
  (a->filters ? lint_add_filters : lint_add)(&a->linter->lint, path, text);
}

static void add_text(void *ctx) {
  const Add *a = ctx;
  Arena *arena = &a->linter->arena;
  Str text = a->text.n > LIMIT_LINT_FILE_BYTES ? str_sub(a->text, 0, LIMIT_LINT_FILE_BYTES + 1) : a->text;
  take_file(a, arena_dup(arena, a->path), arena_dup(arena, text));
}

sigmac_status sigmac_linter_add_text(sigmac_linter *l, sigmac_str path, sigmac_str text) {
  return linter_add(l, add_text, &(Add){.linter = l, .path = api_str(path), .text = api_str(text)});
}

sigmac_status sigmac_linter_add_filter_text(sigmac_linter *l, sigmac_str path, sigmac_str text) {
  return linter_add(l, add_text, &(Add){.linter = l, .path = api_str(path), .text = api_str(text), .filters = true});
}

static void on_problem(void *ctx, Str path, const char *why) {
  sigmac_linter *l = ctx;
  lint_add_unreadable(&l->lint, arena_dup(&l->arena, path), why);
}

static bool seen_before(sigmac_linter *l, Str path) {
  Str identity = paths_identity(&l->arena, path);
  uint32_t known = l->seen.names.n;
  return identity.n && intern_id(&l->seen, identity) < known;
}

/* Also one that is named itself: so a hook that names the files of a change need not know. */
static bool is_ignored(sigmac_linter *l, Str path) {
  const LintConfig *c = l->lint.config;
  bool ignored = c && c->ignored.n && lint_config_ignores(c, lint_absolute(&l->lint, path));
  l->ignored += ignored;
  return ignored;
}

static void add_path(void *ctx) {
  Add *a = ctx;
  sigmac_linter *l = a->linter;
  PathFiles files;
  a->readable = paths_find(&files, &l->arena, a->path, on_problem, l);
  for (uint32_t i = 0; i < files.rules.n; i++) {
    Str text, path = files.rules.p[i];
    if (seen_before(l, path) || is_ignored(l, path)) continue;
    if (paths_read(&text, &l->arena, path, on_problem, l)) take_file(a, path, text);
    else if (str_eq(path, a->path)) a->readable = false;
  }
}

static sigmac_status run_add_path(sigmac_linter *l, const char *path, bool filters) {
  if (!path) return SIGMAC_MISUSE;
  Add a = {.linter = l, .path = str_of(path), .filters = filters};
  sigmac_status status = linter_add(l, add_path, &a);
  return status == SIGMAC_OK && !a.readable ? SIGMAC_UNREADABLE : status;
}

sigmac_status sigmac_linter_add_path(sigmac_linter *l, const char *path) { return run_add_path(l, path, false); }
sigmac_status sigmac_linter_add_filter_path(sigmac_linter *l, const char *path) { return run_add_path(l, path, true); }

/* --- findings ------------------------------------------------------------------------------------------------ */

typedef struct {
  sigmac_linter *linter;
  sigmac_on_finding *fn;
  void *ctx;
  sigmac_lint_summary summary;
} Run;

static void count(sigmac_lint_summary *s, Severity severity) {
  switch (severity) {
  case SEV_ERROR: s->errors++; return;
  case SEV_WARNING: s->warnings++; return;
  case SEV_INFO: s->infos++; return;
  }
}

static void give_out(Run *r, const Finding *f, uint32_t omitted) {
  sigmac_linter *l = r->linter;
  Sources *sources = &l->lint.compiler.sources;
  Place at = source_place(sources, f->at);
  const char *id = checks[f->check].id;
  count(&r->summary, f->severity);
  r->summary.omitted += omitted;
  l->text.n = 0;
  diag_render_as(&l->text, sources, &(DiagView){id, f->severity, f->at, f->message, f->hint}, l->colour);
  r->fn(r->ctx, &(sigmac_diagnostic){.id = id,
                                     .severity = (sigmac_severity)f->severity,
                                     .path = api_out(sources->files.p[f->at.file].path),
                                     .line = at.line,
                                     .column = at.col,
                                     .end_line = at.end_line,
                                     .end_column = at.end_col,
                                     .message = api_out(f->message),
                                     .hint = api_out(f->hint),
                                     .text = api_out(buf_view(&l->text)),
                                     .omitted = omitted,
                                     .fix = (sigmac_fix_kind)f->fix,
                                     .edits = linter_edits(l->lint.arena, sources, f),
                                     .edits_n = f->fix == FIX_NONE ? 0 : f->edits.n});
}

static void run_all(void *ctx) {
  Run *r = ctx;
  Lint *l = &r->linter->lint;
  if (!r->linter->ran) lint_run(l);
  r->linter->ran = true;
  r->summary = (sigmac_lint_summary){.files = l->files.n,
                                     .documents = l->docs.n,
                                     .suppressed = l->suppressed,
                                     .known = l->known,
                                     .gone = l->gone,
                                     .ignored = r->linter->ignored};
  for (uint32_t i = 0; i < l->findings.n; i++) {
    uint32_t file = l->findings.p[i].at.file;
    bool last = i + 1 == l->findings.n || l->findings.p[i + 1].at.file != file;
    give_out(r, &l->findings.p[i], last ? lint_dropped(l, file) : 0);
  }
}

sigmac_status sigmac_linter_run(sigmac_linter *l, sigmac_on_finding *fn, void *ctx, sigmac_lint_summary *summary) {
  if (!fn) return SIGMAC_MISUSE;
  Run r = {.linter = l, .fn = fn, .ctx = ctx};
  sigmac_status status = linter_work(l, run_all, &r);
  if (status == SIGMAC_OK) l->finished = true;
  if (status == SIGMAC_OK && summary) *summary = r.summary;
  return status;
}

sigmac_str sigmac_linter_get_file(const sigmac_linter *l, uint32_t i) {
  return api_out(l && i < l->lint.files.n ? l->lint.files.p[i].path : STR(""));
}

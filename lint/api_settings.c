/* SPDX-License-Identifier: MIT
 * include/sigmac.h: what a linter is told by files: tables, configuration, baseline, which files changed. */
#include "base/limits.h"
#include "base/path.h"
#include "compiler/paths.h"
#include "lint/api_internal.h"
#include "lint/baseline.h"
#include "lint/changed.h"
#include "lint/config.h"

/* A file that is read into the settings. It is no rule file: it has no number among those of the linter. */
typedef struct {
  sigmac_linter *linter;
  Str path, text;
  sigmac_on_diagnostic *fn;
  void *ctx;
  bool good;
} Settings;

static void tell(const Settings *a, Sources *sources, const Diag *d, uint32_t omitted) {
  Place at = source_place(sources, d->at);
  Buf *text = &a->linter->text;
  text->n = 0;
  diag_render(text, sources, d, a->linter->colour);
  a->fn(a->ctx, &(sigmac_diagnostic){.id = diag_info[d->id].text,
                                     .severity = (sigmac_severity)d->severity,
                                     .path = api_out(a->path),
                                     .line = at.line,
                                     .column = at.col,
                                     .end_line = at.end_line,
                                     .end_column = at.end_col,
                                     .message = api_out(d->msg),
                                     .hint = api_out(d->hint),
                                     .text = api_out(buf_view(text)),
                                     .omitted = omitted});
}

typedef bool ReadSettings(Settings *a, Sources *sources, uint32_t file, Diags *diags);

static void read_file(Settings *a, size_t limit, ReadSettings *read) {
  Arena *arena = &a->linter->arena;
  Sources sources = {.arena = arena};
  Diags diags = {.arena = arena};
  Str text = a->text.n > limit ? str_sub(a->text, 0, limit + 1) : a->text;
  uint32_t file = source_add(&sources, arena_dup(arena, a->path), arena_dup(arena, text));
  a->good = read(a, &sources, file, &diags);
  diag_sort(&diags);
  for (uint32_t i = 0; a->fn && i < diags.list.n; i++)
    tell(a, &sources, &diags.list.p[i], i + 1 == diags.list.n ? diag_dropped(&diags, file) : 0);
}

static Str folder_of(Arena *arena, Str path) { return path_folder(path_absolute(arena, paths_here(arena), path)); }

static sigmac_status add(Settings *a, void (*work)(void *)) {
  sigmac_status status = linter_add(a->linter, work, a);
  return status == SIGMAC_OK && !a->good ? SIGMAC_BAD_DATA : status;
}

/* --- tables -------------------------------------------------------------------------------------------------- */

static bool read_data(Settings *a, Sources *sources, uint32_t file, Diags *diags) {
  return lint_data_read(&a->linter->lint.data, sources, file, &a->linter->arena, diags);
}

static void add_data(void *ctx) { read_file(ctx, LIMIT_LINT_FILE_BYTES, read_data); }

sigmac_status sigmac_linter_add_data(sigmac_linter *l, sigmac_str path, sigmac_str text, sigmac_on_diagnostic *fn, void *ctx) {
  return add(&(Settings){.linter = l, .path = api_str(path), .text = api_str(text), .fn = fn, .ctx = ctx}, add_data);
}

/* --- configuration ------------------------------------------------------------------------------------------- */

static bool read_config(Settings *a, Sources *sources, uint32_t file, Diags *diags) {
  Arena *arena = &a->linter->arena;
  Lint *l = &a->linter->lint;
  LintConfig *config = arena_new(arena, LintConfig);
  if (l->config) *config = *l->config;
  bool good = lint_config_read(config, folder_of(arena, a->path), sources, file, arena, diags);
  if (good) l->config = config;
  return good;
}

static void add_config(void *ctx) { read_file(ctx, LIMIT_LINT_FILE_BYTES, read_config); }

sigmac_status sigmac_linter_add_config(sigmac_linter *l, sigmac_str path, sigmac_str text, sigmac_on_diagnostic *fn, void *ctx) {
  return add(&(Settings){.linter = l, .path = api_str(path), .text = api_str(text), .fn = fn, .ctx = ctx}, add_config);
}

/* --- baseline ------------------------------------------------------------------------------------------------ */

static bool read_baseline(Settings *a, Sources *sources, uint32_t file, Diags *diags) {
  Arena *arena = &a->linter->arena;
  Lint *l = &a->linter->lint;
  if (!l->baseline) l->baseline = arena_new(arena, LintBaseline);
  return lint_baseline_read(l->baseline, folder_of(arena, a->path), sources, file, arena, diags);
}

static void add_baseline(void *ctx) { read_file(ctx, LIMIT_RULE_FILE_BYTES, read_baseline); }

sigmac_status sigmac_linter_add_baseline(sigmac_linter *l, sigmac_str path, sigmac_str text, sigmac_on_diagnostic *fn, void *ctx) {
  return add(&(Settings){.linter = l, .path = api_str(path), .text = api_str(text), .fn = fn, .ctx = ctx}, add_baseline);
}

typedef struct {
  sigmac_linter *linter;
  Str path;
  sigmac_write *write;
  void *ctx;
} Writing;

static void write_baseline(void *ctx) {
  Writing *w = ctx;
  Buf *out = &w->linter->text;
  out->n = 0;
  lint_baseline_write(&w->linter->lint, folder_of(&w->linter->arena, w->path), out);
  w->write(w->ctx, api_out(buf_view(out)));
}

sigmac_status sigmac_linter_write_baseline(sigmac_linter *l, sigmac_str path, sigmac_write *write, void *ctx) {
  if (!l || !write || l->busy || !l->finished) return SIGMAC_MISUSE;
  Writing w = {l, api_str(path), write, ctx};
  l->busy = true;
  bool good = heap_run(&l->heap, write_baseline, &w);
  l->busy = false;
  return good ? SIGMAC_OK : SIGMAC_NO_MEMORY;
}

/* --- changed files ------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_linter *linter;
  const sigmac_str *paths;
  size_t n;
} Changed;

static void set_changed(void *ctx) {
  const Changed *c = ctx;
  Arena *arena = &c->linter->arena;
  LintChanged *changed = arena_new(arena, LintChanged);
  intern_init(&changed->names, arena);
  for (size_t i = 0; i < c->n; i++)
    if (c->paths[i].n) lint_changed_add(changed, arena, api_str(c->paths[i]));
  c->linter->lint.changed = changed;
}

sigmac_status sigmac_linter_set_changed(sigmac_linter *l, const sigmac_str *paths, size_t n) {
  if (n && !paths) return SIGMAC_MISUSE;
  return linter_add(l, set_changed, &(Changed){l, paths, n});
}

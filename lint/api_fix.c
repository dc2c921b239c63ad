/* SPDX-License-Identifier: MIT
 * include/sigmac.h: fixing. Each round lints all texts, since checks compare files, and applies what can be applied at once; the
 * linter of the last round, which found nothing more to do, is the one whose findings are told. */
#include <stdlib.h>

#include "base/limits.h"
#include "lint/api_internal.h"
#include "lint/fix.h"

static int by_start(const void *x, const void *y) {
  const sigmac_edit *a = x, *b = y;
  if (a->start != b->start) return a->start < b->start ? -1 : 1;
  return a->end < b->end ? -1 : a->end > b->end;
}

const sigmac_edit *linter_edits(Arena *arena, Sources *sources, const Finding *f) {
  if (!f->edits.n) return NULL;
  sigmac_edit *out = arena_array(arena, sigmac_edit, f->edits.n);
  for (uint32_t i = 0; i < f->edits.n; i++) {
    const LintEdit *e = &f->edits.p[i];
    Place at = source_place(sources, e->at);
    out[i] = (sigmac_edit){e->at.start, e->at.end, at.line, at.col, at.end_line, at.end_col, api_out(e->text)};
  }
  qsort(out, f->edits.n, sizeof *out, by_start);
  return out;
}

/* What is known of a file over all rounds; in the arena of the linter. */
typedef struct {
  Str before, after;
  VEC(sigmac_fix) applied, left_out; /* left_out: of the newest round */
} File;

typedef struct {
  sigmac_linter *linter;
  bool unsafe;
  sigmac_on_fixed *fn;
  void *ctx;
  File *files;
} Fix;

static sigmac_fix fix_of(Fix *x, const Finding *f) {
  Place at = source_place(&x->linter->lint.compiler.sources, f->at);
  Str message = arena_dup(&x->linter->arena, f->message);
  return (sigmac_fix){checks[f->check].id, (sigmac_fix_kind)f->fix, at.line, at.col, api_out(message)};
}

static bool fix_file(Fix *x, uint32_t from, uint32_t to) {
  const Lint *l = &x->linter->lint;
  Arena *arena = &x->linter->arena;
  File *file = &x->files[l->findings.p[from].at.file];
  LintFixed fixed;
  bool changed = lint_fix_file(&fixed, l, from, to, x->unsafe, arena);
  if (changed) file->after = fixed.text;
  for (uint32_t i = 0; i < fixed.applied.n; i++) *vec_add(arena, &file->applied) = fix_of(x, &l->findings.p[fixed.applied.p[i]]);
  file->left_out.n = 0;
  for (uint32_t i = 0; i < fixed.left_out.n; i++) *vec_add(arena, &file->left_out) = fix_of(x, &l->findings.p[fixed.left_out.p[i]]);
  return changed;
}

static bool fix_all(Fix *x) {
  const Lint *l = &x->linter->lint;
  bool changed = false;
  for (uint32_t from = 0, to; from < l->findings.n; from = to) {
    uint32_t file = l->findings.p[from].at.file;
    for (to = from + 1; to < l->findings.n && l->findings.p[to].at.file == file;) to++;
    changed |= fix_file(x, from, to);
  }
  return changed;
}

static void keep(Lint *l, uint32_t most) {
  l->most = most;
  l->compiler.diags.most = most == LIMIT_LINT_FINDINGS ? 0 : most;
}

/* The same settings, and the texts as they are now; `most` findings of a file are kept. */
static void next_round(Fix *x, uint32_t most) {
  sigmac_linter *l = x->linter;
  Arena *last = l->round;
  Lint old = l->lint;
  l->round = arena_sub(&l->arena);
  lint_init(&l->lint, l->round);
  lint_settle_like(&l->lint, &old);
  keep(&l->lint, most);
  for (uint32_t i = 0; i < old.files.n; i++) {
    const LintFile *f = &old.files.p[i];
    if (f->unreadable) lint_add_unreadable(&l->lint, f->path, f->unreadable);
    else (f->for_filters ? lint_add_filters : lint_add)(&l->lint, f->path, x->files[i].after);
  }
  if (last) arena_sub_done(last);
  lint_run(&l->lint);
}

/* More of one file than are told. */
static bool kept_too_many(const Lint *l) {
  for (uint32_t i = LIMIT_LINT_FINDINGS; i < l->findings.n; i++)
    if (l->findings.p[i].at.file == l->findings.p[i - LIMIT_LINT_FINDINGS].at.file) return true;
  return false;
}

static void tell(Fix *x, uint32_t i) {
  const File *f = &x->files[i];
  if (!x->fn || (!f->applied.n && !f->left_out.n)) return;
  x->fn(x->ctx, &(sigmac_fixed_file){.file = i,
                                     .path = api_out(x->linter->lint.files.p[i].path),
                                     .before = api_out(f->before),
                                     .after = api_out(f->after),
                                     .applied = f->applied.p,
                                     .applied_n = f->applied.n,
                                     .left_out = f->left_out.p,
                                     .left_out_n = f->left_out.n});
}

static void fix(void *ctx) {
  Fix *x = ctx;
  sigmac_linter *l = x->linter;
  uint32_t n = l->lint.files.n;
  x->files = arena_array(&l->arena, File, n);
  for (uint32_t i = 0; i < n; i++) x->files[i] = (File){.before = l->lint.files.p[i].text, .after = l->lint.files.p[i].text};
  keep(&l->lint, LIMIT_LINT_FIX_FINDINGS);
  lint_run(&l->lint);
  l->ran = true;
  for (unsigned round = 0; round < LIMIT_LINT_FIX_ROUNDS && fix_all(x); round++) next_round(x, LIMIT_LINT_FIX_FINDINGS);
  if (kept_too_many(&l->lint)) next_round(x, LIMIT_LINT_FINDINGS);
  for (uint32_t i = 0; i < n; i++) tell(x, i);
}

sigmac_status sigmac_linter_fix(sigmac_linter *l, bool unsafe, sigmac_on_fixed *fn, void *ctx) {
  Fix x = {.linter = l, .unsafe = unsafe, .fn = fn, .ctx = ctx};
  if (!l || l->fixed) return SIGMAC_MISUSE;
  sigmac_status status = linter_work(l, fix, &x);
  if (status != SIGMAC_MISUSE) l->fixed = true;
  return status;
}

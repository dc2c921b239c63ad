/* SPDX-License-Identifier: MIT */
#include "lint/baseline.h"

#include "compiler/paths.h"

/* --- applying ------------------------------------------------------------------------------------------------ */

static bool is_known(Lint *l, Str path, const Finding *f, Arena *scratch) {
  LintBaseline *b = l->baseline;
  uint64_t line = str_hash(lint_baseline_line(l, f->at));
  uint32_t i = intern_find(&b->keys, lint_baseline_key(scratch, path, str_of(checks[f->check].id), line));
  if (i == INTERN_NONE || !b->list.p[i].left) return false;
  b->list.p[i].left--;
  return true;
}

/* The files of the run, by their names from the root on. */
typedef struct {
  Intern paths;
  VEC(uint32_t) files;
} Linted;

/* Whether it would have been found if it were still there. */
static bool was_looked_for(const Lint *l, const Known *k, const Linted *linted) {
  CheckId check = check_find(k->check);
  if (check != CHECK_COUNT && !lint_enabled(l, check)) return false;
  uint32_t i = intern_find(&linted->paths, k->path);
  if (i != INTERN_NONE) return !l->files.p[linted->files.p[i]].unchanged;
  return !paths_identity(l->arena, k->path).n;
}

static void count_gone(Lint *l, Arena *scratch) {
  Linted linted = {0};
  intern_init(&linted.paths, scratch);
  for (uint32_t i = 0; i < l->files.n; i++) {
    uint32_t known = linted.paths.names.n;
    if (intern_id(&linted.paths, lint_absolute(l, l->files.p[i].path)) == known) *vec_add(scratch, &linted.files) = i;
  }
  for (uint32_t i = 0; i < l->baseline->list.n; i++) {
    const Known *k = &l->baseline->list.p[i];
    if (k->left && was_looked_for(l, k, &linted)) l->gone += k->left;
  }
}

void lint_baseline_apply(Lint *l) {
  uint32_t kept = 0, file = UINT32_MAX;
  Str path = {0};
  if (!l->baseline) return;
  Arena *scratch = arena_sub(l->arena);
  for (uint32_t i = 0; i < l->baseline->list.n; i++) l->baseline->list.p[i].left = l->baseline->list.p[i].count;
  for (uint32_t i = 0; i < l->findings.n; i++) {
    const Finding *f = &l->findings.p[i];
    if (f->at.file != file) path = lint_absolute(l, l->files.p[f->at.file].path);
    file = f->at.file;
    if (!is_known(l, path, f, scratch)) l->findings.p[kept++] = *f;
  }
  l->known = l->findings.n - kept;
  l->findings.n = kept;
  count_gone(l, scratch);
  arena_sub_done(scratch);
}

/* SPDX-License-Identifier: MIT */
#include "lint/changed.h"

#include "base/path.h"
#include "compiler/paths.h"

void lint_changed_add(LintChanged *c, Arena *arena, Str path) {
  Str copy = arena_dup(arena, path);
  Str identity = paths_identity(arena, copy);
  if (identity.n) intern_id(&c->names, identity);
  intern_id(&c->names, path_absolute(arena, paths_here(arena), copy));
}

static bool has_changed(const Lint *l, const LintFile *f) {
  const Intern *names = &l->changed->names;
  if (intern_find(names, lint_absolute(l, f->path)) != INTERN_NONE) return true;
  Str identity = paths_identity(l->arena, arena_dup(l->arena, f->path));
  return identity.n && intern_find(names, identity) != INTERN_NONE;
}

void lint_changed_prepare(Lint *l) {
  for (uint32_t i = 0; l->changed && i < l->files.n; i++) l->files.p[i].unchanged = !has_changed(l, &l->files.p[i]);
}

/* What is named and cannot be read is told to whoever named it. What is wrong with a reference may be due to the file that it leads
 * to, or led to before that was changed or deleted. */
static bool always(CheckId check) {
  static const CheckId those[] = {
    CHECK_file_unreadable,     CHECK_correlation_unknown_rule, CHECK_correlation_cycle, CHECK_correlation_group_by_field,
    CHECK_filter_unknown_rule, CHECK_filter_no_rule,           CHECK_filter_unused,     CHECK_filter_logsource_mismatch,
    CHECK_filter_hides_rule,   CHECK_version_mismatch};
  for (size_t i = 0; i < sizeof those / sizeof *those; i++)
    if (check == those[i]) return true;
  return false;
}

void lint_changed_apply(Lint *l) {
  uint32_t kept = 0;
  if (!l->changed) return;
  for (uint32_t i = 0; i < l->findings.n; i++) {
    const Finding *f = &l->findings.p[i];
    if (!l->files.p[f->at.file].unchanged || always(f->check)) l->findings.p[kept++] = *f;
  }
  l->findings.n = kept;
}

int lint_blame_order(const LintFile *a, const LintFile *b) {
  if (a->unchanged != b->unchanged) return a->unchanged ? -1 : 1;
  int c = str_cmp(a->path, b->path);
  return c ? c : (a->file > b->file) - (a->file < b->file);
}

/* SPDX-License-Identifier: MIT */
#include "lint/silence.h"

#include "base/path.h"
#include "compiler/paths.h"
#include "lint/globs.h"

/* --- files --------------------------------------------------------------------------------------------------- */

Str lint_absolute(const Lint *l, Str path) { return path_absolute(l->arena, paths_here(l->arena), path); }

static const CheckSet *excluded_in_file(const Lint *l, const LintFile *f) {
  const LintConfig *c = l->config;
  CheckSet *set = NULL;
  if (!c || !c->paths.n) return NULL;
  Str path = lint_absolute(l, f->path);
  for (uint32_t i = 0; i < c->paths.n; i++) {
    if (!glob_fits_path(c->paths.p[i].glob, path_behind(c->paths.p[i].folder, path))) continue;
    if (!set) set = arena_new(l->arena, CheckSet);
    check_set_join(set, &c->paths.p[i].checks);
  }
  return set;
}

/* --- rules --------------------------------------------------------------------------------------------------- */

typedef struct {
  Intern ids;
  CheckSet *checks; /* by id */
} Excluded;

/* Of several entries for one rule all count. */
static Excluded excluded_rules(const Lint *l) {
  const LintConfig *c = l->config;
  Excluded e = {.checks = arena_array(l->arena, CheckSet, c->rules.n)};
  intern_init(&e.ids, l->arena);
  for (uint32_t i = 0; i < c->rules.n; i++) check_set_join(&e.checks[intern_id(&e.ids, c->rules.p[i].id)], &c->rules.p[i].checks);
  return e;
}

static const CheckSet *excluded_in_rule(const Excluded *e, Str id) {
  enum { LONGEST = 64 };
  char low[LONGEST];
  if (id.n > LONGEST) return NULL;
  for (size_t i = 0; i < id.n; i++) low[i] = ascii_lower(id.p[i]);
  uint32_t found = intern_find(&e->ids, (Str){low, id.n});
  return found == INTERN_NONE ? NULL : &e->checks[found];
}

static void prepare_rules(Lint *l, LintSilence *s) {
  if (!l->config || !l->config->rules.n) return;
  Excluded e = excluded_rules(l);
  for (uint32_t i = 0; i < l->docs.n; i++) {
    const LintDoc *d = &l->docs.p[i];
    *vec_add(l->arena, &s->docs) = (DocSilence){d->file->file, d->root->at.start, excluded_in_rule(&e, d->rule->id.text)};
  }
}

/* The last document that begins at or in front of the place; of one that is merged of others a check has told (l->doc). */
static const CheckSet *rule_at(const Lint *l, Span at) {
  const LintSilence *s = l->silence;
  uint32_t low = 0, high = s->docs.n;
  if (!s->docs.n) return NULL;
  if (l->doc) return s->docs.p[l->doc - l->docs.p].checks;
  while (low < high) {
    uint32_t mid = low + (high - low) / 2;
    const DocSilence *d = &s->docs.p[mid];
    if (d->file < at.file || (d->file == at.file && d->start <= at.start)) low = mid + 1;
    else high = mid;
  }
  return low && s->docs.p[low - 1].file == at.file ? s->docs.p[low - 1].checks : NULL;
}

/* --- all ----------------------------------------------------------------------------------------------------- */

void silence_prepare(Lint *l) {
  LintSilence s = {arena_array(l->arena, FileSilence, l->files.n), l->files.n, {0}};
  bool any = l->config && (l->config->rules.n || l->config->paths.n);
  for (uint32_t i = 0; i < l->files.n; i++) {
    s.files[i].whole = excluded_in_file(l, &l->files.p[i]);
    silence_read_comments(l, &s.files[i], &l->files.p[i]);
    any = any || s.files[i].list.n;
  }
  if (!any) return;
  l->silence = arena_new(l->arena, LintSilence);
  prepare_rules(l, &s);
  *l->silence = s;
}

/* Each that is about the place is of use. */
static bool comment_covers(FileSilence *f, CheckId check, Span at) {
  bool found = false;
  for (uint32_t i = 0; i < f->list.n; i++) {
    Suppression *p = &f->list.p[i];
    if (p->check != check || p->fault || at.start < p->from || at.start >= p->to) continue;
    p->used = found = true;
  }
  return found;
}

bool silence_covers(Lint *l, CheckId check, Span at) {
  if (at.file >= l->silence->n_files) return false;
  FileSilence *f = &l->silence->files[at.file];
  const CheckSet *rule = rule_at(l, at);
  if (f->whole && check_set_has(f->whole, check)) return true;
  if (rule && check_set_has(rule, check)) return true;
  return comment_covers(f, check, at);
}

uint32_t silence_count(LintSilence *s, uint32_t file) { return s->files[file].count++; }

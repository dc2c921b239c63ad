/* SPDX-License-Identifier: MIT
 * Files of pipelines in their order, and what they say together. */
#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "compiler/pipeline_internal.h"

/* --- files ---------------------------------------------------------------------------------------------------- */

Pipelines *pipelines_new(Arena *arena, Sources *sources, Diags *diags, PipelineRead *read, void *ctx) {
  Pipelines *p = arena_new(arena, Pipelines);
  *p = (Pipelines){.arena = arena, .sources = sources, .diags = diags, .read = read, .ctx = ctx};
  return p;
}

bool pipelines_add(Pipelines *p, Str path, Str folder, Str text) {
  Pipeline *file = arena_new(p->arena, Pipeline);
  file->file = (PipelineFile){.path = path, .folder = folder};
  *vec_add(p->arena, &p->files) = file;
  bool ok = pipeline_read(p, file, source_add(p->sources, path, text));
  p->broken = p->broken || !ok;
  return ok;
}

const PipelineFile *pipelines_file(const Pipelines *p, uint32_t i) { return i < p->files.n ? &p->files.p[i]->file : NULL; }

bool pipelines_read(const Pipelines *p, const PipelineFile *file, const YamlNode *path, uint32_t *source) {
  const char *why = "it cannot be read";
  Str text = {0};
  if (path->kind != YAML_SCALAR || !path_is_below(path->text)) {
    diag_error(p->diags, ID_pipeline_unsafe, path->at, "a file that a pipeline names must have a relative path without `..`");
    diag_hint(p->diags, "a pipeline reads files below its own folder only");
    return false;
  }
  if (!p->read || !p->read(p->ctx, file->folder, path->text, &text, &why)) {
    diag_error(p->diags, ID_pipeline_file, path->at, "`" STR_FMT "` cannot be read: %s", STR_ARG(path->text), why);
    return false;
  }
  Str full = file->folder.n ? arena_printf(p->arena, STR_FMT "/" STR_FMT, STR_ARG(file->folder), STR_ARG(path->text)) : path->text;
  *source = source_add(p->sources, full, text);
  return true;
}

/* --- merging -------------------------------------------------------------------------------------------------- */

/* Insertion sort: stable, and there are few. */
static void sort_files(Pipelines *p) {
  for (uint32_t i = 1; i < p->files.n; i++) {
    Pipeline *f = p->files.p[i];
    uint32_t k = i;
    for (; k > 0 && p->files.p[k - 1]->file.priority > f->file.priority; k--) p->files.p[k] = p->files.p[k - 1];
    p->files.p[k] = f;
  }
}

static bool targets_agree(Pipelines *p) {
  const Pipeline *first = NULL;
  for (uint32_t i = 0; i < p->files.n; i++) {
    const Pipeline *f = p->files.p[i];
    if (f->target == TARGET_NONE) continue;
    if (first && f->target != first->target) {
      diag_error(p->diags, ID_pipeline_target, f->target_at, "a pipeline for %s beside `" STR_FMT "`, which is for %s",
                 target_word[f->target], STR_ARG(first->file.path), target_word[first->target]);
      return false;
    }
    first = f;
  }
  return true;
}

Target pipelines_target(const Pipelines *p) {
  for (uint32_t i = 0; i < p->files.n; i++)
    if (p->files.p[i]->target != TARGET_NONE) return p->files.p[i]->target;
  return TARGET_NONE;
}

static bool allows(const Pipeline *f, Target target) {
  for (uint32_t i = 0; i < f->backends.n; i++)
    if (str_is(f->backends.p[i].text, target_word[target])) return true;
  return !f->backends.n;
}

bool pipelines_allow(const Pipelines *p, Target target) {
  bool ok = true;
  for (uint32_t i = 0; i < p->files.n && target != TARGET_NONE; i++) {
    const Pipeline *f = p->files.p[i];
    bool other = f->target != TARGET_NONE && f->target != target;
    if (!other && allows(f, target)) continue;
    if (other)
      diag_error(p->diags, ID_pipeline_target, f->target_at, "the pipeline is for %s, not for %s", target_word[f->target],
                 target_word[target]);
    else
      diag_error(p->diags, ID_pipeline_target, f->backends.p[0].at, "`allowed_backends` of the pipeline does not name `%s`",
                 target_word[target]);
    diag_hint(p->diags, "translate to what it is for, or take a pipeline for %s: `sigmac list pipelines` has those of the program",
              target_word[target]);
    ok = false;
  }
  return ok;
}

/* What can be a value of a placeholder; other variables are for those who know them. */
static bool is_value(const YamlNode *n) {
  if (n->kind == YAML_SCALAR) return n->type != SCALAR_NULL;
  for (uint32_t i = 0; n->kind == YAML_LIST && i < n->n; i++)
    if (n->items[i]->kind != YAML_SCALAR || n->items[i]->type == SCALAR_NULL) return false;
  return n->kind == YAML_LIST;
}

static void add_value(Pipelines *p, Vars *vars, Str name, Str value) {
  vars_assign(vars, arena_printf(p->arena, STR_FMT "=" STR_FMT, STR_ARG(name), STR_ARG(value)), p->arena);
}

static void add_var(Pipelines *p, Vars *vars, const YamlPair *pair) {
  Str name = pair->key->text;
  const YamlNode *n = pair->value;
  if (!is_value(n) || str_find(name, STR("="), 0) != SIZE_MAX) return;
  if (n->kind == YAML_SCALAR) add_value(p, vars, name, n->text);
  else if (!n->n && !vars_find(vars, name)) vars_assign(vars, name, p->arena);
  for (uint32_t i = 0; n->kind == YAML_LIST && i < n->n; i++) add_value(p, vars, name, n->items[i]->text);
}

/* Of the values that files give to a name, those of the last file count. */
static void add_vars(Pipelines *p, Vars *vars) {
  for (uint32_t i = 0; i < p->files.n; i++) {
    const YamlNode *n = p->files.p[i]->vars;
    for (uint32_t k = 0; n && k < n->n; k++) {
      bool last = true;
      const char *name = arena_cstr(p->arena, n->pairs[k].key->text);
      for (uint32_t later = i + 1; later < p->files.n; later++)
        last = last && !(p->files.p[later]->vars && yaml_get(p->files.p[later]->vars, name));
      if (last) add_var(p, vars, &n->pairs[k]);
    }
  }
}

/* --- ids that conditions ask for ------------------------------------------------------------------------------ */

static void collect_ids(Intern *ids, const PipelineItem *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (items[i].id.n) intern_id(ids, items[i].id);
    for (int k = 0; k < PARAMS; k++) collect_ids(ids, items[i].params[k].items, items[i].params[k].n_items);
  }
}

static void check_ids(Pipelines *p, const Intern *ids, const PipelineItem *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    for (int level = 0; level < LEVELS; level++)
      for (uint32_t k = 0; k < items[i].conditions[level].list.n; k++) {
        const PipelineCond *c = &items[i].conditions[level].list.p[k];
        if (!str_is(STR("processing_item_applied"), c->kind->name) || intern_find(ids, c->params[0].text) != INTERN_NONE) continue;
        diag_warning(p->diags, ID_pipeline_format, c->params[0].node->at, "no item has the id `" STR_FMT "`: this never holds",
                     STR_ARG(c->params[0].text));
      }
    for (int k = 0; k < PARAMS; k++) check_ids(p, ids, items[i].params[k].items, items[i].params[k].n_items);
  }
}

static void check_all_ids(Pipelines *p) {
  Intern ids;
  intern_init(&ids, p->arena);
  for (uint32_t i = 0; i < p->files.n; i++) {
    collect_ids(&ids, p->files.p[i]->items.p, p->files.p[i]->items.n);
    collect_ids(&ids, p->files.p[i]->post.p, p->files.p[i]->post.n);
  }
  for (uint32_t i = 0; i < p->files.n; i++) {
    check_ids(p, &ids, p->files.p[i]->items.p, p->files.p[i]->items.n);
    check_ids(p, &ids, p->files.p[i]->post.p, p->files.p[i]->post.n);
  }
}

bool pipelines_finish(Pipelines *p, Vars *vars) {
  if (p->broken) return false;
  sort_files(p);
  check_all_ids(p);
  add_vars(p, vars);
  return targets_agree(p) && finalizers_fit(p);
}

bool pipelines_give_values(const Pipelines *p) { return p->gives_values; }

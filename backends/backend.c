/* SPDX-License-Identifier: MIT */
#include "backends/backend.h"

#include "backends/correlation.h"
#include "backends/emit.h"

struct Backend {
  const char *name, *title;
  Target target;
  const Spelling *spelling;
  bool (*correlation)(Joint *j, Query *out);
};

#define BACKEND(name, title, target) \
  static const Backend name##_backend = {#name, title, target, &name##_spelling, name##_correlation};
#include "backends/backends.def"
#undef BACKEND

const Backend *const backends[] = {
#define BACKEND(name, title, target) &name##_backend,
#include "backends/backends.def"
#undef BACKEND
};
const unsigned backend_count = sizeof backends / sizeof *backends;

const Backend *backend_find(Str name) {
  for (unsigned i = 0; i < backend_count; i++)
    if (str_is(name, backends[i]->name)) return backends[i];
  return NULL;
}

const char *backend_name(const Backend *b) { return b->name; }
const char *backend_title(const Backend *b) { return b->title; }
Target backend_target(const Backend *b) { return b->target; }

bool backend_print(Query *out, const Backend *b, const Plan *plan, const PrintOptions *options, Arena *arena, Diags *diags) {
  return emit_plan(out, b, b->spelling, plan, options, arena, diags);
}

bool backend_correlation(Joint *j, Query *out) { return j->backend->correlation(j, out); }

bool joint_name(Joint *j, const Feed *f, uint32_t field, Str *out, FieldType *type) {
  const Plan *plan = &j->refs.p[f->ref].plan;
  bool good =
    emit_name(j->backend, j->backend->spelling, plan, &f->branch, f->fields[field], j->options, j->arena, j->diags, out, type);
  j->ok = j->ok && good;
  return good;
}

const AssumptionInfo assumption_info[ASSUME_COUNT] = {
#define ASSUMPTION(name, id, by_default, sentence, normalisation) {id, sentence, normalisation, by_default},
#include "backends/assumptions.def"
#undef ASSUMPTION
};

Assumption assumption_find(Str id) {
  int i = 0;
  while (i < ASSUME_COUNT && !str_is(id, assumption_info[i].id)) i++;
  return (Assumption)i;
}

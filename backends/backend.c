/* SPDX-License-Identifier: MIT */
#include "backends/backend.h"

#include "backends/emit.h"

struct Backend {
  const char *name, *title;
  Target target;
  const Spelling *spelling;
};

#define BACKEND(name, title, target) static const Backend name##_backend = {#name, title, target, &name##_spelling};
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

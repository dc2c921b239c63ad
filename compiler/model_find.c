/* SPDX-License-Identifier: MIT
 * What a finished model is asked. */
#include "compiler/model.h"

/* Attributes that the source names and the rule has: how many; -1 where one of them differs. */
static int specificity(const ModelSource *s, const Logsource *of) {
  const Str source[] = {s->category, s->product, s->service}, rule[] = {of->category.text, of->product.text, of->service.text};
  int n = 0;
  for (int i = 0; i < 3; i++) {
    if (!source[i].n) continue;
    if (!str_eq_nocase(source[i], rule[i])) return -1;
    n++;
  }
  return n;
}

const ModelSource *model_select(const Model *m, const Logsource *of) {
  const ModelSource *best = NULL;
  int most = 0;
  for (uint32_t i = 0; i < m->sources.n; i++) {
    int n = specificity(&m->sources.p[i], of);
    if (n <= most) continue;
    most = n;
    best = &m->sources.p[i];
  }
  return best;
}

static bool has_all(const ModelSource *s, const Logsource *of) {
  const Str source[] = {s->category, s->product, s->service}, rule[] = {of->category.text, of->product.text, of->service.text};
  for (int i = 0; i < 3; i++)
    if (rule[i].n && !str_eq_nocase(source[i], rule[i])) return false;
  return true;
}

void model_select_wide(ModelSources *out, const Model *m, const Logsource *of, Arena *arena) {
  Arena *scratch = arena_sub(arena);
  Intern seen;
  intern_init(&seen, scratch);
  for (uint32_t i = 0; i < m->sources.n; i++) {
    const ModelSource *s = &m->sources.p[i];
    if (!has_all(s, of)) continue;
    uint32_t before = seen.names.n;
    Str key = arena_printf(scratch, "%zu,%zu,%zu:" STR_FMT STR_FMT STR_FMT, s->category.n, s->product.n, s->service.n,
                           STR_ARG(s->category), STR_ARG(s->product), STR_ARG(s->service));
    if (intern_id(&seen, key) == before) *vec_add(arena, out) = s;
  }
  arena_sub_done(scratch);
}

Logsource model_logsource(const ModelSource *s, const Logsource *of) {
  Logsource out = *of;
  out.category = (Text){s->category, of->at};
  out.product = (Text){s->product, of->at};
  out.service = (Text){s->service, of->at};
  return out;
}

bool model_is_absent(const ModelEntry *e, Str field) {
  for (uint32_t i = 0; i < e->lists.n; i++)
    if (e->lists.p[i]->fields.names.n && intern_find(&e->lists.p[i]->fields, field) != INTERN_NONE) return true;
  return false;
}

/* The first step of a group that gives this name; UINT32_MAX: none. */
static uint32_t step_of(const ModelUse *u, Str name) {
  bool named = u->some && u->only.names.n && intern_find(&u->only, name) != INTERN_NONE;
  if (u->some && !named && name.p[0] != '_') return UINT32_MAX;
  uint32_t id = u->to->names.names.n ? intern_find(&u->to->names, name) : INTERN_NONE;
  uint32_t step = id == INTERN_NONE ? UINT32_MAX : u->to->first.p[id];
  return named && u->to->generic < step ? u->to->generic : step;
}

const ModelStep *model_computed(const ModelEntry *e, Str name, uint64_t *order) {
  for (uint32_t i = 0; name.n && i < e->uses.n; i++) {
    const ModelUse *u = &e->uses.p[i];
    uint32_t step = step_of(u, name);
    if (step == UINT32_MAX) continue;
    uint32_t at = u->only.names.n ? intern_find(&u->only, name) : 0; /* names of a generic step come in their own order */
    *order = (uint64_t)i << 48 | (uint64_t)(step & 0xffffff) << 24 | (at == INTERN_NONE ? 0 : at & 0xffffff);
    return &u->to->steps.p[step];
  }
  return NULL;
}

/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/limits.h"
#include "compiler/correlate_internal.h"

/* --- aliases ------------------------------------------------------------------------------------------------- */

static Str name_of(const Correlation *r, uint32_t i) {
  return i < r->group_by.n ? r->group_by.p[i].text : r->fields.p[i - r->group_by.n].text;
}

void correlate_set_name(Correlating *c, const Corr *corr, Ref *ref, uint32_t i, Str name) {
  if (str_eq(ref->fields[i], name)) return;
  Str *own = ref->fields == corr->fields ? arena_array(c->arena, Str, corr->n_fields) : (Str *)(uintptr_t)ref->fields;
  if (ref->fields == corr->fields) memcpy(own, ref->fields, corr->n_fields * sizeof *own);
  own[i] = name;
  ref->fields = own;
}

/* One alias for one document: all refs to it, all places of the name. */
static void apply_alias(Correlating *c, Corr *corr, const CorrelationAlias *alias) {
  const Correlation *r = &corr_rule(c, corr)->correlation;
  const Rule *to = rules_find(c->set, alias->rule.text);
  uint32_t ref = to ? c->nodes[to - c->set->list.p].first : NO_NUMBER;
  for (; ref != NO_NUMBER; ref = corr->refs[ref].another)
    for (uint32_t i = 0; i < corr->n_fields; i++)
      if (str_eq(name_of(r, i), alias->alias.text)) correlate_set_name(c, corr, &corr->refs[ref], i, alias->field.text);
}

/* Where an alias says nothing of a rule, it is itself the name of the field, as in pySigma, which renames the field of those
 * rules alone that the alias names. */
void correlate_names(Correlating *c, Corr *corr) {
  const Correlation *r = &corr_rule(c, corr)->correlation;
  Str *names = arena_array(c->arena, Str, corr->n_fields);
  for (uint32_t i = 0; i < corr->n_fields; i++) names[i] = name_of(r, i);
  corr->fields = names;
  for (uint32_t k = 0; k < corr->n_refs; k++) corr->refs[k].fields = names;
  for (uint32_t i = 0; i < r->n_aliases; i++) apply_alias(c, corr, &r->aliases[i]);
}

/* --- what is needed of events -------------------------------------------------------------------------------- */

static int by_number(const void *x, const void *y) {
  uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
  return (a > b) - (a < b);
}

static Needs fields_of(Correlating *c, const Corr *corr, const Str *fields, Arena *a) {
  Needs out = {.p = arena_array(a, uint32_t, corr->n_fields)};
  for (uint32_t i = 0; i < corr->n_fields; i++) out.p[i] = linker_field_named(c->linker, fields[i]);
  if (corr->n_fields) qsort(out.p, corr->n_fields, sizeof *out.p, by_number);
  for (uint32_t i = 0; i < corr->n_fields; i++)
    if (!i || out.p[i] != out.p[out.n - 1]) out.p[out.n++] = out.p[i];
  return out;
}

static uint32_t count_new(const Needs *to, const Needs *more) {
  uint32_t n = 0, i = 0;
  for (uint32_t k = 0; k < more->n; k++) {
    while (i < to->n && to->p[i] < more->p[k]) i++;
    n += i == to->n || to->p[i] != more->p[k];
  }
  return n;
}

/* False where it would be more than the limit. */
static bool merge(Needs *to, const Needs *more, Arena *a) {
  uint32_t added = count_new(to, more), n = to->n + added, i = 0, k = 0;
  if (n > LIMIT_CORRELATION_NEEDS) return false;
  if (!added) return true;
  Needs out = {arena_array(a, uint32_t, n), 0};
  while (i < to->n || k < more->n) {
    bool old = k == more->n || (i < to->n && to->p[i] <= more->p[k]);
    uint32_t next = old ? to->p[i] : more->p[k];
    i += i < to->n && to->p[i] == next;
    k += k < more->n && more->p[k] == next;
    out.p[out.n++] = next;
  }
  *to = out;
  return true;
}

static void needs_of_ref(Correlating *c, Corr *corr, const Ref *ref, const Needs *own) {
  Needs *to = &c->nodes[ref->document].needs;
  Rule *rule = corr_rule(c, corr);
  if (merge(to, own, c->arena) && merge(to, &c->nodes[corr->document].needs, c->arena)) return;
  Text name = rule->correlation.rules.p[ref->at];
  diag_error(c->diags, ID_rule_too_large, name.at, "correlations need more fields of the events of `" STR_FMT "` than the limit",
             STR_ARG(name.text));
  rule->broken = true;
}

static void needs_of(Correlating *c, Corr *corr) {
  Arena *scratch = arena_sub(c->arena);
  const Str *known = NULL; /* the names that own is of */
  Needs own = {0};
  for (uint32_t k = 0; k < corr->n_refs && !corr_rule(c, corr)->broken; k++) {
    const Ref *ref = &corr->refs[k];
    if (ref->fields != known) own = fields_of(c, corr, ref->fields, scratch);
    known = ref->fields;
    needs_of_ref(c, corr, ref, &own);
  }
  arena_sub_done(scratch);
}

/* An event of a correlation is one of the rules below it: these must give what correlations above need. */
void correlate_needs(Correlating *c) {
  for (uint32_t i = c->list.n; i-- > 0;)
    if (!corr_rule(c, &c->list.p[i])->broken) needs_of(c, &c->list.p[i]);
}

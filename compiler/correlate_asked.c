/* SPDX-License-Identifier: MIT
 * With pipelines, each rule says what the fields that correlations need are called in its events. */
#include "base/limits.h"
#include "compiler/correlate_internal.h"

/* --- questions ----------------------------------------------------------------------------------------------- */

static void ask(Correlating *c, uint32_t document, Str name) {
  Intern *asked = &c->nodes[document].asked;
  if (!asked->arena) intern_init(asked, c->arena);
  if (asked->names.n < LIMIT_CORRELATION_NEEDS) intern_id(asked, name);
}

void correlate_ask(Correlating *c) {
  for (uint32_t i = c->list.n; i-- > 0;) {
    const Corr *corr = &c->list.p[i];
    const Intern *above = &c->nodes[corr->document].asked;
    for (uint32_t k = 0; k < corr->n_refs; k++) {
      const Ref *ref = &corr->refs[k];
      for (uint32_t f = 0; f < corr->n_fields; f++) ask(c, ref->document, ref->fields[f]);
      for (uint32_t f = 0; f < above->names.n; f++) ask(c, ref->document, above->names.p[f]);
    }
  }
}

const Intern *correlating_asked(const Correlating *c, uint32_t document) { return &c->nodes[document].asked; }

void correlating_answer(Correlating *c, uint32_t document, const Asked *answers) { c->nodes[document].answers = answers; }

/* --- answers ------------------------------------------------------------------------------------------------- */

static Asked answer(const Correlating *c, uint32_t document, Str name) {
  const Node *node = &c->nodes[document];
  uint32_t i = node->asked.arena ? intern_find(&node->asked, name) : INTERN_NONE;
  if (i == INTERN_NONE || !node->answers)
    return (Asked){.fault = STR("correlations need more fields of its events than the limit")};
  return node->answers[i];
}

/* Of an event of a correlation: all that it rests on must say the same. */
static Asked common(Correlating *c, const Corr *corr, Str name) {
  Asked out = answer(c, corr->refs[0].document, name);
  for (uint32_t k = 1; k < corr->n_refs && !out.fault.n; k++) {
    Asked other = answer(c, corr->refs[k].document, name);
    if (other.fault.n) return other;
    if (!str_eq(out.name, other.name))
      out.fault = arena_printf(c->arena, "the rules below have it as `" STR_FMT "` and as `" STR_FMT "`", STR_ARG(out.name),
                               STR_ARG(other.name));
  }
  return out;
}

static void answer_for(Correlating *c, const Corr *corr) {
  Node *node = &c->nodes[corr->document];
  Asked *answers = arena_array(c->arena, Asked, node->asked.names.n);
  for (uint32_t i = 0; i < node->asked.names.n; i++) answers[i] = common(c, corr, node->asked.names.p[i]);
  node->answers = answers;
}

static void rename_field(Correlating *c, Corr *corr, Ref *ref, uint32_t i) {
  Rule *rule = corr_rule(c, corr);
  const Correlation *r = &rule->correlation;
  const Text *name = i < r->group_by.n ? &r->group_by.p[i] : &r->fields.p[i - r->group_by.n];
  Asked a = answer(c, ref->document, ref->fields[i]);
  if (!a.fault.n) {
    correlate_set_name(c, corr, ref, i, a.name);
    return;
  }
  diag_error(c->diags, ID_correlation_field, name->at, "`" STR_FMT "` is not one field in the events of `" STR_FMT "`: " STR_FMT,
             STR_ARG(ref->fields[i]), STR_ARG(r->rules.p[ref->at].text), STR_ARG(a.fault));
  diag_hint(c->diags, "let the pipeline map it to one field, or use another one; `aliases` may name one for each rule");
  rule->broken = true;
}

void correlate_rename(Correlating *c) {
  for (uint32_t i = 0; i < c->list.n; i++) {
    Corr *corr = &c->list.p[i];
    answer_for(c, corr);
    for (uint32_t k = 0; k < corr->n_refs; k++)
      for (uint32_t f = 0; f < corr->n_fields && !corr_rule(c, corr)->broken; f++) rename_field(c, corr, &corr->refs[k], f);
  }
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "compiler/condition.h"
#include "compiler/correlate_internal.h"

static ListRef add_ids(ImageBuilder *b, const uint32_t *p, uint32_t n) {
  ListRef r = {b->FIELDIDS.n, n};
  for (uint32_t i = 0; i < n; i++) *vec_add(b->arena, &b->FIELDIDS) = p[i];
  return r;
}

/* --- marks of what correlations refer to --------------------------------------------------------------------- */

/* Of rules, in their order; correlations have the mark in their record. */
void correlate_marks(Correlating *c) {
  ImageBuilder *b = linker_image(c->linker);
  for (uint32_t i = 0; i < c->list.n; i++) {
    const Corr *corr = &c->list.p[i];
    for (uint32_t k = 0; k < corr->n_refs && !corr_rule(c, corr)->broken; k++) {
      Node *to = &c->nodes[corr->refs[k].document];
      to->correlated = true;
      if (!corr_rule(c, corr)->correlation.generate) to->silent = true;
    }
  }
  for (uint32_t i = 0; i < c->set->list.n; i++) {
    Node *node = &c->nodes[i];
    if (node->number == NO_NUMBER) continue;
    if (node->correlated) node->meaning = correlate_rule_meaning(c, node->number);
    RuleRec *r = &b->RULES.p[node->number];
    r->silent = node->silent;
    r->correlated = node->correlated;
    r->needs = node->correlated ? add_ids(b, node->needs.p, node->needs.n) : (ListRef){b->FIELDIDS.n, 0};
  }
}

/* --- conditions ---------------------------------------------------------------------------------------------- */

static void add_code(ImageBuilder *b, uint32_t code, uint32_t ref) { *vec_add(b->arena, &b->CORRCODE) = (CorrCodeRec){code, ref}; }

typedef struct {
  ImageBuilder *b;
  const Corr *corr;
  Intern names; /* as the correlation calls its rules ... */
  uint32_t *at; /* ... and where in `rules` */
} TextCode;

static void text_code(TextCode *t, const Cond *n) {
  if (n->kind == COND_NAME) add_code(t->b, CORR_REF, t->corr->ref_of[t->at[intern_find(&t->names, n->name)]]);
  for (uint32_t i = 0; i < n->n_kids; i++) {
    text_code(t, n->kids[i]);
    if (n->kind == COND_NOT) add_code(t->b, CORR_NOT, 0);
    else if (i) add_code(t->b, n->kind == COND_AND ? CORR_AND : CORR_OR, 0);
  }
}

static ListRef add_text(Correlating *c, const Corr *corr) {
  const Correlation *r = &corr_rule(c, corr)->correlation;
  ImageBuilder *b = linker_image(c->linker);
  ListRef out = {b->CORRCODE.n, 0};
  if (!r->text_tree) return out;
  Arena *scratch = arena_sub(c->arena);
  TextCode t = {.b = b, .corr = corr, .at = arena_array(scratch, uint32_t, r->rules.n)};
  intern_init(&t.names, scratch);
  for (uint32_t i = 0; i < r->rules.n; i++) {
    uint32_t known = t.names.names.n, id = intern_id(&t.names, r->rules.p[i].text);
    if (id == known) t.at[id] = i;
  }
  text_code(&t, r->text_tree);
  arena_sub_done(scratch);
  out.n = b->CORRCODE.n - out.first;
  return out;
}

static void add_threshold(Correlating *c, CorrelationOp op, Str number) {
  ThresholdRec t = {op, linker_str(c->linker, number)};
  ImageBuilder *b = linker_image(c->linker);
  *vec_add(b->arena, &b->THRESHOLDS) = t;
}

/* Of a temporal correlation without a condition: all of its rules (semantics 12.5). */
static ListRef add_thresholds(Correlating *c, const Corr *corr) {
  const Correlation *r = &corr_rule(c, corr)->correlation;
  ListRef out = {linker_image(c->linker)->THRESHOLDS.n, 0};
  char all[16];
  for (uint32_t i = 0; i < r->n_thresholds; i++) add_threshold(c, r->thresholds[i].op, r->thresholds[i].number);
  if (!r->n_thresholds && !r->text_tree) {
    snprintf(all, sizeof all, "%u", corr->n_refs);
    add_threshold(c, CORR_GTE, str_of(all));
  }
  out.n = linker_image(c->linker)->THRESHOLDS.n - out.first;
  return out;
}

/* --- the record ---------------------------------------------------------------------------------------------- */

static ListRef add_refs(Correlating *c, const Corr *corr) {
  ImageBuilder *b = linker_image(c->linker);
  const Correlation *r = &corr_rule(c, corr)->correlation;
  ListRef out = {b->CORRREFS.n, corr->n_refs};
  Arena *scratch = arena_sub(c->arena);
  uint32_t *ids = arena_array(scratch, uint32_t, corr->n_fields);
  const Str *known = NULL; /* the names that ids are of */
  for (uint32_t i = 0; i < corr->n_refs; i++) {
    const Ref *ref = &corr->refs[i];
    for (uint32_t k = 0; ref->fields != known && k < corr->n_fields; k++) ids[k] = linker_field_named(c->linker, ref->fields[k]);
    known = ref->fields;
    CorrRefRec rec = {.number = c->nodes[ref->document].number,
                      .name = linker_str(c->linker, r->rules.p[ref->at].text),
                      .fields = add_ids(b, ids, corr->n_fields)};
    *vec_add(b->arena, &b->CORRREFS) = rec;
  }
  arena_sub_done(scratch);
  return out;
}

void correlate_record(Correlating *c, Corr *corr) {
  ImageBuilder *b = linker_image(c->linker);
  Node *node = &c->nodes[corr->document];
  const Rule *rule = corr_rule(c, corr);
  const Correlation *r = &rule->correlation;
  CorrRec rec = {.type = r->type,
                 .timespan_low = (uint32_t)r->timespan,
                 .timespan_high = (uint32_t)(r->timespan >> 32),
                 .silent = node->silent,
                 .n_values = r->fields.n,
                 .percentile = r->percentile};
  linker_metadata(c->linker, &rec.meta, rule);
  rec.refs = add_refs(c, corr);
  rec.thresholds = add_thresholds(c, corr);
  rec.condition = add_text(c, corr);
  rec.group_by = linker_list(c->linker, &r->group_by);
  node->number = b->RULES.n + b->CORRELATIONS.n;
  node->meaning = correlate_meaning(c, corr, &rec);
  rec.meaning_low = (uint32_t)node->meaning;
  rec.meaning_high = (uint32_t)(node->meaning >> 32);
  *vec_add(b->arena, &b->CORRELATIONS) = rec;
}

/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "compiler/correlate_internal.h"

static const Rule *refers_to(const Correlating *c, const Rule *rule, uint32_t i) {
  return rules_find(c->set, rule->correlation.rules.p[i].text);
}

static uint32_t document_of(const Correlating *c, const Rule *rule) { return (uint32_t)(rule - c->set->list.p); }

/* --- references ---------------------------------------------------------------------------------------------- */

/* Whether each is needed on its own, be it of the same document. */
static bool keeps_repeated(const Rule *rule) { return rule->correlation.type == CORR_TEMPORAL_ORDERED; }

static void add_ref(Correlating *c, Corr *corr, const Rule *rule, uint32_t i) {
  uint32_t document = document_of(c, refers_to(c, rule, i)), *first = &c->nodes[document].first;
  if (*first != NO_NUMBER && !keeps_repeated(rule)) {
    corr->ref_of[i] = *first;
    return;
  }
  corr->refs[corr->n_refs] = (Ref){.document = document, .at = i, .another = *first};
  *first = corr->ref_of[i] = corr->n_refs++;
}

static void add_correlation(Correlating *c, uint32_t document) {
  const Rule *rule = &c->set->list.p[document];
  const Correlation *r = &rule->correlation;
  Corr *corr = vec_add(c->arena, &c->list);
  *corr = (Corr){.document = document, .n_fields = r->group_by.n + r->fields.n};
  corr->refs = arena_array(c->arena, Ref, r->rules.n);
  corr->ref_of = arena_array(c->arena, uint32_t, r->rules.n);
  for (uint32_t i = 0; i < r->rules.n; i++) add_ref(c, corr, rule, i);
  correlate_names(c, corr);
  for (uint32_t i = 0; i < corr->n_refs; i++) c->nodes[corr->refs[i].document].first = NO_NUMBER;
}

/* --- order --------------------------------------------------------------------------------------------------- */

typedef struct {
  uint32_t document, edge;
} Step;

static void end_step(Correlating *c, uint32_t document) {
  Rule *rule = &c->set->list.p[document];
  Node *node = &c->nodes[document];
  node->chain++;
  if (node->chain > LIMIT_CORRELATION_CHAIN && !rule->broken) {
    Text name = rule->correlation.rules.p[0];
    diag_error(c->diags, ID_correlation_chain, name.at, "the correlation rests on a chain of more than %d others",
               LIMIT_CORRELATION_CHAIN);
    rule->broken = true;
    node->chain = 0; /* those above are refused for it, not for their length */
  }
  if (!rule->broken) add_correlation(c, document);
}

/* A correlation behind all that it refers to. Circles are broken. The search has its own stack: a chain may be as long as the
 * rule set. */
static void visit(Correlating *c, Step *way, bool *seen, uint32_t start) {
  uint32_t depth = 0;
  way[depth++] = (Step){start, 0};
  seen[start] = true;
  while (depth) {
    Step *top = &way[depth - 1];
    const Rule *rule = &c->set->list.p[top->document];
    if (rule->broken || top->edge == rule->correlation.rules.n) {
      end_step(c, top->document);
      if (--depth && c->nodes[way[depth - 1].document].chain < c->nodes[top->document].chain)
        c->nodes[way[depth - 1].document].chain = c->nodes[top->document].chain;
      continue;
    }
    const Rule *to = refers_to(c, rule, top->edge++);
    if (to->kind != DOC_CORRELATION) continue;
    uint32_t document = document_of(c, to);
    if (seen[document]) {
      if (c->nodes[top->document].chain < c->nodes[document].chain) c->nodes[top->document].chain = c->nodes[document].chain;
      continue;
    }
    seen[document] = true;
    way[depth++] = (Step){document, 0};
  }
}

Correlating *correlating_new(RuleSet *set, Linker *linker, bool renames, Arena *arena, Diags *diags) {
  uint32_t n = set->list.n;
  Correlating *c = arena_new(arena, Correlating);
  *c = (Correlating){
    .set = set, .linker = linker, .arena = arena, .diags = diags, .renames = renames, .nodes = arena_array(arena, Node, n)};
  Arena *scratch = arena_sub(arena);
  Step *way = arena_array(scratch, Step, n);
  bool *seen = arena_array(scratch, bool, n);
  for (uint32_t i = 0; i < n; i++) c->nodes[i].number = c->nodes[i].first = NO_NUMBER;
  for (uint32_t i = 0; i < n; i++)
    if (set->list.p[i].kind == DOC_CORRELATION && !seen[i]) visit(c, way, seen, i);
  arena_sub_done(scratch);
  if (renames) correlate_ask(c);
  return c;
}

void correlating_rule(Correlating *c, uint32_t document, uint32_t number) { c->nodes[document].number = number; }

/* --- the end ------------------------------------------------------------------------------------------------- */

/* Without one of its rules, a correlation would count less than it says. */
static void refuse(Correlating *c) {
  for (uint32_t i = 0; i < c->list.n; i++) {
    Rule *rule = corr_rule(c, &c->list.p[i]);
    for (uint32_t k = 0; k < rule->correlation.rules.n && !rule->broken; k++) {
      Text name = rule->correlation.rules.p[k];
      if (!refers_to(c, rule, k)->broken) continue;
      diag_error(c->diags, ID_correlation_refused_rule, name.at, "the correlation refers to `" STR_FMT "`, which is refused",
                 STR_ARG(name.text));
      diag_hint(c->diags, "repair that first: without it, the correlation would miss events");
      rule->broken = true;
    }
  }
}

/* What they take in the image, at most, text aside, which is that of their documents. */
static void check_room(Correlating *c) {
  uint64_t bytes = image_size(linker_image(c->linker));
  for (uint32_t i = 0; i < c->list.n; i++) {
    const Corr *corr = &c->list.p[i];
    Rule *rule = corr_rule(c, corr);
    if (rule->broken) continue;
    bytes += 2 * (uint64_t)(rule->at.end - rule->at.start) + sizeof(CorrRec);
    bytes += (uint64_t)corr->n_refs * (sizeof(CorrRefRec) + 2 * corr->n_fields * sizeof(uint32_t));
    if (bytes <= LIMIT_IMAGE_BYTES) continue;
    diag_error(c->diags, ID_rule_too_large, rule->at, "the rules need more room than an image has");
    rule->broken = true;
  }
}

void correlating_finish(Correlating *c) {
  check_room(c);
  refuse(c);
  if (c->renames) {
    correlate_rename(c);
    refuse(c);
  }
  correlate_needs(c);
  refuse(c);
  correlate_marks(c);
  for (uint32_t i = 0; i < c->list.n; i++)
    if (!corr_rule(c, &c->list.p[i])->broken) correlate_record(c, &c->list.p[i]);
}

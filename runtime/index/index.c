/* SPDX-License-Identifier: MIT
 * Making an index: which predicates are witnesses of the rules, by field. */
#include "runtime/index/index_build.h"

enum { WORD_BITS = 64 };

/* --- predicates and fields ----------------------------------------------------------------------------------- */

static uint32_t field_number(Build *b, uint32_t field) {
  uint32_t *known = &b->number_of_field[field];
  if (!*known) {
    *vec_add(b->scratch, &b->fields) = field;
    *known = b->fields.n;
  }
  return *known - 1;
}

static uint32_t pred_number(Build *b, uint32_t pred) {
  uint32_t *known = &b->number_of_pred[pred];
  if (!*known) {
    *vec_add(b->scratch, &b->preds) = (IndexPred){.pred = pred};
    const PredRec *r = &b->p->PREDS[pred];
    *vec_add(b->scratch, &b->anchors) = stats_anchors(b->stats, b->p, b->p->fields[r->field], r->test, NULL, b->owner);
    field_number(b, b->p->PREDS[pred].field);
    *known = b->preds.n;
  }
  return *known - 1;
}

/* --- rules --------------------------------------------------------------------------------------------------- */

/* Whether its witnesses can be found, all of them. */
static bool can_be_found(Build *b, const RuleRec *r) {
  for (uint32_t i = 0; i < r->witness.n; i++) {
    uint32_t k = pred_number(b, b->p->WITNESSES[r->witness.first + i]);
    if (!b->anchors.p[k].n) return false;
  }
  return r->witness.n > 0;
}

static void add_unfound(Build *b, uint32_t rule, uint32_t place) {
  uint32_t field = index_needed_field(b->p, b->stats, rule, b->scratch);
  if (field == FIELD_ANY) *vec_add(b->scratch, &b->always) = place;
  else *vec_add(b->scratch, &b->needs) = (Need){field_number(b, field), place};
}

/* What a rule with keywords needs beside them, if that is a field that few events have. */
static void find_gate(Build *b, uint32_t rule) {
  static const Anchor present = {.kind = ANCHOR_PRESENT};
  const RuleRec *r = &b->p->RULES[rule];
  bool keywords = false;
  for (uint32_t w = r->witness.first; w < r->witness.first + r->witness.n; w++)
    keywords |= b->p->PREDS[b->p->WITNESSES[w]].field == FIELD_ANY;
  if (!keywords) return;
  uint32_t gate = index_needed_field(b->p, b->stats, rule, b->scratch);
  if (gate != FIELD_ANY && stats_rate(b->stats, b->p->fields[gate], &present) < 0.5f)
    *vec_add(b->scratch, &b->gates) = field_number(b, gate);
  else
    for (uint32_t w = r->witness.first; w < r->witness.first + r->witness.n; w++) b->open[b->p->WITNESSES[w]] = true;
}

/* Counts the rules of each predicate, then fills in their places. */
static void add_rules(Build *b, const uint32_t *rules, uint32_t n) {
  bool *found = arena_array(b->scratch, bool, n);
  for (uint32_t i = 0; i < n; i++) {
    const RuleRec *r = &b->p->RULES[rules[i]];
    found[i] = can_be_found(b, r);
    if (!found[i]) add_unfound(b, rules[i], i);
    else find_gate(b, rules[i]);
    for (uint32_t w = 0; found[i] && w < r->witness.n; w++) b->preds.p[pred_number(b, b->p->WITNESSES[r->witness.first + w])].n++;
  }
  uint32_t end = 0;
  for (uint32_t k = 0; k < b->preds.n; k++) b->preds.p[k].first = end += b->preds.p[k].n;
  uint32_t *places = arena_array(b->owner, uint32_t, end);
  for (uint32_t i = n; i-- > 0;) {
    const RuleRec *r = &b->p->RULES[rules[i]];
    for (uint32_t w = 0; found[i] && w < r->witness.n; w++)
      places[--b->preds.p[pred_number(b, b->p->WITNESSES[r->witness.first + w])].first] = i;
  }
  b->x->places = places;
}

/* --- fields -------------------------------------------------------------------------------------------------- */

typedef struct {
  uint32_t *start; /* by group; one more at the end */
  uint32_t *items; /* group by group */
} Groups;

static Groups groups_new(Arena *a, uint32_t groups, uint32_t items) {
  return (Groups){arena_array(a, uint32_t, groups + 1), arena_array(a, uint32_t, items)};
}

/* After start[g] has counted group g. */
static void groups_begin(Groups *g, uint32_t groups) {
  for (uint32_t i = 1; i <= groups; i++) g->start[i] += g->start[i - 1];
}

/* From the last item to the first. */
static void groups_put(Groups *g, uint32_t group, uint32_t item) { g->items[--g->start[group]] = item; }

static Numbers group_of(const Groups *g, uint32_t group) {
  return (Numbers){g->items + g->start[group], g->start[group + 1] - g->start[group]};
}

static Groups preds_by_field(Build *b) {
  Groups g = groups_new(b->scratch, b->fields.n, b->preds.n);
  for (uint32_t k = 0; k < b->preds.n; k++) g.start[field_number(b, b->p->PREDS[b->preds.p[k].pred].field)]++;
  groups_begin(&g, b->fields.n);
  for (uint32_t k = b->preds.n; k-- > 0;) groups_put(&g, field_number(b, b->p->PREDS[b->preds.p[k].pred].field), k);
  return g;
}

static Groups places_by_field(Build *b) {
  Groups g = groups_new(b->owner, b->fields.n, b->needs.n);
  for (uint32_t i = 0; i < b->needs.n; i++) g.start[b->needs.p[i].field]++;
  groups_begin(&g, b->fields.n);
  for (uint32_t i = b->needs.n; i-- > 0;) groups_put(&g, b->needs.p[i].field, b->needs.p[i].place);
  return g;
}

static void make_fields(Build *b) {
  Groups preds = preds_by_field(b), places = places_by_field(b);
  IndexField *fields = arena_array(b->owner, IndexField, b->fields.n);
  b->x->line.field = UINT32_MAX;
  for (uint32_t f = 0; f < b->fields.n; f++) {
    fields[f] = index_make_field(b, b->fields.p[f], group_of(&preds, f));
    fields[f].places = group_of(&places, f);
    if (b->fields.p[f] == FIELD_ANY) b->x->line = index_make_line(b, f, group_of(&preds, f));
  }
  for (uint32_t i = 0; i < b->gates.n; i++) fields[b->gates.p[i]].gate = true;
  b->x->fields = fields;
  b->x->n_fields = b->fields.n;
}

/* Which fields can be found under which key. */
static void make_keys(Build *b) {
  Index *x = b->x;
  NumberVec deep = {0};
  x->n_keys = keys_count(b->vm->keys);
  KeyFields *by_key = arena_array(b->owner, KeyFields, x->n_keys);
  uint32_t n, end = 0;
  for (uint32_t f = 0; f < b->fields.n; f++) {
    const uint32_t *heads = event_heads(&b->vm->event, b->fields.p[f], &n);
    for (uint32_t i = 0; i < n; i++) by_key[heads[i]].n++;
    if (!n && b->fields.p[f] != FIELD_ANY) *vec_add(b->scratch, &deep) = f;
  }
  for (uint32_t k = 0; k < x->n_keys; k++) by_key[k].first = end += by_key[k].n;
  uint32_t *beginning = arena_array(b->owner, uint32_t, end);
  for (uint32_t f = b->fields.n; f-- > 0;) {
    const uint32_t *heads = event_heads(&b->vm->event, b->fields.p[f], &n);
    for (uint32_t i = 0; i < n; i++) beginning[--by_key[heads[i]].first] = f;
  }
  x->by_key = by_key;
  x->beginning = beginning;
  x->deep = index_keep(b, &deep);
}

/* Predicates that are always looked for here: where none of their anchors is found, they do not hold. */
static const uint64_t *absent_bits(Build *b) {
  uint64_t *bits = arena_array(b->owner, uint64_t, b->p->n_PREDS / WORD_BITS + 1);
  for (uint32_t k = 0; k < b->preds.n; k++) {
    uint32_t pred = b->preds.p[k].pred;
    bool gated = b->p->PREDS[pred].field == FIELD_ANY && !b->open[pred];
    if (b->anchors.p[k].n && !gated) bits[pred / WORD_BITS] |= 1ull << pred % WORD_BITS;
  }
  return bits;
}

/* --- an index ------------------------------------------------------------------------------------------------ */

static void finish(Build *b, const uint32_t *rules, uint32_t n) {
  Index *x = b->x;
  uint32_t *list = arena_array(b->owner, uint32_t, n);
  if (n) memcpy(list, rules, n * sizeof *list);
  x->rules = list;
  x->stats = b->stats;
  x->n_rules = n;
  IndexPred *preds = arena_array(b->owner, IndexPred, b->preds.n);
  if (b->preds.n) memcpy(preds, b->preds.p, b->preds.n * sizeof *preds);
  x->preds = preds;
  x->n_preds = b->preds.n;
  x->always = index_keep(b, &b->always);
  x->absent = absent_bits(b);
}

Index *index_new(const Vm *vm, const Stats *stats, const uint32_t *rules, uint32_t n, Arena *owner) {
  const Program *p = vm->program;
  Arena *scratch = arena_sub(owner);
  Build b = {.vm = vm, .p = p, .stats = stats, .owner = owner, .scratch = scratch, .x = arena_new(owner, Index)};
  b.number_of_pred = arena_array(scratch, uint32_t, p->n_PREDS);
  b.number_of_field = arena_array(scratch, uint32_t, p->n_FIELDS);
  b.open = arena_array(scratch, bool, p->n_PREDS);
  add_rules(&b, rules, n);
  make_fields(&b);
  make_keys(&b);
  finish(&b, rules, n);
  arena_sub_done(scratch);
  return b.x;
}

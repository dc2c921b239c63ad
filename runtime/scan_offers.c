/* SPDX-License-Identifier: MIT
 * Which rules see an event: those of its log source, and of them those that an index finds. */
#include "runtime/scan_internal.h"

void offers_reset(OfferTable *t) {
  for (uint32_t i = 0; t->by_row && i < logsource_rows(); i++) t->by_row[i].made = false;
  t->everything.made = false;
  t->n_own = 0;
  t->stats = NULL;
  t->find = NULL;
  arena_reset(t->arena);
}

static void sum_offers(Offers *offers, RuleCosts *rules) {
  for (uint32_t i = 0; offers->made && i < offers->n; i++) {
    Offer *o = &offers->p[i];
    for (uint32_t r = 0; o->events && r < o->n; r++) rules[o->rules[r]].offered += o->events;
    o->events = 0;
  }
}

void offers_sum(OfferTable *t, RuleCosts *rules) {
  for (uint32_t i = 0; t->by_row && i < logsource_rows(); i++) sum_offers(&t->by_row[i], rules);
  for (uint32_t i = 0; i < t->n_own; i++) sum_offers(&t->own[i].offers, rules);
  sum_offers(&t->everything, rules);
}

/* --- rules of a log source ----------------------------------------------------------------------------------- */

bool scan_fits(const void *label, const Program *p, const RuleRec *r) {
  return label_fits(label, program_str(p, r->meta.category), program_str(p, r->meta.product), program_str(p, r->meta.service));
}

uint32_t scan_label(const Scanner *s, const Labels *labels, uint32_t rule) {
  const Program *p = s->vm.program;
  uint32_t i = 0;
  while (i < labels->n && !scan_fits(&labels->p[i], p, &p->RULES[rule])) i++;
  return i;
}

/* The rules that see an event with these labels through one view. */
static Offer offer_of(const Scanner *s, const Labels *labels, uint32_t view, Arena *arena) {
  Offer o = {.view = view};
  for (int pass = 0; pass < 2; pass++) { /* counts, then fills */
    if (pass) o.rules = arena_array(arena, uint32_t, o.n);
    o.n = 0;
    for (uint32_t i = 0; i < s->n_active; i++) {
      uint32_t label = scan_label(s, labels, s->active[i]);
      if (label == labels->n || labels->p[label].view != view) continue;
      if (pass) o.rules[o.n] = s->active[i];
      o.n++;
    }
  }
  return o;
}

bool scan_view_seen(const Labels *labels, uint32_t label) {
  for (uint32_t i = 0; i < label; i++)
    if (labels->p[i].view == labels->p[label].view) return true;
  return false;
}

static Offers offers_of(const Scanner *s, const Labels *labels, Arena *arena) {
  Offers all = {.made = true, .p = arena_array(arena, Offer, labels->n)};
  for (uint32_t i = 0; i < labels->n; i++) {
    if (scan_view_seen(labels, i)) continue;
    Offer o = offer_of(s, labels, labels->p[i].view, arena);
    if (o.n) all.p[all.n++] = o;
  }
  return all;
}

/* --- of an event --------------------------------------------------------------------------------------------- */

/* Events of one row of the table have the same labels, so that their rules are found once. */
static Offers *offers_of_row(Scanner *s, const Labels *labels) {
  Offers *made = &s->offers.by_row[labels->row];
  if (!made->made) *made = offers_of(s, labels, s->offers.arena);
  return made;
}

static bool same_names(const OwnOffers *own, const Label *l) {
  const LabelPart *parts[] = {&l->category, &l->product, &l->service};
  for (int i = 0; i < 3; i++)
    if (!str_eq_nocase(own->names[i], parts[i]->name)) return false;
  return true;
}

/* Events that say themselves what they are. They could say so many things, one after the other, that the first are remembered. */
static Offers *own_offers(Scanner *s, const Labels *labels) {
  OfferTable *t = &s->offers;
  const Label *l = labels->p;
  for (uint32_t i = 0; i < t->n_own; i++)
    if (same_names(&t->own[i], l)) return &t->own[i].offers;
  if (t->n_own == MOST_OWN) {
    Offers *passing = arena_new(&s->scratch, Offers);
    *passing = offers_of(s, labels, &s->scratch);
    for (uint32_t i = 0; i < passing->n; i++) passing->p[i].passing = true;
    return passing;
  }
  OwnOffers *own = &t->own[t->n_own];
  const LabelPart *parts[] = {&l->category, &l->product, &l->service};
  for (int i = 0; i < 3; i++) own->names[i] = arena_dup(t->arena, parts[i]->name);
  own->offers = offers_of(s, labels, t->arena);
  t->n_own++;
  return &own->offers;
}

static Offers *all_offers(Scanner *s) {
  Offers *all = &s->offers.everything;
  if (all->made) return all;
  Offer *o = arena_new(s->offers.arena, Offer);
  *o = (Offer){.n = s->n_active, .rules = s->active};
  *all = (Offers){.n = 1, .made = true, .p = o};
  return all;
}

Offers *scan_offers(Scanner *s, Value *root) {
  Labels labels = s->logsource ? logsource_find(s->logsource, root) : (Labels){0};
  if (labels.n) return labels.row == LOGSOURCE_OWN ? own_offers(s, &labels) : offers_of_row(s, &labels);
  s->unmapped += s->logsource != NULL;
  return all_offers(s);
}

/* --- the index ----------------------------------------------------------------------------------------------- */

static Index *index_of(Scanner *s, Offer *o) {
  OfferTable *t = &s->offers;
  if (o->index) return o->index;
  if (!t->stats) t->stats = stats_of(s->vm.program, t->arena);
  if (!t->find) t->find = index_scan_new(s->vm.program, t->arena);
  o->index = index_new(&s->vm, t->stats, o->rules, o->n, t->arena);
  scan_step(s, STEP_INDEX_MADE);
  return o->index;
}

Candidates scan_candidates(Scanner *s, Offer *o) {
  Candidates c = {o->rules, o->n};
  if (!s->index || s->form != CODE_FUSED || o->passing) return c;
  const Index *x = index_of(s, o);
  c.n = index_find(x, s->offers.find, &s->vm, (EventLine){s->line, reader_spelling(s->reader), o->view != 0}, &c.p);
  return c;
}

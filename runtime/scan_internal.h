/* SPDX-License-Identifier: MIT
 * Which rules see an event (scan_offers.c), for scan.c. */
#ifndef SIGMAC_RUNTIME_SCAN_INTERNAL_H
#define SIGMAC_RUNTIME_SCAN_INTERNAL_H

#include "runtime/scan.h"

/* A ScanKeep: whether a rule fits a label. */
bool scan_fits(const void *label, const Program *p, const RuleRec *r);
/* The label that a rule takes: the first one it fits; labels->n where it fits none. */
uint32_t scan_label(const Scanner *s, const Labels *labels, uint32_t rule);
/* Whether a label before this one has the same view. */
bool scan_view_seen(const Labels *labels, uint32_t label);

/* Adds the events of all offers to those of their rules, and begins anew. */
void offers_sum(OfferTable *t, RuleCosts *rules);
/* Forgets all that was made for the rules that were active. */
void offers_reset(OfferTable *t);
/* Who sees the event; valid until the next one. */
Offers *scan_offers(Scanner *s, Value *root);

typedef struct {
  const uint32_t *p; /* ascending */
  uint32_t n;
} Candidates;
/* The rules of an offer that can match the present event of s->vm. */
Candidates scan_candidates(Scanner *s, Offer *o);

/* The end of a step, where costs are counted. */
static inline void scan_step(Scanner *s, ProfileStep step) {
  if (s->profile) profile_step(s->profile, step);
}

#endif

/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "runtime/index/stats.h"

/* Where events are told apart by log source, a rule sees those alone that have its fields: presence counts in part only. */
static const float seen_anyway = 0.5f;
/* Looking for a text inside of values means to compare it wherever its rarest bytes are found; short ones are found often. */
static const float inside_short[] = {1, 0.05f, 0.01f, 0.003f};
static const float compare = 0.1f, inside_line = 0.0002f;
/* What tells ways apart that find the same: a look-up is cheaper than a search. */
static const float look_up = 1e-6f, look_up_end = 2e-6f, search = 1e-5f, visit = 1e-3f;

static float search_cost(const Stats *s, Str field, Str text) {
  if (text.n < sizeof inside_short / sizeof *inside_short) return inside_short[text.n];
  return search + compare * stats_gram(s, field, text, stats_rarest(s, field, text)) + (field.n ? 0 : inside_line);
}

static float cost_of(const Stats *s, Str field, const Anchor *anchor) {
  float present = stats_presence(s, field);
  float weight = (1 - seen_anyway) + (present > 0 ? seen_anyway / present : 0);
  float found = stats_rate(s, field, anchor) * weight;
  switch (anchor->kind) {
  case ANCHOR_PRESENT: return found + visit;
  case ANCHOR_WHOLE:
  case ANCHOR_NUMBER: return found + look_up;
  case ANCHOR_PREFIX:
  case ANCHOR_SUFFIX: return found + look_up_end;
  case ANCHOR_INSIDE: break;
  }
  return found + search_cost(s, field, anchor->text) * present * weight;
}

Anchors stats_anchors(const Stats *s, const Program *p, Str field, uint32_t test, float *cost, Arena *a) {
  AnchorSets sets = anchors_all(p, test, a);
  Anchors best = {NULL, 0};
  float least = INFINITY;
  if (!cost && sets.n == 1) return sets.p[0]; /* as nearly all tests have */
  for (uint32_t i = 0; i < sets.n; i++) {
    float sum = 0;
    for (uint32_t k = 0; k < sets.p[i].n; k++) sum += cost_of(s, field, &sets.p[i].p[k]);
    if (best.n && sum >= least) continue;
    least = sum;
    best = sets.p[i];
  }
  if (cost) *cost = least;
  return best;
}

/* SPDX-License-Identifier: MIT
 * Thresholds of correlations that every event meets, or none (semantics 13.2, 13.5): what is counted is 1 at least when it is compared,
 * and what is computed may be any number. */
#include <math.h>
#include <stdlib.h>

#include "lint/lint.h"

/* Beyond it not every whole number is a double. */
static const double too_large = 1e15;

/* Which values of a correlation are possible. */
typedef struct {
  bool whole;
  double least, most;
} Domain;

typedef struct {
  double low, high;
  bool low_open, high_open;
  double other[CORR_OP_COUNT]; /* values that are not wanted: neq; keys stand once in a map */
  unsigned n_other;
} Wanted;

static void add(Wanted *w, CorrelationOp op, double x) {
  bool low = op == CORR_GT || op == CORR_GTE || op == CORR_EQ, high = op == CORR_LT || op == CORR_LTE || op == CORR_EQ;
  if (op == CORR_NEQ && w->n_other < CORR_OP_COUNT) w->other[w->n_other++] = x;
  if (low && (x > w->low || (x >= w->low && op == CORR_GT))) w->low = x, w->low_open = op == CORR_GT;
  if (high && (x < w->high || (x <= w->high && op == CORR_LT))) w->high = x, w->high_open = op == CORR_LT;
}

static bool unwanted(const Wanted *w, double x) {
  for (unsigned i = 0; i < w->n_other; i++)
    if (!(w->other[i] < x) && !(w->other[i] > x)) return true;
  return false;
}

/* The whole numbers between the bounds, in a range that is closed. */
static void close_range(const Wanted *w, double *low, double *high) {
  *low = ceil(w->low);
  *high = floor(w->high);
  if (w->low_open && !(*low > w->low)) *low += 1;
  if (w->high_open && !(*high < w->high)) *high -= 1;
}

static bool none_left(const Wanted *w, const Domain *d) {
  double low, high;
  if (!d->whole) {
    if (w->low < w->high) return false;
    return w->low > w->high || w->low_open || w->high_open || unwanted(w, w->low);
  }
  close_range(w, &low, &high);
  if (low < d->least) low = d->least;
  if (high > d->most) high = d->most;
  while (low <= high && unwanted(w, low)) low += 1;
  return low > high;
}

/* A threshold of 1 is met by every event too, but that is how one says `any`: what is told is that 0 would do. */
static bool all_left(const Wanted *w, const Domain *d) {
  double low, high;
  if (!d->whole || w->high < INFINITY) return false;
  close_range(w, &low, &high);
  for (unsigned i = 0; i < w->n_other; i++)
    if (w->other[i] >= 0 && !(w->other[i] > floor(w->other[i]))) return false;
  return low <= 0;
}

/* --- reading ------------------------------------------------------------------------------------------------- */

static int operator_of(const YamlPair *p) {
  for (int i = 0; i < CORR_OP_COUNT; i++)
    if (str_is(p->key->text, correlation_op_name[i])) return i;
  return -1;
}

/* Only of values that count is there anything to say; a sequence either is there or not. */
static bool domain_of(Domain *d, const Rule *rule) {
  *d = (Domain){.whole = true, .least = 1, .most = INFINITY};
  switch (rule->correlation.type) {
  case CORR_EVENT_COUNT:
  case CORR_VALUE_COUNT: return true;
  case CORR_TEMPORAL: d->most = rule->correlation.rules.n; return true;
  case CORR_VALUE_SUM:
  case CORR_VALUE_AVG:
  case CORR_VALUE_PERCENTILE:
  case CORR_VALUE_MEDIAN: d->whole = false; return true;
  case CORR_TEMPORAL_ORDERED:
  case CORR_TYPE_COUNT: break;
  }
  return false;
}

static bool number_of(Lint *l, const YamlPair *p, double *x) {
  if (p->value->kind != YAML_SCALAR || !p->value->number.n) return false;
  *x = strtod(arena_cstr(l->arena, p->value->number), NULL);
  return fabs(*x) < too_large;
}

static const Wanted anything = {.low = -INFINITY, .high = INFINITY};

/* The threshold before entry `to` that leaves nothing together with it; NULL: more than one of them. */
static const YamlPair *partner(Lint *l, const YamlNode *map, uint32_t to, const Domain *d) {
  double x, y = 0;
  number_of(l, &map->pairs[to], &y);
  for (uint32_t i = 0; i < to; i++) {
    Wanted w = anything;
    int op = operator_of(&map->pairs[i]);
    if (op < 0 || !number_of(l, &map->pairs[i], &x)) continue;
    add(&w, (CorrelationOp)op, x);
    add(&w, (CorrelationOp)operator_of(&map->pairs[to]), y);
    if (none_left(&w, d)) return &map->pairs[i];
  }
  return NULL;
}

static void report_never(Lint *l, const YamlNode *map, uint32_t i, const Domain *d, bool alone) {
  const YamlPair *p = &map->pairs[i], *other = alone ? NULL : partner(l, map, i, d);
  if (other)
    lint_report(l, CHECK_correlation_trivial, p->key->at,
                "no number satisfies `" STR_FMT ": " STR_FMT "` and `" STR_FMT ": " STR_FMT "` of line %u", STR_ARG(p->key->text),
                STR_ARG(p->value->text), STR_ARG(other->key->text), STR_ARG(other->value->text),
                (unsigned)source_place(&l->compiler.sources, other->key->at).line);
  else
    lint_report(l, CHECK_correlation_trivial, p->key->at, "`" STR_FMT ": " STR_FMT "` is never met%s", STR_ARG(p->key->text),
                STR_ARG(p->value->text), alone ? "" : " together with the other thresholds");
  if (d->whole && d->most < INFINITY)
    lint_hint(l, "what is compared is how many of the rules took part: 1 to %u", (unsigned)d->most);
  else if (d->whole) lint_hint(l, "a correlation is evaluated where an event arrives, so it counts 1 or more");
}

static void check_thresholds(Lint *l, const YamlNode *map, const Domain *d) {
  Wanted all = anything;
  const YamlPair *first = NULL;
  for (uint32_t i = 0; i < map->n; i++) {
    Wanted alone = anything;
    double x;
    int op = operator_of(&map->pairs[i]);
    if (op < 0) continue;
    if (!number_of(l, &map->pairs[i], &x)) return;
    if (!first) first = &map->pairs[i];
    add(&alone, (CorrelationOp)op, x);
    add(&all, (CorrelationOp)op, x);
    if (!none_left(&all, d)) continue;
    report_never(l, map, i, d, none_left(&alone, d));
    return;
  }
  if (!first || !all_left(&all, d)) return;
  lint_report(l, CHECK_correlation_trivial, first->key->at, "`" STR_FMT ": " STR_FMT "` is always met", STR_ARG(first->key->text),
              STR_ARG(first->value->text));
  lint_hint(l, "every event of the rules counts 1 already: write how many of them are too many");
}

void check_correlation_threshold(Lint *l, const LintAt *at) {
  const Rule *rule = at->doc->rule;
  const YamlNode *map = rule->kind == DOC_CORRELATION ? yaml_get(at->doc->root, "correlation") : NULL;
  const YamlNode *condition = map && map->kind == YAML_MAP ? yaml_get(map, "condition") : NULL;
  Domain domain;
  if (rule->broken || !condition || condition->kind != YAML_MAP || !domain_of(&domain, rule)) return;
  check_thresholds(l, condition, &domain);
}

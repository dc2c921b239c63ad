/* SPDX-License-Identifier: MIT
 * What each record holds of sections stands one behind the other, without gaps: nothing is judged, or run, twice. */
#include <string.h>

#include "base/limits.h"
#include "runtime/verify_internal.h"

/* Where the next range of each section must begin. */
typedef struct {
  uint32_t ids, thresholds, code, refs;
} Next;

static bool take(uint32_t *next, ListRef l, uint32_t size) {
  if (l.first != *next || !range_ok(l.first, l.n, size)) return false;
  *next += l.n;
  return true;
}

/* --- rules --------------------------------------------------------------------------------------------------- */

static bool needs_ok(const Program *p, ListRef needs) {
  for (uint32_t i = 1; i < needs.n; i++)
    if (p->FIELDIDS[needs.first + i - 1] >= p->FIELDIDS[needs.first + i]) return false;
  return needs.n <= LIMIT_CORRELATION_NEEDS;
}

static bool check_rules(Verifier *v, Next *next) {
  const Program *p = v->p;
  for (uint32_t i = 0; i < p->n_RULES; i++) {
    const RuleRec *r = &p->RULES[i];
    bool ok =
      r->correlated <= 1 && r->silent <= r->correlated && take(&next->ids, r->needs, p->n_FIELDIDS) && needs_ok(p, r->needs);
    if (!ok || (r->needs.n && !r->correlated)) return verify_refuse(v, IMAGE_INVALID, "rule %u: what correlations need of it", i);
  }
  return true;
}

/* --- one correlation ----------------------------------------------------------------------------------------- */

static bool is_temporal(const CorrRec *c) { return c->type == CORR_TEMPORAL || c->type == CORR_TEMPORAL_ORDERED; }

static bool values_ok(const CorrRec *c) {
  if (is_temporal(c) || c->type == CORR_EVENT_COUNT) return c->n_values == 0;
  return c->n_values >= 1 && c->n_values <= (c->type == CORR_VALUE_COUNT ? LIMIT_CORRELATION_FIELDS : 1);
}

static bool numbers_ok(const Program *p, const CorrRec *c) {
  uint64_t timespan = (uint64_t)c->timespan_high << 32 | c->timespan_low;
  return c->type < CORR_TYPE_COUNT && c->silent <= 1 && timespan >= 1 && timespan <= CORR_TIMESPAN_MOST && values_ok(c) &&
         c->percentile <= 100 * CORR_PERCENTILE_ONE &&
         (c->type != CORR_VALUE_MEDIAN || c->percentile == 50 * CORR_PERCENTILE_ONE) && list_ok(p, c->group_by) &&
         c->group_by.n <= LIMIT_CORRELATION_FIELDS;
}

static bool threshold_ok(const Program *p, const ThresholdRec *t) {
  Decimal d;
  return t->op < CORR_OP_COUNT && str_ok(p, t->number) && decimal_parse(&d, program_str(p, t->number)) &&
         d.exp <= LIMIT_CORRELATION_DIGITS && d.exp - (int64_t)d.n >= -LIMIT_CORRELATION_DIGITS;
}

static bool thresholds_ok(const Program *p, const CorrRec *c) {
  if (c->thresholds.n > CORR_OP_COUNT || !c->thresholds.n != (c->condition.n > 0)) return false;
  for (uint32_t i = 0; i < c->thresholds.n; i++)
    if (!threshold_ok(p, &p->THRESHOLDS[c->thresholds.first + i])) return false;
  return true;
}

static bool condition_ok(const Program *p, const CorrRec *c) {
  uint32_t depth = 0;
  if (c->condition.n && !is_temporal(c)) return false;
  for (uint32_t i = 0; i < c->condition.n; i++) {
    const CorrCodeRec *code = &p->CORRCODE[c->condition.first + i];
    uint32_t pops = code->code == CORR_REF ? 0 : code->code == CORR_NOT ? 1 : 2;
    if (code->code >= CORR_CODE_COUNT || code->ref >= (code->code == CORR_REF ? c->refs.n : 1) || depth < pops) return false;
    depth += 1 - pops;
    if (depth > LIMIT_CODE_DEPTH) return false;
  }
  return depth == (c->condition.n > 0);
}

static bool refs_ok(const Program *p, const CorrRec *c, uint32_t own, Next *next) {
  if (!take(&next->refs, c->refs, p->n_CORRREFS) || !c->refs.n || c->refs.n > LIMIT_CORRELATION_REFS) return false;
  for (uint32_t i = 0; i < c->refs.n; i++) {
    const CorrRefRec *r = &p->CORRREFS[c->refs.first + i];
    if (r->number >= own || !str_ok(p, r->name) || r->fields.n != c->group_by.n + c->n_values) return false;
    if (!take(&next->ids, r->fields, p->n_FIELDIDS)) return false;
  }
  return true;
}

/* --- chains -------------------------------------------------------------------------------------------------- */

/* By number: how many correlations stand over each other here, whether any refers to it. */
typedef struct {
  uint8_t chain;
  bool referred;
} Link;

static bool chain_ok(const Program *p, const CorrRec *c, Link *links, uint32_t own) {
  _Static_assert(LIMIT_CORRELATION_CHAIN < UINT8_MAX, "a chain in a byte");
  for (uint32_t i = 0; i < c->refs.n; i++) {
    Link *to = &links[p->CORRREFS[c->refs.first + i].number];
    to->referred = true;
    if (links[own].chain < to->chain) links[own].chain = to->chain;
  }
  return ++links[own].chain <= LIMIT_CORRELATION_CHAIN;
}

static bool check_marks(Verifier *v, const Link *links) {
  const Program *p = v->p;
  for (uint32_t i = 0; i < p->n_RULES; i++)
    if ((p->RULES[i].correlated == 1) != links[i].referred)
      return verify_refuse(v, IMAGE_INVALID, "rule %u: whether a correlation rests on it", i);
  for (uint32_t i = 0; i < p->n_CORRELATIONS; i++)
    if (p->CORRELATIONS[i].silent && !links[p->n_RULES + i].referred)
      return verify_refuse(v, IMAGE_INVALID, "correlation %u: it is silent, but none rests on it", i);
  return true;
}

static bool check_correlations(Verifier *v, Link *links, Next *next) {
  const Program *p = v->p;
  for (uint32_t i = 0; i < p->n_CORRELATIONS; i++) {
    const CorrRec *c = &p->CORRELATIONS[i];
    if (!verify_metadata_ok(p, &c->meta) || !numbers_ok(p, c) || !refs_ok(p, c, p->n_RULES + i, next) ||
        !take(&next->thresholds, c->thresholds, p->n_THRESHOLDS) || !take(&next->code, c->condition, p->n_CORRCODE) ||
        !thresholds_ok(p, c) || !condition_ok(p, c) || !chain_ok(p, c, links, p->n_RULES + i))
      return verify_refuse(v, IMAGE_INVALID, "correlation %u", i);
  }
  return true;
}

/* --- fields -------------------------------------------------------------------------------------------------- */

/* What is needed of the events of a correlation: by those above it. Ascending. */
typedef struct {
  uint32_t *p, n;
} Needs;

static bool has(const uint32_t *p, uint32_t n, uint32_t id) {
  uint32_t low = 0, high = n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (p[middle] < id) low = middle + 1;
    else high = middle;
  }
  return low < n && p[low] == id;
}

static bool insert(Needs *to, uint32_t id, Arena *a) {
  uint32_t at = to->n;
  if (has(to->p, to->n, id)) return true;
  if (to->n == LIMIT_CORRELATION_NEEDS) return false;
  if (!(to->n & (to->n - 1))) { /* full: it has room for a power of two */
    uint32_t *more = arena_array(a, uint32_t, to->n ? 2 * to->n : 1);
    if (to->n) memcpy(more, to->p, to->n * sizeof *more);
    to->p = more;
  }
  for (; at > 0 && to->p[at - 1] > id; at--) to->p[at] = to->p[at - 1];
  to->p[at] = id;
  to->n++;
  return true;
}

/* A rule has the field among its needs; a correlation hands it on to what it refers to. */
static bool give(const Program *p, Needs *needs, uint32_t number, const uint32_t *ids, uint32_t n, Arena *a) {
  for (uint32_t i = 0; i < n; i++) {
    if (number >= p->n_RULES) {
      if (!insert(&needs[number - p->n_RULES], ids[i], a)) return false;
      continue;
    }
    ListRef rule = p->RULES[number].needs;
    if (!has(p->FIELDIDS + rule.first, rule.n, ids[i])) return false;
  }
  return true;
}

static bool check_needs(Verifier *v, Arena *scratch) {
  const Program *p = v->p;
  Needs *needs = arena_array(scratch, Needs, p->n_CORRELATIONS);
  for (uint32_t i = p->n_CORRELATIONS; i-- > 0;) {
    const CorrRec *c = &p->CORRELATIONS[i];
    for (uint32_t k = 0; k < c->refs.n; k++) {
      const CorrRefRec *r = &p->CORRREFS[c->refs.first + k];
      if (!give(p, needs, r->number, p->FIELDIDS + r->fields.first, r->fields.n, scratch) ||
          !give(p, needs, r->number, needs[i].p, needs[i].n, scratch))
        return verify_refuse(v, IMAGE_INVALID, "correlation %u: what it rests on does not give the fields that it needs", i);
    }
  }
  return true;
}

/* --- the whole ----------------------------------------------------------------------------------------------- */

static bool check_ends(Verifier *v, const Next *next) {
  const Program *p = v->p;
  if (next->ids == p->n_FIELDIDS && next->thresholds == p->n_THRESHOLDS && next->code == p->n_CORRCODE &&
      next->refs == p->n_CORRREFS)
    return true;
  return verify_refuse(v, IMAGE_INVALID, "parts that belong to no correlation");
}

bool verify_correlations(Verifier *v) {
  const Program *p = v->p;
  Next next = {0};
  for (uint32_t i = 0; i < p->n_FIELDIDS; i++)
    if (!p->FIELDIDS[i] || p->FIELDIDS[i] >= p->n_FIELDS) return verify_refuse(v, IMAGE_INVALID, "number %u of a field", i);
  if (p->n_CORRELATIONS > UINT32_MAX - 1 - p->n_RULES) return verify_refuse(v, IMAGE_INVALID, "too many correlations");
  Arena *scratch = arena_sub(p->arena);
  Link *links = arena_array(scratch, Link, (size_t)p->n_RULES + p->n_CORRELATIONS);
  bool ok = check_rules(v, &next) && check_correlations(v, links, &next) && check_ends(v, &next) && check_marks(v, links) &&
            check_needs(v, scratch);
  arena_sub_done(scratch);
  return ok;
}

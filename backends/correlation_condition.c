/* SPDX-License-Identifier: MIT
 * What the condition of a correlation asks for. */
#include "backends/correlation.h"
#include "compiler/condition.h"

Str joint_span(const Joint *j) {
  static const struct {
    unsigned seconds;
    char unit;
  } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  uint64_t seconds = j->rule->correlation.timespan;
  size_t i = 0;
  while (seconds % units[i].seconds) i++;
  return arena_printf(j->arena, "%llu%c", (unsigned long long)(seconds / units[i].seconds), units[i].unit);
}

/* The whole number below a threshold, or itself; saturating. Thresholds are texts of YAML numbers, without an exponent where they
 * are of a size that counts can have. */
static int64_t floor_of(Str s, bool *whole) {
  size_t i = 0;
  bool negative = s.n && s.p[0] == '-';
  int64_t n = 0;
  *whole = true;
  for (i = negative; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
    n = n > INT64_MAX / 10 - 1 ? INT64_MAX / 10 : n * 10 + (s.p[i] - '0');
  for (size_t k = i; k < s.n && s.p[k] != 'e'; k++) *whole = *whole && (s.p[k] == '.' || s.p[k] == '0');
  size_t e = str_find(s, STR("e"), 0);
  if (e != SIZE_MAX) {
    *whole = false;
    n = s.p[e + 1] == '-' ? 0 : INT64_MAX / 10;
  }
  return negative ? -n - !*whole : n;
}

static void except(Joint *j, WholeRange *r, int64_t n) {
  uint32_t i = 0;
  while (i < r->except.n && r->except.p[i] < n) i++;
  if (i < r->except.n && r->except.p[i] == n) return;
  (void)vec_add(j->arena, &r->except);
  for (uint32_t k = r->except.n - 1; k > i; k--) r->except.p[k] = r->except.p[k - 1];
  r->except.p[i] = n;
}

static void at_least(WholeRange *r, int64_t n) { r->least = n > r->least ? n : r->least; }
static void at_most(WholeRange *r, int64_t n) { r->most = n < r->most ? n : r->most; }

static void narrow(Joint *j, WholeRange *r, const Threshold *t) {
  bool whole;
  int64_t n = floor_of(t->number, &whole);
  switch (t->op) {
  case CORR_GTE: at_least(r, whole ? n : n + 1); break;
  case CORR_GT: at_least(r, n + 1); break;
  case CORR_LTE: at_most(r, n); break;
  case CORR_LT: at_most(r, whole ? n - 1 : n); break;
  case CORR_EQ:
    at_least(r, whole ? n : INT64_MAX);
    at_most(r, whole ? n : 0);
    break;
  case CORR_NEQ:
    if (whole) except(j, r, n);
    break;
  case CORR_OP_COUNT: break;
  }
}

/* Exceptions at an end move it. */
static void trim(WholeRange *r) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < r->except.n; i++) {
    int64_t n = r->except.p[i];
    if (n == r->least) r->least++;
    else if (n > r->least && n <= r->most) r->except.p[kept++] = n;
  }
  r->except.n = kept;
  while (r->except.n && vec_last(&r->except) == r->most) {
    r->most--;
    r->except.n--;
  }
}

bool joint_range(Joint *j, int64_t from, WholeRange *out) {
  const Correlation *c = &j->rule->correlation;
  *out = (WholeRange){.least = from, .most = INT64_MAX};
  for (uint32_t i = 0; i < c->n_thresholds; i++) narrow(j, out, &c->thresholds[i]);
  if (!c->n_thresholds) at_least(out, c->rules.n);
  trim(out);
  if (out->least <= out->most) return true;
  joint_refuse(j, joint_at(j, "condition"), NULL, "the condition never holds");
  return false;
}

const struct Cond *joint_text(const Joint *j) { return j->rule->correlation.text_tree; }

bool text_has_not(const struct Cond *n) {
  bool any = n->kind == COND_NOT;
  for (uint32_t i = 0; i < n->n_kids && !any; i++) any = text_has_not(n->kids[i]);
  return any;
}

uint32_t text_ref(const Joint *j, const struct Cond *n) {
  const Rule *rule = rules_find(j->rules, n->name);
  uint32_t i = 0;
  while (i < j->refs.n && j->refs.p[i].rule != rule) i++;
  return i;
}

bool text_holds(const Joint *j, const struct Cond *n, unsigned refs) {
  if (n->kind == COND_NAME) return refs >> text_ref(j, n) & 1;
  bool holds = n->kind != COND_OR;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    bool kid = text_holds(j, n->kids[i], refs);
    holds = n->kind == COND_OR ? holds || kid : n->kind == COND_AND ? holds && kid : !kid;
  }
  return holds;
}

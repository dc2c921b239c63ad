/* SPDX-License-Identifier: MIT
 * Comparisons with numbers as ranges of decimal numbers. */
#include "base/decimal.h"
#include "lint/facts_internal.h"

typedef struct {
  Decimal low, high;
  bool has_low, has_high, without_low, without_high; /* without: the end itself is outside */
} Range;

static Compare compare_of(const IrTest *t) {
  switch (t->pred) {
  case PRED_NUMBER: return CMP_EQ;
  case PRED_LT: return CMP_LT;
  case PRED_LTE: return CMP_LTE;
  case PRED_GT: return CMP_GT;
  case PRED_GTE: return CMP_GTE;
  case PRED_TIME: return t->compare;
  case PRED_EQ:
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS:
  case PRED_GLOB:
  case PRED_RE:
  case PRED_CIDR:
  case PRED_BOOL:
  case PRED_IS_NULL:
  case PRED_EXISTS:
  case PRED_FIELDREF:
  case PRED_COUNT: break;
  }
  return CMP_COUNT;
}

static bool range_of(Range *r, const IrTest *t) {
  Compare c = compare_of(t);
  Decimal d;
  *r = (Range){0};
  if (c == CMP_COUNT || !decimal_parse(&d, t->text)) return false;
  r->has_low = c == CMP_EQ || c == CMP_GT || c == CMP_GTE;
  r->has_high = c == CMP_EQ || c == CMP_LT || c == CMP_LTE;
  r->without_low = c == CMP_GT;
  r->without_high = c == CMP_LT;
  r->low = r->high = d;
  return true;
}

/* The low end of x is not below that of y; the high end not above. */
static bool low_inside(const Range *x, const Range *y) {
  if (!y->has_low) return true;
  if (!x->has_low) return false;
  int order = decimal_cmp(&x->low, &y->low);
  return order > 0 || (order == 0 && (x->without_low || !y->without_low));
}

static bool high_inside(const Range *x, const Range *y) {
  if (!y->has_high) return true;
  if (!x->has_high) return false;
  int order = decimal_cmp(&x->high, &y->high);
  return order < 0 || (order == 0 && (x->without_high || !y->without_high));
}

/* All of x is below all of y. */
static bool below(const Range *x, const Range *y) {
  if (!x->has_high || !y->has_low) return false;
  int order = decimal_cmp(&x->high, &y->low);
  return order < 0 || (order == 0 && (x->without_high || y->without_low));
}

bool facts_number_inside(const IrTest *a, const IrTest *b) {
  Range x, y;
  return range_of(&x, a) && range_of(&y, b) && low_inside(&x, &y) && high_inside(&x, &y);
}

bool facts_number_apart(const IrTest *a, const IrTest *b) {
  Range x, y;
  return range_of(&x, a) && range_of(&y, b) && (below(&x, &y) || below(&y, &x));
}

bool facts_number_has(const IrTest *t, Str text) {
  Range r, one = {.has_low = true, .has_high = true};
  if (!decimal_parse(&one.low, text) || !range_of(&r, t)) return false;
  one.high = one.low;
  return low_inside(&one, &r) && high_inside(&one, &r);
}

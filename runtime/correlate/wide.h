/* SPDX-License-Identifier: MIT
 * Exact decimal numbers, of events and thresholds, and what is computed with them. A Number is what a text says: digits up to
 * LIMIT_CORRELATION_DIGITS places to both sides of the point. A Wide is room for sums and multiples of them; it is made for the moment. Both are
 * limbs of nine digits, of which number 0 is that of the units. */
#ifndef SIGMAC_RUNTIME_CORRELATE_WIDE_H
#define SIGMAC_RUNTIME_CORRELATE_WIDE_H

#include "base/buf.h"
#include "base/decimal.h"
#include "base/limits.h"

enum {
  WIDE_BASE = 1000000000,
  NUMBER_LOW = -(LIMIT_CORRELATION_DIGITS + 8) / 9, /* the first limb a Number may have ... */
  NUMBER_HIGH = (LIMIT_CORRELATION_DIGITS + 8) / 9, /* ... and the one behind the last */
  NUMBER_LIMBS = NUMBER_HIGH - NUMBER_LOW,
  WIDE_LOW = NUMBER_LOW - 5,   /* room for a quotient ... */
  WIDE_HIGH = NUMBER_HIGH + 4, /* ... and for carries: 2^33 times the largest Number, and a sum of so many */
  WIDE_LIMBS = WIDE_HIGH - WIDE_LOW
};

/* The first and last limb are not zero; so equal numbers are equal bytes, up to number_bytes. */
typedef struct {
  int16_t low;         /* which limb the first one is */
  uint8_t n, negative; /* n == 0: zero */
  uint32_t limb[NUMBER_LIMBS];
} Number;

/* False where it has digits beyond the limit. */
bool number_of_decimal(Number *out, const Decimal *d);
static inline uint32_t number_bytes(const Number *x) { return 4 + x->n * 4u; }

typedef struct {
  int low, high; /* limbs from low on, before high; others are zero */
  bool negative; /* only said by wide_settle */
  int64_t limb[WIDE_LIMBS];
} Wide;

static inline void wide_zero(Wide *w) { w->low = w->high = 0, w->negative = false; }
/* Of a Wide that was not settled since wide_zero. In all, 2^33 multiples of a limb may be added. */
void wide_add_limb(Wide *w, int at, int64_t value);
void wide_add(Wide *w, const Number *x, int64_t times);
/* Makes limbs of 0 to WIDE_BASE - 1, and the sign, and drops zeros at both ends; returns -1, 0 or 1. Only printed and divided then. */
int wide_settle(Wide *w);
/* Divides by 1 to 2^32 - 1: the quotient has as many more limbs as print it well. False where it is not the whole of it. */
bool wide_divide(Wide *w, uint64_t by);
/* As decimal text, without zeros at the end of a fraction; with an exponent where it would need many zeros at the beginning or end. Not exact: what
 * was divided, and is cut off: then it is rounded to 17 digits, or to six places behind the point if these are more. */
void wide_print(const Wide *w, bool exact, Buf *out);

#endif

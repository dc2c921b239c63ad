/* SPDX-License-Identifier: MIT
 * Numbers in rows: eight bytes each. Most are at hand in them: up to 17 digits, at most 18 of them behind the point. Others are kept
 * once for all rows that have them. Equal numbers are equal bytes. */
#ifndef SIGMAC_RUNTIME_CORRELATE_NUMBERS_H
#define SIGMAC_RUNTIME_CORRELATE_NUMBERS_H

#include "runtime/correlate/texts.h"
#include "runtime/correlate/wide.h"

/* digits * 32 + places behind the point, or the name of a text * 32 + 31: the bytes of a Number. */
typedef int64_t NumberName;

/* whole + parts / FIXED_ONE */
#define FIXED_ONE INT64_C(1000000000000000000)
typedef struct {
  int64_t whole, parts; /* parts: 0 to FIXED_ONE - 1 */
} Fixed;

static inline int fixed_cmp(Fixed a, Fixed b) {
  if (a.whole != b.whole) return a.whole < b.whole ? -1 : 1;
  return (a.parts > b.parts) - (a.parts < b.parts);
}
/* Times a whole number, in a sum. |times| < 2^32. */
void wide_add_fixed(Wide *w, Fixed f, int64_t times);

/* The number that a text is, for one row more; false where it is none (base/decimal.h), or has digits beyond the limit. */
bool numbers_take(Texts *shared, Str text, NumberName *out);
void numbers_drop(Texts *shared, NumberName x);

/* True where it is at hand, and then what it is. */
bool number_fixed(NumberName x, Fixed *out);
/* What it is where it is not. */
Number number_shared(const Texts *shared, NumberName x);
int numbers_cmp(const Texts *shared, NumberName a, NumberName b);
void numbers_print(const Texts *shared, NumberName x, Buf *out);
void wide_add_name(Wide *w, const Texts *shared, NumberName x, int64_t times);

/* A decimal as Fixed; false where it does not fit. */
bool fixed_of_decimal(Fixed *out, const Decimal *d);

#endif

/* SPDX-License-Identifier: MIT
 * An exact sum of decimal numbers, to which numbers are added and from which they are taken away again: it depends on what is in it, not on the
 * order, and does not drift. Small for the numbers that are common, and as wide as it must be for others. */
#ifndef SIGMAC_RUNTIME_CORRELATE_SUM_H
#define SIGMAC_RUNTIME_CORRELATE_SUM_H

#include "runtime/correlate/numbers.h"

typedef struct {
  Fixed small;
  PoolRef wide; /* what does not fit in there is here: 0, or limbs; the sum is both together */
  uint32_t wide_bytes;
} ExactSum; /* all zero is an empty one */

/* Adds a number, or takes it away (times -1): in the time of its digits. */
void sum_add(ExactSum *s, Pool *pool, const Texts *shared, NumberName x, int times);
void sum_clear(ExactSum *s, Pool *pool);
/* All of it, not settled. */
void sum_at(const ExactSum *s, const Pool *pool, Wide *w);
/* True where it is small, and then what it is. */
static inline bool sum_fixed(const ExactSum *s, Fixed *f) { return *f = s->small, !s->wide; }

#endif

/* SPDX-License-Identifier: MIT
 * Texts that rows share: each is kept once for all groups of a correlation, as long as a row has it. A text is named by 32 bits; equal
 * texts have equal names while they are kept. */
#ifndef SIGMAC_RUNTIME_CORRELATE_TEXTS_H
#define SIGMAC_RUNTIME_CORRELATE_TEXTS_H

#include "runtime/correlate/pool.h"

typedef PoolRef TextName; /* 0: none */

typedef struct {
  uint32_t hash;
  TextName name; /* 0: free */
} TextSlot;

typedef struct {
  Pool *pool;
  TextSlot *slots; /* open addressing; a power of two; NULL before the first */
  uint32_t n, n_slots;
  uint64_t seed;   /* of the hash; another one where texts fall together ... */
  uint32_t settle; /* ... which is done when so many more have come, at the earliest */
  uint64_t bytes;  /* of the texts with what stands around them, about */
} Texts;

void texts_open(Texts *t, Pool *pool);
/* The name of a text, for one row more. */
TextName texts_take(Texts *t, Str text);
/* One row less has it; the last one takes it along. */
void texts_drop(Texts *t, TextName name);
/* Valid until it is dropped. Aligned to 4. */
Str texts_at(const Texts *t, TextName name);

#endif

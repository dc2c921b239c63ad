/* SPDX-License-Identifier: MIT
 * A number at hand is added to the small part, whose whole may then be too large: then what was there goes to the wide part. That one is limbs which
 * have not been settled for up to LAZY additions; each may hold the sum of so many. */
#include "runtime/correlate/sum.h"

enum { LAZY = 256 };

typedef struct {
  int16_t low, n;
  uint32_t added; /* since it was settled */
  int64_t limb[]; /* signed, of any size */
} WideSum;

static uint32_t bytes_of(int n) { return (uint32_t)(sizeof(WideSum) + (size_t)n * sizeof(int64_t)); }

static void load(const ExactSum *s, const Pool *pool, Wide *w) {
  wide_zero(w);
  if (!s->wide) return;
  const WideSum *from = pool_at(pool, s->wide);
  for (int i = 0; i < from->n; i++) wide_add_limb(w, from->low + i, from->limb[i]);
}

static void give_back(ExactSum *s, Pool *pool) {
  if (s->wide) pool_give(pool, s->wide, s->wide_bytes);
  s->wide = 0;
  s->wide_bytes = 0;
}

static void store(ExactSum *s, Pool *pool, const Wide *w, uint32_t added) {
  int n = w->high - w->low;
  uint32_t bytes = bytes_of(n);
  if (!n || bytes != s->wide_bytes) give_back(s, pool);
  if (!n) return;
  if (!s->wide) s->wide = pool_take(pool, bytes);
  s->wide_bytes = bytes;
  WideSum *to = pool_at(pool, s->wide);
  *to = (WideSum){.low = (int16_t)w->low, .n = (int16_t)n, .added = added};
  for (int i = 0; i < n; i++) {
    int64_t v = w->limb[w->low + i - WIDE_LOW];
    to->limb[i] = w->negative ? -v : v;
  }
}

/* Adds to the limbs in place, where all of x has some; else false. */
static bool add_in_place(const ExactSum *s, const Pool *pool, const Number *x, int times) {
  WideSum *to = s->wide ? pool_at(pool, s->wide) : NULL;
  if (!to || to->added >= LAZY || x->low < to->low || x->low + x->n > to->low + to->n) return false;
  int64_t sign = x->negative ? -times : times;
  for (int i = 0; i < x->n; i++) to->limb[x->low - to->low + i] += sign * x->limb[i];
  to->added++;
  return true;
}

/* Settled every LAZY times, so that what is not needed any more does not stay. */
static void add_wide(ExactSum *s, Pool *pool, const Number *x, int times) {
  if (add_in_place(s, pool, x, times)) return;
  Wide w;
  load(s, pool, &w);
  uint32_t added = s->wide ? ((WideSum *)pool_at(pool, s->wide))->added : 0;
  wide_add(&w, x, times);
  if (added >= LAZY) {
    wide_settle(&w);
    added = 0;
  }
  store(s, pool, &w, added + 1);
}

static void add_whole(ExactSum *s, Pool *pool, int64_t whole) {
  Wide w;
  load(s, pool, &w);
  wide_add_fixed(&w, (Fixed){whole, 0}, 1);
  wide_settle(&w);
  store(s, pool, &w, 1);
}

static void add_fixed(ExactSum *s, Pool *pool, Fixed f, int times) {
  Fixed *to = &s->small;
  int64_t whole = times < 0 ? -f.whole : f.whole, sum;
  to->parts += times < 0 ? -f.parts : f.parts;
  if (to->parts >= FIXED_ONE) to->parts -= FIXED_ONE, whole++;
  if (to->parts < 0) to->parts += FIXED_ONE, whole--;
  if (__builtin_add_overflow(to->whole, whole, &sum)) {
    add_whole(s, pool, to->whole);
    sum = whole;
  }
  to->whole = sum;
}

void sum_add(ExactSum *s, Pool *pool, const Texts *shared, NumberName x, int times) {
  Fixed f;
  if (number_fixed(x, &f)) {
    add_fixed(s, pool, f, times);
  } else {
    Number n = number_shared(shared, x);
    add_wide(s, pool, &n, times);
  }
}

void sum_clear(ExactSum *s, Pool *pool) {
  give_back(s, pool);
  s->small = (Fixed){0};
}

void sum_at(const ExactSum *s, const Pool *pool, Wide *w) {
  load(s, pool, w);
  wide_add_fixed(w, s->small, 1);
}

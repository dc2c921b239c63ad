/* SPDX-License-Identifier: MIT */
#include "runtime/correlate/numbers.h"

enum { PLACES_BITS = 5, ELSEWHERE = 31, MOST_PLACES = 18, MOST_DIGITS = 18 };
#define MOST_AT_HAND (INT64_C(1) << (63 - PLACES_BITS))

static const int64_t power_of_10[MOST_PLACES + 1] = {1,
                                                     10,
                                                     100,
                                                     1000,
                                                     10000,
                                                     100000,
                                                     1000000,
                                                     10000000,
                                                     100000000,
                                                     1000000000,
                                                     10000000000,
                                                     100000000000,
                                                     1000000000000,
                                                     10000000000000,
                                                     100000000000000,
                                                     1000000000000000,
                                                     10000000000000000,
                                                     100000000000000000,
                                                     FIXED_ONE};

static int places_of(NumberName x) { return (int)((uint64_t)x & ELSEWHERE); }
static int64_t digits_of(NumberName x) { return (x - places_of(x)) / (1 << PLACES_BITS); }

/* As digits and how many of these stand behind the point, the least that do; false where that is too much for a name. */
static bool at_hand(const Decimal *d, NumberName *out) {
  *out = 0;
  if (!d->n) return true;
  bool point = memchr(d->p, '.', d->n) != NULL;
  int64_t n = (int64_t)d->n - point, last = d->exp - n; /* place of the last digit */
  if (d->exp > MOST_DIGITS || last < -MOST_PLACES || n > MOST_DIGITS) return false;
  int64_t v = 0;
  for (uint32_t i = 0; i < d->n; i++)
    if (d->p[i] != '.') v = v * 10 + (d->p[i] - '0');
  if (last > 0) v *= power_of_10[last];
  if (v >= MOST_AT_HAND) return false;
  *out = (d->negative ? -v : v) * (1 << PLACES_BITS) + (last < 0 ? -last : 0);
  return true;
}

bool number_fixed(NumberName x, Fixed *out) {
  int places = places_of(x);
  if (places == ELSEWHERE) return false;
  int64_t digits = digits_of(x), one = power_of_10[places], rest = digits % one;
  *out = (Fixed){digits / one, rest * (FIXED_ONE / one)};
  if (rest < 0) *out = (Fixed){out->whole - 1, out->parts + FIXED_ONE};
  return true;
}

bool fixed_of_decimal(Fixed *out, const Decimal *d) {
  NumberName x;
  return at_hand(d, &x) && number_fixed(x, out);
}

bool numbers_take(Texts *shared, Str text, NumberName *out) {
  Decimal d;
  Number number;
  if (!decimal_parse(&d, text)) return false;
  if (at_hand(&d, out)) return true;
  if (!number_of_decimal(&number, &d)) return false;
  TextName name = texts_take(shared, (Str){(const char *)&number, number_bytes(&number)});
  *out = (NumberName)name << PLACES_BITS | ELSEWHERE;
  return true;
}

static TextName elsewhere(NumberName x) { return places_of(x) == ELSEWHERE ? (TextName)((uint64_t)x >> PLACES_BITS) : 0; }

void numbers_drop(Texts *shared, NumberName x) {
  if (elsewhere(x)) texts_drop(shared, elsewhere(x));
}

void wide_add_fixed(Wide *w, Fixed f, int64_t times) {
  int64_t whole = f.whole;
  for (int at = 0; whole; at++, whole /= WIDE_BASE) wide_add_limb(w, at, whole % WIDE_BASE * times);
  if (!f.parts) return;
  wide_add_limb(w, -2, f.parts % WIDE_BASE * times);
  wide_add_limb(w, -1, f.parts / WIDE_BASE * times);
}

Number number_shared(const Texts *shared, NumberName x) {
  Number n;
  Str bytes = texts_at(shared, elsewhere(x));
  memcpy(&n, bytes.p, bytes.n);
  return n;
}

void wide_add_name(Wide *w, const Texts *shared, NumberName x, int64_t times) {
  Fixed f;
  if (number_fixed(x, &f)) {
    wide_add_fixed(w, f, times);
  } else {
    Number n = number_shared(shared, x);
    wide_add(w, &n, times);
  }
}

int numbers_cmp(const Texts *shared, NumberName a, NumberName b) {
  Fixed x, y;
  if (a == b) return 0;
  if (places_of(a) == places_of(b) && places_of(a) != ELSEWHERE) return a < b ? -1 : 1;
  if (number_fixed(a, &x) && number_fixed(b, &y)) return fixed_cmp(x, y);
  Wide w;
  wide_zero(&w);
  wide_add_name(&w, shared, a, 1);
  wide_add_name(&w, shared, b, -1);
  return wide_settle(&w);
}

void numbers_print(const Texts *shared, NumberName x, Buf *out) {
  Wide w;
  wide_zero(&w);
  wide_add_name(&w, shared, x, 1);
  wide_settle(&w);
  wide_print(&w, true, out);
}

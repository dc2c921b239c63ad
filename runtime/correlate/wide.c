/* SPDX-License-Identifier: MIT */
#include "runtime/correlate/wide.h"

static int limb_of(int64_t place) { return (int)(place >= 0 ? place / 9 : -((8 - place) / 9)); }

static const uint32_t power_of_10[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

bool number_of_decimal(Number *out, const Decimal *d) {
  *out = (Number){.negative = d->n && d->negative};
  uint32_t digits = d->n;
  if (!digits) return true;
  /* A point among the digits is no digit; it stands behind one of those before it. */
  if (memchr(d->p, '.', d->n)) digits--;
  if (d->exp > LIMIT_CORRELATION_DIGITS || d->exp - (int64_t)digits < -LIMIT_CORRELATION_DIGITS) return false;
  int low = limb_of(d->exp - (int64_t)digits);
  int64_t place = d->exp;
  for (uint32_t i = 0; i < d->n; i++) {
    if (d->p[i] == '.') continue;
    int at = limb_of(--place);
    out->limb[at - low] += (uint32_t)(d->p[i] - '0') * power_of_10[place - at * 9];
  }
  out->low = (int16_t)low;
  out->n = (uint8_t)(limb_of(d->exp - 1) - low + 1);
  return true;
}

void wide_add_limb(Wide *w, int at, int64_t value) {
  if (w->low == w->high) w->low = w->high = at;
  while (at < w->low) w->limb[--w->low - WIDE_LOW] = 0;
  while (at >= w->high) w->limb[w->high++ - WIDE_LOW] = 0;
  w->limb[at - WIDE_LOW] += value;
}

void wide_add(Wide *w, const Number *x, int64_t times) {
  if (x->negative) times = -times;
  for (unsigned i = 0; i < x->n; i++) wide_add_limb(w, x->low + (int)i, x->limb[i] * times);
}

/* Carries up; what is left over behind the top limb is returned: 0, or -1 where the number is negative. */
static int64_t carry(Wide *w) {
  int64_t over = 0;
  for (int i = w->low; i < w->high || (over != 0 && over != -1); i++) {
    if (i == w->high) w->limb[w->high++ - WIDE_LOW] = 0;
    int64_t v = w->limb[i - WIDE_LOW] + over;
    over = v / WIDE_BASE;
    v %= WIDE_BASE;
    if (v < 0) v += WIDE_BASE, over--;
    w->limb[i - WIDE_LOW] = v;
  }
  return over;
}

static void trim(Wide *w) {
  while (w->low < w->high && !w->limb[w->high - 1 - WIDE_LOW]) w->high--;
  while (w->low < w->high && !w->limb[w->low - WIDE_LOW]) w->low++;
}

int wide_settle(Wide *w) {
  int64_t over = carry(w);
  w->negative = over < 0;
  if (over < 0) {
    wide_add_limb(w, w->high, over);
    for (int i = w->low; i < w->high; i++) w->limb[i - WIDE_LOW] = -w->limb[i - WIDE_LOW];
    carry(w);
  }
  trim(w);
  return w->low == w->high ? 0 : w->negative ? -1 : 1;
}

/* The quotient begins at most ten digits below the top limb, and 17 are wanted, with one more to round by; six places behind the point;
 * and two limbs more than the number itself has, for quotients that end there. */
static void make_room(Wide *w) {
  int low = w->low - 2;
  if (w->high - 5 < low) low = w->high - 5;
  if (low > -1) low = -1;
  wide_add_limb(w, low, 0);
}

bool wide_divide(Wide *w, uint64_t by) {
  if (w->low == w->high) return true;
  make_room(w);
  uint64_t rest = 0;
  for (int i = w->high - 1; i >= w->low; i--) {
    uint64_t v = rest * WIDE_BASE + (uint64_t)w->limb[i - WIDE_LOW];
    w->limb[i - WIDE_LOW] = (int64_t)(v / by);
    rest = v % by;
  }
  if (!rest) trim(w);
  else
    while (!w->limb[w->high - 1 - WIDE_LOW]) w->high--;
  return rest == 0;
}

/* --- text ------------------------------------------------------------------------------------------------------- */

/* Digits without zeros at the beginning; the first one is that of 10^(top - 1). One more in front, for a carry. */
typedef struct {
  char digit[1 + WIDE_LIMBS * 9];
  int n, top;
} Digits;

static void digits_of(Digits *d, const Wide *w) {
  d->n = 0;
  d->top = w->high * 9;
  for (int i = w->high - 1; i >= w->low; i--)
    for (int k = 8; k >= 0; k--) {
      char c = (char)('0' + w->limb[i - WIDE_LOW] / power_of_10[k] % 10);
      if (d->n || c != '0') d->digit[d->n++] = c;
      else d->top--;
    }
}

static void trim_digits(Digits *d) {
  while (d->n && d->digit[d->n - 1] == '0') d->n--;
}

/* To the first `keep` digits; there is something behind the last, so half of it is more than half. */
static void round_digits(Digits *d, int keep) {
  if (keep >= d->n) return;
  bool up = d->digit[keep] >= '5';
  d->n = keep;
  while (up && d->n && d->digit[d->n - 1] == '9') d->n--;
  if (up && d->n) {
    d->digit[d->n - 1]++;
  } else if (up) {
    d->digit[0] = '1';
    d->n = 1;
    d->top++;
  }
}

static void print_scientific(const Digits *d, Buf *out) {
  buf_char(out, d->digit[0]);
  if (d->n > 1) buf_char(out, '.');
  buf_bytes(out, d->digit + 1, (size_t)d->n - 1);
  buf_printf(out, "e%+d", d->top - 1);
}

static void print_plain(const Digits *d, Buf *out) {
  if (d->top <= 0) buf_str(out, STR("0."));
  for (int i = d->top; i < 0; i++) buf_char(out, '0');
  for (int i = 0; i < d->n; i++) {
    if (i && i == d->top) buf_char(out, '.');
    buf_char(out, d->digit[i]);
  }
  for (int i = d->n; i < d->top; i++) buf_char(out, '0');
}

void wide_print(const Wide *w, bool exact, Buf *out) {
  enum { DIGITS = 17, PLACES = 6, MOST_ZEROS_AFTER = 20, MOST_ZEROS_BEFORE = 5 };
  Digits d;
  digits_of(&d, w);
  if (!exact) round_digits(&d, d.top + PLACES > DIGITS ? d.top + PLACES : DIGITS);
  trim_digits(&d);
  if (!d.n) {
    buf_char(out, '0');
    return;
  }
  if (w->negative) buf_char(out, '-');
  if (d.top < -MOST_ZEROS_BEFORE || d.top - d.n > MOST_ZEROS_AFTER) print_scientific(&d, out);
  else print_plain(&d, out);
}

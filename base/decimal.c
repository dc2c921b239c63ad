/* SPDX-License-Identifier: MIT */
#include "base/decimal.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXP_LIMIT = 1000000000 }; /* beyond what any spelling that fits in memory can tell apart in practice */

static size_t skip_digits(Str s, size_t i) {
  while (i < s.n && ascii_digit(s.p[i])) i++;
  return i;
}

/* Reads `[eE][+-]?digits` at i; *exp gets the saturated value. Returns the end, or 0 where there is none. */
static size_t read_exponent(Str s, size_t i, int64_t *exp) {
  if (i >= s.n || (s.p[i] != 'e' && s.p[i] != 'E')) return 0;
  i++;
  bool minus = i < s.n && s.p[i] == '-';
  if (i < s.n && (s.p[i] == '-' || s.p[i] == '+')) i++;
  size_t end = skip_digits(s, i);
  if (end == i) return 0;
  int64_t e = 0;
  for (; i < end; i++)
    if (e < EXP_LIMIT) e = e * 10 + (s.p[i] - '0');
  *exp = minus ? -e : e;
  return end;
}

bool decimal_parse(Decimal *out, Str s) {
  size_t i = 0;
  bool negative = s.n && s.p[0] == '-';
  if (s.n && (s.p[0] == '-' || s.p[0] == '+')) i++;
  size_t start = i, dot = skip_digits(s, i), end = dot;
  if (dot == start) return false;
  if (end < s.n && s.p[end] == '.') {
    size_t frac = skip_digits(s, end + 1);
    if (frac == end + 1) return false;
    end = frac;
  }
  int64_t exp = 0;
  size_t digits_end = end;
  if (end < s.n) {
    end = read_exponent(s, end, &exp);
    if (end != s.n) return false;
  }
  while (start < digits_end && (s.p[start] == '0' || s.p[start] == '.')) start++;
  while (digits_end > start && (s.p[digits_end - 1] == '0' || s.p[digits_end - 1] == '.')) digits_end--;
  *out = (Decimal){.p = s.p + start, .n = (uint32_t)(digits_end - start), .negative = negative};
  if (digits_end == start) {
    *out = (Decimal){.p = s.p};
    return true;
  }
  /* The point stands after s.p[dot - 1]; the first digit at `start` is before or behind it. */
  int64_t shift = start < dot ? (int64_t)(dot - start) : -(int64_t)(start - dot - 1);
  out->exp = exp + shift;
  return true;
}

/* The digit at *i, skipping the point; '0' past the end. */
static char next_digit(const Decimal *d, uint32_t *i) {
  if (*i < d->n && d->p[*i] == '.') ++*i;
  return *i < d->n ? d->p[(*i)++] : '0';
}

static int magnitude_cmp(const Decimal *a, const Decimal *b) {
  if (a->exp != b->exp) return a->exp < b->exp ? -1 : 1;
  for (uint32_t i = 0, j = 0; i < a->n || j < b->n;) {
    char x = next_digit(a, &i), y = next_digit(b, &j);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

int decimal_cmp(const Decimal *a, const Decimal *b) {
  int sa = a->n == 0 ? 0 : a->negative ? -1 : 1;
  int sb = b->n == 0 ? 0 : b->negative ? -1 : 1;
  if (sa != sb) return sa < sb ? -1 : 1;
  if (sa == 0) return 0;
  return sa * magnitude_cmp(a, b);
}

/* `0x` or `0o` and digits; 0 where it is not that. */
static int other_base(Str s) {
  if (s.n < 3 || s.p[0] != '0' || (s.p[1] != 'x' && s.p[1] != 'o')) return 0;
  int base = s.p[1] == 'x' ? 16 : 8;
  for (size_t i = 2; i < s.n; i++)
    if ((int)ascii_hex(s.p[i]) >= base) return 0;
  return base;
}

/* Digits of another base to decimal digits, by repeated multiply and add; the caller bounds the length. */
static Str convert_base(Str digits, int base, Arena *a) {
  char *d = arena_alloc(a, digits.n * 2 + 1); /* one hex digit is less than 1.3 decimal digits */
  size_t n = 1;                               /* d holds n digits, least significant first, as numbers */
  for (size_t i = 0; i < digits.n; i++) {
    int carry = (int)ascii_hex(digits.p[i]);
    for (size_t k = 0; k < n || carry; k++) {
      if (k == n) n++;
      int v = d[k] * base + carry;
      d[k] = (char)(v % 10);
      carry = v / 10;
    }
  }
  for (size_t k = 0; k < n / 2; k++) {
    char swap = d[k];
    d[k] = d[n - 1 - k];
    d[n - 1 - k] = swap;
  }
  for (size_t k = 0; k < n; k++) d[k] = (char)(d[k] + '0');
  return (Str){d, n};
}

bool decimal_canonical_int(Str *out, Str s, Arena *a) {
  enum { LONGEST = 256 }; /* as many hexadecimal digits as the largest double has */
  int base = other_base(s);
  if (base) {
    if (s.n - 2 > LONGEST) return false;
    *out = convert_base(str_from(s, 2), base, a);
    return true;
  }
  bool negative = s.n && s.p[0] == '-';
  size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
  if (i == s.n || skip_digits(s, i) != s.n) return false;
  while (i + 1 < s.n && s.p[i] == '0') i++;
  Str digits = str_from(s, i);
  *out = negative && !str_is(digits, "0") ? arena_printf(a, "-" STR_FMT, STR_ARG(digits)) : digits;
  return true;
}

/* `[-+]? ( . digits | digits ( . digits* )? ) ( [eE] [-+]? digits )?`  (YAML 1.2.2, 10.3.2) */
static bool float_syntax(Str s) {
  size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
  size_t whole = skip_digits(s, i), end = whole;
  if (end < s.n && s.p[end] == '.') {
    end = skip_digits(s, end + 1);
    if (whole == i && end == whole + 1) return false;
  } else if (whole == i) {
    return false;
  }
  int64_t exp;
  return end == s.n || read_exponent(s, end, &exp) == s.n;
}

bool decimal_syntax(Str s) { return float_syntax(s) || other_base(s); }

/* Digits and exponent of `%.*e` laid out without exponent; point_at is the number of digits before the point. */
static Str plain_layout(Arena *a, bool negative, const char *digits, int n, int point_at) {
  const char *sign = negative ? "-" : "";
  if (point_at <= 0) return arena_printf(a, "%s0.%0*d%.*s", sign, -point_at, 0, n, digits);
  if (point_at >= n) return arena_printf(a, "%s%.*s%.*s", sign, n, digits, point_at - n, "0000000000000000000000");
  return arena_printf(a, "%s%.*s.%.*s", sign, point_at, digits, n - point_at, digits + point_at);
}

/* strtod reads the decimal point of the locale, which the embedding program may have set. */
static double to_double(Str s, Arena *a) {
  size_t dot = str_find(s, STR("."), 0);
  if (dot == SIZE_MAX) return strtod(arena_cstr(a, s), NULL);
  Str tail = str_from(s, dot + 1);
  Str local = arena_printf(a, STR_FMT "%s" STR_FMT, (int)dot, s.p, localeconv()->decimal_point, STR_ARG(tail));
  return strtod(local.p, NULL);
}

bool decimal_canonical_float(Str *out, Str s, Arena *a) {
  if (!float_syntax(s)) return false;
  double v = to_double(s, a);
  if (!isfinite(v)) return false;
  if (v == 0) {
    *out = STR("0");
    return true;
  }
  char text[64];
  for (int precision = 0; precision < 17; precision++) {
    snprintf(text, sizeof text, "%.*e", precision, v);
    if (strtod(text, NULL) == v) break;
  }
  char digits[32];
  int n = 0;
  const char *p = text + (text[0] == '-');
  for (; *p && *p != 'e'; p++)
    if (ascii_digit(*p)) digits[n++] = *p;
  int exp = atoi(p + 1);
  while (n > 1 && digits[n - 1] == '0') n--;
  bool negative = v < 0;
  if (exp >= -6 && exp < 21) {
    if (exp == -1) *out = arena_printf(a, "%s0.%.*s", negative ? "-" : "", n, digits);
    else *out = plain_layout(a, negative, digits, n, exp + 1);
    return true;
  }
  *out = n > 1 ? arena_printf(a, "%s%c.%.*se%+d", negative ? "-" : "", digits[0], n - 1, digits + 1, exp)
               : arena_printf(a, "%s%ce%+d", negative ? "-" : "", digits[0], exp);
  return true;
}

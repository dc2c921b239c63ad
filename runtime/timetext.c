/* SPDX-License-Identifier: MIT */
#include "runtime/timetext.h"

typedef struct {
  Str s;
  size_t i;
  TimeText *t;
} Reader;

/* Exactly n digits, as a number of at most `most`; -1 where there is no such. */
static int digits(Reader *r, size_t n, int most) {
  if (r->s.n - r->i < n) return -1;
  int v = 0;
  for (size_t end = r->i + n; r->i < end; r->i++) {
    if (!ascii_digit(r->s.p[r->i])) return -1;
    v = v * 10 + (r->s.p[r->i] - '0');
  }
  return v <= most ? v : -1;
}

static bool skip(Reader *r, char c) {
  if (r->i == r->s.n || r->s.p[r->i] != c) return false;
  r->i++;
  return true;
}

/* The same for a character of the loose forms only. */
static bool skip_loose(Reader *r, char c) {
  bool there = skip(r, c);
  r->t->loose |= there;
  return there;
}

static bool at_digit(const Reader *r) { return r->i < r->s.n && ascii_digit(r->s.p[r->i]); }

static bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int time_days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

static bool read_date(Reader *r) {
  TimeText *t = r->t;
  t->year = digits(r, 4, 9999);
  if (t->year < 0) return false;
  bool slash = skip_loose(r, '/');
  if (!slash && !skip(r, '-')) return false;
  t->month = digits(r, 2, 12);
  if (t->month < 1 || !skip(r, slash ? '/' : '-')) return false;
  t->day = digits(r, 2, 31);
  return t->day >= 1 && t->day <= time_days_in(t->year, t->month);
}

static bool read_seconds(Reader *r) {
  r->t->second = digits(r, 2, 60);
  if (r->t->second < 0) return false;
  if (!skip(r, '.') && !skip_loose(r, ',')) return true;
  if (!at_digit(r)) return false;
  for (uint32_t unit = 100000000; at_digit(r); r->i++, unit /= 10) r->t->nanos += unit * (uint32_t)(r->s.p[r->i] - '0');
  return true;
}

static bool read_offset(Reader *r) {
  bool east = skip(r, '+');
  if (!east && !skip(r, '-')) return false;
  int hours = digits(r, 2, 23), minutes = 0;
  if (hours < 0) return false;
  if (skip(r, ':') || at_digit(r)) {
    r->t->loose |= r->s.p[r->i - 1] != ':';
    minutes = digits(r, 2, 59);
  } else {
    r->t->loose = true;
  }
  r->t->offset = (east ? 1 : -1) * (hours * 60 + minutes);
  return minutes >= 0;
}

static bool read_zone(Reader *r) {
  if (r->i == r->s.n || skip(r, 'Z')) return true;
  if (skip_loose(r, 'z')) return true;
  (void)skip_loose(r, ' ');
  if (str_is(str_from(r->s, r->i), "UTC")) {
    r->t->loose = true;
    r->i = r->s.n;
    return true;
  }
  return read_offset(r);
}

static bool read_clock(Reader *r) {
  TimeText *t = r->t;
  t->hour = digits(r, 2, 23);
  if (t->hour < 0 || !skip(r, ':')) return false;
  t->minute = digits(r, 2, 59);
  if (t->minute < 0) return false;
  if (skip(r, ':') && !read_seconds(r)) return false;
  return read_zone(r);
}

bool time_text_read(TimeText *out, Str text) {
  Reader r = {.s = text, .t = out};
  *out = (TimeText){.hour = -1, .minute = -1};
  if (!read_date(&r)) return false;
  if (r.i == text.n) return true;
  if (!skip(&r, 'T') && !skip(&r, ' ') && !skip_loose(&r, 't')) return false;
  return read_clock(&r) && r.i == text.n;
}

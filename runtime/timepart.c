/* SPDX-License-Identifier: MIT */
#include "runtime/timepart.h"

typedef struct {
  int year, month, day;
  int hour, minute; /* -1 in a bare date */
} Time;

/* Exactly n digits at *i, as a number of at most `most`; -1 where there is no such. */
static int digits(Str s, size_t *i, size_t n, int most) {
  if (s.n - *i < n) return -1;
  int v = 0;
  for (size_t end = *i + n; *i < end; ++*i) {
    if (!ascii_digit(s.p[*i])) return -1;
    v = v * 10 + (s.p[*i] - '0');
  }
  return v <= most ? v : -1;
}

static bool skip(Str s, size_t *i, char c) {
  if (*i == s.n || s.p[*i] != c) return false;
  ++*i;
  return true;
}

static bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap(year));
}

static bool read_date(Time *t, Str s, size_t *i) {
  t->year = digits(s, i, 4, 9999);
  if (t->year < 0 || !skip(s, i, '-')) return false;
  t->month = digits(s, i, 2, 12);
  if (t->month < 1 || !skip(s, i, '-')) return false;
  t->day = digits(s, i, 2, 31);
  return t->day >= 1 && t->day <= days_in(t->year, t->month);
}

static bool read_seconds(Str s, size_t *i) {
  if (digits(s, i, 2, 60) < 0) return false; /* 60: leap seconds are written so */
  if (!skip(s, i, '.')) return true;
  size_t start = *i;
  while (*i < s.n && ascii_digit(s.p[*i])) ++*i;
  return *i > start;
}

static bool read_offset(Str s, size_t *i) {
  if (*i == s.n || skip(s, i, 'Z')) return true;
  if (!skip(s, i, '+') && !skip(s, i, '-')) return false;
  return digits(s, i, 2, 23) >= 0 && skip(s, i, ':') && digits(s, i, 2, 59) >= 0;
}

static bool read_clock(Time *t, Str s, size_t *i) {
  t->hour = digits(s, i, 2, 23);
  if (t->hour < 0 || !skip(s, i, ':')) return false;
  t->minute = digits(s, i, 2, 59);
  if (t->minute < 0) return false;
  if (skip(s, i, ':') && !read_seconds(s, i)) return false;
  return read_offset(s, i);
}

static bool read_time(Time *t, Str s) {
  size_t i = 0;
  *t = (Time){.hour = -1, .minute = -1};
  if (!read_date(t, s, &i)) return false;
  if (i == s.n) return true;
  if (!skip(s, &i, 'T') && !skip(s, &i, ' ')) return false;
  return read_clock(t, s, &i) && i == s.n;
}

static int day_of_year(const Time *t) {
  int n = t->day;
  for (int m = 1; m < t->month; m++) n += days_in(t->year, m);
  return n;
}

/* Weekday of 31 December, 0 is Sunday: a year of 365 days moves it by one, a leap day by one more. */
static int last_weekday(int year) { return (year + year / 4 - year / 100 + year / 400) % 7; }

/* A year has 53 weeks when it ends on a Thursday or begins on one. */
static int weeks_in(int year) { return last_weekday(year) == 4 || last_weekday(year - 1) == 3 ? 53 : 52; }

/* ISO 8601: weeks begin on Monday, week 1 is the one with the first Thursday of the year. */
static int iso_week(const Time *t) {
  /* Year 0 has no year before it here; the calendar repeats after 400 years, weekdays included. */
  int year = t->year + 400;
  int weekday = (last_weekday(year - 1) + day_of_year(t) + 6) % 7; /* 0 is Monday */
  int week = (day_of_year(t) - 1 - weekday + 10) / 7;
  if (week == 0) return weeks_in(year - 1);
  return week > weeks_in(year) ? 1 : week;
}

bool time_part_of(int *out, Str text, TimePart part) {
  Time t;
  if (!read_time(&t, text)) return false;
  switch (part) {
  case TIME_MINUTE: *out = t.minute; break;
  case TIME_HOUR: *out = t.hour; break;
  case TIME_DAY: *out = t.day; break;
  case TIME_WEEK: *out = iso_week(&t); break;
  case TIME_MONTH: *out = t.month; break;
  case TIME_YEAR: *out = t.year; break;
  case TIME_PART_COUNT: return false;
  }
  return *out >= 0;
}

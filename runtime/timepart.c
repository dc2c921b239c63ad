/* SPDX-License-Identifier: MIT */
#include "runtime/timepart.h"

#include "runtime/timetext.h"

static int day_of_year(const TimeText *t) {
  int n = t->day;
  for (int m = 1; m < t->month; m++) n += time_days_in(t->year, m);
  return n;
}

/* Weekday of 31 December, 0 is Sunday: a year of 365 days moves it by one, a leap day by one more. */
static int last_weekday(int year) { return (year + year / 4 - year / 100 + year / 400) % 7; }

/* A year has 53 weeks when it ends on a Thursday or begins on one. */
static int weeks_in(int year) { return last_weekday(year) == 4 || last_weekday(year - 1) == 3 ? 53 : 52; }

/* ISO 8601: weeks begin on Monday, week 1 is the one with the first Thursday of the year. */
static int iso_week(const TimeText *t) {
  /* Year 0 has no year before it here; the calendar repeats after 400 years, weekdays included. */
  int year = t->year + 400;
  int weekday = (last_weekday(year - 1) + day_of_year(t) + 6) % 7; /* 0 is Monday */
  int week = (day_of_year(t) - 1 - weekday + 10) / 7;
  if (week == 0) return weeks_in(year - 1);
  return week > weeks_in(year) ? 1 : week;
}

bool time_part_of(int *out, Str text, TimePart part) {
  TimeText t;
  if (!time_text_read(&t, text) || t.loose) return false;
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

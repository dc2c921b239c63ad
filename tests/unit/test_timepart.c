/* SPDX-License-Identifier: MIT
 * Parts of times (semantics 9.16). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/timepart.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(timepart, parts) {
  enum { NONE = -1 };
  static const struct {
    const char *text;
    int parts[TIME_PART_COUNT]; /* minute, hour, day, week, month, year */
  } cases[] = {
    {"2024-03-07", {NONE, NONE, 7, 10, 3, 2024}},
    {"2024-03-07T23:45", {45, 23, 7, 10, 3, 2024}},
    {"2024-03-07T23:45:10Z", {45, 23, 7, 10, 3, 2024}},
    {"2024-03-07 01:45:00", {45, 1, 7, 10, 3, 2024}},
    {"2024-03-07T23:45:10.123456789012345678901234567890Z", {45, 23, 7, 10, 3, 2024}},
    {"2024-03-07T23:45:10.1+02:00", {45, 23, 7, 10, 3, 2024}},
    {"2024-03-07T00:00-05:30", {0, 0, 7, 10, 3, 2024}},
    {"2024-03-07 00:00Z", {0, 0, 7, 10, 3, 2024}},
    {"2024-03-07T23:59:60Z", {59, 23, 7, 10, 3, 2024}},
    {"2024-03-07T23:59+23:59", {59, 23, 7, 10, 3, 2024}},
    {"0000-01-01", {NONE, NONE, 1, 52, 1, 0}},
    {"0001-01-01", {NONE, NONE, 1, 1, 1, 1}},
    {"9999-12-31", {NONE, NONE, 31, 52, 12, 9999}},
    {"2024-02-29", {NONE, NONE, 29, 9, 2, 2024}},
    {"2000-02-29", {NONE, NONE, 29, 9, 2, 2000}},
    /* Weeks at the ends of years. */
    {"2005-01-01", {NONE, NONE, 1, 53, 1, 2005}},
    {"2005-12-31", {NONE, NONE, 31, 52, 12, 2005}},
    {"2007-01-01", {NONE, NONE, 1, 1, 1, 2007}},
    {"2008-12-29", {NONE, NONE, 29, 1, 12, 2008}},
    {"2010-01-03", {NONE, NONE, 3, 53, 1, 2010}},
    {"2010-01-04", {NONE, NONE, 4, 1, 1, 2010}},
    {"2020-12-31", {NONE, NONE, 31, 53, 12, 2020}},
    {"2021-01-03", {NONE, NONE, 3, 53, 1, 2021}},
    {"2024-12-30", {NONE, NONE, 30, 1, 12, 2024}},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    for (int p = 0; p < TIME_PART_COUNT; p++) {
      int got = NONE;
      bool good = time_part_of(&got, str_of(cases[i].text), (TimePart)p);
      cr_expect_eq(good, cases[i].parts[p] != NONE, "%s, part %d", cases[i].text, p);
      cr_expect(!good || got == cases[i].parts[p], "%s, part %d: %d", cases[i].text, p, got);
    }
}

Test(timepart, no_times) {
  static const char *const cases[] = {
    "",
    "45",
    "1709855110",
    "2024",
    "2024-03",
    "2024-3-7",
    "2024-03-7",
    "24-03-07",
    "02024-03-07",
    "2024-03-07T",
    "2024-03-07 ",
    "2024-03-07Z",
    "2024-03-07T23",
    "2024-03-07T23:4",
    "2024-03-07T2:45",
    "2024-03-07T23:45:",
    "2024-03-07T23:45:1",
    "2024-03-07T23:45:10.",
    "2024-03-07T23:45:10.Z",
    "2024-03-07T23:45:10,5",
    "2024-03-07T23:45.5",
    "2024-03-07T23:45:10ZZ",
    "2024-03-07T23:45:10z",
    "2024-03-07t23:45:10Z",
    "2024-03-07T23:45:10 Z",
    "2024-03-07T23:45:10+2",
    "2024-03-07T23:45:10+02",
    "2024-03-07T23:45:10+0200",
    "2024-03-07T23:45:10+02:0",
    "2024-03-07T23:45:10+24:00",
    "2024-03-07T23:45:10+02:60",
    "2024-03-07T23:45:10+",
    "2024-03-07T23:45:10+02:00Z",
    "2024-03-07T24:00",
    "2024-03-07T23:60",
    "2024-03-07T23:45:61",
    "2024-03-07  23:45",
    "2024-03-07\t23:45",
    " 2024-03-07",
    "2024-03-07\n",
    "2024/03/07",
    "07-03-2024",
    "20240307",
    "2024-00-07",
    "2024-13-07",
    "2024-03-00",
    "2024-03-32",
    "2024-04-31",
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "2100-02-29",
    "2024-06-31",
    "2024-09-31",
    "2024-11-31",
    "-024-03-07",
    "+2024-03-07",
    "2024-+3-07",
    "2024-W10-4",
    "2024-067",
    "2024-03-07T-1:45",
    "2024-03-07T23:45:10\342\210\22202:00",
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    int out;
    cr_expect(!time_part_of(&out, str_of(cases[i]), TIME_YEAR), "'%s'", cases[i]);
  }
  int out;
  cr_expect(!time_part_of(&out, STR("2024-03-07\0"), TIME_YEAR) && !time_part_of(&out, (Str){0}, TIME_YEAR));
  cr_expect(!time_part_of(&out, STR("2024-03-07"), TIME_PART_COUNT));
}

/* Every day of four hundred years and more against the C library. */
Test(timepart, weeks_of_all_days) {
  struct tm tm = {.tm_year = 1890 - 1900, .tm_mon = 0, .tm_mday = 1, .tm_hour = 12};
  for (int day = 0; day < 420 * 365; day++) {
    time_t t = mktime(&tm);
    (void)t;
    char text[32], week[8];
    strftime(text, sizeof text, "%Y-%m-%d", &tm);
    strftime(week, sizeof week, "%V", &tm);
    int got = 0, month = 0;
    if (!time_part_of(&got, str_of(text), TIME_WEEK) || !time_part_of(&month, str_of(text), TIME_MONTH))
      cr_assert_fail("%s is a day", text);
    if (got != atoi(week) || month != tm.tm_mon + 1) cr_assert_fail("%s: week %d, not %s", text, got, week);
    tm.tm_mday++;
  }
}

/* Of all texts of this form exactly the days of the calendar are times. */
Test(timepart, every_date) {
  int good = 0;
  for (int year = 1999; year < 2399; year++)
    for (int month = 0; month < 14; month++)
      for (int day = 0; day < 33; day++) {
        char text[64];
        int out;
        snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        good += time_part_of(&out, str_of(text), TIME_DAY);
      }
  cr_expect_eq(good, 146097, "days in 400 years: %d", good);
}

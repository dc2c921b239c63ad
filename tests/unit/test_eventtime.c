/* SPDX-License-Identifier: MIT
 * Times of events: texts, numbers, fields. tests/cli/times.py compares many more with another calendar. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "runtime/event_json.h"
#include "runtime/eventtime.h"
#include "runtime/timepart.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool prints_as(EventTime t, const char *expected) {
  char text[EVENT_TIME_ROOM];
  size_t n = event_time_print(text, t);
  bool same = n == strlen(text) && strcmp(text, expected) == 0;
  if (!same) cr_log_error("%s, not %s", text, expected);
  return same;
}

Test(eventtime, texts) {
  static const struct {
    const char *text, *shown;
  } cases[] = {
    {"1970-01-01", "1970-01-01T00:00:00Z"},
    {"0001-01-01T00:00Z", "0001-01-01T00:00:00Z"},
    {"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"},
    {"2024-02-29 23:59:60", "2024-03-01T00:00:00Z"},
    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
    {"2024-03-01T00:30+01:00", "2024-02-29T23:30:00Z"},
    {"2024-02-29T23:30:00-0100", "2024-03-01T00:30:00Z"},
    {"2024-03-01T00:30 +01", "2024-02-29T23:30:00Z"},
    {"2024/03/01 00:30:01,5 UTC", "2024-03-01T00:30:01.500Z"},
    {"2024-03-01t00:30:01.000000001z", "2024-03-01T00:30:01.000000001Z"},
    {"2024-03-01T00:30:01.9999999999Z", "2024-03-01T00:30:01.999999999Z"},
    {"2024-03-01T00:30:01.123456000Z", "2024-03-01T00:30:01.123456Z"},
    {"100000000", "1973-03-03T09:46:40Z"},
    {"1591367999.305988", "2020-06-05T14:39:59.305988Z"},
    {"1591367999305", "2020-06-05T14:39:59.305Z"},
    {"1591367999305988", "2020-06-05T14:39:59.305988Z"},
    {"1591367999305988001", "2020-06-05T14:39:59.305988001Z"},
    {"1.591367999e9", "2020-06-05T14:39:59Z"},
    {"253402300799.999999999", "9999-12-31T23:59:59.999999999Z"},
    {"/Date(0)/", "1970-01-01T00:00:00Z"},
    {"/Date(1549577999001)/", "2019-02-07T22:19:59.001Z"},
    {"/Date(1549577999001+0200)/", "2019-02-07T22:19:59.001Z"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    EventTime t;
    cr_expect(event_time_read(&t, str_of(cases[i].text)) && prints_as(t, cases[i].shown), "%s", cases[i].text);
  }
}

Test(eventtime, no_times) {
  static const char *const cases[] = {
    "",
    "now",
    "yesterday",
    "0",
    "12.5",
    "20240501",
    "99999999.9",
    "-1591367999",
    "253402300800",
    "999999999999",
    "132223104000000000", /* a Windows FILETIME */
    "99999999999999999999",
    "1e999999999",
    "0x5EDA4B3F",
    "05/01/2024",
    "01-05-2024",
    "2024/05-01",
    "2024-05/01",
    "0000-12-31",
    "0001-01-01T00:00+00:01",
    "9999-12-31T23:59:60Z",
    "9999-12-31T23:59-00:01",
    "2024-05-01T24:00",
    "2024-05-01 ",
    "2024-05-01T08:00 ",
    "2024-05-01T08:00  UTC",
    "2024-05-01T08:00 utc",
    "2024-05-01T08:00 CEST",
    "2024-05-01T08:00+2",
    "2024-05-01T08:00+020",
    "2024-05-01T08:00+02000",
    "2024-05-01T08:00:00,",
    "2024-05-01T08:00:00.1.2",
    "2024-05-01T08:00 Z",
    "/Date()/",
    "/Date(/",
    "/Date(-1)/",
    "/Date(1.5)/",
    "/Date(253402300800000)/",
    "/Date(9999999999999999)/",
    "/Date(1+02)/",
    "/Date(1+02:00)/",
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    EventTime t;
    cr_expect(!event_time_read(&t, str_of(cases[i])), "'%s'", cases[i]);
  }
  EventTime t;
  cr_expect(!event_time_read(&t, (Str){0}) && !event_time_read(&t, STR("2024-05-01\0")));
}

/* What only log sources write is no time text of rules. */
Test(eventtime, time_parts_stay_strict) {
  static const char *const loose[] = {"2024/05/01",
                                      "2024-05-01t08:00",
                                      "2024-05-01T08:00z",
                                      "2024-05-01T08:00:00,5",
                                      "2024-05-01T08:00+0200",
                                      "2024-05-01T08:00 +02:00",
                                      "2024-05-01T08:00 UTC",
                                      "2024-05-01T08:00-02"};
  for (size_t i = 0; i < COUNT(loose); i++) {
    EventTime t;
    int year;
    cr_expect(event_time_read(&t, str_of(loose[i])) && !time_part_of(&year, str_of(loose[i]), TIME_YEAR), "%s", loose[i]);
  }
}

Test(eventtime, order_and_sums) {
  EventTime a = {5, 999999999}, b = {6, 0}, first, last;
  cr_expect(event_time_cmp(a, b) < 0 && event_time_cmp(b, a) > 0 && event_time_cmp(a, a) == 0);
  cr_expect(event_time_cmp(a, (EventTime){5, 999999998}) > 0);
  cr_assert(event_time_read(&first, STR("0001-01-01")) && event_time_read(&last, STR("9999-12-31T23:59:59")));
  int64_t all = last.seconds - first.seconds;
  cr_expect(event_time_add(&first, all) && event_time_cmp(first, last) == 0);
  cr_expect(!event_time_add(&last, 1) && !event_time_add(&b, -9999999999 * 604800) && !event_time_add(&b, INT64_MIN));
}

/* Every day there is, one after the other. */
Test(eventtime, every_day) {
  Arena a = {0};
  EventTime t = {0}, before = {-62135596800 - 86400, 0};
  for (int year = 1; year <= 9999; year++)
    for (int month = 1; month <= 12; month++)
      for (int day = 1; day <= 31; day++) {
        arena_reset(&a);
        Str text = arena_printf(&a, "%04d-%02d-%02dT00:00:00Z", year, month, day);
        if (!event_time_read(&t, text)) {
          if (day < 29) cr_assert_fail("%s is a day", text.p);
          continue;
        }
        if (t.seconds != before.seconds + 86400) cr_assert_fail("%s does not follow the day before", text.p);
        if (!prints_as(t, text.p)) cr_assert_fail("%s", text.p);
        before = t;
      }
  cr_expect_eq(before.seconds, 253402300799 - 86399);
  arena_free(&a);
}

Test(eventtime, fields) {
  static const struct {
    const char *event, *shown; /* NULL: none */
    Str named;
  } cases[] = {
    {"{}", NULL, {0}},
    {"{\"@timestamp\":\"2024-05-01\"}", "2024-05-01T00:00:00Z", {0}},
    {"{\"time\":\"2024-05-02\",\"@timestamp\":\"2024-05-01\"}", "2024-05-01T00:00:00Z", {0}},
    {"{\"time\":\"2024-05-02\",\"@timestamp\":\"-\"}", "2024-05-02T00:00:00Z", {0}},
    {"{\"time\":true,\"ts\":{},\"published\":null}", NULL, {0}},
    {"{\"ts\":[1,[1714521600]]}", "2024-05-01T00:00:00Z", {0}},
    {"{\"Event\":{\"System\":{\"TimeCreated_attributes\":{\"SystemTime\":\"2024-05-01T00:00:00.000000Z\"}}}}",
     "2024-05-01T00:00:00Z",
     {0}},
    {"{\"Event.System\":{\"TimeCreated.SystemTime\":\"2024-05-01\"}}", "2024-05-01T00:00:00Z", {0}},
    {"{\"@timestamp\":\"2024-05-01\",\"x\":{\"y\":1714608000}}", "2024-05-02T00:00:00Z", STR_INIT("x.y")},
    {"{\"@timestamp\":\"2024-05-01\"}", NULL, STR_INIT("x.y")},
    {"{\"timestamp\":\"2024-05-01\"}", NULL, STR_INIT("Timestamp")},
  };
  Arena a = {0};
  KeyTable *keys = keys_new(&a);
  TimeFinder *finder = time_finder_new(keys, &a, &a);
  for (size_t i = 0; i < COUNT(cases); i++) {
    JsonError error;
    EventTime t;
    Value *root = event_json_read(str_of(cases[i].event), &a, &error);
    cr_assert(root, "%s", cases[i].event);
    keys_number(keys, root);
    bool found = event_time_find(finder, &t, root, &cases[i].named, cases[i].named.n > 0);
    cr_expect(found == (cases[i].shown != NULL) && (!found || prints_as(t, cases[i].shown)), "%s", cases[i].event);
  }
  arena_free(&a);
}

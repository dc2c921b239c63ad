/* SPDX-License-Identifier: MIT
 * A text as a time: what is read prints as a text that is read as the same, in the strict form and in order. */
#include <stdlib.h>

#include "runtime/eventtime.h"
#include "runtime/timepart.h"
#include "runtime/timetext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

static void check_time(EventTime t) {
  char shown[EVENT_TIME_ROOM];
  EventTime again, second = t;
  int year, day;
  Str text = {shown, event_time_print(shown, t)};
  demand(t.nanos < 1000000000 && text.n <= 30 && text.p[text.n - 1] == 'Z');
  demand(event_time_read(&again, text) && event_time_cmp(t, again) == 0);
  demand(time_part_of(&year, text, TIME_YEAR) && time_part_of(&day, text, TIME_DAY) && year >= 1 && day >= 1);
  if (event_time_add(&second, 1)) demand(event_time_cmp(t, second) < 0 && event_time_cmp(second, t) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = {(const char *)data, size};
  EventTime t;
  TimeText parts;
  int part;
  bool written = time_text_read(&parts, text);
  if (written)
    demand(parts.day >= 1 && parts.day <= time_days_in(parts.year, parts.month) && parts.second <= 60 && parts.nanos < 1000000000);
  demand(time_part_of(&part, text, TIME_YEAR) == (written && !parts.loose));
  if (event_time_read(&t, text)) check_time(t);
  return 0;
}

/* SPDX-License-Identifier: MIT */
#include "cli/timeopts.h"

#include <time.h>

static EventTime now(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (EventTime){t.tv_sec, (uint32_t)t.tv_nsec};
}

/* `-24h`: seconds before now, with the unit behind the number. */
static bool read_relative(EventTime *out, Str text) {
  static const struct {
    char unit;
    int64_t seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
  enum { UNITS = sizeof units / sizeof *units, MOST_DIGITS = 10 };
  int64_t n = 0;
  int u = 0;
  if (text.n < 3 || text.n > MOST_DIGITS + 2 || text.p[0] != '-') return false;
  for (size_t i = 1; i + 1 < text.n; i++) {
    if (!ascii_digit(text.p[i])) return false;
    n = n * 10 + (text.p[i] - '0');
  }
  while (u < UNITS && units[u].unit != text.p[text.n - 1]) u++;
  if (u == UNITS) return false;
  *out = now();
  return event_time_add(out, -n * units[u].seconds);
}

static bool read_time(bool *has, EventTime *out, const Args *args, const char *option) {
  *has = args_has(args, option);
  Str text = args_last(args, option, "");
  if (str_is(text, "now")) *out = now();
  else if (*has && !read_relative(out, text) && !event_time_read(out, text)) {
    usage_error(args, "--%s takes a time such as 2024-05-01, 2024-05-01T08:00:00Z, 1714521600, -24h or now, not `" STR_FMT "`",
                option, STR_ARG(text));
    return false;
  }
  return true;
}

bool time_options_read(TimeRange *range, const Args *args) {
  const StrList *fields = args_values(args, "timestamp-field");
  *range = (TimeRange){.fields = fields->p, .n_fields = fields->n};
  if (!read_time(&range->has_from, &range->from, args, "from") || !read_time(&range->has_to, &range->to, args, "to")) return false;
  if (range->has_from && range->has_to && event_time_cmp(range->from, range->to) >= 0)
    return usage_error(args, "--from must be before --to: events at --from are in, events at --to are not"), false;
  return true;
}

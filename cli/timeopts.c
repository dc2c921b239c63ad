/* SPDX-License-Identifier: MIT */
#include "cli/timeopts.h"

#include <time.h>

static bool read_time(bool *has, sigmac_time *out, const Args *args, const char *option) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  sigmac_time now = {t.tv_sec, (uint32_t)t.tv_nsec};
  *has = args_has(args, option);
  Str text = args_last(args, option, "");
  if (!*has || sigmac_time_read(out, str_out(text), &now)) return true;
  usage_error(args, "--%s takes a time such as 2024-05-01, 2024-05-01T08:00:00Z, 1714521600, -24h or now, not `" STR_FMT "`",
              option, STR_ARG(text));
  return false;
}

static bool is_before(sigmac_time a, sigmac_time b) {
  return a.seconds < b.seconds || (a.seconds == b.seconds && a.nanoseconds < b.nanoseconds);
}

bool time_options_read(TimeOptions *range, const Args *args) {
  const StrList *fields = args_values(args, "timestamp-field");
  *range = (TimeOptions){.fields = fields};
  if (!read_time(&range->has_from, &range->from, args, "from") || !read_time(&range->has_to, &range->to, args, "to")) return false;
  if (range->has_from && range->has_to && !is_before(range->from, range->to))
    return usage_error(args, "--from must be before --to: events at --from are in, events at --to are not"), false;
  return true;
}

void time_options_apply(const TimeOptions *range, sigmac_scanner *scanner) {
  for (uint32_t i = 0; i < range->fields->n; i++) checked(sigmac_scanner_add_time_field(scanner, str_out(range->fields->p[i])));
  sigmac_scanner_set_range(scanner, range->has_from ? &range->from : NULL, range->has_to ? &range->to : NULL);
}

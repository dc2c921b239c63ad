/* SPDX-License-Identifier: MIT */
#include "cli/correlationopts.h"

typedef struct {
  char letter;
  uint64_t factor;
} Unit;

/* A whole number above 0 that ends with one of the units; false where it is none, or above `most`. */
static bool read_amount(Str text, const Unit *units, uint64_t most, uint64_t *out) {
  uint64_t n = 0, factor = 0;
  size_t end = 0;
  for (; end < text.n && ascii_digit(text.p[end]); end++) {
    if (n > most / 10) return false;
    n = n * 10 + (uint64_t)(text.p[end] - '0');
  }
  char letter = end < text.n ? text.p[end] : 0;
  for (; units->factor && !factor; units++)
    if (units->letter == letter) factor = units->factor;
  if (!end || !factor || end + (letter != 0) != text.n || !n || n > most / factor) return false;
  *out = n * factor;
  return true;
}

static bool read_keep(OverTime *o, const Args *args) {
  Str text = args_last(args, "correlation-events", "");
  if (!args_has(args, "correlation-events")) return true;
  if (str_is(text, "refs")) o->keep = SIGMAC_KEEP_REFS;
  else if (str_is(text, "full")) o->keep = SIGMAC_KEEP_FULL;
  else return usage_error(args, "--correlation-events is refs or full"), false;
  return true;
}

static bool read_suppress(OverTime *o, const Args *args) {
  static const Unit units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {0, 0}};
  const uint64_t most = UINT64_C(36525) * 86400; /* 100 years */
  if (!args_has(args, "suppress") || read_amount(args_last(args, "suppress", ""), units, most, &o->suppress)) return true;
  return usage_error(args, "--suppress takes a duration such as 30s, 5m, 1h or 7d, at most 100 years"), false;
}

static bool read_limits(OverTime *o, const Args *args) {
  static const Unit one[] = {{0, 1}, {0, 0}};
  static const Unit sizes[] = {{0, 1}, {'K', 1 << 10}, {'M', 1 << 20}, {'G', 1 << 30}, {0, 0}};
  uint64_t groups = 0;
  if (args_has(args, "correlation-groups") && !read_amount(args_last(args, "correlation-groups", ""), one, UINT32_MAX, &groups))
    return usage_error(args, "--correlation-groups takes a number above 0, below 2^32"), false;
  o->max_groups = (uint32_t)groups;
  if (args_has(args, "correlation-memory") &&
      !read_amount(args_last(args, "correlation-memory", ""), sizes, UINT64_C(1) << 50, &o->max_bytes))
    return usage_error(args, "--correlation-memory takes a number of bytes such as 268435456, 256M or 4G"), false;
  return true;
}

bool over_time_read(OverTime *o, const Args *args) {
  *o = (OverTime){.reset = args_has(args, "reset-on-alert")};
  return read_keep(o, args) && read_suppress(o, args) && read_limits(o, args);
}

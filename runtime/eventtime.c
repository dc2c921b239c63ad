/* SPDX-License-Identifier: MIT */
#include "runtime/eventtime.h"

#include "base/decimal.h"
#include "runtime/event.h"
#include "runtime/timetext.h"

#define FIRST_SECOND (-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_SECOND  253402300799   /* 9999-12-31T23:59:59Z */

static bool in_calendar(const EventTime *t) { return t->seconds >= FIRST_SECOND && t->seconds <= LAST_SECOND; }

/* --- dates ------------------------------------------------------------------------------------------------- */

/* Days from 1970-01-01, in the proleptic Gregorian calendar; years count from March, so that a leap day is the last. */
static int64_t days_since_1970(int year, int month, int day) {
  int64_t y = month > 2 ? year : year - 1;
  int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468; /* y >= 0 */
}

static bool from_calendar(EventTime *out, const TimeText *t) {
  int64_t days = days_since_1970(t->year, t->month, t->day);
  int64_t minutes = t->hour < 0 ? 0 : t->hour * 60 + t->minute - t->offset;
  if (t->year < 1) return false;
  *out = (EventTime){days * 86400 + minutes * 60 + t->second, t->nanos};
  return in_calendar(out);
}

/* --- numbers ----------------------------------------------------------------------------------------------- */

enum { LEAST_DIGITS = 9 };

/* How many digits of the number, by those that stand before its point, are below the second; -1 where it is no time. */
static int digits_below_second(int64_t before_point) {
  if (before_point < LEAST_DIGITS || before_point > 19) return -1;
  if (before_point <= 12) return 0;
  if (before_point <= 15) return 3;
  if (before_point <= 17) return 6;
  return before_point == 19 ? 9 : -1;
}

/* The number times 10^-below, in seconds and nanoseconds. It has at most 13 digits before its point then. */
static bool from_digits(EventTime *out, const Decimal *d, int below) {
  int64_t whole = d->exp - below;
  uint64_t seconds = 0;
  uint32_t nanos = 0, i = 0;
  for (int64_t place = whole < 0 ? whole : 0; place < whole + 9; place++) {
    if (i < d->n && d->p[i] == '.') i++;
    unsigned digit = place >= 0 && i < d->n ? (unsigned)(d->p[i++] - '0') : 0;
    if (place < whole) seconds = seconds * 10 + digit;
    else nanos = nanos * 10 + digit;
  }
  *out = (EventTime){(int64_t)seconds, nanos};
  return in_calendar(out);
}

static bool from_number(EventTime *out, Str text) {
  Decimal d;
  if (!decimal_parse(&d, text) || d.negative) return false;
  int below = digits_below_second(d.exp);
  return below >= 0 && from_digits(out, &d, below);
}

/* `/Date(1549577999000)/`, or with `+0200` before the bracket. */
static bool from_dotnet(EventTime *out, Str text) {
  Str digits = str_sub(text, 6, text.n - 2);
  size_t n = 0;
  Decimal d;
  while (n < digits.n && ascii_digit(digits.p[n])) n++;
  if (!n || (n < digits.n && digits.p[n] != '+' && digits.p[n] != '-')) return false;
  for (size_t i = n + 1; i < digits.n; i++)
    if (!ascii_digit(digits.p[i])) return false;
  if (n != digits.n && digits.n - n != 5) return false;
  return decimal_parse(&d, str_sub(digits, 0, n)) && d.exp <= 15 && from_digits(out, &d, 3);
}

bool event_time_read(EventTime *out, Str text) {
  TimeText t;
  if (time_text_read(&t, text)) return from_calendar(out, &t);
  if (str_starts(text, STR("/Date(")) && str_ends(text, STR(")/"))) return from_dotnet(out, text);
  return from_number(out, text);
}

/* --- times ------------------------------------------------------------------------------------------------- */

int event_time_cmp(EventTime a, EventTime b) {
  if (a.seconds != b.seconds) return a.seconds < b.seconds ? -1 : 1;
  return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}

bool event_time_add(EventTime *t, int64_t seconds) {
  int64_t range = LAST_SECOND - FIRST_SECOND;
  if (seconds < -range || seconds > range) return false;
  t->seconds += seconds;
  return in_calendar(t);
}

bool event_time_ok(EventTime t) { return in_calendar(&t) && t.nanos < 1000000000; }

/* `-24h`: seconds before now, with the unit behind the number. */
static bool read_relative(EventTime *out, Str text, EventTime now) {
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
  if (u == UNITS || !event_time_add(&now, -n * units[u].seconds)) return false;
  *out = now;
  return true;
}

bool event_time_read_from(EventTime *out, Str text, EventTime now) {
  if (!str_is(text, "now")) return read_relative(out, text, now) || event_time_read(out, text);
  *out = now;
  return true;
}

/* A mark and then digits, with zeroes before them. */
static char *put_part(char *out, char mark, unsigned digits, uint32_t n) {
  if (mark) *out++ = mark;
  for (unsigned i = digits; i-- > 0; n /= 10) out[i] = (char)('0' + n % 10);
  return out + digits;
}

static char *put_fraction(char *out, uint32_t nanos) {
  if (nanos % 1000) return put_part(out, '.', 9, nanos);
  if (nanos % 1000000) return put_part(out, '.', 6, nanos / 1000);
  return nanos ? put_part(out, '.', 3, nanos / 1000000) : out;
}

size_t event_time_print(char out[EVENT_TIME_ROOM], EventTime t) {
  int64_t days = (t.seconds - FIRST_SECOND) / 86400; /* since the first day of year 1 */
  uint32_t rest = (uint32_t)((t.seconds - FIRST_SECOND) % 86400);
  int year = (int)(days / 366) + 1, month = 1;
  int64_t first = -days_since_1970(1, 1, 1);
  while (year < 9999 && days_since_1970(year + 1, 1, 1) + first <= days) year++;
  int day = (int)(days - days_since_1970(year, 1, 1) - first) + 1;
  for (; day > time_days_in(year, month); month++) day -= time_days_in(year, month);
  char *p = put_part(out, 0, 4, (uint32_t)year);
  p = put_part(p, '-', 2, (uint32_t)month);
  p = put_part(p, '-', 2, (uint32_t)day);
  p = put_part(p, 'T', 2, rest / 3600);
  p = put_part(p, ':', 2, rest / 60 % 60);
  p = put_part(p, ':', 2, rest % 60);
  p = put_fraction(p, t.nanos);
  *p++ = 'Z';
  *p = 0;
  return (size_t)(p - out);
}

/* --- fields ------------------------------------------------------------------------------------------------ */

const EventTimeField event_time_fields[] = {
  {"@timestamp", "Elastic Common Schema, Logstash, Beats; GitHub audit log"},
  {"Event.System.TimeCreated.#attributes.SystemTime", "evtx_dump"},
  {"Event.System.TimeCreated_attributes.SystemTime", "evtx_dump --separate-json-attributes"},
  {"Event.System.TimeCreated.@SystemTime", "converters of XML"},
  {"Event.System.TimeCreated.SystemTime", "the same"},
  {"TimeCreated.SystemTime", "parts of the same"},
  {"SystemTime", "the same, flattened"},
  {"UtcTime", "Sysmon"},
  {"TimeCreated", "Get-WinEvent, EvtxECmd"},
  {"EventTime", "NXLog"},
  {"eventTime", "AWS CloudTrail"},
  {"TimeGenerated", "Azure Monitor, Microsoft Sentinel"},
  {"Timestamp", "Microsoft Defender XDR"},
  {"timestamp", "Google Cloud, Suricata, Wazuh"},
  {"ts", "Zeek"},
  {"_time", "Splunk, Cortex"},
  {"time", "Azure activity log, Falco"},
  {"id.time", "Google Workspace"},
  {"published", "Okta"},
  {"CreationTime", "Microsoft 365 audit log"},
  {"createdDateTime", "Entra ID sign-ins"},
  {"activityDateTime", "Entra ID audit log"},
  {"ActivityDateTime", "the same in Azure Monitor"},
  {"requestReceivedTimestamp", "Kubernetes audit log"},
  {"created_at", "GitLab, OneLogin, GitHub"},
  {"unixTime", "osquery"},
  {"event.created", "Elastic Common Schema"},
};
const unsigned event_time_field_count = sizeof event_time_fields / sizeof *event_time_fields;

struct TimeFinder {
  Event event; /* the known fields, from 1 on */
  Arena *scratch;
};

TimeFinder *time_finder_new(KeyTable *keys, Arena *owner, Arena *scratch) {
  TimeFinder *f = arena_new(owner, TimeFinder);
  uint32_t n = event_time_field_count + 1;
  Str *paths = arena_array(owner, Str, n);
  for (uint32_t i = 1; i < n; i++) paths[i] = str_of(event_time_fields[i - 1].path);
  f->scratch = scratch;
  event_init(&f->event, keys, paths, n, owner, scratch);
  return f;
}

static bool is_time(EventTime *out, const FieldValues *f, Arena *scratch) {
  for (uint32_t i = 0; i < f->n; i++) {
    Value *v = f->values[i];
    if ((v->kind == VALUE_TEXT || v->kind == VALUE_NUMBER) && event_time_read(out, value_text(v, scratch))) return true;
  }
  return false;
}

bool event_time_find(TimeFinder *f, EventTime *out, Value *root, const Str *named, uint32_t n_named) {
  for (uint32_t i = 0; i < n_named; i++) {
    FieldValues found = event_path(root, named[i], f->scratch);
    if (is_time(out, &found, f->scratch)) return true;
  }
  if (!n_named) event_set(&f->event, root);
  for (uint32_t i = 1; !n_named && i <= event_time_field_count; i++)
    if (is_time(out, event_field(&f->event, i), f->scratch)) return true;
  return false;
}

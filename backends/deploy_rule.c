/* SPDX-License-Identifier: MIT
 * What the formats take from a rule and from the custom attributes of its pipelines. */
#include "backends/deploy_internal.h"
#include "base/utf8.h"

const LevelInfo deploy_level_info[LEVEL_COUNT] = {
  [LEVEL_INFORMATIONAL] = {"informational", "low", 1, "Informational", "informational"},
  [LEVEL_LOW] = {"low", "low", 21, "Low", "low"},
  [LEVEL_MEDIUM] = {"medium", "medium", 47, "Medium", "medium"},
  [LEVEL_HIGH] = {"high", "high", 73, "High", "high"},
  [LEVEL_CRITICAL] = {"critical", "critical", 99, "High", "high"},
};

static bool find_level(Str word, Level *out) {
  for (int l = 0; l < LEVEL_COUNT; l++) {
    if (!str_eq_nocase(word, str_of(deploy_level_info[l].word))) continue;
    *out = (Level)l;
    return true;
  }
  return false;
}

/* --- durations ---------------------------------------------------------------------------------------------- */

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, LONGEST = 365 * DAY };

static int64_t unit_seconds(char c) {
  switch (ascii_lower(c)) {
  case 's': return 1;
  case 'm': return MINUTE;
  case 'h': return HOUR;
  case 'd': return DAY;
  default: return 0;
  }
}

/* A number and a unit at *at; adds to *sum. */
static bool read_part(Str s, size_t *at, int64_t *sum) {
  int64_t n = 0;
  size_t from = *at;
  for (; *at < s.n && ascii_digit(s.p[*at]); (*at)++) {
    n = n * 10 + (s.p[*at] - '0');
    if (n > LONGEST) return false;
  }
  int64_t unit = *at > from && *at < s.n ? unit_seconds(s.p[*at]) : 0;
  (*at)++;
  *sum += n * unit;
  return unit && *sum <= LONGEST;
}

/* 5m, 1h, 14d; PT5M, P1DT2H; 0. */
static bool read_duration(Str s, int64_t *out) {
  *out = 0;
  if (str_is(s, "0")) return true;
  bool iso = s.n > 1 && ascii_lower(s.p[0]) == 'p', time = false;
  int64_t sum = 0;
  for (size_t at = iso; at < s.n;) {
    if (iso && !time && ascii_lower(s.p[at]) == 't') {
      time = true;
      at++;
      continue;
    }
    size_t from = at;
    if (!read_part(s, &at, &sum)) return false;
    if (iso && time == (ascii_lower(s.p[at - 1]) == 'd')) return false;
    if (!iso && (from > 0 || at < s.n)) return false;
  }
  *out = sum;
  return s.n > 0 && ascii_digit(s.p[iso ? s.n - 2 : 0]);
}

Str duration_short(Arena *arena, int64_t seconds, bool days) {
  if (days && seconds && seconds % DAY == 0) return arena_printf(arena, "%lldd", (long long)(seconds / DAY));
  if (seconds && seconds % HOUR == 0) return arena_printf(arena, "%lldh", (long long)(seconds / HOUR));
  if (seconds % MINUTE == 0) return arena_printf(arena, "%lldm", (long long)(seconds / MINUTE));
  return arena_printf(arena, "%llds", (long long)seconds);
}

Str duration_iso(Arena *arena, int64_t seconds) {
  Str s = duration_short(arena, seconds, true);
  char unit = (char)(s.p[s.n - 1] - 'a' + 'A');
  return arena_printf(arena, "P%s%.*s%c", unit == 'D' ? "" : "T", (int)(s.n - 1), s.p, unit);
}

/* --- custom attributes -------------------------------------------------------------------------------------- */

typedef enum { ATTR_LEVEL, ATTR_DURATION, ATTR_NUMBER, ATTR_BOOL, ATTR_TEXT } AttributeKind;

typedef struct {
  const char *name, *wanted;
  AttributeKind kind;
  int64_t low, high; /* ATTR_NUMBER */
  size_t at, span;   /* in DeployRule; a span of 0: nobody asks for it */
} AttributeInfo;

static const AttributeInfo attributes[] = {
  {"severity", "one of informational, low, medium, high, critical", ATTR_LEVEL, 0, 0, offsetof(DeployRule, level), 0},
  {"risk_score", "a whole number from 0 to 100", ATTR_NUMBER, 0, 100, offsetof(DeployRule, risk), 0},
  {"query_frequency", "a duration such as 5m, 1h, 1d or PT5M", ATTR_DURATION, 0, 0, offsetof(DeployRule, frequency),
   offsetof(DeployRule, frequency_at)},
  {"query_period", "a duration such as 5m, 1h, 1d or PT5M", ATTR_DURATION, 0, 0, offsetof(DeployRule, period),
   offsetof(DeployRule, period_at)},
  {"rule_version", "a whole number from 1 to 999999", ATTR_NUMBER, 1, 999999, offsetof(DeployRule, version), 0},
  {"max_signals", "a whole number from 1 to 1000000", ATTR_NUMBER, 1, 1000000, offsetof(DeployRule, max_signals), 0},
  {"enabled", "true or false", ATTR_BOOL, 0, 0, offsetof(DeployRule, enabled), 0},
  {"license", "text", ATTR_TEXT, 0, 0, offsetof(DeployRule, license), 0},
  {"timestamp_override", "the name of a field", ATTR_TEXT, 0, 0, offsetof(DeployRule, timestamp_override), 0},
};

static bool read_number(Str s, int64_t low, int64_t high, int64_t *out) {
  int64_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (!ascii_digit(s.p[i]) || n > high) return false;
    n = n * 10 + (s.p[i] - '0');
  }
  *out = n;
  return s.n && n >= low && n <= high;
}

static bool read_bool(Str s, bool *out) {
  *out = str_eq_nocase(s, STR("true"));
  return *out || str_eq_nocase(s, STR("false"));
}

static bool set_attribute(DeployRule *r, const AttributeInfo *a, Text value) {
  void *to = (char *)r + a->at;
  if (a->span) *(Span *)(void *)((char *)r + a->span) = value.at;
  switch (a->kind) {
  case ATTR_LEVEL: return find_level(value.text, to);
  case ATTR_DURATION: return read_duration(value.text, to);
  case ATTR_NUMBER: return read_number(value.text, a->low, a->high, to);
  case ATTR_BOOL: return read_bool(value.text, to);
  case ATTR_TEXT: *(Str *)to = value.text; return true;
  }
  return false;
}

/* The later one of a name counts. Attributes of other names are for others. */
static bool read_attributes(DeployRule *r) {
  bool ok = true;
  for (uint32_t i = 0; i < r->plan->attributes.n; i++) {
    const PlanAttribute *set = &r->plan->attributes.p[i];
    for (size_t a = 0; a < sizeof attributes / sizeof *attributes; a++) {
      if (!str_is(set->name.text, attributes[a].name) || set_attribute(r, &attributes[a], set->value)) continue;
      diag_error(r->diags, ID_deploy_attribute, set->value.at, RULE_FMT "the custom attribute `%s` must be %s", RULE_ARG(r),
                 attributes[a].name, attributes[a].wanted);
      ok = false;
    }
  }
  return ok;
}

/* --- the rule ----------------------------------------------------------------------------------------------- */

/* A rule without an id gets one of what it is about, so that it is replaced when it is deployed again, also with another
 * detection: a UUID of version 8 (RFC 9562, 5.8) from two hashes of title and log source. */
static Str made_id(Arena *arena, const Rule *rule) {
  const Str parts[] = {rule->title.text, rule->logsource.category.text, rule->logsource.product.text, rule->logsource.service.text};
  uint64_t half[2] = {HASH_SEED, ~(uint64_t)HASH_SEED};
  for (size_t h = 0; h < 2; h++)
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
      half[h] = hash_bytes(half[h], parts[i].p ? parts[i].p : "", parts[i].n);
      half[h] = hash_bytes(half[h], "", 1);
    }
  uint64_t high = (half[0] & ~(uint64_t)0xF000) | 0x8000, low = (half[1] & ~((uint64_t)3 << 62)) | (uint64_t)1 << 63;
  return arena_printf(arena, "%08llx-%04llx-%04llx-%04llx-%012llx", (unsigned long long)(high >> 32),
                      (unsigned long long)(high >> 16 & 0xFFFF), (unsigned long long)(high & 0xFFFF),
                      (unsigned long long)(low >> 48), (unsigned long long)(low & 0xFFFFFFFFFFFF));
}

static Str lower_case(Arena *arena, Str s) {
  char *p = arena_alloc(arena, s.n);
  for (size_t i = 0; i < s.n; i++) p[i] = ascii_lower(s.p[i]);
  return (Str){p, s.n};
}

/* What a run looks at: all windows that end since the one before, in whole minutes. */
static void settle_period(DeployRule *r, const DeployDefaults *defaults) {
  int64_t window = ((int64_t)r->plan->timespan + MINUTE - 1) / MINUTE * MINUTE;
  if (r->period < 0) r->period = r->frequency + defaults->lookback + window;
}

static bool window_fits(const DeployRule *r) {
  if (!r->plan->timespan || r->period >= r->frequency + (int64_t)r->plan->timespan) return true;
  diag_error(r->diags, ID_deploy_schedule, r->period_at,
             RULE_FMT "what runs every " STR_FMT " and looks back " STR_FMT " misses windows of " STR_FMT, RULE_ARG(r),
             STR_ARG(duration_short(r->arena, r->frequency, true)), STR_ARG(duration_short(r->arena, r->period, true)),
             STR_ARG(duration_short(r->arena, (int64_t)r->plan->timespan, true)));
  diag_hint(r->diags, "`query_period` must be as long as `query_frequency` and the timespan together");
  return false;
}

bool deploy_read(DeployRule *out, const DeployDefaults *defaults, const Plan *plan, Str query, Arena *arena, Diags *diags) {
  const Rule *rule = plan->rule;
  *out = (DeployRule){.plan = plan, .rule = rule, .query = query, .title = rule->title.text, .arena = arena, .diags = diags};
  out->id = rule->id.text.n ? lower_case(arena, rule->id.text) : made_id(arena, rule);
  out->description = rule->description.text.n ? rule->description.text : out->title;
  if (!rule->level.text.n || !find_level(rule->level.text, &out->level)) out->level = LEVEL_LOW;
  out->risk = out->period = -1;
  out->frequency = defaults->frequency;
  out->enabled = defaults->enabled;
  out->version = 1;
  out->max_signals = 100;
  out->timestamp_override = plan->timespan ? STR("") : STR("event.ingested"); /* a sequence has the order of event times */
  out->frequency_at = out->period_at = rule->at;
  if (!read_attributes(out)) return false;
  if (rule->license.text.n) out->license = rule->license.text;
  if (out->risk < 0) out->risk = deploy_level_info[out->level].risk;
  settle_period(out, defaults);
  threat_read(&out->threat, rule, defaults->before_19, arena, diags);
  return window_fits(out);
}

/* --- members ------------------------------------------------------------------------------------------------ */

size_t utf16_length(Str s) {
  size_t units = 0;
  for (size_t i = 0, n; i < s.n; i += n) {
    uint32_t cp;
    n = utf8_decode(s, i, &cp);
    units += n == 4 ? 2 : 1;
    if (!n) n = 1;
  }
  return units;
}

Str deploy_cut(const DeployRule *r, Str text, size_t most, Span at, const char *what) {
  size_t units = utf16_length(text);
  if (units <= most) return text;
  diag_warning(r->diags, ID_deploy_metadata, at, "%s has %zu characters; this format takes %zu, so it is cut", what, units, most);
  size_t end = 0, kept = 0;
  for (size_t n; end < text.n; end += n ? n : 1) {
    uint32_t cp;
    n = utf8_decode(text, end, &cp);
    kept += n == 4 ? 2 : 1;
    if (kept > most) break;
  }
  return str_sub(text, 0, end);
}

Data *deploy_texts(Arena *arena, const TextList *list) {
  Data *out = data_list(arena);
  for (uint32_t i = 0; i < list->n; i++) data_add_text(arena, out, list->p[i].text);
  return out;
}

static void append_list(Buf *out, const char *head, const TextList *list) {
  if (!list->n) return;
  buf_printf(out, "\n\n%s:", head);
  for (uint32_t i = 0; i < list->n; i++) {
    buf_str(out, STR("\n- "));
    buf_str(out, list->p[i].text); /* may hold NUL, where printf would end */
  }
}

Str deploy_long_description(const DeployRule *r) {
  Buf out = {.arena = r->arena};
  Str s = r->description;
  while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == ' ')) s.n--;
  buf_str(&out, s);
  append_list(&out, "False positives", &r->rule->falsepositives);
  append_list(&out, "References", &r->rule->references);
  return buf_view(&out);
}

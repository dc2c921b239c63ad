/* SPDX-License-Identifier: MIT */
#include "cli/summary.h"

enum { TOP_RULES = 10, LEVEL_COLUMNS = 14 };
typedef unsigned long long Count; /* for printf */

/* Rules and correlations. */
static uint32_t set_size(const Summary *s) { return s->n_rules + s->n_correlations; }

static void set_rules(Summary *s, const sigmac_rules *rules) {
  s->rules = rules;
  s->n_rules = sigmac_rules_get_facts(rules)->rules;
  s->n_correlations = sigmac_rules_get_facts(rules)->correlations;
  uint32_t n = set_size(s);
  if (n > s->room) {
    s->room = n + n / 2; /* it may be loaded many times */
    s->by_rule = arena_array(s->arena, uint64_t, s->room);
  }
  memset(s->by_rule, 0, n * sizeof *s->by_rule);
}

void summary_begin(Summary *s, const sigmac_rules *rules, Arena *a) {
  s->arena = a;
  set_rules(s, rules);
}

void summary_match(Summary *s, uint32_t number, const sigmac_rule *rule) {
  s->matches++;
  s->by_rule[number]++;
  s->by_level[level_of(str_in(rule->level))]++;
}

void summary_alert(Summary *s, uint32_t number, const sigmac_rule *rule) {
  s->alerts++;
  s->by_rule[number]++;
  s->alerts_by_level[level_of(str_in(rule->level))]++;
}

/* --- other rules ------------------------------------------------------------------------------------------- */

static RuleCount view_of(const sigmac_rule *r) {
  return (RuleCount){str_in(r->id), str_in(r->title), str_in(r->level), str_in(r->path), 0, r->correlation != NULL};
}

static bool same_rule(const RuleCount *a, const RuleCount *b) {
  if (a->correlation != b->correlation) return false;
  if (a->id.n || b->id.n) return str_eq(a->id, b->id);
  return str_eq(a->path, b->path) && str_eq(a->title, b->title);
}

static RuleCount *find_gone(Summary *s, const RuleCount *r) {
  for (uint32_t i = 0; i < s->gone.n; i++)
    if (same_rule(&s->gone.p[i], r)) return &s->gone.p[i];
  return NULL;
}

/* The matches of a rule that may go, where they stay until it is known. */
static void put_aside(Summary *s, const sigmac_rule *rule, uint64_t matches) {
  RuleCount r = view_of(rule), *there = find_gone(s, &r);
  if (!there) {
    there = vec_add(s->arena, &s->gone);
    *there = (RuleCount){.id = arena_dup(s->arena, r.id),
                         .title = arena_dup(s->arena, r.title),
                         .level = arena_dup(s->arena, r.level),
                         .path = arena_dup(s->arena, r.path),
                         .correlation = r.correlation};
  }
  there->matches += matches;
}

void summary_change_rules(Summary *s, const sigmac_rules *rules) {
  for (uint32_t i = 0; i < set_size(s); i++)
    if (s->by_rule[i]) put_aside(s, sigmac_rules_get(s->rules, i), s->by_rule[i]);
  set_rules(s, rules);
  for (uint32_t i = 0; s->gone.n && i < set_size(s); i++) {
    RuleCount r = view_of(sigmac_rules_get(rules, i)), *there = find_gone(s, &r);
    if (!there) continue;
    s->by_rule[i] = there->matches;
    there->matches = 0;
  }
}

/* --- for people -------------------------------------------------------------------------------------------- */

static void head(Buf *out, const char *name) { buf_printf(out, "%-10s ", name); }

/* A number with the word in the singular or plural. */
static void count(Buf *out, Count n, const char *one) {
  buf_printf(out, "%llu %s%s", n, one, n == 1 ? "" : str_ends(str_of(one), STR("ch")) ? "es" : "s");
}

static void print_bytes(Buf *out, uint64_t n) {
  static const char *const units[] = {"kB", "MB", "GB", "TB"};
  double v = (double)n / 1e3;
  int u = 0;
  for (; u < 3 && v >= 999.95; u++) v /= 1e3;
  if (n < 10000) count(out, n, "byte");
  else buf_printf(out, "%.1f %s", v, units[u]);
}

static void print_events(Buf *out, const Summary *s) {
  head(out, "events");
  buf_printf(out, "%llu (", (Count)s->events);
  print_bytes(out, s->bytes);
  buf_char(out, ')');
  if (s->seconds >= 0.1) buf_printf(out, ", %.1f s, %.0f events/s", s->seconds, (double)s->events / s->seconds);
  buf_char(out, '\n');
}

static void print_level(Buf *out, unsigned level, bool colour) {
  colour = colour && *level_info[level].colour;
  if (colour) buf_str(out, str_of(level_info[level].colour));
  buf_str(out, str_of(level == NO_LEVEL ? "without level" : level_info[level].name));
  if (colour) buf_str(out, STR(COLOUR_OFF));
}

static void print_levels(Buf *out, const char *name, uint64_t n, const uint64_t *by_level, bool colour) {
  bool first = true;
  head(out, name);
  buf_printf(out, "%llu", (Count)n);
  for (unsigned i = LEVELS + 1; i-- > 0;) {
    unsigned level = i ? i - 1 : NO_LEVEL; /* from the highest; those without one come last */
    if (!by_level[level]) continue;
    buf_printf(out, "%s%llu ", first ? ": " : ", ", (Count)by_level[level]);
    print_level(out, level, colour);
    first = false;
  }
  buf_char(out, '\n');
}

static void print_over_time(Buf *out, const Summary *s) {
  if (!s->correlations && !s->correlations_not_selected) return;
  head(out, "over time");
  count(out, s->correlations, "correlation");
  if (s->correlations_not_selected) buf_printf(out, ", %u not selected", s->correlations_not_selected);
  if (s->correlations) {
    buf_str(out, STR(", "));
    count(out, s->over_time.groups, "group");
  }
  if (s->silent) buf_printf(out, ", %llu %s for correlations alone", (Count)s->silent, s->silent == 1 ? "match" : "matches");
  buf_char(out, '\n');
}

static void print_rules(Buf *out, const Summary *s) {
  head(out, "rules");
  buf_printf(out, "%u evaluated", s->evaluated);
  if (s->refused) buf_printf(out, ", %u refused", s->refused);
  if (s->not_selected) buf_printf(out, ", %u not selected", s->not_selected);
  if (s->other_source) buf_printf(out, ", %u of another log source", s->other_source);
  buf_char(out, '\n');
}

/* The rules of the set, and behind them those that are gone. */
static uint32_t row_count(const Summary *s) { return set_size(s) + s->gone.n; }

static RuleCount row(const Summary *s, uint32_t i) {
  if (i >= set_size(s)) return s->gone.p[i - set_size(s)];
  RuleCount r = view_of(sigmac_rules_get(s->rules, i));
  r.matches = s->by_rule[i];
  return r;
}

static uint64_t row_matches(const Summary *s, uint32_t i) {
  return i < set_size(s) ? s->by_rule[i] : s->gone.p[i - set_size(s)].matches;
}

/* The rules with the most matches, from the most; of equal ones the first of the set. Returns how many. */
static unsigned find_top(uint32_t top[TOP_RULES], const Summary *s) {
  unsigned n = 0;
  for (uint32_t r = 0; r < row_count(s); r++) {
    unsigned at = n;
    while (at && row_matches(s, top[at - 1]) < row_matches(s, r)) at--;
    if (!row_matches(s, r) || at == TOP_RULES) continue;
    n += n < TOP_RULES;
    for (unsigned i = n - 1; i > at; i--) top[i] = top[i - 1];
    top[at] = r;
  }
  return n;
}

static void print_top(Buf *out, const Summary *s, bool colour) {
  uint32_t top[TOP_RULES];
  unsigned n = find_top(top, s);
  for (unsigned i = 0; n > 1 && i < n; i++) {
    RuleCount r = row(s, top[i]);
    unsigned level = level_of(r.level);
    head(out, i ? "" : "top rules");
    buf_printf(out, "%-6llu ", (Count)r.matches);
    if (level < LEVELS) print_level(out, level, colour);
    buf_printf(out, "%*s", LEVEL_COLUMNS - (level < LEVELS ? (int)strlen(level_info[level].name) : 0), "");
    buf_safe(out, r.title);
    buf_char(out, '\n');
  }
}

static void print_oddities(Buf *out, const Summary *s) {
  const CorrelatingCounts *t = &s->over_time;
  const struct {
    uint64_t n;
    const char *name, *one, *rest;
  } lines[] = {
    {s->bad, "bad", "event", "left out"},
    {s->outside, "time", "event", "outside of the range, left out"},
    {s->timeless, "no time", "event", "evaluated, whatever the range"},
    {s->unmapped, "unmapped", "event", "of no known log source, offered to every rule"},
    {s->given_up, "limits", "test", "given up, taken as no match"},
    {t->timeless, "no time", "event", "that correlations wanted, left out by them"},
    {t->late, "late", "match", "too old for their group, not counted"},
    {t->too_late, "late", "match", "of groups that may have been forgotten: alerts may be missing"},
    {t->expired, "expired", "group", "forgotten, too old to count"},
    {t->evicted, "evicted", "group", "forgotten for want of room: alerts may be missing"},
    {t->suppressed, "suppressed", "alert", "of groups that had one (--suppress)"},
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    if (!lines[i].n) continue;
    head(out, lines[i].name);
    count(out, lines[i].n, lines[i].one);
    buf_printf(out, " %s\n", lines[i].rest);
  }
  if (s->ended) buf_printf(out, "%-10s %s\n", "ended", s->ended);
}

void summary_print(Buf *out, const Summary *s, bool colour) {
  print_events(out, s);
  print_levels(out, "matches", s->matches, s->by_level, colour);
  if (s->correlations || s->alerts) print_levels(out, "alerts", s->alerts, s->alerts_by_level, colour);
  print_rules(out, s);
  print_over_time(out, s);
  print_oddities(out, s);
  print_top(out, s, colour);
}

/* --- for programs ------------------------------------------------------------------------------------------ */

static void member(Buf *out, const char *key, uint64_t n) { buf_printf(out, "\"%s\":%llu,", key, (Count)n); }

static void text_member(Buf *out, const char *key, Str text) {
  buf_printf(out, "\"%s\":", key);
  if (text.n) buf_json(out, text);
  else buf_str(out, STR("null"));
  buf_char(out, ',');
}

static void json_levels(Buf *out, const char *name, const uint64_t *by_level) {
  buf_printf(out, "\"%s\":{", name);
  for (unsigned i = 0; i <= LEVELS; i++) buf_printf(out, "%s\"%s\":%llu", i ? "," : "", level_info[i].name, (Count)by_level[i]);
  buf_str(out, STR("},\n"));
}

/* What rules matched, or the alerts of correlations. */
static void json_rules(Buf *out, const Summary *s, bool correlations) {
  const char *what = correlations ? "alerts" : "matches";
  bool first = true;
  buf_printf(out, "\"%s_by_rule\":[", what);
  for (uint32_t i = 0; i < row_count(s); i++) {
    RuleCount r = row(s, i);
    if (!row_matches(s, i) || r.correlation != correlations) continue;
    buf_str(out, first ? STR("\n{") : STR(",\n{"));
    text_member(out, "rule_id", r.id);
    text_member(out, "rule_title", r.title);
    text_member(out, "level", r.level);
    text_member(out, "path", r.path);
    buf_printf(out, "\"%s\":%llu}", what, (Count)r.matches);
    first = false;
  }
  buf_char(out, ']');
}

static void json_over_time(Buf *out, const Summary *s) {
  const CorrelatingCounts *t = &s->over_time;
  member(out, "alerts", s->alerts);
  member(out, "alerts_suppressed", t->suppressed);
  member(out, "matches_for_correlations_alone", s->silent);
  buf_char(out, '\n');
  json_levels(out, "alerts_by_level", s->alerts_by_level);
  member(out, "correlations_evaluated", s->correlations);
  member(out, "correlations_not_selected", s->correlations_not_selected);
  member(out, "groups", t->groups);
  member(out, "groups_expired", t->expired);
  member(out, "groups_evicted", t->evicted);
  buf_char(out, '\n');
  member(out, "events_without_time_for_correlations", t->timeless);
  member(out, "late_matches", t->late);
  member(out, "too_late_matches", t->too_late);
  buf_char(out, '\n');
}

void summary_json(Buf *out, const Summary *s) {
  buf_str(out, STR(SUMMARY_BEGIN));
  buf_printf(out, "%llu,", (Count)s->events);
  member(out, "bytes", s->bytes);
  buf_printf(out, "\"seconds\":%.3f,", s->seconds);
  member(out, "matches", s->matches);
  buf_char(out, '\n');
  json_levels(out, "matches_by_level", s->by_level);
  member(out, "rules_evaluated", s->evaluated);
  member(out, "rules_refused", s->refused);
  member(out, "rules_not_selected", s->not_selected);
  member(out, "rules_of_other_log_source", s->other_source);
  buf_char(out, '\n');
  member(out, "bad_events", s->bad);
  member(out, "events_outside_of_range", s->outside);
  member(out, "events_without_time", s->timeless);
  member(out, "unmapped_events", s->unmapped);
  member(out, "tests_given_up", s->given_up);
  text_member(out, "ended", str_of(s->ended));
  buf_char(out, '\n');
  json_over_time(out, s);
  json_rules(out, s, false);
  buf_str(out, STR(",\n"));
  json_rules(out, s, true);
  buf_str(out, STR("}\n"));
}

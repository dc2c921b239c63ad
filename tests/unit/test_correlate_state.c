/* SPDX-License-Identifier: MIT
 * A correlator that is saved and loaded at random points is told from one that is not by nothing: alerts, counts, bytes. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "sigmac.h"

#define RULE(name, value) \
  "title: " name "\nname: " name "\nlogsource: {category: c}\ndetection: {s: {A: " value "}, condition: s}\n---\n"
#define OVER(name, more) "title: " name "\nname: " name "\ncorrelation: {group-by: [U], " more "}\n---\n"

static const char rules_text[] =
  RULE("r", "1") RULE("s", "2") RULE("t", "3") OVER("count", "type: event_count, rules: [r], timespan: 30s, condition: {gte: 4}")
    OVER("few", "type: event_count, rules: [r, s], timespan: 20s, condition: {lte: 2}")
      OVER("distinct", "type: value_count, rules: [r, s], timespan: 1m, condition: {field: H, gte: 4}")
        OVER("pairs", "type: value_count, rules: [r, s], timespan: 1m, condition: {field: [H, N], gte: 6}")
          OVER("sum", "type: value_sum, rules: [s, t], timespan: 1m, condition: {field: N, gt: 30}")
            OVER("avg", "type: value_avg, rules: [r, t], timespan: 1m, condition: {field: N, gt: 6.5}") OVER(
              "percentile", "type: value_percentile, rules: [r, s], timespan: 1m, condition: {field: N, gt: 9, percentile: 90}")
              OVER("both", "type: temporal, rules: [r, s, t], timespan: 20s")
                OVER("order", "type: temporal_ordered, rules: [r, s, t], timespan: 40s")
                  OVER("twice", "type: temporal_ordered, rules: [r, r, s], timespan: 40s")
                    OVER("chain", "type: event_count, rules: [order, t], timespan: 2m, condition: {gte: 3}")
                      OVER("alias", "type: event_count, rules: [r, s], timespan: 30s, condition: {gte: 5}, "
                                    "aliases: {U: {r: U, s: H}}");

typedef struct {
  sigmac_rules *rules;
  sigmac_scanner *scanner;
  Buf facts;
} Rules;

typedef struct {
  sigmac_keep keep;
  uint64_t suppress;
  bool reset;
  uint32_t groups;
} Settings;

typedef struct {
  sigmac_correlator *correlator;
  Buf alerts;
  sigmac_correlator_counts counts; /* of those before */
} Run;

static Rules rules_new(void) {
  Rules r = {0};
  sigmac_compiler *c = NULL;
  sigmac_str image;
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_add_text(c, (sigmac_str){"r.yml", 5}, (sigmac_str){rules_text, sizeof rules_text - 1}), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_get_summary(c)->refused, 0);
  cr_assert_eq(sigmac_rules_load(&r.rules, image, NULL, NULL), SIGMAC_OK);
  sigmac_compiler_free(c);
  cr_assert_eq(sigmac_scanner_new(&r.scanner, r.rules, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_scanner_set_logsource(r.scanner, (sigmac_str){"", 0}, (sigmac_str){"", 0}, (sigmac_str){"", 0}), SIGMAC_OK);
  return r;
}

static void rules_end(Rules *r) {
  sigmac_scanner_free(r->scanner);
  sigmac_rules_free(r->rules);
  buf_free(&r->facts);
}

static sigmac_correlator *correlator_of(const Rules *r, const Settings *s) {
  sigmac_correlator *c = NULL;
  cr_assert_eq(sigmac_correlator_new(&c, r->rules, NULL), SIGMAC_OK);
  sigmac_correlator_set_keep(c, s->keep);
  sigmac_correlator_set_suppress(c, s->suppress);
  sigmac_correlator_set_reset(c, s->reset);
  sigmac_correlator_set_limits(c, s->groups, 0);
  return c;
}

static bool on_match(void *ctx, const sigmac_match *m) {
  Rules *r = ctx;
  sigmac_str facts;
  (void)m;
  cr_assert_eq(sigmac_scanner_facts(r->scanner, &facts), SIGMAC_OK);
  buf_bytes(&r->facts, facts.p, facts.n);
  return true;
}

static void on_alert(void *ctx, const sigmac_alert *a) {
  Buf *out = ctx;
  buf_printf(out, "%u %d %llu %s %.*s %lld-%lld", a->number, a->reported, (unsigned long long)a->event_index, a->id,
             (int)a->value.n, a->value.p, (long long)a->start.seconds, (long long)a->end.seconds);
  for (size_t i = 0; i < a->events_n; i++)
    buf_printf(out, " %llu%.*s", (unsigned long long)a->events[i].index, (int)a->events[i].text.n, a->events[i].text.p);
  buf_char(out, '\n');
}

static bool collect(void *ctx, sigmac_str piece) {
  buf_bytes(ctx, piece.p, piece.n);
  return true;
}

static void add_counts(sigmac_correlator_counts *sum, const sigmac_correlator_counts *n) {
  sum->events += n->events;
  sum->timeless += n->timeless;
  sum->late += n->late;
  sum->too_late += n->too_late;
  sum->expired += n->expired;
  sum->evicted += n->evicted;
  sum->alerts += n->alerts;
  sum->suppressed += n->suppressed;
  sum->groups = n->groups;
  sum->bytes = n->bytes;
}

/* Goes on with another correlator. */
static void restart(Run *run, const Rules *r, const Settings *s, const Run *whole) {
  Buf state = {0}, again = {0}, other = {0};
  sigmac_correlator *next = correlator_of(r, s);
  cr_assert_eq(sigmac_correlator_save(run->correlator, collect, &state), SIGMAC_OK);
  cr_assert_eq(sigmac_correlator_save(whole->correlator, collect, &other), SIGMAC_OK);
  cr_expect(str_eq(buf_view(&state), buf_view(&other)), "as the one that never stopped");
  cr_assert_eq(sigmac_correlator_load(next, (sigmac_str){state.p, state.n}, NULL, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_correlator_save(next, collect, &again), SIGMAC_OK);
  cr_expect(str_eq(buf_view(&state), buf_view(&again)), "the same bytes again");
  const sigmac_correlator_counts *n = sigmac_correlator_get_counts(next), *before = sigmac_correlator_get_counts(run->correlator);
  cr_expect_eq(n->groups, before->groups);
  cr_expect_eq(n->bytes, before->bytes, "%llu bytes, not %llu", (unsigned long long)n->bytes, (unsigned long long)before->bytes);
  add_counts(&run->counts, before);
  sigmac_correlator_free(run->correlator);
  run->correlator = next;
  buf_free(&state);
  buf_free(&again);
  buf_free(&other);
}

static uint32_t draw(uint64_t *seed, uint32_t below) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*seed >> 33) % below;
}

static void stream(const Rules *rules, const Settings *s, uint64_t seed) {
  Rules r = *rules;
  Run whole = {.correlator = correlator_of(&r, s)}, parts = {.correlator = correlator_of(&r, s)};
  Buf text = {0};
  int64_t now = 1000;
  r.facts = (Buf){0};
  for (uint64_t i = 0; i < 1500; i++) {
    sigmac_time time = {now += draw(&seed, 4), 0};
    if (!draw(&seed, 6)) time.seconds -= draw(&seed, 50);
    text.n = r.facts.n = 0;
    buf_printf(&text, "{\"A\":%u,\"U\":\"u%u\",\"H\":\"h%u\",\"N\":%u.%u}", 1 + draw(&seed, 3), draw(&seed, 5), draw(&seed, 7),
               draw(&seed, 12), draw(&seed, 10));
    cr_assert_eq(sigmac_scan_json(r.scanner, (sigmac_str){text.p, text.n}, on_match, &r, NULL), SIGMAC_OK);
    if (draw(&seed, 20) == 0) restart(&parts, &r, s, &whole);
    sigmac_str facts = {r.facts.p, r.facts.n}, event = {text.p, text.n};
    cr_assert_eq(sigmac_correlator_event(whole.correlator, i, &time, facts, event, on_alert, &whole.alerts), SIGMAC_OK);
    cr_assert_eq(sigmac_correlator_event(parts.correlator, i, &time, facts, event, on_alert, &parts.alerts), SIGMAC_OK);
    cr_assert(str_eq(buf_view(&whole.alerts), buf_view(&parts.alerts)), "event %llu", (unsigned long long)i);
  }
  add_counts(&whole.counts, sigmac_correlator_get_counts(whole.correlator));
  add_counts(&parts.counts, sigmac_correlator_get_counts(parts.correlator));
  cr_expect(whole.counts.alerts > 100 && memcmp(&whole.counts, &parts.counts, sizeof whole.counts) == 0);
  sigmac_correlator_free(whole.correlator);
  sigmac_correlator_free(parts.correlator);
  buf_free(&whole.alerts);
  buf_free(&parts.alerts);
  buf_free(&text);
  buf_free(&r.facts);
}

Test(correlate_state, nothing_tells_it_from_one_that_never_stopped) {
  static const Settings settings[] = {
    {0}, {SIGMAC_KEEP_REFS, 60, false, 0}, {SIGMAC_KEEP_FULL, 0, true, 0}, {SIGMAC_KEEP_FULL, 30, true, 3}, {0, 15, false, 2}};
  Rules rules = rules_new();
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    for (uint64_t seed = 1; seed <= 3; seed++) stream(&rules, &settings[i], seed);
  rules_end(&rules);
}

/* Cut off anywhere, with any byte changed: refused, or a state that is saved as it was loaded. */
Test(correlate_state, damage) {
  static const Settings s = {SIGMAC_KEEP_FULL, 60, false, 0};
  Rules r = rules_new();
  Run run = {.correlator = correlator_of(&r, &s)};
  Buf state = {0}, again = {0};
  static const char event[] = "{\"A\":1,\"U\":\"u\",\"H\":\"h\",\"N\":3}";
  cr_assert_eq(sigmac_scan_json(r.scanner, (sigmac_str){event, sizeof event - 1}, on_match, &r, NULL), SIGMAC_OK);
  for (int i = 0; i < 2; i++)
    sigmac_correlator_event(run.correlator, (uint64_t)i, &(sigmac_time){1000 + i, 0}, (sigmac_str){r.facts.p, r.facts.n},
                            (sigmac_str){event, sizeof event - 1}, NULL, NULL);
  cr_assert_eq(sigmac_correlator_save(run.correlator, collect, &state), SIGMAC_OK);
  for (size_t i = 0; i < 2 * state.n; i++) {
    sigmac_correlator *c = correlator_of(&r, &s);
    bool cut = i >= state.n;
    size_t at = cut ? i - state.n : i;
    if (!cut) state.p[at] ^= (char)(1 << i % 8);
    sigmac_status status = sigmac_correlator_load(c, (sigmac_str){state.p, cut && at ? at : state.n}, NULL, NULL);
    if (!cut) state.p[at] ^= (char)(1 << i % 8);
    cr_expect(status == SIGMAC_OK || status == SIGMAC_BAD_STATE);
    if (cut && at) cr_expect_eq(status, SIGMAC_BAD_STATE, "cut at %zu", at);
    if (status != SIGMAC_OK) cr_expect_eq(sigmac_correlator_get_counts(c)->groups, 0, "starts afresh");
    again.n = 0;
    cr_expect_eq(sigmac_correlator_save(c, collect, &again), SIGMAC_OK);
    sigmac_correlator_event(c, 2, &(sigmac_time){1002, 0}, (sigmac_str){r.facts.p, r.facts.n}, (sigmac_str){event, 0}, NULL, NULL);
    sigmac_correlator_free(c);
  }
  sigmac_correlator_free(run.correlator);
  buf_free(&state);
  buf_free(&again);
  rules_end(&r);
}

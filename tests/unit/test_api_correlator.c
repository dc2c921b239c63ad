/* SPDX-License-Identifier: MIT
 * include/sigmac.h, over time: what its comments promise. What is counted how is tested by tests/unit/test_correlate*.c. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "runtime/api.h"
#include "runtime/correlate/facts.h"
#include "sigmac.h"

#define COUNT(array)  (sizeof(array) / sizeof *(array))
#define TEXT(literal) ((sigmac_str){"" literal, sizeof(literal) - 1})

#define FAILED "title: Failed\nname: failed\nlogsource: {category: a}\ndetection:\n  s: {Result: failed}\n  condition: s\n---\n"
#define BRUTE                                                                                                                 \
  "title: Brute\nid: 11111111-2222-4333-8444-555555555555\nlevel: high\ncorrelation:\n  type: event_count\n  rules: failed\n" \
  "  group-by: [User, Host.Name]\n  timespan: 10m\n  condition: {gte: 2}\n---\n"
#define OTHER "title: Other\nlogsource: {category: a}\ndetection:\n  s: {User|exists: true}\n  condition: s\n"

static bool is(sigmac_str s, const char *text) { return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0; }

static sigmac_rules *rules_of(const char *text) {
  sigmac_compiler *c = NULL;
  sigmac_rules *rules = NULL;
  sigmac_str image;
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_add_text(c, TEXT("rules.yml"), (sigmac_str){text, strlen(text)}), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_get_summary(c)->refused, 0);
  cr_assert_eq(sigmac_rules_load(&rules, image, NULL, NULL), SIGMAC_OK);
  sigmac_compiler_free(c);
  return rules;
}

/* --- events through both ------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_rules *rules;
  sigmac_scanner *scanner;
  sigmac_correlator *correlator;
  Buf facts; /* of the present event */
  uint64_t index;
  Buf told; /* alerts */
} Stream;

static Stream stream_of(const char *rules) {
  Stream s = {.rules = rules_of(rules)};
  cr_assert_eq(sigmac_scanner_new(&s.scanner, s.rules, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_scanner_set_logsource(s.scanner, TEXT(""), TEXT(""), TEXT("")), SIGMAC_OK);
  cr_assert_eq(sigmac_correlator_new(&s.correlator, s.rules, NULL), SIGMAC_OK);
  return s;
}

static void stream_end(Stream *s) {
  sigmac_correlator_free(s->correlator);
  sigmac_scanner_free(s->scanner);
  sigmac_rules_free(s->rules);
  buf_free(&s->facts);
  buf_free(&s->told);
}

static bool on_match(void *ctx, const sigmac_match *m) {
  Stream *s = ctx;
  sigmac_str facts;
  cr_assert_eq(sigmac_scanner_facts(s->scanner, &facts), SIGMAC_OK);
  cr_expect_eq(facts.n > 0, m->rule->correlated, "facts of what correlations want, and of nothing else");
  buf_bytes(&s->facts, facts.p, facts.n);
  return true;
}

static void on_alert(void *ctx, const sigmac_alert *a) {
  Stream *s = ctx;
  cr_expect(a->rule == sigmac_rules_get(s->rules, a->number) && a->rule->correlation);
  cr_expect(strlen(a->id) == 32 && strspn(a->id, "0123456789abcdef") == 32);
  cr_expect_eq(a->group.n, a->rule->group_by.n);
  cr_expect_eq(sigmac_correlator_event(s->correlator, 0, NULL, TEXT(""), TEXT(""), NULL, NULL), SIGMAC_MISUSE, "from inside");
  buf_printf(&s->told, "%llu", (unsigned long long)a->event_index);
  for (size_t i = 0; i < a->group.n; i++) buf_printf(&s->told, " %.*s", (int)a->group.p[i].n, a->group.p[i].p);
  buf_printf(&s->told, "=%.*s%s[%lld,%lld]", (int)a->value.n, a->value.p, a->reported ? "" : "!", (long long)a->start.seconds,
             (long long)a->end.seconds);
  for (size_t i = 0; i < a->events_n; i++)
    buf_printf(&s->told, "%c%llu%.*s", i ? ',' : '(', (unsigned long long)a->events[i].index, (int)a->events[i].text.n,
               a->events[i].text.p);
  buf_printf(&s->told, "%s;", a->events_n ? ")" : "");
}

static void event(Stream *s, const sigmac_time *time, const char *text) {
  sigmac_str t = {text, strlen(text)};
  s->facts.n = 0;
  cr_assert_eq(sigmac_scan_json(s->scanner, t, on_match, s, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_correlator_event(s->correlator, s->index++, time, (sigmac_str){s->facts.p, s->facts.n}, t, on_alert, s),
               SIGMAC_OK);
}

static void failed(Stream *s, int64_t seconds, const char *user) {
  Buf text = {0};
  buf_printf(&text, "{\"Result\":\"failed\",\"User\":\"%s\",\"Host\":{\"Name\":7}}", user);
  buf_char(&text, '\0');
  event(s, &(sigmac_time){seconds, 0}, text.p);
  buf_free(&text);
}

static void told(Stream *s, const char *what) {
  cr_expect(str_is(buf_view(&s->told), what), "%.*s, not %s", (int)s->told.n, s->told.p, what);
  s->told.n = 0;
}

Test(api_correlator, tells_of_alerts) {
  Stream s = stream_of(FAILED BRUTE OTHER);
  failed(&s, 1000, "ann");
  failed(&s, 1010, "bob");
  told(&s, "");
  failed(&s, 1020, "ann");
  told(&s, "2 ann 7=2[1000,1020];");
  event(&s, NULL, "{\"Result\":\"failed\",\"User\":\"ann\",\"Host\":{\"Name\":7}}");
  event(&s, &(sigmac_time){1030, 0}, "{\"Result\":\"failed\",\"User\":\"ann\"}");
  told(&s, "");
  const sigmac_correlator_counts *n = sigmac_correlator_get_counts(s.correlator);
  cr_expect_eq(n->events, 3);
  cr_expect_eq(n->timeless, 1);
  cr_expect_eq(n->alerts, 1);
  cr_expect_eq(n->groups, 2);
  stream_end(&s);
}

Test(api_correlator, rules_tell_of_correlations) {
  sigmac_rules *r = rules_of(FAILED BRUTE OTHER);
  const sigmac_rules_facts *facts = sigmac_rules_get_facts(r);
  cr_assert(facts->rules == 2 && facts->correlations == 1);
  const sigmac_rule *rule = sigmac_rules_get(r, 0), *other = sigmac_rules_get(r, 1), *c = sigmac_rules_get(r, 2);
  cr_expect(rule->silent && rule->correlated && !rule->correlation);
  cr_expect(!other->silent && !other->correlated);
  cr_expect_str_eq(c->correlation, "event_count");
  cr_expect(is(c->title, "Brute") && is(c->level, "high") && !c->silent && c->timespan == 600);
  cr_expect(c->group_by.n == 2 && is(c->group_by.p[1], "Host.Name"));
  cr_expect(c->refers_n == 1 && c->refers[0] == 0);
  cr_expect_null(sigmac_rules_get(r, 3));
  sigmac_rules_free(r);
}

Test(api_correlator, events_of_alerts_are_kept) {
  static const struct {
    sigmac_keep keep;
    const char *told;
  } cases[] = {{SIGMAC_KEEP_NONE, "1 a 7=2[5,6];"},
               {SIGMAC_KEEP_REFS, "1 a 7=2[5,6](0,1);"},
               {SIGMAC_KEEP_FULL, "1 a 7=2[5,6](0{\"Result\":\"failed\",\"User\":\"a\",\"Host\":{\"Name\":7}},"
                                  "1{\"Result\":\"failed\",\"User\":\"a\",\"Host\":{\"Name\":7}});"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Stream s = stream_of(FAILED BRUTE);
    cr_expect_eq(sigmac_correlator_set_keep(s.correlator, cases[i].keep), SIGMAC_OK);
    failed(&s, 5, "a");
    failed(&s, 6, "a");
    told(&s, cases[i].told);
    stream_end(&s);
  }
}

Test(api_correlator, suppresses_and_resets) {
  Stream s = stream_of(FAILED BRUTE), r = stream_of(FAILED BRUTE);
  cr_expect_eq(sigmac_correlator_set_suppress(s.correlator, 60), SIGMAC_OK);
  cr_expect_eq(sigmac_correlator_set_reset(r.correlator, true), SIGMAC_OK);
  for (int t = 0; t < 5; t++) {
    failed(&s, 1000 + 20 * t, "a");
    failed(&r, 1000 + 20 * t, "a");
  }
  told(&s, "1 a 7=2[1000,1020];2 a 7=3![1000,1040];3 a 7=4![1000,1060];4 a 7=5[1000,1080];");
  cr_expect_eq(sigmac_correlator_get_counts(s.correlator)->suppressed, 2);
  told(&r, "1 a 7=2[1000,1020];3 a 7=2[1040,1060];");
  stream_end(&s);
  stream_end(&r);
}

Test(api_correlator, groups_are_limited) {
  Stream s = stream_of(FAILED BRUTE);
  cr_expect_eq(sigmac_correlator_set_limits(s.correlator, 2, 0), SIGMAC_OK);
  failed(&s, 1000, "a");
  failed(&s, 1001, "b");
  failed(&s, 1002, "c");
  failed(&s, 1003, "a");
  told(&s, "");
  failed(&s, 1004, "c");
  told(&s, "4 c 7=2[1002,1004];");
  cr_expect_eq(sigmac_correlator_get_counts(s.correlator)->groups, 2);
  cr_expect_eq(sigmac_correlator_get_counts(s.correlator)->evicted, 2);
  stream_end(&s);
}

Test(api_correlator, misuse) {
  Stream s = stream_of(FAILED BRUTE);
  sigmac_correlator *c = NULL;
  sigmac_str facts;
  sigmac_time none = {INT64_MAX, 0};
  cr_expect_eq(sigmac_correlator_new(NULL, s.rules, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_new(&c, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_new(&c, s.rules, &(sigmac_allocator){0}), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_facts(s.scanner, &facts), SIGMAC_MISUSE, "no match now");
  cr_expect_eq(sigmac_scanner_facts(NULL, &facts), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_set_keep(s.correlator, (sigmac_keep)3), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_set_suppress(s.correlator, UINT64_C(3155695201)), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_event(s.correlator, 0, &none, TEXT(""), TEXT(""), NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_save(s.correlator, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_set_keep(s.correlator, SIGMAC_KEEP_REFS), SIGMAC_OK, "nothing has begun yet");
  failed(&s, 1, "a");
  cr_expect_eq(sigmac_correlator_set_keep(s.correlator, SIGMAC_KEEP_NONE), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_set_suppress(s.correlator, 1), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_set_reset(s.correlator, true), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_set_limits(s.correlator, 1, 1), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_correlator_load(s.correlator, TEXT(""), NULL, NULL), SIGMAC_MISUSE);
  sigmac_correlator_free(NULL);
  stream_end(&s);
}

/* --- state --------------------------------------------------------------------------------------------------- */

static bool collect(void *ctx, sigmac_str piece) {
  buf_bytes(ctx, piece.p, piece.n);
  return true;
}

static bool refuse(void *ctx, sigmac_str piece) {
  (void)ctx;
  (void)piece;
  return false;
}

static void on_state(void *ctx, sigmac_state_fate fate, sigmac_str id, sigmac_str title, const sigmac_rule *rule) {
  static const char *const names[] = {"resumed", "changed", "new", "gone"};
  Buf *out = ctx;
  (void)id;
  cr_expect_eq(rule == NULL, fate == SIGMAC_STATE_GONE);
  if (rule) cr_expect(rule->correlation && str_eq(api_str(rule->title), api_str(title)));
  buf_printf(out, "%.*s %s;", (int)title.n, title.p, names[fate]);
}

static void check_load(const char *rules, sigmac_str state, const char *fates, const char *alerts) {
  Stream s = stream_of(rules);
  Buf said = {0};
  cr_expect_eq(sigmac_correlator_load(s.correlator, state, on_state, &said), SIGMAC_OK);
  cr_expect(str_is(buf_view(&said), fates), "%.*s, not %s", (int)said.n, said.p, fates);
  s.index = 1;
  failed(&s, 1001, "a");
  told(&s, alerts);
  buf_free(&said);
  stream_end(&s);
}

#define STRICTER                                                                                                              \
  "title: Brute\nid: 11111111-2222-4333-8444-555555555555\nlevel: high\ncorrelation:\n  type: event_count\n  rules: failed\n" \
  "  group-by: [User, Host.Name]\n  timespan: 11m\n  condition: {gte: 2}\n---\n"
#define SECOND                                                                                                    \
  "title: Second\nid: 21111111-2222-4333-8444-555555555555\ncorrelation:\n  type: event_count\n  rules: failed\n" \
  "  timespan: 11m\n  condition: {gte: 2}\n---\n"

Test(api_correlator, state) {
  Stream s = stream_of(FAILED BRUTE);
  Buf bytes = {0};
  failed(&s, 1000, "a");
  cr_expect_eq(sigmac_correlator_save(s.correlator, refuse, NULL), SIGMAC_STOPPED);
  cr_expect_eq(sigmac_correlator_save(s.correlator, collect, &bytes), SIGMAC_OK);
  sigmac_str state = {bytes.p, bytes.n};
  check_load(FAILED BRUTE, state, "Brute resumed;", "1 a 7=2[1000,1001];");
  check_load(FAILED BRUTE OTHER, state, "Brute resumed;", "1 a 7=2[1000,1001];");
  check_load(FAILED STRICTER, state, "Brute changed;", "");
  check_load(FAILED SECOND, state, "Second new;Brute gone;", "");
  check_load(FAILED BRUTE, TEXT(""), "Brute new;", "");
  stream_end(&s);
  buf_free(&bytes);
}

Test(api_correlator, bytes_that_are_no_state) {
  Stream s = stream_of(FAILED BRUTE);
  cr_expect_eq(sigmac_correlator_load(s.correlator, TEXT("no state"), NULL, NULL), SIGMAC_BAD_STATE);
  failed(&s, 1000, "a");
  failed(&s, 1001, "a");
  told(&s, "1 a 7=2[1000,1001];");
  stream_end(&s);
}

Test(api_correlator, rules_without_correlations) {
  Stream s = stream_of(FAILED OTHER);
  Buf bytes = {0};
  failed(&s, 1000, "a");
  cr_expect_eq(sigmac_correlator_get_counts(s.correlator)->events, 0);
  cr_expect_eq(sigmac_correlator_save(s.correlator, collect, &bytes), SIGMAC_OK);
  cr_expect_eq(bytes.n, 0);
  stream_end(&s);
}

/* --- facts --------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *event, *user; /* NULL: it has no value */
} FactCase;

static Fact user_of(Stream *s) {
  FactsReader r;
  Arena arena = {0};
  const Program *p = s->rules->program;
  facts_open(&r, p, buf_view(&s->facts), &arena);
  cr_assert(facts_next(&r));
  cr_expect_eq(r.rule, 0);
  cr_expect(!facts_field(&r, FIELD_ANY).there);
  Fact fact = {0};
  for (uint32_t i = 1; i < p->n_FIELDS; i++)
    if (str_is(p->fields[i], "User")) fact = facts_field(&r, i);
  cr_expect(!facts_next(&r) && !facts_next(&r));
  arena_free(&arena);
  return fact;
}

Test(api_correlator, facts_are_the_first_text) {
  static const FactCase cases[] = {
    {"{\"Result\":\"failed\",\"User\":\"ann\"}", "ann"},  {"{\"Result\":\"failed\",\"User\":\"a\\u006e\\u006e\"}", "ann"},
    {"{\"Result\":\"failed\",\"User\":\"\"}", ""},        {"{\"Result\":\"failed\",\"User\":1.50}", "1.50"},
    {"{\"Result\":\"failed\",\"User\":true}", "true"},    {"{\"Result\":\"failed\",\"User\":null}", NULL},
    {"{\"Result\":\"failed\",\"User\":[]}", NULL},        {"{\"Result\":\"failed\",\"User\":[null,\"b\",\"c\"]}", "b"},
    {"{\"Result\":\"failed\",\"User\":{\"x\":1}}", NULL}, {"{\"Result\":\"failed\"}", NULL},
  };
  Stream s = stream_of(FAILED BRUTE);
  for (size_t i = 0; i < COUNT(cases); i++) {
    event(&s, NULL, cases[i].event);
    Fact fact = user_of(&s);
    cr_expect_eq(fact.there, cases[i].user != NULL, "%s", cases[i].event);
    if (cases[i].user) cr_expect(str_is(fact.text, cases[i].user), "%s", cases[i].event);
  }
  stream_end(&s);
}

/* Whatever the bytes, what is read lies in them. */
Test(api_correlator, facts_are_not_believed) {
  Stream s = stream_of(FAILED BRUTE);
  failed(&s, 1, "somebody");
  Buf good = s.facts;
  s.facts = (Buf){0};
  srand(1);
  for (int round = 0; round < 20000; round++) {
    char bytes[128];
    size_t n = good.n < sizeof bytes ? good.n : sizeof bytes;
    memcpy(bytes, good.p, n);
    for (int k = rand() % 3; k > 0; k--) bytes[(size_t)rand() % n] = (char)(rand() % 4 ? rand() % 8 : rand());
    n -= rand() % 2 ? (size_t)rand() % n : 0;
    char *exact = malloc(n); /* so that a sanitizer sees what is behind it */
    memcpy(exact, bytes, n);
    cr_assert_eq(sigmac_correlator_event(s.correlator, 9, &(sigmac_time){round, 0}, (sigmac_str){exact, n}, TEXT(""), NULL, NULL),
                 SIGMAC_OK);
    free(exact);
  }
  buf_free(&good);
  stream_end(&s);
}

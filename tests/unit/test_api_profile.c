/* SPDX-License-Identifier: MIT
 * include/sigmac.h: what rules cost. How long it takes is another thing each time; how often is not. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "sigmac.h"

static const char three_rules[] =
  "title: image\nlogsource: {product: windows, category: process_creation}\n"
  "detection:\n  s: {Image|endswith: '\\whoami.exe'}\n  condition: s\n"
  "---\n"
  "title: negation\nlogsource: {product: windows}\ndetection:\n  s: {User: me}\n  condition: not s\n"
  "---\n"
  "title: linux\nlogsource: {product: linux}\ndetection:\n  s: {Image: x}\n  condition: s\n";

static const char whoami[] =
  "{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Image\":\"C:\\\\whoami.exe\",\"User\":\"me\"}";
static const char other[] =
  "{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Image\":\"C:\\\\other.exe\",\"User\":\"you\"}";
static const char unknown[] = "{\"Image\":\"x\"}";

static sigmac_str str(const char *text) { return (sigmac_str){text, strlen(text)}; }

static sigmac_scanner *scanner_on(sigmac_rules **rules) {
  sigmac_compiler *c = NULL;
  sigmac_scanner *s = NULL;
  sigmac_str image;
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_add_text(c, str("rules.yml"), str(three_rules)), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_assert_eq(sigmac_rules_load(rules, image, NULL, NULL), SIGMAC_OK);
  sigmac_compiler_free(c);
  cr_assert_eq(sigmac_scanner_new(&s, *rules, NULL), SIGMAC_OK);
  return s;
}

static void scan(sigmac_scanner *s, const char *event) {
  cr_expect_eq(sigmac_scan_json(s, str(event), NULL, NULL, NULL), SIGMAC_OK);
}

typedef struct {
  Buf text;
  uint64_t nanoseconds;
} Heard;

static bool hear(void *ctx, const sigmac_rule_cost *c) {
  Heard *h = ctx;
  buf_printf(&h->text, "%u %.*s %u %u %u%s\n", c->number, (int)c->rule->title.n, c->rule->title.p, (unsigned)c->offered,
             (unsigned)c->runs, (unsigned)c->matches, c->always_asked ? " always" : "");
  h->nanoseconds += c->nanoseconds;
  cr_expect(c->runs || !c->nanoseconds);
  return true;
}

static void expect_costs(sigmac_scanner *s, unsigned events, const char *text) {
  Heard h = {.text = {0}};
  cr_expect_eq(sigmac_scanner_rule_costs(s, hear, &h), SIGMAC_OK);
  cr_expect(str_is(buf_view(&h.text), text), STR_FMT, STR_ARG(buf_view(&h.text)));
  cr_expect_eq(sigmac_scanner_get_profile(s)->events, events);
  cr_expect_eq(sigmac_scanner_get_profile(s)->rules, h.nanoseconds, "all of it is of some rule");
  buf_free(&h.text);
}

static bool only_one(void *n, const sigmac_rule_cost *c) {
  (void)c;
  return ++*(unsigned *)n < 1;
}

static bool misuse(void *ctx, const sigmac_rule_cost *c) {
  (void)c;
  cr_expect_eq(sigmac_scanner_set_profile(ctx, false), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_rule_costs(ctx, misuse, ctx), SIGMAC_MISUSE);
  return true;
}

Test(api_profile, counts) {
  sigmac_rules *rules = NULL;
  sigmac_scanner *s = scanner_on(&rules);
  unsigned n = 0;
  cr_expect_null(sigmac_scanner_get_profile(s), "never asked for");
  cr_expect_eq(sigmac_scanner_rule_costs(s, hear, NULL), SIGMAC_MISUSE);
  scan(s, whoami);
  cr_expect_eq(sigmac_scanner_set_profile(s, true), SIGMAC_OK);
  expect_costs(s, 0, "0 image 0 0 0\n1 negation 0 0 0 always\n2 linux 0 0 0\n");
  scan(s, whoami);
  scan(s, other);
  scan(s, other);
  cr_expect_eq(sigmac_scan_json(s, str("no event"), NULL, NULL, NULL), SIGMAC_BAD_EVENT);
  expect_costs(s, 3, "0 image 3 1 1\n1 negation 3 3 2 always\n2 linux 0 0 0\n");
  scan(s, unknown);
  expect_costs(s, 4, "0 image 4 1 1\n1 negation 4 4 3 always\n2 linux 1 1 1\n");
  cr_expect_eq(sigmac_scanner_rule_costs(s, only_one, &n), SIGMAC_STOPPED);
  cr_expect_eq(n, 1);
  cr_expect_eq(sigmac_scanner_rule_costs(s, misuse, s), SIGMAC_OK);
  cr_expect_eq(sigmac_scanner_rule_costs(s, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_set_profile(s, false), SIGMAC_OK);
  scan(s, whoami);
  expect_costs(s, 4, "0 image 4 1 1\n1 negation 4 4 3 always\n2 linux 1 1 1\n");
  cr_expect_eq(sigmac_scanner_set_profile(s, true), SIGMAC_OK, "anew");
  scan(s, whoami);
  cr_expect_eq(sigmac_scanner_set_index(s, false), SIGMAC_OK);
  scan(s, other);
  expect_costs(s, 2, "0 image 2 2 1\n1 negation 2 2 1 always\n2 linux 0 0 0\n");
  cr_expect_eq(sigmac_scanner_set_profile(NULL, true), SIGMAC_MISUSE);
  cr_expect_null(sigmac_scanner_get_profile(NULL));
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

Test(api_profile, rules_may_change) {
  sigmac_rules *rules = NULL;
  sigmac_scanner *s = scanner_on(&rules);
  sigmac_str none = {NULL, 0};
  cr_expect_eq(sigmac_scanner_set_profile(s, true), SIGMAC_OK);
  scan(s, other);
  cr_expect_eq(sigmac_scanner_enable(s, 1, false), SIGMAC_OK);
  scan(s, other);
  cr_expect_eq(sigmac_scanner_set_logsource(s, none, str("linux"), none), SIGMAC_OK);
  scan(s, unknown);
  expect_costs(s, 3, "0 image 2 0 0\n1 negation 1 1 1 always\n2 linux 1 1 1\n");
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

/* Of so many log sources that events name themselves the last ones are not remembered. */
Test(api_profile, log_sources_of_their_own) {
  sigmac_rules *rules = NULL;
  sigmac_scanner *s = scanner_on(&rules);
  enum { SOURCES = 40 };
  cr_expect_eq(sigmac_scanner_set_profile(s, true), SIGMAC_OK);
  for (int i = 0; i < 2 * SOURCES; i++) {
    Buf event = {0};
    buf_printf(&event, "{\"product\":\"linux\",\"service\":\"s%d\",\"Image\":\"x\"}%c", i % SOURCES, 0);
    scan(s, event.p);
    buf_free(&event);
  }
  expect_costs(s, 80, "0 image 0 0 0\n1 negation 0 0 0 always\n2 linux 80 80 80\n");
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

/* SPDX-License-Identifier: MIT
 * include/sigmac.h, translating: correlations. What the queries find is compared by tests/equivalence/correlations.py; here is what the
 * functions tell, and which conditions come down to how many events. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sigmac.h"

#define RULE(name, detection) \
  "---\ntitle: " name "\nname: " name "\nlogsource: {product: p}\ndetection: {s: " detection ", condition: s}\n"

static const char rules[] = RULE("a", "{k: x}") RULE("b", "{k: y}") RULE("c", "{m|contains: z}") RULE("w", "[words]");

typedef struct {
  char query[1000], error[40], part_of[40], statements[8]; /* of the last document that is no rule, and how many queries it has */
  unsigned parts, good, refused;
} Heard;

static void copy(char *to, size_t room, sigmac_str s) { snprintf(to, room, "%.*s", (int)s.n, s.n ? s.p : ""); }

static bool hear(void *ctx, const sigmac_translation *t) {
  Heard *h = ctx;
  bool part = t->fidelity == SIGMAC_PART;
  h->parts += part;
  h->good += t->fidelity == SIGMAC_EXACT || t->fidelity == SIGMAC_ASSUMED;
  h->refused += t->fidelity == SIGMAC_REFUSED;
  cr_expect_eq(t->part_of.n > 0, part);
  cr_expect(!part || (!t->query.n && !t->document.n && !t->assumptions.n));
  if (part) copy(h->part_of, sizeof h->part_of, t->part_of);
  if (t->title.n != 4) return true;
  copy(h->query, sizeof h->query, t->query);
  snprintf(h->statements, sizeof h->statements, "%zu", t->queries.n);
  *h->error = '\0';
  for (uint32_t i = 0; i < t->diagnostics_n && !*h->error; i++) snprintf(h->error, sizeof h->error, "%s", t->diagnostics[i]->id);
  return true;
}

static void translate(Heard *h, const char *target, const char *correlation) {
  char text[4000];
  sigmac_compiler *c;
  int n =
    snprintf(text, sizeof text, "title: Corr\nid: 6e1c4c1e-0000-4000-8000-000000000001\ncorrelation: {%s}\n%s", correlation, rules);
  memset(h, 0, sizeof *h);
  cr_assert(n < (int)sizeof text);
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_set_target(c, (sigmac_str){target, 3}), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_add_text(c, (sigmac_str){"r.yml", 5}, (sigmac_str){text, (size_t)n}), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_translate(c, hear, h), SIGMAC_OK);
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  cr_expect(s->parts == h->parts && s->rules == h->good && s->refused == h->refused);
  sigmac_compiler_free(c);
}

Test(translate_correlations, conditions_come_down_to_numbers) {
  static const struct {
    const char *condition, *runs; /* NULL: refused; empty: an event */
  } cases[] = {
    {"gte: 2", "runs=2"},
    {"gt: 2", "runs=3"},
    {"gte: 2.5", "runs=3"},
    {"gt: 2.5", "runs=3"},
    {"gte: 2.0", "runs=2"},
    {"neq: 1", "runs=2"},
    {"gte: 100", "runs=100"},
    {"gt: 99.5", "runs=100"},
    {"gte: 1", ""},
    {"gte: 0", ""},
    {"gt: -3", ""},
    {"gt: -0.5", ""},
    {"neq: 0", ""},
    {"neq: 1.5", ""},
    {"gt: 1.0e-7", ""},
    {"gte: 3, neq: 3", "runs=4"},
    {"gte: 3, gt: 7", "runs=8"},
    {"gte: 101", NULL},
    {"gt: 100", NULL},
    {"lt: 5", NULL},
    {"lte: 5", NULL},
    {"eq: 1", NULL},
    {"gte: 3, neq: 5", NULL},
    {"gte: 5, lte: 3", NULL},
    {"lt: 1", NULL},
    {"eq: 1.5", NULL},
    {"gte: 1.0e30", NULL},
    {"lte: 1.0e30", NULL},
    {"gte: 99999999999999999999", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Heard h;
    char text[300];
    const char *runs = cases[i].runs;
    snprintf(text, sizeof text, "type: event_count, rules: [a], group-by: [h], timespan: 5m, condition: {%s}", cases[i].condition);
    translate(&h, "eql", text);
    cr_expect_eq(*h.query != '\0', runs != NULL, "%s: %s", cases[i].condition, h.query);
    if (!runs) cr_expect_str_eq(h.error, "target-correlation", "%s", cases[i].condition);
    else if (*runs)
      cr_expect(strstr(h.query, runs) && strcmp(strstr(h.query, runs), runs) == 0, "%s: %s", cases[i].condition, h.query);
    else cr_expect_str_eq(h.query, "any where ?k in~ (\"x\") and ?h != null", "%s", cases[i].condition);
  }
}

Test(translate_correlations, statements) {
  static const struct {
    const char *correlation, *statements;
  } cases[] = {
    {"type: event_count, rules: [a], timespan: 5m, condition: {gte: 3}", "0"},
    {"type: temporal, rules: [a, b], group-by: [h], timespan: 5m", "2"}, /* no event is of both */
    {"type: temporal, rules: [a, c], group-by: [h], timespan: 5m", "3"}, /* one may be */
    {"type: temporal, rules: [a, b, c], timespan: 5m", "10"},            /* 13 ways, without those that have a and b in one */
    {"type: temporal, rules: [a, b, c], timespan: 5m, condition: a and (b or c)", "5"},
    {"type: temporal, rules: [a, b, c], timespan: 5m, condition: {gte: 1}", "3"},
    {"type: temporal_ordered, rules: [a, a, c], timespan: 5m", "0"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Heard h;
    translate(&h, "eql", cases[i].correlation);
    cr_expect(*h.query && !*h.error, "%s: %s", cases[i].correlation, h.error);
    cr_expect_str_eq(h.statements, cases[i].statements, "%s", cases[i].correlation);
  }
}

Test(translate_correlations, parts_have_no_query_of_their_own) {
  Heard h;
  translate(&h, "eql", "type: event_count, rules: [a, b], timespan: 5m, condition: {gte: 3}");
  cr_expect(h.parts == 2 && h.good == 2 && h.refused == 1, "c has a query, w is refused");
  cr_expect_str_eq(h.part_of, "6e1c4c1e-0000-4000-8000-000000000001");
  translate(&h, "eql", "type: event_count, rules: [a, b], timespan: 5m, condition: {gte: 3}, generate: true");
  cr_expect(h.parts == 0 && h.good == 4 && h.refused == 1);
}

Test(translate_correlations, with_a_rule_that_is_refused_so_is_it) {
  Heard h;
  translate(&h, "eql", "type: event_count, rules: [a, w], timespan: 5m, condition: {gte: 3}");
  cr_expect_str_eq(h.query, "");
  cr_expect_str_eq(h.error, "target-keyword");
  cr_expect_eq(h.parts, 2);
}

Test(translate_correlations, spans_are_in_the_largest_unit_that_is_whole) {
  static const char *const spans[][2] = {{"90s", "90s"}, {"120s", "2m"}, {"36h", "36h"},
                                         {"2d", "2d"},   {"1w", "7d"},   {"1M", "2629746s"}};
  for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
    Heard h;
    char text[200], wanted[40];
    snprintf(text, sizeof text, "type: event_count, rules: [a], timespan: %s, condition: {gte: 3}", spans[i][0]);
    snprintf(wanted, sizeof wanted, "maxspan=%s ", spans[i][1]);
    translate(&h, "eql", text);
    cr_expect(strstr(h.query, wanted), "%s", h.query);
    snprintf(wanted, sizeof wanted, "<= %s", spans[i][1]);
    translate(&h, "kql", text);
    cr_expect(strstr(h.query, wanted), "%s", h.query);
  }
}

/* SPDX-License-Identifier: MIT
 * Events that prove what a finding says (lint/witness.h): for detections by hand, and for random ones, where the referee judges. */
#include <criterion/criterion.h>

#include "compiler/compile.h"
#include "lint/witness.h"
#include "runtime/event_json.h"
#include "tests/oracle.h"
#include "tests/support/gen.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The detections `yes` and `no` of a rule. */
static bool find(Arena *a, const char *detection, Str *json) {
  Compiler c;
  Lowered l;
  compiler_init(&c, a);
  c.keep_ir = true;
  Str text = arena_printf(a, "title: T\nlogsource: {category: test}\ndetection:\n%s\n  condition: 1 of them\n", detection);
  compiler_add(&c, STR("rule.yml"), text);
  compiler_begin_rule(&c, &l, &c.rules.list.p[0]);
  cr_assert_not(l.broken, "%s", detection);
  const IrNode *yes[1], *no[1];
  uint32_t n_yes = 0, n_no = 0;
  for (uint32_t i = 0; i < l.rule->n_detections; i++) {
    if (str_is(l.rule->detections[i].name, "yes")) yes[n_yes++] = l.ir.selections[i];
    else no[n_no++] = l.ir.selections[i];
  }
  bool found = witness_find(json, a, yes, n_yes, no, n_no);
  compiler_end_rule(&c);
  return found;
}

Test(witness, of_detections) {
  static const struct {
    const char *detection, *event;
  } cases[] = {
    {"  yes: {Image|endswith: '\\a.exe'}", "{\"Image\": \"\\\\a.exe\"}"},
    {"  yes: {Image|endswith: '\\a.exe', CommandLine|contains: ' -x '}", "{\"Image\": \"\\\\a.exe\", \"CommandLine\": \" -x \"}"},
    {"  yes: {a|contains|all: [foo, bar, oba]}", "{\"a\": \"foobar\"}"},
    {"  yes: {a|startswith: ab, 'a|endswith': yz, 'a|contains': mn}", "{\"a\": \"abmnyz\"}"},
    {"  yes: {a: 'x?y*z'}", "{\"a\": \"xxyz\"}"},
    {"  yes: {a: '*'}", "{\"a\": \"x\"}"},
    {"  yes: {a: ''}", "{\"a\": \"\"}"},
    {"  yes: {a|windash: ' -c'}", "{\"a\": \" -c\"}"},
    {"  yes: {a: 5}", "{\"a\": 5}"},
    {"  yes: {a|gt: 5, a|lt: 7}", "{\"a\": 6}"},
    {"  yes: {a|gt: 5, a|lt: 6}", "{\"a\": 5.5}"},
    {"  yes: {a|gte: 5, a|lt: 5}", NULL},
    {"  yes: {a: true}", "{\"a\": true}"},
    {"  yes: {a|cidr: 10.0.0.0/8}", "{\"a\": \"10.0.0.0\"}"},
    {"  yes: {a|cidr: 'fe80::/10'}", "{\"a\": \"fe80::\"}"},
    {"  yes: {a|exists: true}", "{\"a\": \"x\"}"},
    {"  yes: {a|exists: false}", "{}"},
    {"  yes: {a: null}", "{}"},
    {"  yes: {a: null, a|exists: true}", "{\"a\": null}"},
    {"  yes: {a|re: '^ab+[c-e](f|g)$'}", "{\"a\": \"abcf\"}"},
    {"  yes: {a|re: '(?=x)y'}", NULL},
    {"  yes: {a|fieldref: b, b: q}", "{\"a\": \"q\", \"b\": \"q\"}"},
    {"  yes: {a|month: 3}", "{\"a\": \"2024-03-15T12:30:00\"}"},
    {"  yes: [alpha, beta]", "{\"Message\": \"alpha\"}"},
    {"  yes: {a.b: c}", "{\"a.b\": \"c\"}"},
    {"  yes: {a|contains: x}\n  no: {a|contains: xyz}", "{\"a\": \"x\"}"},
    {"  yes: {a|contains: xyz}\n  no: {a|contains: x}", NULL},
    {"  yes: {a: [p, q]}\n  no: {a: p}", "{\"a\": \"q\"}"},
    {"  yes: {a|contains: p}\n  no: {a|contains|cased: p}", "{\"a\": \"XP\"}"},
    {"  yes: [{a: p, b: q}, {c: r}]\n  no: {a: p}", "{\"c\": \"r\"}"},
    {"  yes: {a|exists: true}\n  no: {a: null}", "{\"a\": \"x\"}"},
    {"  yes: {a|expand: '%b%'}", NULL},
    {"  no: {a: p}", "{}"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    Str json = {0};
    bool found = find(&a, cases[i].detection, &json);
    cr_expect_eq(found, cases[i].event != NULL, "%s: found %d", cases[i].detection, found);
    if (found && cases[i].event)
      cr_expect(str_is(json, cases[i].event), "%s: %.*s, not %s", cases[i].detection, STR_ARG(json), cases[i].event);
    arena_free(&a);
  }
}

Test(witness, outside_of_a_net_inside) {
  Arena a = {0};
  Str json;
  cr_assert(find(&a, "  yes: {a|cidr: 10.0.0.0/8}\n  no: {a|cidr: 10.0.0.0/16}", &json));
  arena_free(&a);
}

Test(witness, is_bounded_in_length) {
  Arena a = {0};
  Str json;
  Buf text = {.arena = &a};
  buf_str(&text, STR("  yes: {a: '"));
  for (int i = 0; i < 300; i++) buf_char(&text, 'x');
  buf_str(&text, STR("'}"));
  buf_char(&text, '\0');
  cr_expect_not(find(&a, text.p, &json));
  arena_free(&a);
}

static bool referee(const Rule *rule, const IrNode *n, const Value *event) {
  OracleNotes notes = {0};
  IrNode *root = (IrNode *)(uintptr_t)n; /* it only reads */
  return oracle_matches(&(IrRule){.rule = rule, .root = root}, event, &notes);
}

static uint32_t judge(Arena *a, const Lowered *l, const IrNode *yes, const IrNode *no) {
  Str json;
  JsonError error;
  if (!witness_find(&json, a, &yes, 1, &no, no ? 1 : 0)) return 0;
  Value *event = event_json_read(json, a, &error);
  cr_assert(event, "%.*s", STR_ARG(json));
  cr_expect(json.n <= 200 && referee(l->rule, yes, event), "%.*s", STR_ARG(json));
  if (no) cr_expect_not(referee(l->rule, no, event), "%.*s", STR_ARG(json));
  return 1;
}

/* Most random rules have one, and the referee accepts each. */
Test(witness, of_random_rules_is_accepted) {
  uint32_t found = 0, asked = 0;
  for (unsigned i = 0; i < 500; i++) {
    Arena a = {0};
    Gen g = gen_seeded(i);
    Compiler c;
    Lowered l;
    compiler_init(&c, &a);
    compiler_add(&c, STR("rule.yml"), gen_rule(&g, &a, i));
    if (c.rules.list.n) {
      compiler_begin_rule(&c, &l, &c.rules.list.p[0]);
      for (uint32_t k = 0; !l.broken && k < l.rule->n_detections; k++, asked++)
        found += judge(&a, &l, l.ir.selections[k], k ? l.ir.selections[0] : NULL);
      if (!l.broken) judge(&a, &l, l.ir.root, NULL);
      compiler_end_rule(&c);
    }
    arena_free(&a);
  }
  cr_expect(found * 2 > asked, "%u of %u", found, asked);
}

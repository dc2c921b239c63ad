/* SPDX-License-Identifier: MIT
 * What tests of each kind become on fields of each type. */
#include <criterion/criterion.h>

#include "backends/backend.h"
#include "compiler/compile.h"
#include "compiler/types.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct {
  const char *item, *eql, *kql; /* text without `any where`; an id in angle brackets: refused */
} Row;

/* A rule of one selection with the lines of `item`, a field of each type by its name, translated. */
static Str translate(Arena *arena, const char *name, const char *item, unsigned assume) {
  Compiler c;
  TypeTable types;
  Query query = {0};
  IrRule ir;
  Plan plan;
  const Backend *backend = backend_find(str_of(name));
  compiler_init(&c, arena);
  types_init(&types, arena);
  static const struct {
    const char *field;
    FieldType type;
  } fields[] = {{"k", FIELD_KEYWORD},  {"t", FIELD_TEXT},         {"n", FIELD_INTEGER},   {"r", FIELD_REAL},
                {"b", FIELD_BOOLEAN},  {"d", FIELD_DATE},         {"ip", FIELD_IP},       {"ver", FIELD_VERSION},
                {"obj", FIELD_OBJECT}, {"flat", FIELD_FLATTENED}, {"dyn", FIELD_DYNAMIC}, {"u", FIELD_UNKNOWN},
                {"c", FIELD_CONSTANT}};
  for (size_t i = 0; i < COUNT(fields); i++) types_set(&types, str_of(fields[i].field), fields[i].type);
  bool negated = strncmp(item, "not ", 4) == 0;
  compiler_add(&c, STR("rule.yml"),
               arena_printf(arena, "title: T\nlogsource: {category: x}\ndetection:\n  sel:\n    %s\n  condition: %ssel\n",
                            item + (negated ? 4 : 0), negated ? "not " : ""));
  rules_resolve(&c.rules, arena, &c.diags);
  cr_assert_eq(c.diags.errors, 0, "%s", item);
  const Rule *rule = &c.rules.list.p[0];
  PlanOptions options = {.target = backend_target(backend), .types = &types};
  PrintOptions print = {.assume = assume};
  budget_open(&c.passes.budget, rule->at, 1 << 20);
  cr_assert(lower_rule(&ir, rule, &c.passes) && plan_rule(&plan, &ir, NULL, &options, &c.passes), "%s", item);
  bool good = backend_print(&query, backend, &plan, &print, arena, &c.diags);
  cr_assert_eq(good, c.diags.errors == 0, "%s: refused without a reason", item);
  if (good) return query.text;
  for (uint32_t i = 0; i < c.diags.list.n; i++)
    if (c.diags.list.p[i].severity == SEV_ERROR) {
      cr_expect(c.diags.list.p[i].hint.n, "%s: no hint", item);
      return arena_printf(arena, "<%s>", diag_info[c.diags.list.p[i].id].text);
    }
  return STR("?");
}

static void check(const Row *rows, size_t n, unsigned assume) {
  for (size_t i = 0; i < n; i++) {
    Arena arena = {0};
    Str eql = translate(&arena, "eql", rows[i].item, assume), kql = translate(&arena, "kql", rows[i].item, assume);
    if (str_starts(eql, STR("any where "))) eql = str_from(eql, 10);
    if (rows[i].eql) cr_expect(str_is(eql, rows[i].eql), "%s\n  %.*s", rows[i].item, STR_ARG(eql));
    if (rows[i].kql) cr_expect(str_is(kql, rows[i].kql), "%s\n  %.*s", rows[i].item, STR_ARG(kql));
    arena_free(&arena);
  }
}

Test(emit, text) {
  static const Row rows[] = {
    {"k: abc", "?k in~ (\"abc\")", "k =~ \"abc\""},
    {"k: [a, b]", "?k in~ (\"a\", \"b\")", "k in~ (\"a\", \"b\")"},
    {"not k: [a, b]", "?k == null or not ?k in~ (\"a\", \"b\")", "not(k in~ (\"a\", \"b\"))"},
    {"k|cased: Ab", "?k == \"Ab\"", "k == \"Ab\""},
    {"k|cased: [Ab, C]", "?k in (\"Ab\", \"C\")", "k in (\"Ab\", \"C\")"},
    {"k: 'a*'", "?k like~ \"a*\"", "k startswith \"a\""},
    {"k: '*a'", "?k like~ \"*a\"", "k endswith \"a\""},
    {"k: '*a*'", "?k like~ \"*a*\"", "k contains \"a\""},
    {"k|cased: 'a*'", "?k like \"a*\"", "k startswith_cs \"a\""},
    {"k|contains|cased: a", "?k like \"*a*\"", "k contains_cs \"a\""},
    {"k: 'a*b'", "?k like~ \"a*b\"", "k matches regex @\"(?s)^[aA].*[bB]$\""},
    {"k|cased: 'a*b'", "?k like \"a*b\"", "k matches regex @\"(?s)^a.*b$\""},
    {"k: 'a\\*b'", "?k in~ (\"a*b\")", "k =~ \"a*b\""},
    {"k|contains: 'a\\?b'", "?k regex \"\"\".*[aA]\\?[bB].*\"\"\"", "k contains \"a?b\""},
    {"k: '\?\?'", "?k like~ \"\?\?\"", "strlen(k) == 2"},
    {"k: '\?\?*'", "?k like~ \"\?\?*\"", "strlen(k) >= 2"},
    {"k: '*'", "?k != null", "isnotempty(k)"},
    {"k: \"\\\"\\\\\\n\\t\"", "?k in~ (\"\\\"\\\\\\n\\t\")", "k =~ \"\\\"\\\\\\n\\t\""},
    {"k: \"a\\u202Eb\"", "?k in~ (\"a\\u{202e}b\")", "k matches regex @\"^[aA]\\x{202e}[bB]$\""},
    {"k: \"\\0\"", "?k in~ (\"\\u{0000}\")", "<target-character>"},
    {"k|contains: \"a\\x01\"", "?k regex \".*[aA]\\u{0001}.*\"", "k matches regex @\"[aA]\\x01\""},
    {"k: \"\\x01\"", "?k in~ (\"\\u{0001}\")", "k matches regex @\"^\\x01$\""},
    {"k|re: 'a\"b'", "?k regex \"\"\".*a\\\"b.*\"\"\"", "k matches regex @\"a\"\"b\""},
    {"k|re: '\"'", "?k regex \"\"\".*\\\".*\"\"\"", "k matches regex @\"\"\"\""},
    {"k|re: '^a\\n$'", "?k regex \"a\\n\"", "k matches regex @\"^a\\n$\""},
    {"k|re: 'a(?=b)'", "<target-regex>", "<target-regex>"},
    {"k|re: 'a*'", NULL, "isnotempty(k) and k matches regex @\"a*\""},
    {"k: ''", "?k == \"\"", "<target-empty>"},
    {"not k: ''", "?k == null or not ?k == \"\"", "<target-empty>"},
    {"k: ['', null]", "?k == \"\" or ?k == null", "isempty(k)"},
    {"not k|re: [a, b, c]",
     "(?k == null or not ?k regex \"\"\".*a.*\"\"\") and (?k == null or not ?k regex \"\"\".*b.*\"\"\") and "
     "(?k == null or not ?k regex \"\"\".*c.*\"\"\")",
     "not(k matches regex @\"a\" or k matches regex @\"b\" or k matches regex @\"c\")"},
    {"k|fieldref: u", "<target-fieldref>", "<target-assumption>"},
    {"'': a", "<target-keyword>", "* contains \"a\""},
  };
  check(rows, COUNT(rows), 0);
}

Test(emit, types) {
  static const Row rows[] = {
    {"k: 5", "?k == \"5\"", "k == \"5\""},
    {"k: [5, a]", "?k in~ (\"5\", \"a\")", "k in~ (\"5\", \"a\")"},
    {"k|gt: 5", "<target-type>", "k matches regex @\"^[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$\" and todouble(k) > 5"},
    {"k: true", "?k in~ (\"true\")", "k =~ \"true\""},
    {"k|cidr: 10.0.0.0/8", "<target-cidr>", NULL},
    {"t: a", "<target-type>", NULL},
    {"t: null", "<target-type>", NULL},
    {"n: 5", "?n == 5", "n == 5"},
    {"n: [5, -6]", "?n in (5, -6)", "n in (5, -6)"},
    {"not n: 5", "?n == null or not ?n == 5", "isnull(n) or not(n == 5)"},
    {"n: '5'", "?n == 5", "n == 5"},
    {"n: '05'", "<target-type>", "<target-type>"},
    {"n: abc", "<target-type>", "<target-type>"},
    {"n: 1.5", "false", "false"},
    {"n: 9223372036854775807", "?n == 9223372036854775807", "n == 9223372036854775807"},
    {"n: 9223372036854775808", "<target-type>", "<target-type>"},
    {"n: -9223372036854775807", "?n == -9223372036854775807", "n == -9223372036854775807"},
    {"n: -9223372036854775808", "<target-type>", "<target-type>"},
    {"n: '5*'", "<target-type>", "tostring(n) startswith \"5\""},
    {"not n|re: '^5'", "<target-type>", "not(tostring(n) matches regex @\"^5\")"},
    {"n|lte: 5", "?n <= 5", "n <= 5"},
    {"n: '*'", "?n != null", "isnotnull(n)"},
    {"n: null", "?n == null", "isnull(n)"},
    {"n: true", "<target-type>", "<target-type>"},
    {"n|cidr: 10.0.0.0/8", "<target-type>", "<target-type>"},
    {"r: 1.50", "?r == 1.5", "r == 1.5"},
    {"r: '1.5'", "<target-type>", "<target-type>"},
    {"r: 9007199254740992", "?r == 9007199254740992", "r == 9007199254740992"},
    {"r: 9007199254740993", "<target-type>", "<target-type>"},
    {"b: true", "?b == true", "b == true"},
    {"b: 'FALSE'", "?b == false", "b == false"},
    {"b|cased: 'TRUE'", "<target-type>", "<target-type>"},
    {"not b: true", "?b == null or not ?b == true", "isnull(b) or not(b == true)"},
    {"b: maybe", "<target-type>", "<target-type>"},
    {"b: 1", "<target-type>", "<target-type>"},
    {"d: 2024-01-01", "<target-type>", "<target-type>"},
    {"d|exists: true", "?d != null", "isnotnull(d)"},
    {"ip: 10.0.0.1", "?ip == \"10.0.0.1\"", "ip =~ \"10.0.0.1\""},
    {"ip: ['10.0.0.1', 'FE80::1']", "?ip in (\"10.0.0.1\", \"fe80::1\")", "ip in~ (\"10.0.0.1\", \"FE80::1\")"},
    {"ip: '0:0:0:0:0:0:0:1'", "<target-type>", "ip =~ \"0:0:0:0:0:0:0:1\""},
    {"ip|cased: 'fe80::1'", "?ip == \"fe80::1\"", "ip == \"fe80::1\""},
    {"ip|cased: 'FE80::1'", "<target-type>", "ip == \"FE80::1\""},
    {"ip: '10.1.*'", "cidrMatch(?ip, \"10.1.0.0/16\")", "ip startswith \"10.1.\""},
    {"ip: '10.1*'", "<target-type>", "ip startswith \"10.1\""},
    {"ip: local", "<target-type>", "ip =~ \"local\""},
    {"ip|cidr: ['10.0.0.0/8', 'fe80::/10']", "cidrMatch(?ip, \"10.0.0.0/8\", \"fe80::/10\")", NULL},
    {"ip|cidr: '::/0'", "<target-cidr>", "<target-cidr>"},
    {"ip|cidr: '::fffe:0:0/95'", "<target-cidr>", "<target-cidr>"},
    {"ip|cidr: '::ffff:0:0/96'", "cidrMatch(?ip, \"0.0.0.0/0\")", NULL},
    {"ver: a", "<target-type>", "ver =~ \"a\""},
    {"obj: a", "<target-type>", "<target-array>"},
    {"flat: a", "?flat in~ (\"a\")", "<target-array>"},
    {"flat: 'a*'", "<target-type>", "<target-array>"},
    {"dyn: a", "<target-type>", "<target-array>"},
    {"dyn.m: 5", NULL, "tostring(dyn.m) == \"5\""},
    {"dyn.m|gt: 5", "<target-type>",
     "tostring(dyn.m) matches regex @\"^[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$\" and todouble(tostring(dyn.m)) > 5"},
    {"dyn.m|cidr: 10.0.0.0/8", "<target-cidr>", NULL},
    {"u: a", "?u in~ (\"a\")", "tostring(column_ifexists(\"u\", \"\")) =~ \"a\""},
    {"c: a", "?c in~ (\"a\")", "c =~ \"a\""},
    {"c: 'a\\*'", "<target-type>", "c =~ \"a*\""},
    {"c|re: '^a[*]$'", "<target-type>", NULL},
    {"c: 'a?b*'", "?c regex \"\"\"[aA].[bB].*\"\"\"", NULL},
    {"c|endswith: '\\a'", "?c regex \"\"\".*\\\\[aA]\"\"\"", "c endswith \"\\\\a\""},
    {"c|exists: true", "?c != null", "isnotempty(c)"},
    {"c|gt: 5", "<target-type>", NULL},
    {"u: null", "?u == null", "isempty(tostring(column_ifexists(\"u\", \"\")))"},
  };
  check(rows, COUNT(rows), 0);
}

Test(emit, types_told_by_values) {
  static const Row rows[] = {
    {"x: 5", "?x == 5", "x == 5"},
    {"x: [5, a]", "?x in~ (\"5\", \"a\")", "x in~ (\"5\", \"a\")"},
    {"x: [5, null]", "?x == 5 or ?x == null", "x == 5 or isnull(x)"},
    {"x|cidr: 10.0.0.0/8", "cidrMatch(?x, \"10.0.0.0/8\")", NULL},
  };
  check(rows, COUNT(rows), 0);
}

Test(emit, assumptions_that_are_given) {
  static const Row rows[] = {
    {"k: ''", "?k == \"\"", "isempty(k)"},
    {"not k: ''", NULL, "isnotempty(k)"},
    {"k|fieldref: u", "<target-fieldref>",
     "isnotempty(k) and isnotempty(tostring(column_ifexists(\"u\", \"\"))) and k =~ tostring(column_ifexists(\"u\", \"\"))"},
    {"k|fieldref|contains: n", "<target-fieldref>", "isnotempty(k) and isnotempty(tostring(n)) and k contains tostring(n)"},
    {"k|fieldref: b", "<target-fieldref>", "<target-type>"},
  };
  check(rows, COUNT(rows), 1u << ASSUME_EMPTY_IS_MISSING | 1u << ASSUME_ASCII_FOLD);
}

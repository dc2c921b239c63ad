/* SPDX-License-Identifier: MIT
 * The referee itself, on rules built by hand: no parser and no compiler takes part. */
#include <criterion/criterion.h>

#include "runtime/event_json.h"
#include "tests/oracle.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What the referee says of one test on field `f` of an event. */
static bool says(const IrItem *item, const char *json) {
  Arena a = {0};
  JsonError error;
  Value *event = event_json_read(str_of(json), &a, &error);
  cr_assert(event, "%s: %s at %zu", json, event ? "" : error.message, event ? 0 : error.offset);
  IrItem copy = *item;
  IrNode node = {.kind = IR_ITEM, .item = &copy};
  IrRule rule = {.root = &node};
  OracleNotes notes = {0};
  bool holds = oracle_matches(&rule, event, &notes);
  cr_expect_eq(notes.faults, 0, "%s: fault", json);
  arena_free(&a);
  return holds;
}

static bool test_says(const char *field, IrTest test, const char *json) {
  IrValue value = {.alts = &test, .n_alts = 1};
  IrItem item = {.field = str_of(field), .any_field = !*field, .values = &value, .n_values = 1};
  return says(&item, json);
}

typedef struct {
  const char *operand, *json;
  bool holds;
} Case;

/* Runs a table of (operand, event, verdict), with the operand put into the text of `like`. */
static void check(const char *what, IrTest like, const char *field, const Case *cases, size_t n) {
  for (size_t i = 0; i < n; i++) {
    like.text = str_of(cases[i].operand);
    cr_expect_eq(test_says(field, like, cases[i].json), cases[i].holds, "%s %s on %s: expected %s", what, cases[i].operand,
                 cases[i].json, cases[i].holds ? "true" : "false");
  }
}

Test(oracle, finds_fields) {
  static const struct {
    const char *path, *json;
    bool found;
  } cases[] = {
    {"a", "{\"a\":null}", true},
    {"a", "{}", false},
    {"a", "{\"A\":1}", false},
    {"a", "{\"a\":[]}", true},
    {"a.b", "{\"a\":{\"b\":{}}}", true},
    {"a.b", "{\"a.b\":1}", true},
    {"a.b", "{\"a\":1}", false},
    {"a.b", "{\"a\":[{\"c\":1},{\"b\":null}]}", true},
    {"a.b", "{\"a\":[[{\"b\":null}]]}", true},
    {"a.0", "{\"a\":[1]}", false},
    {"a.b.c", "{\"a.b\":{\"c\":1}}", true},
    {"a.b.c", "{\"a\":{\"b.c\":1}}", true},
    {"a.b.c", "{\"a.b\":{\"d\":1},\"a\":{\"b\":{\"c\":1}}}", true},
    {"a.", "{\"a\":{\"\":1}}", true},
    {".a", "{\"\":{\"a\":1}}", true},
    {"a b", "{\"a b\":1}", true},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    IrTest exists = {.pred = PRED_EXISTS, .truth = true}, absent = {.pred = PRED_EXISTS};
    cr_expect_eq(test_says(cases[i].path, exists, cases[i].json), cases[i].found, "%s in %s", cases[i].path, cases[i].json);
    cr_expect_eq(test_says(cases[i].path, absent, cases[i].json), !cases[i].found, "%s not in %s", cases[i].path, cases[i].json);
  }
}

Test(oracle, lets_the_first_split_decide) {
  IrTest x = {.pred = PRED_EQ, .text = STR("x")};
  cr_expect(test_says("a.b", x, "{\"a\":{\"b\":\"y\"},\"a.b\":\"x\"}"));
  cr_expect_not(test_says("a.b", x, "{\"a\":{\"b\":\"x\"},\"a.b\":null}"));
  cr_expect(test_says("a.b.c", x, "{\"a\":{\"b.c\":\"y\"},\"a.b\":{\"c\":\"x\"}}"));
  cr_expect_not(test_says("a.b.c", x, "{\"a\":{\"b.c\":\"x\"},\"a.b\":{\"c\":\"y\"}}"));
  cr_expect(test_says("a.b", x, "{\"a\":[{\"b\":\"y\"},{\"b\":[[\"x\"]]}]}"));
}

Test(oracle, compares_text) {
  static const Case eq[] = {
    {"abc", "{\"f\":\"ABC\"}", true},
    {"abc", "{\"f\":\"abcd\"}", false},
    {"", "{\"f\":\"\"}", true},
    {"", "{\"f\":null}", false},
    {"", "{}", false},
    {"", "{\"f\":[]}", false},
    {"1.50", "{\"f\":1.50}", true},
    {"1.5", "{\"f\":1.50}", false},
    {"TRUE", "{\"f\":true}", true},
    {"x", "{\"f\":{\"x\":\"x\"}}", false},
    {"x", "{\"f\":[1,[\"X\"]]}", true},
    {"\xCF\x83", "{\"f\":\"\xCF\x82\"}", true},
    {"\xCE\xA3", "{\"f\":\"\xCF\x82\"}", true},     /* capital sigma, final sigma */
    {"k", "{\"f\":\"\xE2\x84\xAA\"}", false},       /* Kelvin sign */
    {"s", "{\"f\":\"\xC5\xBF\"}", false},           /* long s */
    {"ss", "{\"f\":\"\xC3\x9F\"}", false},          /* sharp s */
    {"i", "{\"f\":\"\xC4\xB0\"}", false},           /* dotted capital i */
    {"\xC3\xA5", "{\"f\":\"\xE2\x84\xAB\"}", true}, /* a with ring, Angstrom sign */
    {"a", "{\"f\":\"a\\u0000\"}", false},
  };
  check("eq", (IrTest){.pred = PRED_EQ}, "f", eq, COUNT(eq));
  static const Case cased[] = {{"abc", "{\"f\":\"ABC\"}", false}, {"Abc", "{\"f\":\"Abc\"}", true}};
  check("cased eq", (IrTest){.pred = PRED_EQ, .cased = true}, "f", cased, COUNT(cased));
  static const Case prefix[] = {
    {"ab", "{\"f\":\"ABc\"}", true}, {"ab", "{\"f\":\"a\"}", false}, {"", "{\"f\":\"\"}", true}, {"bc", "{\"f\":\"abc\"}", false}};
  check("prefix", (IrTest){.pred = PRED_PREFIX}, "f", prefix, COUNT(prefix));
  static const Case suffix[] = {
    {"bc", "{\"f\":\"aBC\"}", true}, {"bc", "{\"f\":\"c\"}", false}, {"ab", "{\"f\":\"abc\"}", false}, {"2", "{\"f\":42}", true}};
  check("suffix", (IrTest){.pred = PRED_SUFFIX}, "f", suffix, COUNT(suffix));
  static const Case contains[] = {{"b", "{\"f\":\"aBc\"}", true},
                                  {"abc", "{\"f\":\"ab\"}", false},
                                  {"", "{\"f\":\"\"}", true},
                                  {"aab", "{\"f\":\"aaab\"}", true}};
  check("contains", (IrTest){.pred = PRED_CONTAINS}, "f", contains, COUNT(contains));
  static const Case keyword[] = {{"b", "{\"x\":{\"y\":[\"abc\"]}}", true},
                                 {"x", "{\"x\":1}", false},
                                 {"46", "{\"x\":[[4624]]}", true},
                                 {"l", "{\"x\":null}", false}};
  check("keyword", (IrTest){.pred = PRED_CONTAINS}, "", keyword, COUNT(keyword));
}

/* `*`, `?`, `~` for a class of dashes; everything else is literal. */
static Pattern pattern_from(Arena *a, const char *s) {
  VEC(PatPart) parts = {0};
  for (; *s; s++) {
    PatPart part = {.kind = *s == '*' ? PAT_ANY : *s == '?' ? PAT_ONE : *s == '~' ? PAT_DASH : PAT_LITERAL};
    if (part.kind == PAT_LITERAL) {
      size_t n = strcspn(s, "*?~");
      part.text = (Str){s, n};
      s += n - 1;
    }
    *vec_add(a, &parts) = part;
  }
  return (Pattern){parts.p, parts.n};
}

Test(oracle, matches_patterns) {
  static const Case cases[] = {
    {"*", "{\"f\":\"\"}", true},
    {"*", "{\"f\":null}", false},
    {"*", "{\"f\":{}}", false},
    {"", "{\"f\":\"\"}", true},
    {"", "{\"f\":\"x\"}", false},
    {"a*c", "{\"f\":\"A\\nC\"}", true},
    {"a*c", "{\"f\":\"abcd\"}", false},
    {"a?c", "{\"f\":\"a\\nc\"}", true},
    {"a?c", "{\"f\":\"ac\"}", false},
    {"a?c",
     "{\"f\":\"a\xF0\x9F\x98\x80"
     "c\"}",
     true}, /* one code point of four bytes */
    {"*bc?d", "{\"f\":\"bcXbcYd\"}", true},
    {"*a*b*", "{\"f\":\"xbxaxb\"}", true},
    {"*a*b*", "{\"f\":\"ba\"}", false},
    {"~x", "{\"f\":\"/X\"}", true},
    {"~x", "{\"f\":\"\xE2\x80\x95x\"}", true},
    {"~x", "{\"f\":\"\xE2\x88\x92x\"}", false},
    {"?", "{\"f\":5}", true},
    {"*5", "{\"f\":[1,25]}", true},
  };
  Arena a = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    IrTest t = {.pred = PRED_GLOB, .pattern = pattern_from(&a, cases[i].operand)};
    cr_expect_eq(test_says("f", t, cases[i].json), cases[i].holds, "%s on %s", cases[i].operand, cases[i].json);
  }
  arena_free(&a);
}

Test(oracle, compares_numbers) {
  static const Case equal[] = {
    {"5", "{\"f\":5.0}", true},
    {"5", "{\"f\":0.5e1}", true},
    {"5", "{\"f\":\"5\"}", true},
    {"5", "{\"f\":\"5.0\"}", false},
    {"5", "{\"f\":\"005\"}", false},
    {"0", "{\"f\":-0.0e7}", true},
    {"0", "{\"f\":false}", false},
    {"9007199254740993", "{\"f\":9007199254740992}", false},
    {"9007199254740993", "{\"f\":9007199254740993}", true},
    {"1.5", "{\"f\":1.50}", true},
    {"-7", "{\"f\":7}", false},
    {"1", "{\"f\":null}", false},
    {"1000", "{\"f\":[1,1e3]}", true},
  };
  check("==", (IrTest){.pred = PRED_NUMBER}, "f", equal, COUNT(equal));
  static const Case less[] = {
    {"5", "{\"f\":4.9999999999999999999}", true},
    {"5", "{\"f\":5}", false},
    {"5", "{\"f\":\"-1e9\"}", true},
    {"5", "{\"f\":\"x4\"}", false},
    {"5", "{\"f\":\" 4\"}", false},
    {"5", "{\"f\":\"4.\"}", false},
    {"5", "{\"f\":\".4\"}", false},
    {"5", "{\"f\":true}", false},
    {"5", "{}", false},
    {"-5", "{\"f\":-50}", true},
    {"-5", "{\"f\":-4}", false},
    {"0", "{\"f\":-1e-300}", true},
    {"1", "{\"f\":1e-99999999999999999999}", true},
    {"1", "{\"f\":1e99999999999999999999}", false},
    {"10", "{\"f\":9.99}", true},
    {"5", "{\"f\":\"+4\"}", true},
    {"5", "{\"f\":\"4e\"}", false},
  };
  check("<", (IrTest){.pred = PRED_LT}, "f", less, COUNT(less));
  cr_expect(test_says("f", (IrTest){.pred = PRED_GTE, .text = STR("5")}, "{\"f\":5.00}"));
  cr_expect(test_says("f", (IrTest){.pred = PRED_LTE, .text = STR("5")}, "{\"f\":\"5.00\"}"));
  cr_expect(test_says("f", (IrTest){.pred = PRED_GT, .text = STR("9007199254740992")}, "{\"f\":9007199254740993}"));
}

Test(oracle, compares_booleans) {
  IrTest yes = {.pred = PRED_BOOL, .truth = true};
  static const Case cases[] = {
    {"", "{\"f\":true}", true},     {"", "{\"f\":\"tRuE\"}", true}, {"", "{\"f\":1}", false},
    {"", "{\"f\":\"yes\"}", false}, {"", "{\"f\":false}", false},
  };
  check("true", yes, "f", cases, COUNT(cases));
  cr_expect(test_says("f", (IrTest){.pred = PRED_BOOL}, "{\"f\":\"False\"}"));
}

Test(oracle, knows_networks) {
  static const Case cases[] = {
    {"10.0.0.0/8", "{\"f\":\"10.255.0.1\"}", true},
    {"10.0.0.0/8", "{\"f\":\"11.0.0.1\"}", false},
    {"10.0.0.0/8", "{\"f\":\"10.0.0.01\"}", false},
    {"10.0.0.0/8", "{\"f\":\"10.0.0\"}", false},
    {"10.0.0.0/8", "{\"f\":\"10.0.0.1.\"}", false},
    {"10.0.0.0/8", "{\"f\":\"10.0.0.256\"}", false},
    {"10.0.0.0/8", "{\"f\":\" 10.0.0.1\"}", false},
    {"10.0.0.0/8", "{\"f\":\"::ffff:10.1.1.1\"}", true},
    {"10.0.0.0/8", "{\"f\":\"::FFFF:a01:101\"}", true},
    {"10.0.0.0/8", "{\"f\":\"::10.1.1.1\"}", false},
    {"10.0.0.0/8", "{\"f\":10}", false},
    {"0.0.0.0/0", "{\"f\":\"::1\"}", false},
    {"::/0", "{\"f\":\"1.2.3.4\"}", false},
    {"::/0", "{\"f\":\"::ffff:1.2.3.4\"}", false},
    {"::/0", "{\"f\":\"::\"}", true},
    {"::1", "{\"f\":\"0:0:0:0:0:0:0:1\"}", true},
    {"::1", "{\"f\":\"0:0:0:0:0:0:0:0:1\"}", false},
    {"fe80::/10", "{\"f\":\"febf::1\"}", true},
    {"fe80::/10", "{\"f\":\"fec0::1\"}", false},
    {"fe80::/10", "{\"f\":\"fe80::1%eth0\"}", false},
    {"fe80::/10", "{\"f\":\"[fe80::1]\"}", false},
    {"::/0", "{\"f\":\"1::2::3\"}", false},
    {"::/0", "{\"f\":\"1:::2\"}", false},
    {"::/0", "{\"f\":\":1:2:3:4:5:6:7\"}", false},
    {"::/0", "{\"f\":\"1:2:3:4:5:6:7:\"}", false},
    {"::/0", "{\"f\":\"1:2:3:4:5:6:7::\"}", true},
    {"::/0", "{\"f\":\"1:2:3:4:5:6:7:8::\"}", false},
    {"::/0", "{\"f\":\"1:2:3:4:5:6:1.2.3.4\"}", true},
    {"::/0", "{\"f\":\"1.2.3.4::\"}", false},
    {"::/0", "{\"f\":\"1:2:3:4:5:6:7:1.2.3.4\"}", false},
    {"::/0", "{\"f\":\"12345::\"}", false},
    {"::ffff:10.0.0.0/104", "{\"f\":\"10.1.1.1\"}", true},
    {"::ffff:0:0/95", "{\"f\":\"10.1.1.1\"}", false},
    {"10.0.0.1", "{\"f\":[\"x\",\"10.0.0.1\"]}", true},
  };
  check("cidr", (IrTest){.pred = PRED_CIDR}, "f", cases, COUNT(cases));
}

Test(oracle, reads_times) {
  static const struct {
    const char *text;
    TimePart part;
    int value; /* -1: no time */
  } cases[] = {
    {"2024-03-07T23:45:10Z", TIME_HOUR, 23},
    {"2024-03-07T23:45:10+02:00", TIME_HOUR, 23},
    {"2024-03-07 23:45", TIME_MINUTE, 45},
    {"2024-03-07T23:45:10.123456789-11:30", TIME_DAY, 7},
    {"2024-03-07", TIME_MONTH, 3},
    {"2024-03-07", TIME_HOUR, -1},
    {"2024-02-29", TIME_YEAR, 2024},
    {"2023-02-29", TIME_YEAR, -1},
    {"1900-02-29", TIME_YEAR, -1},
    {"2000-02-29", TIME_YEAR, 2000},
    {"2024-13-01", TIME_YEAR, -1},
    {"2024-00-01", TIME_YEAR, -1},
    {"2024-01-00", TIME_YEAR, -1},
    {"2024-1-01", TIME_YEAR, -1},
    {"2024-03-07T23:45:10.Z", TIME_YEAR, -1},
    {"2024-03-07T24:00:00Z", TIME_YEAR, -1},
    {"2024-03-07T23:60Z", TIME_YEAR, -1},
    {"2024-03-07T23:45:10+0200", TIME_YEAR, -1},
    {"2024-03-07T23:45:10Z ", TIME_YEAR, -1},
    {"2024-03-07T", TIME_YEAR, -1},
    {"2024-03-07Z", TIME_YEAR, -1},
    {"2024-03-07T23Z", TIME_YEAR, -1},
    {"2016-12-31T23:59:60Z", TIME_MINUTE, 59},
    {"2016-12-31T23:59:61Z", TIME_MINUTE, -1},
    {"20240307", TIME_YEAR, -1},
    {"2021-01-03", TIME_WEEK, 53},
    {"2021-01-04", TIME_WEEK, 1},
    {"2018-12-31", TIME_WEEK, 1},
    {"2020-12-31", TIME_WEEK, 53},
    {"2026-12-31", TIME_WEEK, 53},
    {"2024-12-30", TIME_WEEK, 1},
    {"2023-01-01", TIME_WEEK, 52},
    {"2024-07-01", TIME_WEEK, 27},
  };
  Arena a = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    bool is_time = cases[i].value >= 0;
    Str json = arena_printf(&a, "{\"f\":\"%s\"}", cases[i].text);
    IrTest t = {.pred = PRED_TIME, .part = cases[i].part, .text = arena_printf(&a, "%d", is_time ? cases[i].value : 0)};
    cr_expect_eq(test_says("f", t, json.p), is_time, "part of %s", cases[i].text);
    t.compare = CMP_GTE;
    t.text = STR("0");
    cr_expect_eq(test_says("f", t, json.p), is_time, "any part of %s", cases[i].text);
  }
  arena_free(&a);
}

Test(oracle, searches_regexes) {
  static const struct {
    const char *pattern;
    unsigned flags;
    const char *json;
    bool holds;
  } cases[] = {
    {"b+", 0, "{\"f\":\"abbc\"}", true},
    {"B", 0, "{\"f\":\"abbc\"}", false},
    {"B", REGEX_IGNORECASE, "{\"f\":\"abbc\"}", true},
    {"^b$", 0, "{\"f\":\"a\\nb\"}", false},
    {"^b$", REGEX_MULTILINE, "{\"f\":\"a\\nb\\n\"}", true},
    {"b$", 0, "{\"f\":\"b\\n\"}", false},
    {"a.b", 0, "{\"f\":\"a\\nb\"}", false},
    {"a.b", REGEX_DOTALL, "{\"f\":\"a\\nb\"}", true},
    {"^\\d+$", 0, "{\"f\":4624}", true},
    {".*", 0, "{\"f\":null}", false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str source = str_of(cases[i].pattern);
    IrTest t = {.pred = PRED_RE, .text = source, .flags = cases[i].flags, .run = source, .run_flags = cases[i].flags};
    cr_expect_eq(test_says("f", t, cases[i].json), cases[i].holds, "%s on %s", cases[i].pattern, cases[i].json);
  }
}

Test(oracle, knows_null_and_references) {
  static const Case null[] = {
    {"", "{}", true},          {"", "{\"f\":null}", true},  {"", "{\"f\":[null,null]}", true}, {"", "{\"f\":[]}", false},
    {"", "{\"f\":{}}", false}, {"", "{\"f\":\"\"}", false}, {"", "{\"f\":[null,1]}", false},   {"", "{\"f\":\"null\"}", false},
  };
  check("null", (IrTest){.pred = PRED_IS_NULL}, "f", null, COUNT(null));
  static const Case equal[] = {
    {"g", "{\"f\":\"A*\",\"g\":\"a*\"}", true},   {"g", "{\"f\":\"ab\",\"g\":\"a*\"}", false},
    {"g", "{\"f\":null,\"g\":null}", false},      {"g", "{\"f\":\"x\"}", false},
    {"g", "{\"f\":[1,2],\"g\":[3,\"2\"]}", true}, {"h.g", "{\"f\":1,\"h\":{\"g\":1}}", true},
  };
  check("equal to", (IrTest){.pred = PRED_FIELDREF}, "f", equal, COUNT(equal));
  cr_expect(test_says("f", (IrTest){.pred = PRED_FIELDREF, .text = STR("g"), .flags = REF_OPEN_START | REF_OPEN_END},
                      "{\"f\":\"abc\",\"g\":\"B\"}"));
  cr_expect(
    test_says("f", (IrTest){.pred = PRED_FIELDREF, .text = STR("g"), .flags = REF_OPEN_END}, "{\"f\":\"abc\",\"g\":\"A\"}"));
  cr_expect_not(
    test_says("f", (IrTest){.pred = PRED_FIELDREF, .text = STR("g"), .flags = REF_OPEN_START}, "{\"f\":\"abc\",\"g\":\"A\"}"));
}

Test(oracle, joins_values_and_conditions) {
  IrTest a = {.pred = PRED_CONTAINS, .text = STR("a")}, b = {.pred = PRED_CONTAINS, .text = STR("b")};
  IrValue values[] = {{.alts = &a, .n_alts = 1}, {.alts = &b, .n_alts = 1}, {.n_alts = 0}};
  IrItem item = {.field = STR("f"), .values = values, .n_values = 2};
  cr_expect(says(&item, "{\"f\":\"xb\"}"));
  item.all = true;
  cr_expect_not(says(&item, "{\"f\":\"xb\"}"));
  cr_expect(says(&item, "{\"f\":[\"a\",\"b\"]}"));
  item.n_values = 3; /* an empty placeholder never holds */
  cr_expect_not(says(&item, "{\"f\":[\"a\",\"b\"]}"));
  item.all = false;
  item.values += 2;
  item.n_values = 1;
  cr_expect_not(says(&item, "{\"f\":[\"a\",\"b\"]}"));
}

Test(oracle, evaluates_trees) {
  Arena a = {0};
  JsonError error;
  Value *event = event_json_read(STR("{}"), &a, &error);
  IrNode *kids[] = {ir_const(&a, (Span){0}, true), ir_const(&a, (Span){0}, false)};
  IrNode *none_of = ir_not(&a, (Span){0}, ir_join(&a, (Span){0}, IR_OR, kids, 2));
  const struct {
    IrNode *root;
    bool holds;
  } cases[] = {
    {ir_join(&a, (Span){0}, IR_AND, kids, 2), false}, {ir_join(&a, (Span){0}, IR_OR, kids, 2), true},  {none_of, false},
    {ir_join(&a, (Span){0}, IR_AND, kids, 0), true},  {ir_join(&a, (Span){0}, IR_OR, kids, 0), false},
  };
  OracleNotes notes = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    IrRule rule = {.root = cases[i].root};
    cr_expect_eq(oracle_matches(&rule, event, &notes), cases[i].holds, "tree %zu", i);
  }
  arena_free(&a);
}

/* SPDX-License-Identifier: MIT
 * Hints, words and names that explanations are made of; what they look like as a whole is recorded in tests/cli. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "compiler/compile.h"
#include "runtime/event_json.h"
#include "runtime/explain.h"
#include "runtime/hints.h"
#include "runtime/words.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const Program *compile(const char *detection, Arena *a) {
  Compiler c;
  ImageError error;
  compiler_init(&c, a);
  compiler_add(&c, STR("r.yml"), arena_printf(a, "title: t\nlogsource: {category: c}\ndetection: {%s, condition: a}\n", detection));
  const Program *p = program_open(compiler_finish(&c), a, &error);
  cr_assert(p && p->n_RULES == 1, "%s", detection);
  return p;
}

/* --- hints -------------------------------------------------------------------------------------------------- */

typedef struct {
  Buf ids;
} Told;

static void tell(void *ctx, const char *id, Str text) {
  Told *t = ctx;
  cr_expect(text.n > 10, "%s", id);
  buf_printf(&t->ids, "%s%s", t->ids.n ? " " : "", id);
}

/* Each row of the table once at least, and what must not be told. A rule has one test, on the first field. */
static const struct {
  const char *item, *event, *want;
} hints[] = {
  {"A: x", "{\"a\":\"x\"}", "name-spelled-otherwise"},
  {"A_b: x", "{\"a B\":\"x\"}", "name-spelled-otherwise"},
  {"A.b: x", "{\"a\":{\"B\":1}}", "name-spelled-otherwise"},
  {"A: null", "{\"a\":\"x\"}", "name-spelled-otherwise"},
  {"A|exists: false", "{\"a\":\"x\"}", "name-spelled-otherwise"},
  {"A|exists: true", "{\"e\":{\"a\":\"x\"}}", "name-further-down"},
  {"A: x", "{\"e\":[{\"A\":\"x\"}]}", "name-further-down"},
  {"e.A: x", "{\"A\":\"x\"}", "name-further-down"},
  {"A: x", "{\"B\":\"y\"}", ""},
  {"A: x", "{\"A\":\"x\",\"a\":\"x\"}", ""},
  {"A: x", "{\"A\":{\"b\":\"y\"}}", "value-is-object"},
  {"A: xxxx", "{\"A\":{\"b\":\"y\",\"c\":\"xxxx\"}}", "value-is-object"},
  {"A: x", "{\"A\":{}}", ""},
  {"A: 31", "{\"A\":\"0x1f\"}", "number-in-text"},
  {"A: 31", "{\"A\":\"031\"}", "number-in-text"},
  {"A: 31", "{\"A\":\" 31\"}", "number-in-text"},
  {"A: 31", "{\"A\":\"32\"}", ""},
  {"A|gt: 31", "{\"A\":\"many\"}", "number-in-text"},
  {"A|gt: 31", "{\"A\":\"30\"}", ""},
  {"A: '0x1f'", "{\"A\":31}", "text-for-number"},
  {"A: '31.0'", "{\"A\":31}", "text-for-number"},
  {"A: '32'", "{\"A\":31}", ""},
  {"A|cidr: 10.0.0.0/8", "{\"A\":\"10.1.1.1:80\"}", "not-an-address"},
  {"A|cidr: 10.0.0.0/8", "{\"A\":\"11.1.1.1\"}", ""},
  {"A|cidr: 10.0.0.0/8", "{\"A\":\"11.1.1.1\",\"B\":\"10.1.1.1\"}", "other-field"},
  {"A|hour: 3", "{\"A\":\"yesterday\"}", "not-a-time"},
  {"A|hour: 3", "{\"A\":\"2024-01-01T04:00\"}", ""},
  {"A: true", "{\"A\":1}", "not-a-boolean"},
  {"A: true", "{\"A\":\"yes\"}", "not-a-boolean"},
  {"A: true", "{\"A\":\"false\"}", ""},
  {"A: null", "{\"A\":\"\"}", "empty-is-not-null"},
  {"A: null", "{\"A\":\"-\"}", "empty-is-not-null"},
  {"A: null", "{\"A\":\"x\"}", ""},
  {"A|fieldref: B", "{\"A\":\"x\"}", "reference-absent"},
  {"A|fieldref: B", "{\"A\":\"x\",\"B\":\"y\"}", ""},
  {"A|cased: x", "{\"A\":\"X\"}", "letter-case"},
  {"A|contains|cased: 'x*y'", "{\"A\":\"aXbYc\"}", "letter-case"},
  {"A|re: 'x+'", "{\"A\":\"aXX\"}", "letter-case"},
  {"A|re: 'x+'", "{\"A\":\"y\"}", ""},
  {"A|endswith: x", "{\"A\":\"ax \\n\"}", "white-space"},
  {"A: 'c:\\x'", "{\"A\":\"C:\\\\\\\\X\"}", "backslashes"},
  {"A: 'c:\\\\\\\\x'", "{\"A\":\"C:\\\\X\"}", "backslashes"},
  {"A: 'c:\\x'", "{\"A\":\"C:/X\"}", "slashes"},
  {"A: 'c:\\x\\*'", "{\"A\":\"C:\\\\x\\\\y\"}", "escaped-wildcard"},
  {"A: 'c:\\x\\*'", "{\"A\":\"C:\\\\xy\"}", "escaped-wildcard"},
  {"A|contains: 'x\\?y'", "{\"A\":\"axzyb\"}", "escaped-wildcard"},
  {"A: xx", "{\"A\":\"xxy\"}", "whole-text"},
  {"A: xx", "{\"A\":\"yxx\"}", "whole-text"},
  {"A: 'x*y'", "{\"A\":\"axbyc\"}", "whole-text"},
  {"A|startswith: xx", "{\"A\":\"yxxy\"}", "whole-text"},
  {"A|contains: xx", "{\"A\":\"y\"}", ""},
  {"A|contains: ' -a'", "{\"A\":\"x /a\"}", "dashes"},
  {"A: '.*x.*'", "{\"A\":\"axb\"}", "regex-as-text"},
  {"A: '[0-9]+\\d'", "{\"A\":\"12\"}", "regex-as-text"},
  {"A: 'C:\\x'", "{\"A\":\"\\\\Device\\\\HarddiskVolume2\\\\x\"}", "device-path"},
  {"A: text", "{\"A\":\"x\",\"B\":\"text\"}", "other-field"},
  {"A: txt", "{\"A\":\"x\",\"B\":\"txt\"}", ""},
  {"A: text", "{\"a\":\"x\",\"B\":\"text\"}", "name-spelled-otherwise"},
};

static void hints_of(const char *item, const char *text, Buf *ids) {
  Arena a = {0};
  const Program *p = compile(arena_printf(&a, "a: {%s}", item).p, &a);
  Vm vm;
  JsonError error;
  Told told = {*ids};
  vm_init(&vm, p, &a, &a);
  vm_event(&vm, event_json_read(str_of(text), &a, &error));
  TreeNode *tree = tree_of_rule(p, 0, &a);
  cr_assert_eq(tree->kind, TREE_TEST, "%s", item);
  bool held = tree_eval(tree, &vm, 0);
  hints_on_test(&(Hints){.vm = &vm, .arena = &a}, tree->field, tree->test, held, tell, &told);
  *ids = told.ids;
  arena_free(&a);
}

Test(explain, hints) {
  Buf all = {0};
  for (size_t i = 0; i < COUNT(hints); i++) {
    Buf ids = {0};
    hints_of(hints[i].item, hints[i].event, &ids);
    cr_expect(str_is(buf_view(&ids), hints[i].want), "%s with %s: `" STR_FMT "`", hints[i].item, hints[i].event,
              STR_ARG(buf_view(&ids)));
    buf_printf(&all, " " STR_FMT " ", STR_ARG(buf_view(&ids)));
    buf_free(&ids);
  }
  for (unsigned i = 0; hint_info(i); i++) {
    char id[64];
    snprintf(id, sizeof id, " %s ", hint_info(i)->id);
    cr_expect(str_find(buf_view(&all), str_of(id), 0) != SIZE_MAX, "no case for %s", hint_info(i)->id);
  }
  buf_free(&all);
}

/* --- words -------------------------------------------------------------------------------------------------- */

Test(explain, words) {
  static const struct {
    const char *item, *want;
  } cases[] = {
    {"A: x", "A is 'x'"},
    {"A: it''s", "A is 'it''''s'"},
    {"A|contains: 'C:\\W'", "A contains 'c:\\w'"},
    {"A|cased: 'C:\\W'", "A is 'C:\\W' (cased)"},
    {"A: '\\\\\\\\srv\\x'", "A is '\\\\\\\\srv\\x'"},
    {"A: 'x\\*'", "A is 'x\\*'"},
    {"A: 'x\\\\*y'", "A is like 'x\\\\*y'"},
    {"A: 'x\\\\\\*y'", "A is 'x\\\\\\*y'"},
    {"A: 'x?y*z'", "A is like 'x?y*z'"},
    {"A|re: 'x[a-b]\\d'", "A re 'x[a-b]\\d'"},
    {"A|re|i: '^xy\\d[^\"]'", "A re '^xy\\d[^\"]' (flags i)"},
    {"A|re|i: '[a-c]x'", "A re '[A-Ca-c][Xx]'"},
    {"A|cidr: fe80::/10", "A cidr fe80::/10"},
    {"A: 5", "A is the number 5"},
    {"A|lte: 5.50", "A <= 5.5"},
    {"A: True", "A is true"},
    {"A|minute|gt: 5", "A has minute > 5"},
    {"A: null", "A is absent or null"},
    {"A|exists: false", "A does not exist"},
    {"A|fieldref|contains: B", "A contains field B"},
    {"A|windash|startswith: '-a b-c'", "A startswith '-a b-c'"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    Buf out = {0};
    const Program *p = compile(arena_printf(&a, "a: {%s}", cases[i].item).p, &a);
    TreeNode *tree = tree_of_rule(p, 0, &a);
    if (tree->kids) tree = tree->kids;
    words_test(&out, p, tree->field, tree->test);
    cr_expect(str_is(buf_view(&out), cases[i].want), "%s: " STR_FMT, cases[i].item, STR_ARG(buf_view(&out)));
    buf_free(&out);
    arena_free(&a);
  }
}

Test(explain, shown_text) {
  static const struct {
    const char *text;
    size_t most;
    const char *want;
  } cases[] = {
    {"", 5, "''"},
    {"abc", 3, "'abc'"},
    {"abcd", 3, "'abc'... (4 characters)"},
    {"a\\b'c", 9, "'a\\b''c'"},
    {"\x1b[2J\t\n", 9, "'<U+001B>[2J<U+0009><U+000A>'"},
    {"\xC3\xA9\xC2\xA0\xE2\x80\x8B", 9, "'\xC3\xA9<U+00A0><U+200B>'"},
    {"\xFF\xC3", 9, "'<FF><C3>'"},
    {"\xC3\xA9\xC3\xA9\xC3\xA9", 2, "'\xC3\xA9\xC3\xA9'... (3 characters)"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Buf out = {0};
    buf_shown(&out, str_of(cases[i].text), cases[i].most);
    cr_expect(str_is(buf_view(&out), cases[i].want), "%zu: " STR_FMT, i, STR_ARG(buf_view(&out)));
    buf_free(&out);
  }
}

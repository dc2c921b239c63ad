/* SPDX-License-Identifier: MIT
 * Conditions on their way to text, and the literals in them. */
#include <criterion/criterion.h>

#include "backends/literal.h"
#include "backends/query.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Arena arena;

static const QNode *leaf(const char *text) { return q_leaf(&arena, str_of(text)); }
static const QNode *both(const QNode *x, const QNode *y) { return q_pair(&arena, Q_AND, x, y); }
static const QNode *either(const QNode *x, const QNode *y) { return q_pair(&arena, Q_OR, x, y); }

static void expect(const QNode *n, const char *want) {
  Buf out = {.arena = &arena};
  q_print(&out, n, (QLayout){0});
  cr_expect(str_is(buf_view(&out), want), "%.*s instead of %s", STR_ARG(buf_view(&out)), want);
  cr_expect_eq(n->width, out.n, "width of %s", want);
}

Test(query, joins) {
  const QNode *a = leaf("a"), *b = leaf("b"), *c = leaf("c"), *yes = q_const(&arena, true), *no = q_const(&arena, false);
  expect(both(a, b), "a and b");
  expect(both(both(a, b), c), "a and b and c");
  expect(both(either(a, b), c), "(a or b) and c");
  expect(either(a, both(b, c)), "a or (b and c)");
  expect(either(either(a, b), either(c, leaf("d"))), "a or b or c or d");
  expect(q_not(&arena, both(a, b)), "not(a and b)");
  expect(both(q_not(&arena, a), b), "not(a) and b");
  expect(both(a, yes), "a");
  expect(both(a, no), "false");
  expect(either(a, yes), "true");
  expect(either(no, a), "a");
  expect(q_not(&arena, yes), "false");
  expect(q_join(&arena, Q_AND, NULL, 0), "true");
  expect(q_join(&arena, Q_OR, NULL, 0), "false");
  expect(either(a, leaf("a")), "a");
  expect(both(either(a, b), either(leaf("a"), b)), "(a or b) and (a or b)");
  arena_free(&arena);
}

Test(query, rows_are_balanced) {
  enum { N = 1000, MOST = 10 };
  const QNode *kids[N], *level[N];
  for (int i = 0; i < N; i++) kids[i] = q_leaf(&arena, arena_printf(&arena, "x%d", i));
  const QNode *n = q_balance(&arena, q_join(&arena, Q_OR, kids, N), MOST);
  uint32_t seen = 0, todo = 1;
  for (level[0] = n; todo;) {
    const QNode *node = level[--todo];
    cr_expect_leq(node->n, MOST);
    for (uint32_t i = node->n; i-- > 0;) level[todo++] = node->kids[i];
    if (node->kind == Q_LEAF) cr_expect(str_eq(node->text, kids[seen++]->text));
  }
  cr_expect_eq(seen, N);
  const QNode *few = q_join(&arena, Q_AND, kids, 3);
  expect(q_balance(&arena, few, MOST), "x0 and x1 and x2");
  expect(q_balance(&arena, few, 2), "x0 and (x1 and x2)");
  arena_free(&arena);
}

Test(query, layout) {
  char long_text[100];
  memset(long_text, 'x', sizeof long_text - 1);
  long_text[sizeof long_text - 1] = 0;
  const QNode *n = both(leaf("a"), either(leaf(long_text), both(leaf("b"), leaf("a longer text of its own"))));
  Buf out = {.arena = &arena};
  q_print(&out, n, (QLayout){.pretty = true});
  Str want = arena_printf(&arena, "a\n  and (%s\n    or (b and a longer text of its own))", long_text);
  cr_expect(str_eq(buf_view(&out), want), "%.*s", STR_ARG(buf_view(&out)));
  arena_free(&arena);
}

Test(literal, variants) {
  static const struct {
    const char *text;
    const char *want[5];
    uint32_t n;
  } rows[] = {
    {"", {""}, 1},
    {"abc*\\", {"abc*\\"}, 1},
    {"ß", {"ß", "ẞ"}, 2},
    {"aä", {"aä", "aÄ"}, 2},
    {"Äö", {"Äö", "äö", "ÄÖ", "äÖ"}, 4},
    {"σ", {"σ", "Σ", "ς"}, 3},
    {"\xE2\x84\xAA", {"\xE2\x84\xAA"}, 1}, /* the Kelvin sign is no k */
    {"–日本", {"–日本"}, 1},
    {"жжжжжж", {"жжжжжж"}, 64},
    {"жжжжжжж", {0}, 0},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    Str *out;
    uint32_t n = literal_variants(&arena, str_of(rows[i].text), &out);
    cr_expect_eq(n, rows[i].n, "%s: %u", rows[i].text, n);
    for (uint32_t k = 0; k < n && k < 5 && rows[i].want[k]; k++) {
      bool there = false;
      for (uint32_t j = 0; j < n; j++) there = there || str_is(out[j], rows[i].want[k]);
      cr_expect(there, "%s has no %s", rows[i].text, rows[i].want[k]);
    }
    for (uint32_t k = 0; k < n; k++)
      for (uint32_t j = 0; j < k; j++) cr_expect(!str_eq(out[k], out[j]), "%s: twice", rows[i].text);
    if (n) cr_expect(str_is(out[0], rows[i].text), "%s is not the first", rows[i].text);
  }
  arena_free(&arena);
}

Test(literal, hidden) {
  static const uint32_t hidden[] = {0, 1, 0x1F, 0x7F, 0x85, 0x9F, 0x200B, 0x200F, 0x2028, 0x202E, 0x2066, 0x2069, 0xFEFF};
  static const uint32_t shown[] = {' ', 'a', '~', 0xA0, 0xE4, 0x2013, 0x2027, 0x202F, 0x10FFFF};
  for (size_t i = 0; i < COUNT(hidden); i++) cr_expect(literal_hidden(hidden[i]), "U+%04X", hidden[i]);
  for (size_t i = 0; i < COUNT(shown); i++) cr_expect(!literal_hidden(shown[i]), "U+%04X", shown[i]);
}

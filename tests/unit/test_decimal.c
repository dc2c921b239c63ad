/* SPDX-License-Identifier: MIT
 * Numbers as they are written. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(decimal, syntax) {
  static const struct {
    const char *text;
    bool good;
  } cases[] = {
    {"0", true},     {"7", true},    {"-7", true},     {"+7", true},      {"007", true},    {"1.5", true},
    {"-0.0", true},  {"1e5", true},  {"1E+5", true},   {"1.25e-5", true}, {"0e0", true},    {"00.00e00", true},
    {"", false},     {"-", false},   {"+", false},     {".", false},      {".5", false},    {"5.", false},
    {"5.e1", false}, {"1e", false},  {"1e+", false},   {"e5", false},     {"1e5.0", false}, {" 1", false},
    {"1 ", false},   {"--1", false}, {"+-1", false},   {"1,5", false},    {"1.2.3", false}, {"0x1F", false},
    {"inf", false},  {"nan", false}, {"1_000", false}, {"1e5e5", false},  {"-.5", false},   {"1f", false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Decimal d;
    cr_expect_eq(decimal_parse(&d, str_of(cases[i].text)), cases[i].good, "'%s'", cases[i].text);
  }
  Decimal d;
  cr_expect(!decimal_parse(&d, STR("1\0")) && !decimal_parse(&d, (Str){0}));
}

static int compare(const char *a, const char *b) {
  Decimal x, y;
  cr_assert(decimal_parse(&x, str_of(a)) && decimal_parse(&y, str_of(b)), "%s, %s", a, b);
  int c = decimal_cmp(&x, &y);
  return (c > 0) - (c < 0);
}

/* Rows ascend; within a row all are equal. */
Test(decimal, order) {
  static const char *const rows[][9] = {
    {"-1e400", "-10e399"},
    {"-18446744073709551617"},
    {"-18446744073709551616", "-18446744073709551616.0"},
    {"-100", "-1e2", "-1E+2", "-100.000"},
    {"-99.99999999999999999999999"},
    {"-1.5", "-15e-1"},
    {"-1", "-01", "-1.0", "-10e-1"},
    {"-0.1"},
    {"-0.01"},
    {"-1e-400"},
    {"0", "-0", "+0", "0.0", "0e5", "-0.000e99", "00", "0e-999999999"},
    {"1e-400", "0.1e-399", "10e-401"},
    {"0.01", "1e-2", "0.010"},
    {"0.0123456789"},
    {"0.09"},
    {"0.1", "1e-1", "00.1"},
    {"0.10000000000000000000000000000000000001"},
    {"0.9999999999999999999999999999999999999"},
    {"1", "+1", "001", "1.000", "0.1e1", "10e-1"},
    {"1.0000000000000000000000000000000000001"},
    {"9"},
    {"10"},
    {"10.01", "1001e-2"},
    {"10.1"},
    {"99"},
    {"101"},
    {"110"},
    {"9007199254740992"},
    {"9007199254740993", "9007199254740993.0", "9.007199254740993e15"},
    {"9007199254740994"},
    {"18446744073709551615"},
    {"18446744073709551616"},
    {"1e400", "1000e397", "0.001e403"},
    {"1.0000001e400"},
    {"1e999999999"},
  };
  for (size_t i = 0; i < COUNT(rows); i++)
    for (size_t j = 0; j < COUNT(rows); j++)
      for (size_t k = 0; rows[i][k]; k++)
        for (size_t l = 0; rows[j][l]; l++)
          cr_expect_eq(compare(rows[i][k], rows[j][l]), i < j ? -1 : i > j, "%s against %s", rows[i][k], rows[j][l]);
}

Test(decimal, digits_of_any_number) {
  Arena a = {0};
  Str zeros = arena_printf(&a, "%0*d", 50000, 0);
  Str one = arena_printf(&a, "1" STR_FMT, STR_ARG(zeros)), two = arena_printf(&a, "1" STR_FMT ".5", STR_ARG(zeros));
  Str small = arena_printf(&a, "0." STR_FMT "1", STR_ARG(zeros));
  cr_expect_eq(compare(one.p, "1e50000"), 0);
  cr_expect_eq(compare(two.p, one.p), 1);
  cr_expect_eq(compare(small.p, "1e-50001"), 0);
  cr_expect_eq(compare(small.p, "1e-50000"), -1);
  arena_free(&a);
}

/* Exponents beyond all bounds saturate: the order to ordinary numbers stays right. */
Test(decimal, huge_exponents) {
  cr_expect_eq(compare("1e99999999999999999999999", "1e400"), 1);
  cr_expect_eq(compare("1e-99999999999999999999999", "1e-400"), -1);
  cr_expect_eq(compare("1e-99999999999999999999999", "0"), 1);
  cr_expect_eq(compare("-1e99999999999999999999999", "-1e400"), -1);
  cr_expect_eq(compare("0e99999999999999999999999", "0"), 0);
  cr_expect_eq(compare("1e000000000000000000000005", "100000"), 0);
}

typedef bool Canonical(Str *out, Str text, Arena *a);

static void check_canonical(Canonical *fn, const char *text, const char *want) {
  Arena a = {0};
  Str got = {0};
  bool good = fn(&got, str_of(text), &a);
  cr_expect_eq(good, want != NULL, "'%s' is taken", text);
  if (good && want) cr_expect(str_is(got, want), "'%s' gives '" STR_FMT "', not '%s'", text, STR_ARG(got), want);
  arena_free(&a);
}

Test(decimal, canonical_integers) {
  static const char *const cases[][2] = {
    {"0", "0"},
    {"7", "7"},
    {"007", "7"},
    {"+7", "7"},
    {"-7", "-7"},
    {"-007", "-7"},
    {"-0", "0"},
    {"+0", "0"},
    {"000", "0"},
    {"-000", "0"},
    {"0x0", "0"},
    {"0x1F", "31"},
    {"0x1f", "31"},
    {"0x001F", "31"},
    {"0xFFFFFFFFFFFFFFFF", "18446744073709551615"},
    {"0o17", "15"},
    {"0o0", "0"},
    {"0xA", "10"},
    {"0x64", "100"},
    {"0xDE0B6B3A7640000", "1000000000000000000"},
    {"123456789012345678901234567890", "123456789012345678901234567890"},
    {"0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "340282366920938463463374607431768211455"},
    {"", NULL},
    {"-", NULL},
    {"+", NULL},
    {"0x", NULL},
    {"0o", NULL},
    {"0xG", NULL},
    {"0o8", NULL},
    {"-0x1", NULL},
    {"0X1F", NULL},
    {"1.0", NULL},
    {"1e3", NULL},
    {" 1", NULL},
    {"1 ", NULL},
    {"0b1", NULL},
    {"1_0", NULL},
  };
  for (size_t i = 0; i < COUNT(cases); i++) check_canonical(decimal_canonical_int, cases[i][0], cases[i][1]);
}

/* Numbers, be they such that no double can hold them; and what only looks like one. */
Test(decimal, yaml_syntax) {
  static const char *const numbers[] = {"1", "-1", "+1.5", "1e400", ".5", "5.", "0x1F", "0o17"};
  static const char *const others[] = {"", "-", ".", "1e", "0x", "0xG", "0o8", "-0x1", "1_000", "1.5.5", "e5", "inf"};
  char hex[300] = "0x";
  Arena a = {0};
  Str out;
  for (size_t i = 0; i < COUNT(numbers); i++) cr_expect(decimal_syntax(str_of(numbers[i])), "%s", numbers[i]);
  for (size_t i = 0; i < COUNT(others); i++) cr_expect(!decimal_syntax(str_of(others[i])), "%s", others[i]);
  memset(hex + 2, 'f', 256);
  cr_expect(decimal_canonical_int(&out, str_of(hex), &a) && out.n == 309, "as long as the largest double");
  hex[258] = 'f';
  cr_expect(decimal_syntax(str_of(hex)) && !decimal_canonical_int(&out, str_of(hex), &a), "longer");
  arena_free(&a);
}

Test(decimal, canonical_floats) {
  static const char *const cases[][2] = {
    {"1.5", "1.5"},
    {"1.50", "1.5"},
    {"1.5e3", "1500"},
    {"1.0", "1"},
    {"-1.0", "-1"},
    {"+1.5", "1.5"},
    {".5", "0.5"},
    {"-.5", "-0.5"},
    {"5.", "5"},
    {"0.0", "0"},
    {"-0.0", "0"},
    {"0e9", "0"},
    {"0.1", "0.1"},
    {"0.10", "0.1"},
    {"0.01", "0.01"},
    {"0.001", "0.001"},
    {"1e-6", "0.000001"},
    {"1.5e-6", "0.0000015"},
    {"1e-7", "1e-7"},
    {"1.25e-7", "1.25e-7"},
    {"1e20", "100000000000000000000"},
    {"1e21", "1e+21"},
    {"-1.5e300", "-1.5e+300"},
    {"123456.789", "123456.789"},
    {"0.30000000000000004", "0.30000000000000004"},
    {"0.3000000000000000000000001", "0.3"},
    {"9007199254740993.0", "9007199254740992"},
    {"12345678901234567890.0", "12345678901234567000"},
    {"5e-324", "5e-324"},
    {"1.7976931348623157e308", "1.7976931348623157e+308"},
    {"1E3", "1000"},
    {"1e+3", "1000"},
    {"99.5", "99.5"},
    {"0.5", "0.5"},
    {"100.25", "100.25"},
    {"1e309", NULL},
    {"-1e400", NULL},
    {".", NULL},
    {"", NULL},
    {"-", NULL},
    {"e5", NULL},
    {".e5", NULL},
    {"1e", NULL},
    {"nan", NULL},
    {".inf", NULL},
    {"inf", NULL},
    {"0x1p3", NULL},
    {"1.5 ", NULL},
    {" 1.5", NULL},
    {"1,5", NULL},
  };
  for (size_t i = 0; i < COUNT(cases); i++) check_canonical(decimal_canonical_float, cases[i][0], cases[i][1]);
}

/* Every finite double, written with 17 digits, has a canonical text that is a number close to it and is its own
 * canonical text. */
Test(decimal, canonical_floats_are_stable) {
  uint64_t seed = 1;
  for (int i = 0; i < 20000; i++) {
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    double v;
    uint64_t bits = seed ^ seed >> 29;
    memcpy(&v, &bits, sizeof v);
    char text[64];
    snprintf(text, sizeof text, "%.16e", i % 2 ? v : (double)(bits % 100000) / 1000);
    Arena a = {0};
    Str once, twice;
    Decimal d;
    if (decimal_canonical_float(&once, str_of(text), &a)) {
      if (!decimal_parse(&d, once)) cr_assert_fail("%s gives " STR_FMT, text, STR_ARG(once));
      if (strtod(arena_cstr(&a, once), NULL) != strtod(text, NULL)) cr_assert_fail("%s changes", text);
      if (!decimal_canonical_float(&twice, once, &a) || !str_eq(once, twice)) cr_assert_fail("%s again", text);
    }
    arena_free(&a);
  }
}

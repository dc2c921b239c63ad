/* SPDX-License-Identifier: MIT
 * What aggregates are made of: shared texts, bags of names, numbers, sums, ranks. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "runtime/correlate/bag.h"
#include "runtime/correlate/ranks.h"
#include "runtime/correlate/sum.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint64_t next_random(uint64_t *s) {
  *s ^= *s << 13;
  *s ^= *s >> 7;
  *s ^= *s << 17;
  return *s;
}

/* --- texts ------------------------------------------------------------------------------------------------------ */

enum { TEXTS = 3000 };

/* Of a number: some are short, some long, some empty. */
static Str text_of(Arena *a, uint32_t i) {
  if (!i) return (Str){0};
  return arena_printf(a, "%u%0*d", i, i % 50 == 0 ? (int)(900 + i) : 1, 0);
}

/* Taken and dropped at random: a text has one name as long as a row has it, and nothing is left at the end. */
Test(aggregate_parts, texts_are_kept_as_long_as_a_row_has_them) {
  Arena a = {0};
  Pool *pool = pool_new(&a);
  Texts t;
  texts_open(&t, pool);
  static Str text[TEXTS];
  static TextName name[TEXTS];
  static uint32_t rows[TEXTS];
  for (uint32_t i = 0; i < TEXTS; i++) text[i] = text_of(&a, i);
  uint64_t seed = 1;
  for (int step = 0; step < 200000; step++) {
    uint32_t i = (uint32_t)next_random(&seed) % (step % 40000 < 20000 ? TEXTS : TEXTS / 100);
    if (rows[i] && next_random(&seed) % 2) {
      texts_drop(&t, name[i]);
      rows[i]--;
      continue;
    }
    TextName got = texts_take(&t, text[i]);
    if (rows[i]++) cr_assert_eq(got, name[i]);
    name[i] = got;
    cr_assert(str_eq(texts_at(&t, got), text[i]));
  }
  uint32_t n = 0;
  for (uint32_t i = 0; i < TEXTS; i++) n += rows[i] != 0;
  cr_assert_eq(t.n, n);
  for (uint32_t i = 0; i < TEXTS; i++)
    for (; rows[i]; rows[i]--) texts_drop(&t, name[i]);
  cr_expect_eq(t.n, 0);
  cr_expect_eq(t.bytes, 0);
  arena_free(&a);
}

/* Texts that were made to fall on the same slots: the table takes another hash, and finds them all. */
Test(aggregate_parts, texts_that_fall_together) {
  enum { SAME = 1000, BITS = 4095 };
  Arena a = {0};
  Texts t;
  texts_open(&t, pool_new(&a));
  static Str text[SAME];
  static TextName name[SAME];
  for (uint32_t i = 0, n = 0; n < SAME; i++) {
    char s[16];
    int length = snprintf(s, sizeof s, "%u", i);
    if (hash_key(HASH_SEED, s, (size_t)length) & BITS) continue;
    text[n] = arena_dup(&a, (Str){s, (size_t)length});
    name[n] = texts_take(&t, text[n]);
    n++;
  }
  cr_expect_neq(t.seed, HASH_SEED);
  for (uint32_t i = 0; i < SAME; i++) cr_assert_eq(texts_take(&t, text[i]), name[i]);
  for (uint32_t i = 0; i < 2 * SAME; i++) texts_drop(&t, name[i % SAME]);
  cr_expect(t.n == 0 && t.bytes == 0);
  arena_free(&a);
}

/* --- bags ------------------------------------------------------------------------------------------------------- */

/* Few names and many: against a plain array of counts. Bags next to each other do not touch each other. */
Test(aggregate_parts, bags_count_names) {
  enum { NAMES = 6000, BAGS = 3 };
  Arena a = {0};
  Pool *pool = pool_new(&a);
  static uint32_t times[BAGS][NAMES];
  Bag bag[BAGS] = {0};
  uint32_t n[BAGS] = {0};
  uint64_t seed = 7;
  for (int step = 0; step < 300000; step++) {
    uint32_t b = (uint32_t)(next_random(&seed) % BAGS), some = b == 0 ? 2 : b == 1 ? 30 : NAMES;
    uint32_t i = (uint32_t)next_random(&seed) % some;
    bool grow = next_random(&seed) % 5 < (step / 50000 % 2 ? 2u : 3u);
    if (!grow && times[b][i]) {
      cr_assert_eq(bag_remove(&bag[b], pool, (i + 1) * 16), times[b][i] == 1);
      n[b] -= --times[b][i] == 0;
    } else if (grow) {
      cr_assert_eq(bag_add(&bag[b], pool, (i + 1) * 16), times[b][i] == 0);
      n[b] += times[b][i]++ == 0;
    }
    cr_assert_eq(bag[b].n, n[b]);
  }
  for (uint32_t b = 0; b < BAGS; b++)
    for (uint32_t i = 0; i < NAMES; i++)
      for (; times[b][i]; times[b][i]--) cr_assert_eq(bag_remove(&bag[b], pool, (i + 1) * 16), times[b][i] == 1);
  for (uint32_t b = 0; b < BAGS; b++) cr_expect(bag[b].n == 0 && bag[b].room == 0);
  arena_free(&a);
}

/* --- numbers ---------------------------------------------------------------------------------------------------- */

static Str zeros(Arena *a, int n) { return arena_printf(a, "%0*d", n, 0); }

static Str print_number(Arena *a, Texts *t, Str text) {
  NumberName x;
  Buf out = {.arena = a};
  if (!numbers_take(t, text, &x)) return STR("none");
  numbers_print(t, x, &out);
  numbers_drop(t, x);
  return buf_view(&out);
}

Test(aggregate_parts, numbers_are_printed) {
  static const char *const cases[][2] = {
    {"0", "0"},
    {"-0.00e5", "0"},
    {"007", "7"},
    {"-1.50", "-1.5"},
    {"+12e3", "12000"},
    {"0.000001", "0.000001"},
    {"0.0000001", "1e-7"},
    {"-12e-8", "-1.2e-7"},
    {"1e20", "100000000000000000000"},
    {"1e21", "1e+21"},
    {"-12.5e21", "-12500000000000000000000"},
    {"-12.5e22", "-1.25e+23"},
    {"123456789012345678901234567890", "123456789012345678901234567890"},
    {"123456789012345678901234567890.000000000000000000000000000000012",
     "123456789012345678901234567890.000000000000000000000000000000012"},
    {"288230376151711743", "288230376151711743"},
    {"288230376151711744", "288230376151711744"},
    {"-288230376151711745", "-288230376151711745"},
    {"0.123456789012345678", "0.123456789012345678"},
    {"0.1234567890123456789", "0.1234567890123456789"},
    {"9e399", "9e+399"},
    {"1e400", "none"},
    {"1e-400", "1e-400"},
    {"1e-401", "none"},
    {"10e-401", "1e-400"},
    {"1.5e-400", "none"},
    {"1e999999999999999999999", "none"},
    {"1e-999999999999999999999", "none"},
    {"0e999999999999999999999", "0"},
    {"5 ", "none"},
    {" 5", "none"},
    {"", "none"},
    {"-", "none"},
    {"0x10", "none"},
    {"1,5", "none"},
    {"nan", "none"},
    {"1_0", "none"},
  };
  Arena a = {0};
  Texts t;
  texts_open(&t, pool_new(&a));
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str got = print_number(&a, &t, str_of(cases[i][0]));
    cr_expect(str_is(got, cases[i][1]), "%s gives " STR_FMT, cases[i][0], STR_ARG(got));
  }
  Str z = zeros(&a, 399), longest = arena_printf(&a, "1" STR_FMT "." STR_FMT "7", STR_ARG(z), STR_ARG(z));
  cr_expect(str_eq(print_number(&a, &t, longest), longest));
  cr_expect(str_is(print_number(&a, &t, arena_printf(&a, STR_FMT "1", STR_ARG(longest))), "none"));
  cr_expect_eq(t.n, 0);
  arena_free(&a);
}

/* A number with so many digits at random, of any size. */
static Str random_number(Arena *a, uint64_t *seed) {
  static const int most_digits[] = {1, 3, 9, 17, 18, 19, 40, 300};
  char text[400];
  int n = 0, digits = 1 + (int)(next_random(seed) % (uint64_t)most_digits[next_random(seed) % COUNT(most_digits)]);
  if (next_random(seed) % 2) text[n++] = '-';
  for (int i = 0; i < digits; i++) text[n++] = (char)('0' + next_random(seed) % 10);
  static const int exps[] = {1, 8, 20, 99};
  int exp = (int)(next_random(seed) % 100) % exps[next_random(seed) % COUNT(exps)];
  if (next_random(seed) % 2) exp = -exp;
  return arena_printf(a, "%.*se%d", n, text, exp);
}

Test(aggregate_parts, numbers_are_compared_as_decimals) {
  enum { NUMBERS = 300 };
  Arena a = {0};
  Texts t;
  texts_open(&t, pool_new(&a));
  Decimal d[NUMBERS];
  NumberName x[NUMBERS];
  uint64_t seed = 3;
  for (int i = 0; i < NUMBERS; i++) {
    Str s = i % 3 ? random_number(&a, &seed)
                  : arena_printf(&a, "%d.%d", (int)(next_random(&seed) % 5) - 2, (int)(next_random(&seed) % 30));
    cr_assert(decimal_parse(&d[i], s) && numbers_take(&t, s, &x[i]), STR_FMT, STR_ARG(s));
    Str printed = print_number(&a, &t, s);
    Decimal back;
    NumberName again;
    cr_assert(decimal_parse(&back, printed) && decimal_cmp(&back, &d[i]) == 0, STR_FMT " is printed " STR_FMT, STR_ARG(s),
              STR_ARG(printed));
    cr_assert(numbers_take(&t, printed, &again) && again == x[i]);
  }
  for (int i = 0; i < NUMBERS; i++)
    for (int k = 0; k < NUMBERS; k++) {
      int c = decimal_cmp(&d[i], &d[k]);
      cr_assert_eq(numbers_cmp(&t, x[i], x[k]), (c > 0) - (c < 0));
      cr_assert_eq(x[i] == x[k], c == 0);
    }
  arena_free(&a);
}

/* --- sums ------------------------------------------------------------------------------------------------------- */

static Str print_sum(Arena *a, const ExactSum *s, const Pool *pool) {
  Wide w;
  Buf out = {.arena = a};
  sum_at(s, pool, &w);
  wide_settle(&w);
  wide_print(&w, true, &out);
  return buf_view(&out);
}

/* Whatever the order: the same sum; and taken away again, in another order, it is zero. */
Test(aggregate_parts, sums_do_not_depend_on_the_order) {
  enum { NUMBERS = 500, ROUNDS = 40 };
  Arena a = {0};
  Pool *pool = pool_new(&a);
  uint64_t seed = 11;
  for (int round = 0; round < ROUNDS; round++) {
    Texts t;
    texts_open(&t, pool);
    NumberName x[NUMBERS];
    ExactSum one = {0}, other = {0};
    for (int i = 0; i < NUMBERS; i++) {
      Str s =
        round % 2 ? random_number(&a, &seed) : arena_printf(&a, "%lld.%d", (long long)(next_random(&seed) % (1ull << 57)), i % 100);
      cr_assert(numbers_take(&t, s, &x[i]));
    }
    for (int i = 0; i < NUMBERS; i++) sum_add(&one, pool, &t, x[i], 1);
    for (int i = 0; i < NUMBERS; i++) sum_add(&other, pool, &t, x[i * 7 % NUMBERS], 1);
    for (int i = 0; i < 3 * NUMBERS; i++) { /* a number that comes and goes leaves nothing behind */
      sum_add(&other, pool, &t, x[i % NUMBERS], i % 2 ? 1 : -1);
      sum_add(&other, pool, &t, x[i % NUMBERS], i % 2 ? -1 : 1);
    }
    Str printed = print_sum(&a, &one, pool);
    cr_assert(str_eq(printed, print_sum(&a, &other, pool)));
    for (int i = 0; i < NUMBERS; i++) sum_add(&other, pool, &t, x[i * 3 % NUMBERS], -1);
    cr_assert(str_is(print_sum(&a, &other, pool), "0"));
    sum_clear(&one, pool);
    sum_clear(&other, pool);
  }
  arena_free(&a);
}

/* Against 128 bits. */
Test(aggregate_parts, sums_are_those_of_integers) {
  Arena a = {0};
  Pool *pool = pool_new(&a);
  Texts t;
  texts_open(&t, pool);
  ExactSum s = {0};
  __extension__ __int128 want = 0;
  uint64_t seed = 5;
  for (int i = 0; i < 20000; i++) {
    int64_t v = (int64_t)next_random(&seed) >> next_random(&seed) % 60;
    NumberName x;
    cr_assert(numbers_take(&t, arena_printf(&a, "%lld", (long long)v), &x));
    int times = next_random(&seed) % 2 ? 1 : -1;
    sum_add(&s, pool, &t, x, times);
    want += times * (__extension__(__int128) v);
    if (i % 16) continue;
    bool negative = want < 0;
    __extension__ unsigned __int128 rest = negative ? -(unsigned __int128)want : (unsigned __int128)want;
    char digits[48], *p = digits + sizeof digits - 1;
    *p = '\0';
    do *--p = (char)('0' + (int)(rest % 10));
    while (rest /= 10);
    if (negative) *--p = '-';
    Str got = print_sum(&a, &s, pool);
    cr_assert(str_is(got, p), STR_FMT " is not %s", STR_ARG(got), p);
  }
  arena_free(&a);
}

/* Quotients as they are printed: by exact fractions, rounded where they do not end soon. */
Test(aggregate_parts, quotients) {
  static const struct {
    const char *sum;
    uint64_t by;
    const char *want;
  } cases[] = {
    {"0", 3, "0"},
    {"1", 1, "1"},
    {"10", 4, "2.5"},
    {"-10", 4, "-2.5"},
    {"1", 3, "0.33333333333333333"},
    {"2", 3, "0.66666666666666667"},
    {"-2", 3, "-0.66666666666666667"},
    {"1", 1024, "0.0009765625"},
    {"100", 7, "14.285714285714286"},
    {"299999999999999999999", 3, "99999999999999999999.666667"},
    {"299999999999999999999999", 7, "42857142857142857142857"},
    {"1e30", 7, "142857142857142857142857142857.142857"},
    {"1e30", 3, "333333333333333333333333333333.333333"},
    {"5999999999999999999", 6, "999999999999999999.833333"},
    {"5999999999999999999999999", 6000000, "1000000000000000000"},
    {"1", 4294967295u, "2.3283064370807974e-10"},
    {"1e-400", 3, "3.3333333333333333e-401"},
    {"2e-400", 4294967295u, "4.6566128741615948e-410"},
    {"1", 99999999, "1.0000000100000001e-8"},
  };
  Arena a = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Decimal d;
    Number x;
    Wide w;
    Buf out = {.arena = &a};
    cr_assert(decimal_parse(&d, str_of(cases[i].sum)) && number_of_decimal(&x, &d));
    wide_zero(&w);
    wide_add(&w, &x, 1);
    wide_settle(&w);
    bool exact = wide_divide(&w, cases[i].by);
    wide_print(&w, exact, &out);
    cr_expect(str_is(buf_view(&out), cases[i].want), "%s by %llu: " STR_FMT, cases[i].sum, (unsigned long long)cases[i].by,
              STR_ARG(buf_view(&out)));
  }
  arena_free(&a);
}

/* --- ranks ------------------------------------------------------------------------------------------------------ */

static uint64_t steps_of(uint32_t window, bool sorted) {
  Arena a = {0};
  Texts t;
  RankPlaces p = {.pool = pool_new(&a), .shared = &t};
  texts_open(&t, p.pool);
  Ranks r = {0};
  uint64_t seed = 17, before = 0;
  NumberName *x = arena_array(&a, NumberName, window);
  for (uint32_t i = 0; i < window + 20000; i++) {
    if (i == window) before = p.steps;
    if (i >= window) ranks_remove(&r, &p, x[i % window]);
    x[i % window] = (int64_t)(sorted ? i : next_random(&seed) % 1000000) * 32;
    ranks_add(&r, &p, x[i % window]);
    ranks_at(&r, &p, (i < window ? i : window - 1) / 2);
  }
  uint64_t steps = p.steps - before;
  ranks_clear(&r, &p);
  cr_expect_eq(r.nodes, 0);
  arena_free(&a);
  return steps / 20000;
}

/* A step costs as many nodes as the tree is high: a thousand times the window is ten levels more. */
Test(aggregate_parts, ranks_cost_the_logarithm) {
  for (int sorted = 0; sorted < 2; sorted++) {
    uint64_t small = steps_of(100, sorted), large = steps_of(100000, sorted);
    cr_expect(small <= 3 * 8 && large <= 3 * 22, "%llu, %llu", (unsigned long long)small, (unsigned long long)large);
  }
}

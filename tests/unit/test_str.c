/* SPDX-License-Identifier: MIT
 * Slices of text. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/str_find.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(str, find) {
  static const struct {
    const char *name, *text, *needle;
    size_t from, at;
  } cases[] = {
    {"at the start", "abc", "a", 0, 0},
    {"in the middle", "abcabc", "bc", 0, 1},
    {"from behind the first", "abcabc", "bc", 2, 4},
    {"at the end", "abc", "bc", 0, 1},
    {"the whole", "abc", "abc", 0, 0},
    {"not there", "abc", "x", 0, SIZE_MAX},
    {"cut off at the end", "abc", "cd", 0, SIZE_MAX},
    {"longer than the text", "abc", "abcd", 0, SIZE_MAX},
    {"after a false start", "aab", "ab", 0, 1},
    {"overlap with itself", "aaab", "aab", 0, 1},
    {"nothing is found at once", "abc", "", 1, 1},
    {"nothing is found at the end", "abc", "", 3, 3},
    {"nothing, from behind the end", "abc", "", 4, SIZE_MAX},
    {"in nothing", "", "a", 0, SIZE_MAX},
    {"nothing in nothing", "", "", 0, 0},
    {"from behind the end", "abc", "a", 4, SIZE_MAX},
    {"from nowhere, as a failed search gives it", "abc", "a", SIZE_MAX, SIZE_MAX},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    cr_expect_eq(str_find(str_of(cases[i].text), str_of(cases[i].needle), cases[i].from), cases[i].at, "%s", cases[i].name);
  cr_expect_eq(str_find(STR("a\0b\0c"), STR("\0c"), 0), 3, "NUL is a character");
}

/* Needles of all lengths around the one where the way of searching changes, in a text that nearly has them everywhere. */
Test(str, find_long) {
  char text[300], needle[100];
  memset(text, 'a', sizeof text);
  memset(needle, 'a', sizeof needle);
  for (size_t n = 1; n <= sizeof needle; n++) {
    for (size_t at = 0; at < 200; at += 7) {
      needle[n - 1] = text[at + n - 1] = 'b';
      Str hay = {text, sizeof text}, sought = {needle, n};
      cr_expect_eq(str_find(hay, sought, 0), at, "%zu at %zu", n, at);
      cr_expect_eq(str_find(hay, sought, at), at, "%zu from %zu", n, at);
      cr_expect_eq(str_find(hay, sought, at + 1), SIZE_MAX, "%zu from behind %zu", n, at);
      cr_expect_eq(str_find((Str){text, at + n - 1}, sought, 0), SIZE_MAX, "%zu cut off at %zu", n, at);
      text[at + n - 1] = 'a';
    }
    needle[n - 1] = 'a';
  }
}

static size_t find_naive(Str s, Str needle, size_t from) {
  for (size_t i = from; i + needle.n <= s.n; i++)
    if (str_eq(str_sub(s, i, i + needle.n), needle)) return i;
  return SIZE_MAX;
}

/* Two letters, so that much agrees in its first and last byte; texts in memory of their own size. */
Test(str, find_random) {
  uint64_t state = 99;
#define DRAW(n) (state = state * 6364136223846793005u + 1442695040888963407u, (size_t)(state >> 33) % (n))
  for (int round = 0; round < 60000; round++) {
    char needle[90];
    size_t n = DRAW(round % 4 ? 50 : 200), m = 1 + DRAW(round % 3 ? 6 : 80);
    char *p = malloc(n ? n : 1);
    for (size_t i = 0; i < n; i++) p[i] = DRAW(8) ? 'a' : 'b';
    for (size_t i = 0; i < m; i++) needle[i] = DRAW(8) ? 'a' : 'b';
    if (n >= m && DRAW(2)) memcpy(p + DRAW(n - m + 1), needle, m);
    Str text = {p, n}, sought = {needle, m};
    size_t from = DRAW(2) ? 0 : DRAW(n + 2), want = find_naive(text, sought, from);
    cr_assert_eq(str_find(text, sought, from), want, "'" STR_FMT "' in '" STR_FMT "' from %zu", STR_ARG(sought), STR_ARG(text),
                 from);
    cr_assert_eq(str_find_portable(text, sought, from), want);
    free(p);
  }
#undef DRAW
}

/* Trying each place would take minutes. */
Test(str, find_that_nearly_fits) {
  enum { N = 1 << 22, M = 1 << 13 };
  char *p = malloc(N + M);
  memset(p, 'a', N + M);
  p[N + M / 2] = 'b';
  cr_expect_eq(str_find((Str){p, N}, (Str){p + N, M}, 0), SIZE_MAX);
  cr_expect_eq(str_find((Str){p, N + M}, (Str){p + N, M}, 0), N);
  free(p);
}

Test(str, starts_and_ends) {
  static const struct {
    const char *text, *part;
    bool starts, ends;
  } cases[] = {
    {"abc", "ab", true, false},    {"abc", "bc", false, true},    {"abc", "abc", true, true}, {"abc", "", true, true},
    {"abc", "zabc", false, false}, {"abc", "abcd", false, false}, {"", "", true, true},       {"", "a", false, false},
    {"abab", "ab", true, true},    {"abc", "AB", false, false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str text = str_of(cases[i].text), part = str_of(cases[i].part);
    cr_expect_eq(str_starts(text, part), cases[i].starts, "%s starts with %s", cases[i].text, cases[i].part);
    cr_expect_eq(str_ends(text, part), cases[i].ends, "%s ends with %s", cases[i].text, cases[i].part);
  }
}

static int sign(int n) { return (n > 0) - (n < 0); }

Test(str, order) {
  static const char *const sorted[] = {"", "A", "AA", "B", "a", "a\x01", "ab", "b", "\x7F", "\xC3\xA9"};
  for (size_t i = 0; i < COUNT(sorted); i++)
    for (size_t j = 0; j < COUNT(sorted); j++) {
      Str a = str_of(sorted[i]), b = str_of(sorted[j]);
      cr_expect_eq(sign(str_cmp(a, b)), i < j ? -1 : i > j, "order of '%s' and '%s'", sorted[i], sorted[j]);
      cr_expect_eq(str_eq(a, b), i == j, "equality of '%s' and '%s'", sorted[i], sorted[j]);
    }
  cr_expect(!str_eq(STR("a\0b"), STR("a\0c")), "bytes behind NUL count");
}

Test(str, letter_case) {
  cr_expect(str_eq_nocase(STR("aZ09_"), STR("Az09_")));
  cr_expect(!str_eq_nocase(STR("ab"), STR("abc")));
  /* One bit apart as the letters are, but no letters. */
  cr_expect(!str_eq_nocase(STR("@[`{"), STR("`{@[")));
  cr_expect(!str_eq_nocase(STR("\xC3\x89"), STR("\xC3\xA9")), "only ASCII");
  for (int c = -128; c < 128; c++) {
    bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    cr_expect_eq(ascii_lower((char)c), upper ? c + 32 : c, "lower of %d", c);
    cr_expect_eq(ascii_letter((char)c), upper || lower, "letter %d", c);
    cr_expect_eq(ascii_digit((char)c), c >= '0' && c <= '9', "digit %d", c);
  }
}

Test(str, no_bytes_at_all) {
  Str none = {0};
  cr_expect(str_eq(none, STR("")) && str_eq(str_of(NULL), none) && str_eq_nocase(none, none));
  cr_expect(str_starts(none, none) && str_ends(none, none) && str_starts(STR("a"), none));
  cr_expect_eq(str_find(none, none, 0), 0);
  cr_expect_eq(str_find(none, STR("a"), 0), SIZE_MAX);
  cr_expect_eq(str_cmp(none, STR("")), 0);
  cr_expect_eq(str_hash(none), HASH_SEED);
  cr_expect_eq(str_from(none, 0).n, 0);
}

Test(str, hash) {
  /* Published values of FNV-1a, 64 bits. */
  cr_expect_eq(str_hash(STR("a")), 0xAF63DC4C8601EC8Cull);
  cr_expect_eq(str_hash(STR("foobar")), 0x85944171F73967E8ull);
  cr_expect_eq(hash_bytes(str_hash(STR("foo")), "bar", 3), str_hash(STR("foobar")), "goes on");
}

Test(str, distance) {
  static const struct {
    const char *a, *b;
    unsigned max, distance;
  } cases[] = {
    {"", "", 3, 0},        {"abc", "abc", 3, 0},          {"abc", "abd", 3, 1},        {"abc", "ab", 3, 1},
    {"abc", "xabc", 3, 1}, {"kitten", "sitting", 3, 3},   {"kitten", "sitting", 2, 3}, {"", "abc", 3, 3},
    {"abc", "", 2, 3},     {"contain", "contains", 2, 1}, {"abcd", "wxyz", 2, 3},      {"ab", "ba", 2, 2},
    {"a", "b", 0, 1},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str a = str_of(cases[i].a), b = str_of(cases[i].b);
    cr_expect_eq(str_distance(a, b, cases[i].max), cases[i].distance, "%s to %s", cases[i].a, cases[i].b);
    cr_expect_eq(str_distance(b, a, cases[i].max), cases[i].distance, "%s to %s", cases[i].b, cases[i].a);
  }
  char longest[50];
  memset(longest, 'a', sizeof longest);
  cr_expect_eq(str_distance((Str){longest, 48}, (Str){longest, 47}, 2), 1);
  cr_expect_eq(str_distance((Str){longest, 49}, (Str){longest, 49}, 2), 3, "too long to look at");
}

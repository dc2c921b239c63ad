/* SPDX-License-Identifier: MIT
 * The matcher that decides where PCRE2 takes long, by sets and by its table: the same verdicts as PCRE2 and as the matcher by
 * definition, in time that no pattern can make run away. */
#include <criterion/criterion.h>

#include "compiler/regex_print.h"
#include "runtime/regex_linear.h"
#include "runtime/regex_table.h"
#include "tests/support/regex_gen.h"
#include "tests/support/regex_sets.h"

static SearchResult search(const char *pattern, Str text, uint64_t steps) {
  Arena a = {0};
  size_t bytes;
  bool exact;
  RegexLinear *re = regex_linear_parse(str_of(pattern), 0, &a, &bytes, &exact);
  cr_assert(re, "%s", pattern);
  RegexTable *table = regex_table_new(re, &a);
  uint64_t left = steps;
  SearchResult r = regex_linear_search(re, text, &left);
  for (int i = 0; table && i < 2; i++) {
    left = steps;
    cr_expect(regex_table_search(table, text, &left) == r, "%s: the table, %s", pattern, i ? "once made" : "as it is made");
  }
  arena_free(&a);
  return r;
}

static Str many(Arena *a, const char *text, size_t n, const char *end) {
  Buf b = {.arena = a};
  for (size_t i = 0; i < n; i++) buf_str(&b, str_of(text));
  buf_str(&b, str_of(end));
  return buf_view(&b);
}

Test(regex_linear, what_backtracking_cannot) {
  static const struct {
    const char *pattern, *text, *end;
    SearchResult want;
  } cases[] = {
    {"(a+)+$", "a", "!", SEARCH_MISS},
    {"(a+)+$", "a", "", SEARCH_HIT},
    {"(a|aa)+b", "a", "", SEARCH_MISS},
    {"(a*)*b", "a", "b", SEARCH_HIT},
    {"(?:a|b|[cd]){1,300}(?:a|b|[cd]){1,300}[xz]", "abcd", "", SEARCH_MISS},
    {"(?:a|b|[cd]){1,300}(?:a|b|[cd]){1,300}[xz]", "abcd", "x", SEARCH_HIT},
    {"(\\w+\\s?)+\\Z", "word ", "!", SEARCH_MISS},
    {"^(?m:^.*$\\n?)+\\z", "line\n", "", SEARCH_HIT},
    {"(x+x+)+y", "x", "\xC3\xA9", SEARCH_MISS},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Str text = many(&a, cases[i].text, 5000, cases[i].end);
    cr_expect(search(cases[i].pattern, text, UINT64_MAX) == cases[i].want, "%s", cases[i].pattern);
    arena_free(&a);
  }
}

Test(regex_linear, steps_are_bounded) {
  Arena a = {0};
  Str text = many(&a, "a", 1000, "");
  cr_expect_eq(search("(a+)+b", text, 10000000), SEARCH_MISS);
  cr_expect_eq(search("(a+)+b", text, 900), SEARCH_LIMIT);
  cr_expect_eq(search("", text, 0), SEARCH_HIT);
  size_t bytes;
  bool exact;
  cr_expect(regex_linear_parse(STR("(a{100}){50}"), 0, &a, &bytes, &exact));
  cr_expect(!regex_linear_parse(STR("(a{100}){200}"), 0, &a, &bytes, &exact), "more states than the limit");
  cr_expect(!regex_linear_parse(STR("((((){65535}){65535}){65535}){65535}"), 0, &a, &bytes, &exact), "counts of nothing count too");
  cr_expect(!regex_linear_parse(STR("(a)\\1"), 0, &a, &bytes, &exact), "not portable");
  arena_free(&a);
}

static void compare(Gen *g, const RegexTree *tree, Str pattern, uint32_t *texts, uint32_t *hits, Arena *a) {
  RegexError error;
  Regex *re = regex_compile(regex_print_pcre(a, tree->root), 0, a, &error);
  RegexLinear *linear = regex_linear_new(tree->root, a);
  RegexTable *table = regex_table_new(linear, a);
  RegexScratch *scratch = regex_scratch_new(a);
  cr_assert(re && linear && table, STR_FMT, STR_ARG(pattern));
  for (int i = 0; i < 20; i++) {
    Buf text = {.arena = a};
    uint64_t steps = UINT64_MAX, left = UINT64_MAX;
    regex_gen_text(g, &text, tree->root);
    bool want = regex_sets_search(tree->root, buf_view(&text), a);
    SearchResult pcre = regex_search(re, scratch, buf_view(&text));
    SearchResult found = regex_linear_search(linear, buf_view(&text), &steps);
    cr_expect(found == (want ? SEARCH_HIT : SEARCH_MISS), STR_FMT " on " STR_FMT ": linear", STR_ARG(pattern),
              STR_ARG(buf_view(&text)));
    for (int k = 0; k < 2; k++)
      cr_expect(regex_table_search(table, buf_view(&text), &left) == found, STR_FMT " on " STR_FMT ": table", STR_ARG(pattern),
                STR_ARG(buf_view(&text)));
    SearchResult brief = regex_search_briefly(re, scratch, buf_view(&text));
    cr_expect(brief == SEARCH_LIMIT || brief == found, STR_FMT " on " STR_FMT ": PCRE2, briefly", STR_ARG(pattern),
              STR_ARG(buf_view(&text)));
    cr_expect(pcre == SEARCH_LIMIT || pcre == found, STR_FMT " on " STR_FMT ": PCRE2", STR_ARG(pattern), STR_ARG(buf_view(&text)));
    ++*texts;
    *hits += want;
  }
}

Test(regex_linear, agrees_with_pcre2_and_the_definition) {
  Gen g = gen_seeded(20);
  uint32_t texts = 0, hits = 0;
  for (int i = 0; i < 3000; i++) {
    Arena a = {0};
    Buf pattern = {.arena = &a};
    RegexTree tree;
    regex_gen_pattern(&g, &pattern);
    unsigned flags = gen_below(&g, 2) ? 0 : gen_below(&g, 8);
    if (regex_parse(&tree, buf_view(&pattern), flags, &a)) compare(&g, &tree, buf_view(&pattern), &texts, &hits, &a);
    arena_free(&a);
  }
  cr_expect(texts > 50000 && hits > texts / 4 && hits < texts * 3 / 4, "%u texts, %u matched", texts, hits);
}

/* --- the table ----------------------------------------------------------------------------------------------- */

static Str random_text(Gen *g, Arena *a, const char *const *letters, uint32_t n_letters, size_t n) {
  Buf b = {.arena = a};
  for (size_t i = 0; i < n; i++) buf_str(&b, str_of(letters[gen_below(g, n_letters)]));
  return buf_view(&b);
}

/* One table for many texts, against the sets. */
static void same_by_table(const char *pattern, const char *const *letters, uint32_t n_letters, size_t most) {
  Gen g = gen_seeded(7);
  Arena a = {0};
  size_t bytes;
  bool exact;
  uint32_t hits = 0;
  RegexLinear *re = regex_linear_parse(str_of(pattern), 0, &a, &bytes, &exact);
  cr_assert(re, "%s", pattern);
  RegexTable *table = regex_table_new(re, &a);
  for (int i = 0; i < 400; i++) {
    uint64_t steps = UINT64_MAX, left = UINT64_MAX;
    Str text = random_text(&g, &a, letters, n_letters, gen_below(&g, (uint32_t)most));
    SearchResult want = regex_linear_search(re, text, &steps);
    cr_expect_eq(regex_table_search(table, text, &left), want, "%s on " STR_FMT, pattern, STR_ARG(text));
    hits += want == SEARCH_HIT;
  }
  cr_expect(hits > 0 && hits < 400, "%s: %u hits", pattern, hits);
  arena_free(&a);
}

Test(regex_linear, table_and_sets_agree) {
  static const char *const letters[] = {"a", "b", "_", " ", "\n", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
  static const char *const patterns[] = {
    "a.b.a",
    "^a.*b$",
    "\\ba\\b.*\\bb\\b",
    "\\Ba\\B",
    "(?m)^b+$",
    "a\\Z",
    "b\\z",
    "\\A[ab]+\\n?\\Z",
    "[^a]\xC3\xA9[^b]",
    "[\xC3\xA9-\xE2\x82\xAC]a",
    "(?s)a.{3}\\n",
    "\xF0\x9F\x98\x80$",
    "\\n\\Z",
    "a.*a.*a.*a.*a",
    "^[^\\n]{5}$",
  };
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) same_by_table(patterns[i], letters, 8, 24);
}

/* As many rows as there are sets of thirteen places: far more than there is room for. */
Test(regex_linear, a_full_table_goes_on_by_sets) {
  static const char *const letters[] = {"a", "b", "b", "a", "c", "a", "b", "b", "a", "b", "a", "b", "a", "a", "b", "a"};
  same_by_table("a[ab]{12}c[ab]{9}c", letters, 16, 3000);
  Arena a = {0};
  size_t bytes;
  bool exact;
  RegexLinear *large = regex_linear_parse(STR("[ab]{3000}"), 0, &a, &bytes, &exact);
  cr_expect(large && !regex_table_new(large, &a), "more states than a table is for");
  arena_free(&a);
}

Test(regex_linear, exact_where_pcre2_says_the_same) {
  static const struct {
    const char *pattern;
    unsigned flags;
    bool want;
  } cases[] = {{"a+b", 0, true}, {"a+b", REGEX_IGNORECASE, false}, {"1+2", REGEX_IGNORECASE, true}, {"(?i)a", 0, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    size_t bytes;
    bool exact;
    cr_assert(regex_linear_parse(str_of(cases[i].pattern), cases[i].flags, &a, &bytes, &exact));
    cr_expect_eq(exact, cases[i].want, "%s", cases[i].pattern);
    arena_free(&a);
  }
}

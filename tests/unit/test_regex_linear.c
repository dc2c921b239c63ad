/* SPDX-License-Identifier: MIT
 * The matcher that decides where PCRE2 gives up: the same verdicts as PCRE2 and as the matcher by definition, in time that
 * no pattern can make run away. */
#include <criterion/criterion.h>

#include "compiler/regex_print.h"
#include "runtime/regex_linear.h"
#include "tests/support/regex_gen.h"
#include "tests/support/regex_sets.h"

static SearchResult search(const char *pattern, Str text, uint64_t steps) {
  Arena a = {0};
  size_t bytes;
  RegexLinear *re = regex_linear_parse(str_of(pattern), 0, &a, &bytes);
  cr_assert(re, "%s", pattern);
  SearchResult r = regex_linear_search(re, text, &steps);
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
  cr_expect_eq(search("(a+)+b", text, 1000), SEARCH_LIMIT);
  cr_expect_eq(search("", text, 0), SEARCH_HIT);
  size_t bytes;
  cr_expect(regex_linear_parse(STR("(a{100}){50}"), 0, &a, &bytes));
  cr_expect(!regex_linear_parse(STR("(a{100}){200}"), 0, &a, &bytes), "more states than the limit");
  cr_expect(!regex_linear_parse(STR("((((){65535}){65535}){65535}){65535}"), 0, &a, &bytes), "counts of nothing count too");
  cr_expect(!regex_linear_parse(STR("(a)\\1"), 0, &a, &bytes), "not portable");
  arena_free(&a);
}

static void compare(Gen *g, const RegexTree *tree, Str pattern, uint32_t *texts, uint32_t *hits, Arena *a) {
  RegexError error;
  Regex *re = regex_compile(regex_print_pcre(a, tree->root), 0, a, &error);
  RegexLinear *linear = regex_linear_new(tree->root, a);
  RegexScratch *scratch = regex_scratch_new(a);
  cr_assert(re && linear, STR_FMT, STR_ARG(pattern));
  for (int i = 0; i < 20; i++) {
    Buf text = {.arena = a};
    uint64_t steps = UINT64_MAX;
    regex_gen_text(g, &text, tree->root);
    bool want = regex_sets_search(tree->root, buf_view(&text), a);
    SearchResult pcre = regex_search(re, scratch, buf_view(&text));
    SearchResult found = regex_linear_search(linear, buf_view(&text), &steps);
    cr_expect(found == (want ? SEARCH_HIT : SEARCH_MISS), STR_FMT " on " STR_FMT ": linear", STR_ARG(pattern),
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

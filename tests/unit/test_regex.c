/* SPDX-License-Identifier: MIT
 * The adapter of PCRE2: options, faults with their places, limits, and faults of some versions that would be ours. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/limits.h"
#include "runtime/regex.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { I = REGEX_IGNORECASE, M = REGEX_MULTILINE, S = REGEX_DOTALL };

/* By the interpreter and by machine code. */
static SearchResult search(const char *pattern, unsigned flags, Str subject) {
  Arena a = {0};
  RegexError error;
  Regex *re = regex_compile(str_of(pattern), flags, &a, &error);
  cr_assert(re, "%s: %s", pattern, re ? "" : error.message);
  RegexScratch *scratch = regex_scratch_new(&a);
  SearchResult slow = regex_search(re, scratch, subject);
  regex_jit(re);
  SearchResult fast = regex_search(re, scratch, subject);
  cr_expect_eq(slow, fast, "%s: interpreter %d, machine code %d", pattern, slow, fast);
  arena_free(&a);
  return fast;
}

Test(regex, searches) {
  static const struct {
    const char *pattern;
    unsigned flags;
    const char *subject;
    SearchResult want;
  } cases[] = {
    {"b", 0, "abc", SEARCH_HIT},
    {"B", 0, "abc", SEARCH_MISS},
    {"B", I, "abc", SEARCH_HIT},
    {"", 0, "", SEARCH_HIT},
    {"^.$", 0, "\xC3\xA9", SEARCH_HIT},
    {"a$", 0, "a\n", SEARCH_MISS},
    {"a$", M, "a\n", SEARCH_HIT},
    {"^b", 0, "a\nb", SEARCH_MISS},
    {"^b", M, "a\nb", SEARCH_HIT},
    {"^", M, "", SEARCH_HIT},
    {"a.b", 0, "a\nb", SEARCH_MISS},
    {"a.b", 0, "a\rb", SEARCH_HIT},
    {"a.b", S, "a\nb", SEARCH_HIT},
    {"(a)(b)\\2\\1", 0, "abba", SEARCH_HIT},
    {"(?<=a)b(?!c)", 0, "abd", SEARCH_HIT},
    {"\\d", 0, "\xD9\xA3", SEARCH_MISS},
    /* PCRE2 issue 82 (10.34 to 10.39), which the build refuses for this */
    {"[Aa]{2}", 0, "aa", SEARCH_HIT},
    {"[\xC3\x89\xC3\xA9]{2,}", 0, "\xC3\xA9\xC3\xA9", SEARCH_HIT},
    /* PCRE2 issue 833 (10.45 to 10.47) */
    {"[\\x{ff}\\x{100}\\x{8000}\\x{8002}\\x{8004}\\x{8006}\\x{8008}]", 0, "\xC4\x80", SEARCH_HIT},
    {"[\\x{ff}\\x{100}\\x{8000}\\x{8002}\\x{8004}\\x{8006}\\x{8008}]", 0, "\xE8\x80\x88", SEARCH_HIT},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    SearchResult got = search(cases[i].pattern, cases[i].flags, str_of(cases[i].subject));
    cr_expect_eq(got, cases[i].want, "%s on %s: %d", cases[i].pattern, cases[i].subject, got);
  }
  cr_expect_eq(search("^a\\x{0}b$", 0, STR("a\0b")), SEARCH_HIT, "NUL is a character");
}

Test(regex, faults) {
  static const struct {
    const char *pattern;
    size_t offset;
  } cases[] = {
    {"a(b", 1}, {"a(b(c)", 1}, {"(a)(b", 3}, {"a[b", 1},    {"([(]abc", 0}, {"[a[b", 0},       {"[]a", 0},   {"\\(a[\\]", 3},
    {"*a", 0},  {"a**", 2},    {"a)", 1},    {"x(?C)y", 1}, {"x(?C1)y", 1}, {"[(?C](?C2)", 5}, {"a\\Cb", 3},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    RegexError error = {.offset = 999};
    cr_expect(!regex_compile(str_of(cases[i].pattern), 0, &a, &error), "%s", cases[i].pattern);
    cr_expect(error.message[0], "%s", cases[i].pattern);
    cr_expect_eq(error.offset, cases[i].offset, "%s: %zu", cases[i].pattern, error.offset);
    arena_free(&a);
  }
}

Test(regex, limits) {
  static char text[1 << 20];
  Arena a = {0};
  RegexError error;
  memset(text, 'a', sizeof text);
  cr_expect(!regex_compile((Str){text, LIMIT_REGEX_BYTES + 1}, 0, &a, &error));
  cr_expect_eq(search("(a+)+[bz]$", 0, (Str){text, 40}), SEARCH_LIMIT, "exponential");
  cr_expect_eq(search("(?:a|b|[cd]){1,300}(?:a|b|[cd]){1,300}[xz]", 0, (Str){text, sizeof text}), SEARCH_LIMIT, "slow everywhere");
  cr_expect_eq(search("^(?:[a-z0-9]{4})+$", 0, (Str){text, 200000}), SEARCH_HIT, "in proportion to a long text");
  cr_expect_eq(search("x*[yz]|b", 0, (Str){text, sizeof text}), SEARCH_MISS, "fast everywhere");
  Regex *small = regex_compile(STR("a"), 0, &a, &error), *large = regex_compile(STR("(?:[ab]|c){100}"), 0, &a, &error);
  cr_expect(regex_size(small) > 0 && regex_size(large) > 10 * regex_size(small));
  arena_free(&a);
}

/* --- memory -------------------------------------------------------------------------------------------------- */

static void *perhaps(void *empty, size_t bytes) { return *(bool *)empty ? NULL : malloc(bytes); }

typedef struct {
  Arena *arena;
  const Regex *regex;
  RegexScratch *scratch;
  bool empty;
} Memory;

static void prepare(void *ctx) {
  Memory *m = ctx;
  RegexError error;
  m->regex = regex_compile(STR("(a|b)*c"), 0, m->arena, &error);
  m->scratch = regex_scratch_new(m->arena);
}

static void search_again(void *ctx) {
  const Memory *m = ctx;
  regex_search(m->regex, m->scratch, STR("ababababababababababababababc"));
}

/* Without machine code PCRE2 takes memory to search: that there is none is neither "no match" nor a limit. */
Test(regex, exhausted_memory_is_no_verdict) {
  Memory m = {.empty = false};
  Heap heap = HEAP_OF_LIBC(NULL);
  Arena a = {.heap = &heap};
  heap.alloc = perhaps;
  heap.ctx = &m.empty;
  m.arena = &a;
  cr_assert(heap_run(&heap, prepare, &m));
  m.empty = true;
  cr_expect(!heap_run(&heap, search_again, &m));
  cr_expect(!heap_run(&heap, prepare, &m));
  m.empty = false;
  cr_expect(heap_run(&heap, search_again, &m), "and then it goes on");
  cr_expect_eq(regex_search(m.regex, m.scratch, STR("abac")), SEARCH_HIT);
  arena_free(&a);
}

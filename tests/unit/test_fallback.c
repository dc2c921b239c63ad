/* SPDX-License-Identifier: MIT
 * Which way a regular expression is searched: PCRE2 briefly, the automaton, or PCRE2 to its limit. */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "runtime/fallback.h"

typedef struct {
  Arena arena;
  TestRec test;
  Program program;
  Fallback f;
} Case;

static void begin(Case *c, const char *pattern, unsigned flags) {
  *c = (Case){.test = {.kind = PRED_RE, .text = {0, (uint32_t)strlen(pattern)}, .a = flags}};
  c->program = (Program){.STRINGS = pattern, .n_STRINGS = (uint32_t)strlen(pattern), .TESTS = &c->test, .n_TESTS = 1};
  c->f = (Fallback){.program = &c->program, .owner = &c->arena};
}

static SearchResult soon(Case *c, const char *text) {
  uint64_t visits = LIMIT_REGEX_VISITS;
  return fallback_soon(&c->f, 0, str_of(text), &visits);
}

static SearchResult at_last(Case *c, const char *text) {
  uint64_t visits = LIMIT_REGEX_VISITS;
  return fallback_search(&c->f, 0, str_of(text), &visits);
}

Test(fallback, goes_by_how_often_pcre2_was_slow) {
  Case c;
  begin(&c, "(a+)+b", 0);
  for (int i = 0; i < LIMIT_REGEX_HITS; i++) {
    cr_expect_eq(fallback_way(&c.f, 0), FALLBACK_BRIEFLY, "%d times", i);
    cr_expect_eq(soon(&c, i % 2 ? "aab" : "aac"), i % 2 ? SEARCH_HIT : SEARCH_MISS);
  }
  for (int i = 0; i < 1000; i++) cr_expect_eq(fallback_way(&c.f, 0), FALLBACK_AUTOMATON);
  arena_free(&c.arena);
}

Test(fallback, few_that_are_slow_leave_it_to_pcre2) {
  Case c;
  begin(&c, "(a+)+b", 0);
  for (int i = 0; i < 10 * LIMIT_REGEX_HITS; i++) {
    for (int k = 0; k < 8; k++) cr_expect_eq(fallback_way(&c.f, 0), FALLBACK_BRIEFLY);
    cr_expect_eq(soon(&c, "aac"), SEARCH_MISS);
  }
  arena_free(&c.arena);
}

/* PCRE2 keeps the verdict where the automaton might say something else, or there is none; what it cannot decide at its limit
 * is the automaton's all the same. */
Test(fallback, only_what_says_the_same_comes_first) {
  static const struct {
    const char *pattern;
    unsigned flags;
    SearchResult at_last;
  } cases[] = {
    {"(k+)+b", REGEX_IGNORECASE, SEARCH_HIT},
    {"(k+)+\\1b", 0, SEARCH_LIMIT},
    {"(?=k)(k+)+b", 0, SEARCH_LIMIT},
    {"((k{100}){100}){100}b", 0, SEARCH_LIMIT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Case c;
    begin(&c, cases[i].pattern, cases[i].flags);
    cr_expect_eq(fallback_way(&c.f, 0), FALLBACK_BRIEFLY, "%s", cases[i].pattern);
    cr_expect_eq(soon(&c, "kkb"), SEARCH_LIMIT, "%s", cases[i].pattern);
    cr_expect_eq(fallback_way(&c.f, 0), FALLBACK_NONE, "%s", cases[i].pattern);
    cr_expect_eq(at_last(&c, "kkb"), cases[i].at_last, "%s", cases[i].pattern);
    arena_free(&c.arena);
  }
}

Test(fallback, room_is_left_for_what_pcre2_gives_up) {
  Case c;
  begin(&c, "(a+)+b", 0);
  c.f.bytes = LIMIT_REGEX_AUTOMATA / 4;
  cr_expect_eq(fallback_way(&c.f, 0), FALLBACK_NONE);
  cr_expect_eq(at_last(&c, "aab"), SEARCH_HIT);
  cr_expect_eq(fallback_way(&c.f, 0), FALLBACK_BRIEFLY, "now there is one");
  arena_free(&c.arena);
}

Test(fallback, without_room_for_a_table_sets_decide) {
  Case c;
  begin(&c, "(a+)+b", 0);
  c.f.table_bytes = LIMIT_REGEX_TABLES;
  cr_expect_eq(soon(&c, "aab"), SEARCH_HIT);
  cr_expect(c.f.tests[0]->automaton && !c.f.tests[0]->table);
  arena_free(&c.arena);
}

Test(fallback, what_runs_often_gets_machine_code) {
  Case c;
  RegexError error;
  begin(&c, "(a+)+b", 0);
  Regex *shared = regex_compile(STR("(a+)+b"), 0, &c.arena, &error);
  c.program.regexes = &shared;
  cr_expect(fallback_regex(&c.f, 0, 10) == shared && fallback_regex(&c.f, 0, 10) == shared, "a few short texts");
  for (int i = 0; i < 10; i++) fallback_regex(&c.f, 0, 10);
  const Regex *own = fallback_regex(&c.f, 0, 10);
  cr_expect(own != shared, "many");
  cr_expect_eq(fallback_regex(&c.f, 0, 10), own);
  cr_expect(!fallback_hasten(&c.f, 0));
  cr_expect_eq(regex_search(own, regex_scratch_new(&c.arena), STR("aab")), SEARCH_HIT);
  arena_free(&c.arena);

  begin(&c, "(a+)+b", 0);
  c.program.regexes = &shared;
  shared = regex_compile(STR("(a+)+b"), 0, &c.arena, &error);
  cr_expect(fallback_hasten(&c.f, 0), "at once, where it comes to a limit");
  cr_expect_neq(fallback_regex(&c.f, 0, 10), shared);
  arena_free(&c.arena);

  begin(&c, "(a+)+b", 0);
  c.program.regexes = &shared;
  shared = regex_compile(STR("(a+)+b"), 0, &c.arena, &error);
  cr_expect_neq(fallback_regex(&c.f, 0, 100000), shared, "a long text");
  arena_free(&c.arena);
}

/* SPDX-License-Identifier: MIT
 * Which rules the options choose. */
#include <criterion/criterion.h>

#include "cli/select.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const Option options[] = {SELECT_OPTIONS, {NULL, 0, NULL, NULL}};
static const Command command = {.name = "test", .options = options};

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

static const sigmac_str tags[] = {TEXT("attack.T1059.001"), TEXT("cve.2024-1")};
static const sigmac_rule rule = {.id = TEXT("AbC"),
                                 .name = TEXT("a_name"),
                                 .level = TEXT("medium"),
                                 .status = TEXT("test"),
                                 .path = TEXT("rules/windows/\303\251.yml"),
                                 .tags = {tags, COUNT(tags)}};
static const sigmac_rule bare = {.path = TEXT("-")};

Test(select, options) {
  static const struct {
    const char *words[4];
    bool rule, bare;
  } cases[] = {
    {{NULL}, true, true},
    {{"--min-level=informational"}, true, true},
    {{"--min-level=low"}, true, false},
    {{"--min-level=Medium"}, true, false},
    {{"--min-level=high"}, false, false},
    {{"--status=test"}, true, false},
    {{"--status=stable,TEST"}, true, false},
    {{"--status=stable", "--status=test"}, true, false},
    {{"--status=stable"}, false, false},
    {{"--tag=attack"}, true, false},
    {{"--tag=ATTACK.t1059"}, true, false},
    {{"--tag=attack.t1059.001"}, true, false},
    {{"--tag=attack.t1059.001.1"}, false, false},
    {{"--tag=attack.t105"}, false, false},
    {{"--tag=attack."}, false, false},
    {{"--tag=attack.t105*"}, true, false},
    {{"--tag=*"}, true, false},
    {{"--tag=*.001"}, true, false},
    {{"--tag=1059"}, false, false},
    {{"--tag=x,cve"}, true, false},
    {{"--id=abc"}, true, false},
    {{"--id=A_NAME"}, true, false},
    {{"--id=ab"}, false, false},
    {{"--id=x", "--id=abc"}, true, false},
    {{"--exclude=abc"}, false, true},
    {{"--exclude=a_name"}, true, true},
    {{"--exclude=rules/windows/\303\251.yml"}, false, true},
    {{"--exclude=windows/*"}, false, true},
    {{"--exclude=?.yml"}, false, true},
    {{"--exclude=??.yml"}, true, true},
    {{"--exclude=*windows"}, true, true},
    {{"--exclude=indows/*"}, true, true},
    {{"--exclude=RULES/*"}, true, true},
    {{"--exclude=a,b*"}, true, true},
    {{"--exclude=*"}, false, false},
    {{"--exclude=**/**"}, false, true},
    {{"--min-level=low", "--tag=cve", "--exclude=x"}, true, false},
    {{"--min-level=low", "--tag=cve", "--exclude=*"}, false, false},
    {{"--min-level=low", "--tag=nothing"}, false, false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    Args args;
    Selection s;
    char *words[4];
    int status, n = 0;
    for (; cases[i].words[n]; n++) words[n] = (char *)cases[i].words[n];
    cr_assert(args_parse(&args, &command, n, words, &a, &status) && selection_read(&s, &args));
    cr_expect_eq(selection_wants(&s, &rule), cases[i].rule, "case %zu", i);
    cr_expect_eq(selection_wants(&s, &bare), cases[i].bare, "case %zu, a rule without anything", i);
    arena_free(&a);
  }
}

/* Each rule is counted once, by the first option that leaves it out; each value is known to fit something or nothing. */
Test(select, counts) {
  Arena a = {0};
  Args args;
  Selection s;
  int status;
  char *words[] = {"--min-level=low", "--status=test,stable", "--id=abc,other"};
  cr_assert(args_parse(&args, &command, COUNT(words), words, &a, &status) && selection_read(&s, &args));
  cr_expect(selection_wants(&s, &rule) && !selection_wants(&s, &bare));
  cr_expect(s.by[SELECT_LEVEL].removed == 1 && s.by[SELECT_STATUS].removed == 0 && s.by[SELECT_ID].removed == 0);
  cr_expect(s.by[SELECT_STATUS].used[0] && !s.by[SELECT_STATUS].used[1] && s.by[SELECT_ID].used[0] && !s.by[SELECT_ID].used[1]);
  arena_free(&a);
}

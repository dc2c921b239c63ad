/* SPDX-License-Identifier: MIT
 * What pipelines are made of; what they make of rules is in tests/pipelines. */
#include <criterion/criterion.h>

#include "compiler/pipeline_internal.h"

Test(pipeline, paths_stay_below_the_folder) {
  static const struct {
    const char *path;
    bool below;
  } cases[] = {
    {"a", true},     {"a/b.yml", true}, {"./a", true}, {"a..b", true},    {"..a/b", true}, {"", false},     {"/a", false},
    {"../a", false}, {"a/../b", false}, {"..", false}, {"a/b/..", false}, {"a\\b", false}, {"a/./b", true}, {"a/.../b", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_expect_eq(path_is_below(str_of(cases[i].path)), cases[i].below, "%s", cases[i].path);
  cr_expect(!path_is_below((Str){"a\0b", 3}));
}

Test(pipeline, matches_have_groups) {
  Arena arena = {0};
  RegexError error;
  const Regex *re = regex_compile(STR("(?P<first>a+)(b)?(?<last>c*)"), 0, &arena, &error);
  RegexScratch *scratch = regex_scratch_new(&arena);
  RegexGroup g[4];
  cr_assert(re && regex_groups(re) == 3);
  cr_expect(str_is(regex_group_name(re, 1), "first") && !regex_group_name(re, 2).n && str_is(regex_group_name(re, 3), "last"));
  cr_expect(regex_group_find(re, STR("last")) == 3 && !regex_group_find(re, STR("none")) && !regex_group_find(re, STR("")));
  cr_expect_eq(regex_match(re, scratch, STR("xaac"), 0, 0, g), SEARCH_HIT);
  cr_expect(g[0].start == 1 && g[0].end == 4 && g[1].start == 1 && g[1].end == 3 && g[2].start == SIZE_MAX && g[3].start == 3);
  cr_expect_eq(regex_match(re, scratch, STR("xaac"), 0, REGEX_HERE, g), SEARCH_MISS);
  cr_expect_eq(regex_match(re, scratch, STR("xaac"), 1, REGEX_HERE, g), SEARCH_HIT);
  const Regex *empty = regex_compile(STR("x*"), 0, &arena, &error);
  cr_expect_eq(regex_match(empty, scratch, STR("a"), 0, REGEX_HERE | REGEX_NOT_EMPTY, g), SEARCH_MISS);
  const Regex *slow = regex_compile(STR("(a+)+$"), 0, &arena, &error);
  cr_expect_eq(regex_match(slow, scratch, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), 0, 0, g), SEARCH_LIMIT);
  arena_free(&arena);
}

Test(pipeline, letters_change_their_case) {
  static const struct {
    const char *text, *lower, *upper;
  } cases[] = {
    {"", "", ""}, {"aB1*", "ab1*", "AB1*"}, {"éÀ\nñ", "éà\nñ", "ÉÀ\nÑ"}, {"Σσ", "σσ", "ΣΣ"}, {"Я", "я", "Я"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena arena = {0};
    Str lower = regex_letter_case(&arena, str_of(cases[i].text), false),
        upper = regex_letter_case(&arena, str_of(cases[i].text), true);
    cr_expect(str_is(lower, cases[i].lower), "%s: " STR_FMT, cases[i].text, STR_ARG(lower));
    cr_expect(str_is(upper, cases[i].upper), "%s: " STR_FMT, cases[i].text, STR_ARG(upper));
    arena_free(&arena);
  }
}

static bool same_name(const char *a, const char *b) { return a == b || (a && b && !strcmp(a, b)); }

/* What a reader of tables expects of them: no row is reachable by two names, each has one function or a reason, each parameter a type. */
Test(pipeline, rows_are_complete) {
  for (unsigned i = 0; i < transformation_count; i++) {
    const Transformation *t = &transformations[i];
    int functions = (t->on_rule != NULL) + (t->on_item != NULL) + (t->on_name != NULL) + (t->on_value != NULL);
    cr_expect_eq(functions, t->refused ? 0 : 1, "%s", t->name);
    cr_expect(t->doc && !t->on_query, "%s", t->name);
    cr_expect((t->levels != 0) == (t->on_item || t->on_name || t->on_value), "%s", t->name);
    for (unsigned k = 0; k < i; k++) cr_expect(!same_name(t->name, transformations[k].name), "%s", t->name);
  }
  for (unsigned i = 0; i < postprocessing_count; i++) cr_expect(postprocessings[i].on_query && postprocessings[i].doc);
  for (unsigned i = 0; i < finalizer_count; i++) cr_expect(finalizers[i].doc != NULL);
  for (int level = 0; level < LEVELS; level++) {
    const Condition *c;
    for (unsigned i = 0; (c = condition_row((Level)level, i)) != NULL; i++) {
      cr_expect(c->holds && c->doc, "%s", c->name);
      cr_expect(condition_find((Level)level, str_of(c->name)) == c, "%s", c->name);
    }
  }
}

Test(pipeline, relations) {
  static const struct {
    Relation relation;
    bool less, equal, more;
  } cases[] = {
    {REL_EQ, false, true, false}, {REL_NE, true, false, true},  {REL_GTE, false, true, true},
    {REL_GT, false, false, true}, {REL_LTE, true, true, false}, {REL_LT, true, false, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cr_expect_eq(relation_holds(cases[i].relation, -1), cases[i].less);
    cr_expect_eq(relation_holds(cases[i].relation, 0), cases[i].equal);
    cr_expect_eq(relation_holds(cases[i].relation, 1), cases[i].more);
  }
}

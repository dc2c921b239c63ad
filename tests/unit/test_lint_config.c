/* SPDX-License-Identifier: MIT
 * lint/config.h and lint/globs.h; and the names of a list of changes. */
#include <criterion/criterion.h>

#include "base/glob.h"
#include "cli/lint_settings.h"
#include "lint/config.h"
#include "lint/globs.h"

Test(glob, words) {
  static const struct {
    const char *pattern, *text;
    bool fits;
  } cases[] = {{"a*c", "abc", true},
               {"a*c", "ac", true},
               {"*", "", true},
               {"a?c", "abc", true},
               {"a?c", "ac", false},
               {"", "", true},
               {"", "a", false},
               {"a*b*c", "aXbXc", true},
               {"*b", "abab", true},
               {"*b", "aba", false},
               {"a?c",
                "a\xC3\xA4"
                "c",
                true},
               {"a??c",
                "a\xC3\xA4"
                "c",
                false},
               {"?", "\xC3", true},
               {"*?", "\xC3\xA4", true},
               {"A", "a", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_expect_eq(glob_fits(str_of(cases[i].pattern), str_of(cases[i].text), false), cases[i].fits, "%s %s", cases[i].pattern,
                 cases[i].text);
  cr_expect(glob_fits(STR("A*"), STR("ab"), true) && !glob_fits(STR("\xC3\x84"), STR("\xC3\xA4"), true));
}

Test(lint_globs, paths) {
  static const struct {
    const char *pattern, *path;
    bool fits;
  } cases[] = {{"old", "old", true},
               {"old", "rules/old", true},
               {"old", "rules/old/a.yml", true},
               {"old/", "old/a.yml", true},
               {"old", "rules/older", false},
               {"old", "bold/a.yml", false},
               {"/old", "old/a.yml", true},
               {"/old", "rules/old/a.yml", false},
               {"*.yml", "a/b.yml", true},
               {"a/*.yml", "a/b.yml", true},
               {"a/*.yml", "a/b/c.yml", false},
               {"a/**", "a/b/c.yml", true},
               {"**/c.yml", "c.yml", true},
               {"**/c.yml", "a/b/c.yml", true},
               {"a/**/c.yml", "a/c.yml", true},
               {"a/**/c.yml", "a/b/b/c.yml", true},
               {"a/**/c.yml", "ab/c.yml", false},
               {"a/**c.yml", "a/b/xc.yml", true},
               {"a?b", "a/b", false},
               {"a?b", "axb", true},
               {"b/c", "a/b/c", false},
               {"**", "a/b", true},
               {"*", "a", true},
               {"/", "a", false},
               {"", "a", false},
               {"a", "", false},
               {"***", "a/b", true},
               {"a/*", "a/b/c", true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    cr_expect_eq(glob_fits_path(str_of(cases[i].pattern), str_of(cases[i].path)), cases[i].fits, "%s %s", cases[i].pattern,
                 cases[i].path);
  char longest[GLOB_MAX + 1];
  memset(longest, 'a', sizeof longest);
  cr_expect(glob_fits_path((Str){longest, GLOB_MAX}, (Str){longest, GLOB_MAX}));
  cr_expect(!glob_fits_path((Str){longest, GLOB_MAX + 1}, (Str){longest, GLOB_MAX + 1}));
}

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  LintConfig config;
  bool good;
} Reading;

static void read(Reading *r, const char *text) {
  *r = (Reading){0};
  r->sources.arena = r->diags.arena = &r->arena;
  uint32_t file = source_add(&r->sources, STR(".sigmac.yml"), str_of(text));
  r->good = lint_config_read(&r->config, STR("/repo"), &r->sources, file, &r->arena, &r->diags);
}

Test(lint_config, faults) {
  static const struct {
    const char *text;
    uint32_t errors, warnings;
  } cases[] = {
    {"", 0, 0},
    {"# nothing\n", 0, 0},
    {"lint:\n", 0, 0},
    {"lint: {profile: sigmahq, enable: [missing-id], disable: []}", 0, 0},
    {"lint: {profile: , enable: , severities: , allowed: , exclude: , ignore: }", 0, 0},
    {"[]", 1, 0},
    {"text", 1, 0},
    {"lint: []", 1, 0},
    {"lint: {}\nother: {}", 1, 0},
    {"--- {}\n--- {}", 1, 0},
    {"a: [", 1, 0},
    {"lint: {profile: [all]}", 1, 0},
    {"lint: {profile: hq}", 1, 0},
    {"lint: {enable: missing-id}", 1, 0},
    {"lint: {enable: [missing-id, nosuch, [missing-id], ~, '']}", 4, 0},
    {"lint: {enable: [missing-id], disable: [missing-id]}", 1, 0},
    {"lint: {severities: {missing-id: info, nosuch: error, missing-title: bad, missing-date: [info]}}", 3, 0},
    {"lint: {severities: [missing-id]}", 1, 0},
    {"lint: {allowed: {tags: [a.*, b], keys: [x], fields: [f, {product: p, fields: [g]}], logsources: [{service: s}]}}", 0, 0},
    {"lint: {allowed: {tags: a, keys: {}, fields: f, logsources: {service: s}}}", 4, 0},
    {"lint: {allowed: {fields: [{product: p}, {fields: g}, {fields: [], other: x}], logsources: [s, {}, {produkt: x}]}}", 6, 0},
    {"lint: {exclude: [{rule: a, checks: [missing-id]}, {path: a, checks: []}]}", 0, 0},
    {"lint: {exclude: [{rule: a, path: a, checks: []}, {checks: []}, {rule: a}, {rule: [a], checks: []}, {rule: a, checks: [], x: "
     "1}]}",
     5, 0},
    {"lint: {exclude: [a]}", 1, 0},
    {"lint: {ignore: [a, [b], ~]}", 2, 0},
    {"validators: [all, -tlptag]\nexclusions: {a: tlptag, b: [tlptag, attacktag], ~: cartag}", 0, 0},
    {"validators: [nosuch, -nosuch]\nexclusions: {a: nosuch}\nconfig: {a: {b: 1}}", 0, 4},
    {"validators: all", 1, 0},
    {"validators: [[a]]\nexclusions: [a]\nother: 1", 3, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Reading r;
    read(&r, cases[i].text);
    cr_expect(r.diags.errors == cases[i].errors && r.diags.warnings == cases[i].warnings, "%s: %u %u", cases[i].text,
              r.diags.errors, r.diags.warnings);
    cr_expect_eq(r.good, !cases[i].errors, "%s", cases[i].text);
    static const LintConfig none;
    if (!r.good) cr_expect(memcmp(&r.config, &none, sizeof none) == 0, "%s: nothing is taken of it", cases[i].text);
    arena_free(&r.arena);
  }
}

Test(lint_config, what_it_says) {
  Reading r;
  read(&r,
       "lint:\n  profile: all\n  enable: [missing-id]\n  disable: [title-case]\n  severities: {missing-id: error}\n"
       "  ignore: [/old, '*.draft.yml']\n"
       "  allowed: {tags: [Own, 'x.a*'], keys: ['x_*'], fields: [f, {product: p, fields: ['g*']}], logsources: [{product: p}]}\n"
       "  exclude: [{rule: 5B3C, checks: [missing-id]}, {path: a, checks: [title-case]}]\n");
  const LintConfig *c = &r.config;
  Lint l = {.config = &r.config};
  cr_assert(r.good);
  cr_expect(c->has_profile && c->profile == PROFILE_ALL && c->wish[CHECK_missing_id] == 1 && c->wish[CHECK_title_case] == -1);
  cr_expect_eq(c->severity[CHECK_missing_id], SEV_ERROR + 1);
  cr_expect(lint_config_ignores(c, STR("/repo/old/a.yml")) && lint_config_ignores(c, STR("/repo/a/b.draft.yml")));
  cr_expect(!lint_config_ignores(c, STR("/repo/a/old/a.yml")) && !lint_config_ignores(c, STR("/other/old/a.yml")));
  cr_expect(lint_tag_allowed(&l, STR("own.word")) && lint_tag_allowed(&l, STR("OWN")) && lint_tag_allowed(&l, STR("x.ab")));
  cr_expect(!lint_tag_allowed(&l, STR("owner.word")) && !lint_tag_allowed(&l, STR("x.b")));
  cr_expect(lint_key_allowed(&l, STR("x_y")) && !lint_key_allowed(&l, STR("y")));
  Logsource p = {.product = {.text = STR_INIT("p")}, .service = {.text = STR_INIT("s")}}, q = {.product = {.text = STR_INIT("q")}};
  cr_expect(lint_source_allowed(&l, &p) && !lint_source_allowed(&l, &q));
  cr_expect(lint_field_allowed(&l, &p, STR("gh")) && lint_field_allowed(&l, &q, STR("f")) &&
            !lint_field_allowed(&l, &q, STR("gh")));
  cr_expect(c->rules.n == 1 && str_is(c->rules.p[0].id, "5b3c") && check_set_has(&c->rules.p[0].checks, CHECK_missing_id));
  cr_expect(c->paths.n == 1 && !check_set_has(&c->paths.p[0].checks, CHECK_missing_id));
  l.config = NULL;
  cr_expect(!lint_tag_allowed(&l, STR("own.word")) && !lint_key_allowed(&l, STR("x_y")) && !lint_source_allowed(&l, &p));
  arena_free(&r.arena);
}

Test(lint_config, validators_of_pysigma) {
  Reading r;
  read(&r, "validators: [all, -tlptag, -tlpv1_tag, -cartag]\nexclusions: {A: attacktag, ~: [cartag]}\n");
  const LintConfig *c = &r.config;
  cr_assert(r.good);
  cr_expect_eq(c->wish[CHECK_tag_tlp], 1, "tlpv2_tag still runs");
  cr_expect_eq(c->wish[CHECK_tag_car], -1);
  cr_expect_eq(c->wish[CHECK_yaml_indent], 0, "no validator is like it");
  cr_expect(c->rules.n == 2 && str_is(c->rules.p[0].id, "a") && !c->rules.p[1].id.n);
  cr_expect(check_set_has(&c->rules.p[0].checks, CHECK_tag_attack) &&
            check_set_has(&c->rules.p[0].checks, CHECK_tag_attack_revoked));
  arena_free(&r.arena);
}

Test(lint_config, checks_are_spelled_as_their_words) {
  for (unsigned i = 0; i < CHECK_COUNT; i++) {
    static const char *const words[] = {
#define CHECK(word, id, severity, profile, scope, fix, run, what, advice, bad, good) #word,
#include "lint/checks.def"
#undef CHECK
    };
    char id[64];
    size_t n = 0;
    for (; words[i][n]; n++) id[n] = words[i][n] == '_' ? '-' : words[i][n];
    cr_expect(str_is((Str){id, n}, checks[i].id), "%s: tests/tools/lint_corpus.py reads lint/validators.def so", checks[i].id);
  }
}

Test(lint_settings, names) {
  static const struct {
    const char *text;
    size_t n;
    const char *names[3];
  } cases[] = {{"", 0, {NULL}},
               {"\n\n", 0, {NULL}},
               {"a\nb c\r\n\nd", 3, {"a", "b c", "d"}},
               {"\"a\\303\\274\\t\\\"\\\\\"\n", 1, {"a\303\274\t\"\\"}},
               {"\"a\\\"", 1, {"a\\"}},
               {"\"\n\"\"\n", 1, {"\""}}};
  Arena a = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    StrList names = {0};
    lint_read_names(&names, &a, str_of(cases[i].text));
    cr_assert_eq(names.n, cases[i].n, "%s: %u", cases[i].text, names.n);
    for (uint32_t k = 0; k < names.n; k++) cr_expect(str_is(names.p[k], cases[i].names[k]), "%s", cases[i].text);
  }
  StrList raw = {0};
  lint_read_names(&raw, &a, (Str){"a\nb\0\"c\"\0", 8});
  cr_expect(raw.n == 2 && str_is(raw.p[0], "a\nb") && str_is(raw.p[1], "\"c\""));
  arena_free(&a);
}

/* SPDX-License-Identifier: MIT
 * Statistics: what is shipped, what is counted in a sample, and that what was counted in the image decides its witnesses. */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "compiler/compile.h"
#include "runtime/event_json.h"
#include "runtime/index/stats.h"
#include "compiler/tune.h"
#include "tests/support/gen.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static float rate(const Stats *s, const char *field, AnchorKind kind, const char *text) {
  Anchor anchor = {kind, str_of(text)};
  return stats_rate(s, str_of(field), &anchor);
}

Test(stats, levels_are_shares) {
  cr_expect_eq(stats_level(7, 7), LEVEL_MOST);
  cr_expect_eq(stats_level(0, 7), 0);
  cr_expect_eq(stats_level(1, UINT64_MAX), 0);
  for (uint32_t n = 1; n <= 1000; n++) {
    float share = stats_share(stats_level(n, 1000)), exact = (float)n / 1000;
    cr_expect(share <= exact * 1.1f && share >= exact * 0.9f, "%u of 1000: %f", n, (double)share);
  }
  for (uint32_t level = 1; level <= LEVEL_MOST; level++) cr_expect(stats_share(level) > stats_share(level - 1));
}

Test(stats, families) {
  static const struct {
    const char *field;
    StatsFamily family;
  } cases[] = {
    {"", FAMILY_ANY},
    {"CommandLine", FAMILY_COMMAND},
    {"winlog.event_data.ParentCommandLine", FAMILY_COMMAND},
    {"process.command_line", FAMILY_COMMAND},
    {"Image", FAMILY_PATH},
    {"process.parent.executable", FAMILY_PATH},
    {"TargetObject", FAMILY_REGISTRY},
    {"registry.path", FAMILY_REGISTRY},
    {"ScriptBlockText", FAMILY_SCRIPT},
    {"c-uri", FAMILY_WEB},
    {"SubjectUserName", FAMILY_USER},
    {"EventID", FAMILY_OTHER},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    cr_expect_eq(stats_family(str_of(cases[i].field)), cases[i].family, "%s", cases[i].field);
}

Test(stats, shipped) {
  Arena a = {0};
  const Stats *s = stats_of(&(Program){0}, &a);
  cr_expect(stats_presence(s, STR("EventID")) > 0.5f);
  cr_expect(stats_presence(s, STR("CommandLine")) < 0.2f);
  cr_expect(stats_presence(s, STR("no.such.field")) < 0.01f);
  cr_expect(rate(s, "EventID", ANCHOR_NUMBER, "4688") > 10 * rate(s, "EventID", ANCHOR_NUMBER, "4765"));
  cr_expect(rate(s, "Image", ANCHOR_SUFFIX, "\\svchost.exe") > 10 * rate(s, "Image", ANCHOR_SUFFIX, "\\mimikatz.exe"));
  cr_expect(rate(s, "CommandLine", ANCHOR_INSIDE, "windows") > 10 * rate(s, "CommandLine", ANCHOR_INSIDE, "sekurlsa"));
  cr_expect(rate(s, "CommandLine", ANCHOR_INSIDE, "a") > rate(s, "CommandLine", ANCHOR_INSIDE, "abc"));
  cr_expect(rate(s, "CommandLine", ANCHOR_PRESENT, "") > rate(s, "CommandLine", ANCHOR_INSIDE, "a"));
  Str literal = STR("c:\\windows\\system32\\qwxz.exe");
  uint32_t at = stats_rarest(s, STR("Image"), literal);
  cr_expect(at >= 17 && at <= 23, "at %u", at);
  cr_expect(stats_gram(s, STR("Image"), literal, at) < stats_gram(s, STR("Image"), literal, 0));
  uint64_t places = stats_rare_places(s, STR("Image"), literal, at);
  cr_expect(places >> at & 1);
  cr_expect((places & 0xFFFF) == 0, "0x%llx", (unsigned long long)places);
  cr_expect_eq(stats_rare_places(s, STR("Image"), STR("abcd"), 0), 0);
  cr_expect_eq(stats_rarest(s, (Str){0}, STR("eeeezzzzeeee")), 4, "no table knows them, but letters");
  cr_expect_eq(stats_rarest(s, STR("Image"), STR("abc")), 0);
  cr_expect_eq(stats_rarest(s, STR("Image"), STR("")), 0);
  arena_free(&a);
}

/* --- samples ------------------------------------------------------------------------------------------------- */

/* `common` is in each event of the sample, and `other` in none. */
static void add_sample(Compiler *c, const char *field, const char *common, Arena *scratch) {
  JsonError error;
  for (int i = 0; i < 1000; i++) {
    Str event =
      arena_printf(scratch, "{\"%s\": \"%s %d\", \"n\": {\"m\": [1, \"x\", {\"k\": true}]}, \"o\": null}", field, common, i);
    compiler_tune(c, event_json_read(event, scratch, &error), scratch);
  }
}

static const char rule_text[] = "title: t\nlogsource: {category: c}\ndetection:\n"
                                "  s: {A|contains: alphabetic, B|contains: betablocks}\n  condition: s\n";

static const Program *tuned(const char *field, const char *common, Arena *a, Str *image) {
  Compiler c;
  ImageError error;
  compiler_init(&c, a);
  compiler_add(&c, STR("t.yml"), str_of(rule_text));
  add_sample(&c, field, common, a);
  *image = compiler_finish(&c);
  const Program *p = program_open(*image, a, &error);
  cr_assert(p, "%s", error.message);
  return p;
}

Test(stats, a_sample_decides) {
  Arena a = {0};
  Str image, again;
  for (int i = 0; i < 2; i++) {
    const char *field = i ? "B" : "A", *common = i ? "betablocks" : "alphabetic", *other = i ? "A" : "B";
    const Program *p = tuned(field, common, &a, &image);
    cr_assert_eq(p->RULES[0].witness.n, 1);
    uint32_t chosen = p->PREDS[p->WITNESSES[0]].field;
    cr_expect(str_is(p->fields[chosen], other), STR_FMT, STR_ARG(p->fields[chosen]));
    const Stats *s = stats_of(p, &a);
    cr_expect(stats_presence(s, str_of(field)) > 0.99f);
    cr_expect(stats_presence(s, STR("n.m")) > 0.99f && stats_presence(s, STR("n.m.k")) > 0.99f);
    cr_expect(stats_presence(s, STR("o")) < 0.01f && stats_presence(s, STR("C")) < 0.01f);
    cr_expect(rate(s, field, ANCHOR_INSIDE, common) > 0.3f);
    cr_expect(rate(s, "n.m", ANCHOR_NUMBER, "1") > 0.5f && rate(s, "n.m.k", ANCHOR_WHOLE, "true") > 0.9f);
    tuned(field, common, &a, &again);
    cr_expect(str_eq(image, again), "the same sample gives the same image");
  }
  arena_free(&a);
}

/* Whatever stands in the statistics of an image, it is only slow. */
Test(stats, any_numbers_will_do) {
  Gen g = gen_seeded(1);
  for (int round = 0; round < 200; round++) {
    Arena a = {0};
    ImageError error;
    ImageBuilder b = {.arena = &a};
    vec_add(&a, &b.FIELDS);
    for (uint32_t i = 1 + gen_below(&g, 20); i > 0; i--) *vec_add(&a, &b.STATFIELDS) = (StatFieldRec){{0}, (uint32_t)gen_next(&g)};
    for (uint32_t i = gen_below(&g, 50); i > 0; i--) *vec_add(&a, &b.STATVALUES) = (uint32_t)gen_next(&g);
    for (uint32_t i = gen_below(&g, 50); i > 0; i--) *vec_add(&a, &b.STATGRAMS) = (uint32_t)gen_next(&g);
    const Program *p = program_open(image_build(&b, &a), &a, &error);
    cr_assert(p, "%s", error.message);
    const Stats *s = stats_of(p, &a);
    for (int k = 0; k < 50; k++) {
      Anchor anchor = {(AnchorKind)gen_below(&g, ANCHOR_INSIDE + 1), gen_word(&g)};
      float r = stats_rate(s, gen_field(&g), &anchor);
      cr_expect(r >= 0 && r <= 1);
      if (anchor.text.n >= 4) cr_expect(stats_rarest(s, STR("A"), anchor.text) + 4 <= anchor.text.n);
    }
    arena_free(&a);
  }
}

Test(stats, too_many_fields_are_refused) {
  Arena a = {0};
  ImageError error;
  ImageBuilder b = {.arena = &a};
  vec_add(&a, &b.FIELDS);
  for (uint32_t i = 0; i <= LIMIT_STAT_FIELDS; i++) vec_add(&a, &b.STATFIELDS);
  cr_expect_null(program_open(image_build(&b, &a), &a, &error));
  cr_expect_eq(error.status, IMAGE_INVALID);
  arena_free(&a);
}

/* Names of members may be longer than any field that is counted: they are not read again for each value below them. */
Test(stats, long_names, .timeout = 30) {
  enum { NAME = 1 << 20, VALUES = 100000 };
  Arena a = {0}, scratch = {0};
  Buf b = {.arena = &a};
  JsonError error;
  buf_str(&b, STR("{\""));
  for (int i = 0; i < NAME; i++) buf_char(&b, 'k');
  buf_str(&b, STR("\":[0"));
  for (int i = 1; i < VALUES; i++) buf_str(&b, STR(",0"));
  buf_str(&b, STR("]}"));
  Tune *t = tune_new(true, &a);
  tune_event(t, event_json_read(buf_view(&b), &scratch, &error), 1, &scratch);
  cr_expect_eq(tune_finish(t, tune_size, &a).n_fields, 1);
  arena_free(&scratch);
  arena_free(&a);
}

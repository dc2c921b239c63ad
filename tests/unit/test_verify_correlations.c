/* SPDX-License-Identifier: MIT
 * Images whose correlations no compiler wrote. */
#include <criterion/criterion.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/limits.h"
#include "runtime/program.h"
#include "tests/support/images.h"

enum { SAMPLE = SAMPLE_IMAGES - 1 }; /* the one with correlations: r, s, and n, v, t, o, u, a, p, m */

static char *words_of(char *image, SectionKind kind, uint32_t *n) {
  const ImageSection *table = (const ImageSection *)(const void *)(image + sizeof(ImageHeader));
  *n = table[kind].count * table[kind].record / 4;
  return image + table[kind].off_low;
}

static uint32_t *word_at(char *image, SectionKind kind, size_t i) {
  uint32_t n;
  uint32_t *words = (uint32_t *)(void *)words_of(image, kind, &n);
  cr_assert_lt(i, n);
  return words + i;
}

#define IN_RULE(i, member) SECTION_RULES, ((i) * sizeof(RuleRec) + offsetof(RuleRec, member)) / 4
#define IN_CORR(i, member) SECTION_CORRELATIONS, ((i) * sizeof(CorrRec) + offsetof(CorrRec, member)) / 4
#define IN_REF(i, member)  SECTION_CORRREFS, ((i) * sizeof(CorrRefRec) + offsetof(CorrRefRec, member)) / 4
enum { N, V, T, O, U, A, P, M }; /* correlations of the sample */

Test(verify_correlations, bad_words_are_refused) {
  static const struct {
    const char *name;
    SectionKind section;
    size_t word;
    uint32_t value;
  } cases[] = {
    {"a rule that is silent twice", IN_RULE(0, silent), 2},
    {"a rule that is silent for nobody", IN_RULE(0, correlated), 0},
    {"correlated twice", IN_RULE(0, correlated), 2},
    {"needs from the middle", IN_RULE(0, needs.first), 1},
    {"too many needs", IN_RULE(0, needs.n), 4000},
    {"needs that are not ascending", SECTION_FIELDIDS, 1, 1},
    {"any value as a field", SECTION_FIELDIDS, 0, 0},
    {"no such field", SECTION_FIELDIDS, 0, 1000},
    {"no such type", IN_CORR(N, type), CORR_TYPE_COUNT},
    {"a count of events with values", IN_CORR(N, n_values), 1},
    {"a type that takes no values", IN_CORR(V, type), CORR_EVENT_COUNT},
    {"a sum without values", IN_CORR(N, type), CORR_VALUE_SUM},
    {"a sum of two fields", IN_CORR(V, type), CORR_VALUE_SUM},
    {"no timespan", IN_CORR(N, timespan_low), 0},
    {"a timespan of ages", IN_CORR(N, timespan_high), 1},
    {"silent twice", IN_CORR(V, silent), 2},
    {"silent for nobody", IN_CORR(M, silent), 1},
    {"a percentile above 100", IN_CORR(P, percentile), 100 * CORR_PERCENTILE_ONE + 1},
    {"a median that is none", IN_CORR(M, percentile), 49 * CORR_PERCENTILE_ONE},
    {"groups by other lists", IN_CORR(N, group_by.first), 0xFFFFFF},
    {"groups by more than the refs know", IN_CORR(V, group_by.n), 3},
    {"no refs", IN_CORR(N, refs.n), 0},
    {"refs of another", IN_CORR(V, refs.first), 0},
    {"no thresholds", IN_CORR(N, thresholds.n), 0},
    {"thresholds of another", IN_CORR(V, thresholds.first), 0},
    {"a condition as text for a count", IN_CORR(N, condition.n), 1},
    {"a part of a condition", IN_CORR(T, condition.n), 2},
    {"no such title", IN_CORR(N, meta.title.off), 0xFFFFFFFF},
    {"itself", IN_REF(0, number), 2},
    {"one behind it", IN_REF(0, number), 3},
    {"no name", IN_REF(0, name.off), 0xFFFFFFFF},
    {"fields of another", IN_REF(0, fields.first), 0},
    {"no such operator", SECTION_THRESHOLDS, 0, CORR_OP_COUNT},
    {"no number", SECTION_THRESHOLDS, 1, 0},
    {"no such code", SECTION_CORRCODE, 0, CORR_CODE_COUNT},
    {"no such ref", SECTION_CORRCODE, 1, 3},
    {"nothing to deny", SECTION_CORRCODE, 0, CORR_NOT},
    {"a ref where none is", SECTION_CORRCODE, 2 * 4 + 1, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Str image = sample_image(SAMPLE, &a);
    char *p = (char *)(uintptr_t)image.p;
    cr_assert(try_image(image));
    cr_assert_neq(*word_at(p, cases[i].section, cases[i].word), cases[i].value, "%s", cases[i].name);
    *word_at(p, cases[i].section, cases[i].word) = cases[i].value;
    seal_image(p, image.n);
    cr_expect(!try_image(image), "%s", cases[i].name);
    arena_free(&a);
  }
}

/* Each word of what correlations are made of, with values near and far: refused, or run clean. */
Test(verify_correlations, any_word_is_refused_or_runs) {
  static const SectionKind kinds[] = {SECTION_FIELDIDS, SECTION_THRESHOLDS, SECTION_CORRCODE, SECTION_CORRREFS,
                                      SECTION_CORRELATIONS};
  unsigned accepted = 0, refused = 0;
  Arena a = {0};
  Str image = sample_image(SAMPLE, &a);
  char *p = (char *)(uintptr_t)image.p;
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    uint32_t n;
    uint32_t *words = (uint32_t *)(void *)words_of(p, kinds[k], &n);
    for (uint32_t i = 0; i < n; i++) {
      uint32_t old = words[i], values[] = {old + 1, old - 1, 0, 1, 2, 60, 0x80000000, UINT32_MAX};
      for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        words[i] = values[v];
        seal_image(p, image.n);
        if (try_image(image)) accepted++;
        else refused++;
      }
      words[i] = old;
    }
  }
  cr_expect(accepted > 100 && refused > 1000, "%u accepted, %u refused", accepted, refused);
  arena_free(&a);
}

/* SPDX-License-Identifier: MIT
 * Which predicates a rule is looked for by, and that the verifier proves them. That no match is lost is also tested on random
 * rules (test_differential.c). */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "compiler/compile.h"
#include "runtime/disasm.h"
#include "runtime/index/witness.h"
#include "runtime/verify.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Str compile(Arena *a, const char *detection) {
  Compiler c;
  compiler_init(&c, a);
  compiler_add(&c, STR("r.yml"), arena_printf(a, "title: t\nlogsource: {category: c}\ndetection: %s\n", detection));
  Str image = compiler_finish(&c);
  cr_assert(c.compiled == 1, "%s", detection);
  return image;
}

static Str witnesses(Arena *a, const Program *p) {
  Buf out = {.arena = a};
  ListRef w = p->RULES[0].witness;
  for (uint32_t i = 0; i < w.n; i++) {
    const PredRec *pred = &p->PREDS[p->WITNESSES[w.first + i]];
    if (i) buf_str(&out, STR(", "));
    disasm_test(&out, p, pred->field, pred->test);
  }
  return buf_view(&out);
}

Test(index_witness, chosen) {
  static const struct {
    const char *detection, *want;
  } cases[] = {
    {"{s: {A: abcdefgh}, condition: s}", "A is \"abcdefgh\""},
    {"{s: {A|contains: abcdefgh, B|exists: true}, condition: s}", "A contains \"abcdefgh\""},
    {"{s: {A: [abcdefgh, ijklmnop]}, condition: s}", "A is \"abcdefgh\", A is \"ijklmnop\""},
    {"{s: {A: abcdefgh}, n: {B: abcdefgh}, condition: s and not n}", "A is \"abcdefgh\""},
    {"{s: {A: abcdefgh}, n: {B: abcdefgh}, condition: s or not n}", ""},
    {"{s: {A: abcdefgh}, condition: not s}", ""},
    {"{s: {A: abcdefgh}, n: {B: ijklmnop}, condition: not (not s or n)}", "A is \"abcdefgh\""},
    {"{s: {A: abcdefgh}, n: {B: ijklmnop}, condition: not (not s and not n)}", "A is \"abcdefgh\", B is \"ijklmnop\""},
    {"{s: {A: null}, condition: s}", ""},
    {"{s: {A|exists: false}, condition: s}", ""},
    {"{s: {A|exists: true}, condition: s}", "A exists true"},
    {"{s: [abcdefgh, ijklmnop], condition: s}", "<any value> contains \"abcdefgh\", <any value> contains \"ijklmnop\""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    ImageError error;
    const Program *p = program_open(compile(&a, cases[i].detection), &a, &error);
    cr_assert(p, "%s: %s", cases[i].detection, error.message);
    Str got = witnesses(&a, p);
    cr_expect(str_is(got, cases[i].want), "%s: " STR_FMT, cases[i].detection, STR_ARG(got));
    arena_free(&a);
  }
}

Test(index_witness, more_than_the_limit_are_none) {
  Arena a = {0};
  ImageError error;
  for (unsigned n = LIMIT_WITNESSES; n <= LIMIT_WITNESSES + 1; n++) {
    Buf b = {.arena = &a};
    for (unsigned i = 0; i < n; i++) buf_printf(&b, "%sword%u", i ? ", " : "", i);
    const Program *p =
      program_open(compile(&a, arena_printf(&a, "{s: {A: [" STR_FMT "]}, condition: s}", STR_ARG(buf_view(&b))).p), &a, &error);
    cr_assert(p, "%s", error.message);
    cr_expect_eq(p->RULES[0].witness.n, n > LIMIT_WITNESSES ? 0 : n);
  }
  arena_free(&a);
}

/* --- proofs -------------------------------------------------------------------------------------------------- */

#define P(k)  ((uint32_t)OP_PRED | (k) << 8)
#define T     (uint32_t) OP_TRUE
#define F     (uint32_t) OP_FALSE
#define N     (uint32_t) OP_NOT
#define R     (uint32_t) OP_RET
#define AJ(k) ((uint32_t)OP_AND_JUMP | (k) << 8)
#define OJ(k) ((uint32_t)OP_OR_JUMP | (k) << 8)

enum { PREDS = 4, MOST_CODE = 12 };

static ImageStatus open_code(const uint32_t *code, uint32_t n, const uint32_t *w, uint32_t n_w, Arena *a, ImageError *error) {
  ImageBuilder b = {.arena = a};
  vec_add(a, &b.FIELDS);
  *vec_add(a, &b.TESTS) = (TestRec){.kind = PRED_EQ};
  for (uint32_t i = 0; i < PREDS; i++) vec_add(a, &b.PREDS);
  for (uint32_t i = 0; i < n; i++) *vec_add(a, &b.CODE) = code[i];
  for (uint32_t i = 0; i < n_w; i++) *vec_add(a, &b.WITNESSES) = w[i];
  *vec_add(a, &b.PLAIN) = T;
  *vec_add(a, &b.PLAIN) = R;
  b.PLACES.p = arena_array(a, PlaceRec, b.PLACES.n = 2);
  *vec_add(a, &b.RULES) = (RuleRec){.n_code = n, .n_plain = 2, .witness = {0, n_w}};
  program_open(image_build(&b, a), a, error);
  return error->status;
}

Test(index_witness, proved_or_refused) {
  static const struct {
    const char *name;
    uint32_t n, code[MOST_CODE];
    uint32_t n_w, w[PREDS];
    bool proved;
  } cases[] = {
    {"itself", 2, {P(0), R}, 1, {0}, true},
    {"another", 2, {P(0), R}, 1, {1}, false},
    {"none: always runs", 2, {P(0), R}, 0, {0}, true},
    {"left of and", 4, {P(0), AJ(1), P(1), R}, 1, {0}, true},
    {"right of and", 4, {P(0), AJ(1), P(1), R}, 1, {1}, true},
    {"left of or", 4, {P(0), OJ(1), P(1), R}, 1, {0}, false},
    {"right of or", 4, {P(0), OJ(1), P(1), R}, 1, {1}, false},
    {"both of or", 4, {P(0), OJ(1), P(1), R}, 2, {0, 1}, true},
    {"not in order", 4, {P(0), OJ(1), P(1), R}, 2, {1, 0}, false},
    {"twice", 2, {P(0), R}, 2, {0, 0}, false},
    {"negated", 3, {P(0), N, R}, 1, {0}, false},
    {"negated twice", 4, {P(0), N, N, R}, 1, {0}, true},
    {"not (not a or b)", 6, {P(0), N, OJ(1), P(1), N, R}, 1, {0}, true},
    {"not (not a or b) by b", 6, {P(0), N, OJ(1), P(1), N, R}, 1, {1}, false},
    {"never", 2, {F, R}, 1, {3}, true},
    {"always", 2, {T, R}, 1, {3}, false},
    {"true or a", 4, {T, OJ(1), P(0), R}, 1, {0}, false},
    {"jump over a return", 5, {P(0), AJ(2), P(1), R, R}, 1, {0}, true},
    {"the same, by the one returned", 5, {P(0), AJ(2), P(1), R, R}, 1, {1}, true},
    {"a return that is not proved", 5, {P(0), OJ(2), P(1), R, R}, 1, {0}, false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    ImageError error;
    ImageStatus status = open_code(cases[i].code, cases[i].n, cases[i].w, cases[i].n_w, &a, &error);
    cr_expect(status == (cases[i].proved ? IMAGE_OK : IMAGE_INVALID), "%s: %s", cases[i].name, error.message);
    cr_expect(status == IMAGE_OK || str_find(str_of(error.message), STR("witness"), 0) != SIZE_MAX, "%s: %s", cases[i].name,
              error.message);
    arena_free(&a);
  }
}

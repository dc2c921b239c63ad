/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/hash.h"
#include "compiler/compile.h"
#include "runtime/disasm.h"
#include "runtime/scan.h"

static const char rule_text[] = "title: t\nlogsource: {category: c}\ndetection:\n"
                                "  a: {A|contains|all: [x, 'y*z'], B: 5}\n  b: {Ip|cidr: 10.0.0.0/8}\n  c: {R|re: 'a+'}\n"
                                "  condition: (a or b) and not c\n";

static Str compile(Arena *a) {
  Compiler c;
  compiler_init(&c, a);
  compiler_add(&c, STR("t.yml"), str_of(rule_text));
  Str image = compiler_finish(&c);
  cr_assert(c.diags.errors == 0);
  return arena_dup(a, image);
}

/* Makes the checksum right again, so that the judge behind it is asked. */
static void seal(Str image) {
  ImageHeader h;
  memcpy(&h, image.p, sizeof h);
  uint64_t check = hash_block(image.p + sizeof h, image.n - sizeof h);
  h.check_low = (uint32_t)check;
  h.check_high = (uint32_t)(check >> 32);
  memcpy((char *)(uintptr_t)image.p, &h, sizeof h);
}

static ImageStatus status_of(Str image) {
  Arena a = {0};
  ImageError error;
  Program *p = program_open(image, &a, &error);
  cr_expect((p != NULL) == (error.status == IMAGE_OK));
  cr_expect(p || error.message[0]);
  arena_free(&a);
  return error.status;
}

static uint32_t *word_at(Str image, SectionKind kind, uint32_t i) {
  const ImageSection *table = (const ImageSection *)(const void *)(image.p + sizeof(ImageHeader));
  return (uint32_t *)(uintptr_t)(image.p + table[kind].off_low) + i;
}

Test(image, header_faults) {
  Arena a = {0};
  Str image = compile(&a);
  char *p = (char *)(uintptr_t)image.p;
  cr_expect(status_of(image) == IMAGE_OK);
  cr_expect(status_of(str_sub(image, 0, 6)) == IMAGE_NOT_ONE);
  cr_expect(status_of(str_sub(image, 0, 10)) == IMAGE_DAMAGED);
  cr_expect(status_of(str_sub(image, 0, image.n - 8)) == IMAGE_DAMAGED);
  p[image.n - 1] ^= 1;
  cr_expect(status_of(image) == IMAGE_DAMAGED);
  p[image.n - 1] ^= 1;
  p[8]++;
  cr_expect(status_of(image) == IMAGE_VERSION_OTHER);
  p[8]--;
  p[7] = '\r'; /* a transfer as text */
  cr_expect(status_of(image) == IMAGE_DAMAGED);
  p[7] = '\n';
  p[0] = 'X';
  cr_expect(status_of(image) == IMAGE_NOT_ONE);
  arena_free(&a);
}

Test(image, every_bad_word_is_refused) {
  static const struct {
    const char *name;
    SectionKind section;
    uint32_t word, value;
  } cases[] = {
    {"unknown opcode", SECTION_CODE, 0, 0xFF},
    {"predicate out of range", SECTION_CODE, 0, OP_PRED | 0xFFFF00},
    {"jump out of the rule", SECTION_CODE, 1, OP_AND_JUMP | 0xFFFF00},
    {"return at once", SECTION_CODE, 0, OP_RET},
    {"nothing to negate", SECTION_CODE, 0, OP_NOT},
    {"code behind the end", SECTION_CODE, 1, OP_RET},
    {"test without field", SECTION_PLAIN, 0, OP_TEST},
    {"field without test", SECTION_PLAIN, 1, OP_TRUE},
    {"field out of range", SECTION_PLAIN, 0, OP_FIELD | 0xFF00},
    {"operand where none is", SECTION_PLAIN, 0, OP_TRUE | 0x100},
    {"kind of test", SECTION_TESTS, 0, 99},
    {"text of a test", SECTION_TESTS, 2, 0xFFFFFFF0},
    {"test of a predicate", SECTION_PREDS, 1, 1000},
    {"part of a pattern", SECTION_PARTS, 0, 77},
    {"network of 200 bits", SECTION_NETS, 4, 200},
    {"code of a rule", SECTION_RULES, 0, 1},
    {"length of the code", SECTION_RULES, 1, 0},
    {"title of a rule", SECTION_RULES, 6, 0xFFFFFFFF},
    {"field path", SECTION_FIELDS, 3, 0xFFFFFFFF},
    {"version text", SECTION_VERSIONS, 1, 0xFFFFFFFF},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Str image = compile(&a);
    *word_at(image, cases[i].section, cases[i].word) = cases[i].value;
    seal(image);
    cr_expect(status_of(image) == IMAGE_INVALID, "%s", cases[i].name);
    arena_free(&a);
  }
}

Test(image, section_table_faults) {
  for (uint32_t word = 0; word < SECTION_COUNT * sizeof(ImageSection) / 4; word++) {
    Arena a = {0};
    Str image = compile(&a);
    uint32_t *table = (uint32_t *)(uintptr_t)(image.p + sizeof(ImageHeader));
    table[word] ^= 0x10000001;
    seal(image);
    cr_expect(status_of(image) != IMAGE_OK, "word %u", word);
    arena_free(&a);
  }
}

Test(image, bad_regex_is_refused_when_loaded) {
  Arena a = {0};
  Str image = compile(&a);
  size_t at = str_find(image, STR("a+"), 0);
  cr_assert(at != SIZE_MAX);
  ((char *)(uintptr_t)image.p)[at] = '(';
  seal(image);
  cr_expect(status_of(image) == IMAGE_REGEX);
  arena_free(&a);
}

static void count(void *ctx, uint32_t n) {
  (void)n;
  ++*(unsigned *)ctx;
}

static void trace(void *ctx, uint32_t pc, uint32_t word, uint32_t top) {
  (void)pc;
  (void)top;
  cr_expect(insn_op(word) < OP_COUNT);
  ++*(unsigned *)ctx;
}

Test(image, both_forms_run_and_can_be_traced) {
  Arena a = {0};
  ImageError error;
  Program *p = program_open(compile(&a), &a, &error);
  cr_assert(p);
  Scanner s;
  scanner_init(&s, p, &a);
  unsigned matches = 0, steps[2] = {0};
  for (int form = 0; form < 2; form++) {
    JsonError bad;
    s.form = form ? CODE_PLAIN : CODE_FUSED;
    s.vm.trace = trace;
    s.vm.trace_ctx = &steps[form];
    cr_expect(scan_text(&s, STR("{\"Ip\":\"10.1.1.1\",\"R\":\"b\"}"), count, &matches, &bad));
    cr_expect(scan_text(&s, STR("{\"A\":[\"xx\",\"y-z\"],\"B\":\"5\"}"), count, &matches, &bad));
    cr_expect(scan_text(&s, STR("{\"Ip\":\"10.1.1.1\",\"R\":\"a\"}"), count, &matches, &bad));
    cr_expect(!scan_text(&s, STR("{"), count, &matches, &bad));
  }
  cr_expect(matches == 4, "%u", matches);
  cr_expect(steps[1] > steps[0] && steps[0] > 0);
  scanner_free(&s);
  arena_free(&a);
}

/* SPDX-License-Identifier: MIT
 * random-images [COUNT [SEED]]: valid images with a few fields changed. The verifier judges each; what it accepts is
 * run. Build with sanitizers: the point is that nothing accepted does harm. */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/program.h"
#include "tests/support/gen.h"
#include "tests/support/images.h"

enum { DEFAULT_COUNT = 2000000 };

typedef struct {
  Gen g;
  char *image;
  size_t size;
} Mutant;

static ImageSection *section(const Mutant *m, unsigned kind) {
  return (ImageSection *)(void *)(m->image + sizeof(ImageHeader)) + kind;
}

/* A number that may fit: near what was there, near a size, or anything. */
static uint32_t other_number(Mutant *m, uint32_t old) {
  unsigned kind = gen_below(&m->g, SECTION_COUNT);
  switch (gen_below(&m->g, 7)) {
  case 0: return old + 1;
  case 1: return old - 1;
  case 2: return section(m, kind)->count - gen_below(&m->g, 2);
  case 3: return (uint32_t)gen_next(&m->g);
  case 4: return UINT32_MAX - gen_below(&m->g, 4);
  case 5: return old ^ 1u << gen_below(&m->g, 32);
  default: return gen_below(&m->g, 20);
  }
}

static uint32_t other_instruction(Mutant *m, uint32_t old) {
  switch (gen_below(&m->g, 4)) {
  case 0: return insn((Op)gen_below(&m->g, OP_COUNT), insn_arg(old));
  case 1: return insn((Op)(insn_op(old) % OP_COUNT), gen_below(&m->g, 8));
  case 2: return insn((Op)gen_below(&m->g, OP_COUNT), 0);
  default: return other_number(m, old);
  }
}

/* Changes one of the numbers of a section, or one of the bytes of its text. */
static void change_in(Mutant *m, unsigned kind) {
  ImageSection *s = section(m, kind);
  char *start = m->image + s->off_low;
  size_t bytes = (size_t)s->count * s->record;
  if (s->off_low > m->size || bytes > m->size - s->off_low || bytes < 4) return; /* was changed before */
  if (kind == SECTION_STRINGS) {
    start[gen_below(&m->g, (uint32_t)bytes)] = (char)gen_next(&m->g);
    return;
  }
  uint32_t value;
  char *at = start + gen_below(&m->g, (uint32_t)(bytes / 4)) * 4;
  memcpy(&value, at, sizeof value);
  value = kind == SECTION_CODE || kind == SECTION_PLAIN ? other_instruction(m, value) : other_number(m, value);
  memcpy(at, &value, sizeof value);
}

static void change_table(Mutant *m) {
  uint32_t *fields = (uint32_t *)(void *)section(m, gen_below(&m->g, SECTION_COUNT));
  uint32_t *at = &fields[gen_below(&m->g, sizeof(ImageSection) / 4)];
  *at = gen_chance(&m->g, 50) ? *at + 8 * gen_below(&m->g, 3) - 8 : other_number(m, *at);
}

static void mutate(Mutant *m) {
  static const uint8_t places[] = {SECTION_CODE,     SECTION_CODE,     SECTION_PLAIN,  SECTION_PLAIN,  SECTION_TESTS,
                                   SECTION_TESTS,    SECTION_TESTS,    SECTION_PREDS,  SECTION_RULES,  SECTION_PARTS,
                                   SECTION_NETS,     SECTION_STRINGS,  SECTION_FIELDS, SECTION_PLACES, SECTION_LISTS,
                                   SECTION_VERSIONS, SECTION_WITNESSES};
  for (uint32_t n = 1 + gen_below(&m->g, 3); n > 0; n--) {
    if (gen_chance(&m->g, 3)) change_table(m);
    else change_in(m, GEN_PICK(&m->g, places));
  }
}

int main(int argc, char **argv) {
  Arena a = {0};
  Str samples[SAMPLE_IMAGES];
  unsigned long long count = argc > 1 ? strtoull(argv[1], NULL, 10) : DEFAULT_COUNT, accepted = 0;
  Mutant m = {.g = gen_seeded(argc > 2 ? strtoull(argv[2], NULL, 10) : 1)};
  for (unsigned i = 0; i < SAMPLE_IMAGES; i++) {
    samples[i] = sample_image(i, &a);
    if (!try_image(samples[i])) {
      fprintf(stderr, "sample %u is refused\n", i);
      return 1;
    }
  }
  for (unsigned long long i = 0; i < count; i++) {
    Str sample = samples[i % SAMPLE_IMAGES];
    m.size = sample.n;
    m.image = malloc(m.size); /* one block each: a read behind it is seen */
    if (!m.image) abort();
    memcpy(m.image, sample.p, m.size);
    mutate(&m);
    seal_image(m.image, m.size);
    accepted += try_image((Str){m.image, m.size});
    free(m.image);
  }
  printf("%llu images: %llu accepted, %llu refused\n", count, accepted, count - accepted);
  arena_free(&a);
  return 0;
}

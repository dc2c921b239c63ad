/* SPDX-License-Identifier: MIT */
#include "runtime/program.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/limits.h"
#include "runtime/verify.h"

const SectionInfo section_info[SECTION_COUNT] = {
#define SECTION(name, type, doc) {#name, sizeof(type), doc},
#include "runtime/section.def"
#undef SECTION
};

const char *const correlation_type_name[CORR_TYPE_COUNT] = {"event_count", "value_count", "temporal",         "temporal_ordered",
                                                            "value_sum",   "value_avg",   "value_percentile", "value_median"};
const char *const correlation_op_name[CORR_OP_COUNT] = {"gt", "gte", "lt", "lte", "eq", "neq"};

bool program_has_pipeline(const Program *p) {
  for (uint32_t i = 0; i < p->n_VERSIONS; i++)
    if (str_eq(program_str(p, p->VERSIONS[i].name), PROGRAM_PIPELINE)) return true;
  return false;
}

/* --- writing ----------------------------------------------------------------------------------------------- */

enum { SECTION_ALIGN = 8 };

static size_t aligned(size_t n) { return (n + SECTION_ALIGN - 1) & ~(size_t)(SECTION_ALIGN - 1); }

typedef struct {
  const void *p;
  uint32_t n;
} Records;

static void records_of(const ImageBuilder *b, Records all[SECTION_COUNT]) {
  const Records found[SECTION_COUNT] = {
#define SECTION(name, type, doc) {b->name.p, b->name.n},
#include "runtime/section.def"
#undef SECTION
  };
  memcpy(all, found, sizeof found);
}

size_t image_size(const ImageBuilder *b) {
  Records all[SECTION_COUNT];
  size_t size = aligned(sizeof(ImageHeader) + SECTION_COUNT * sizeof(ImageSection));
  records_of(b, all);
  for (int k = 0; k < SECTION_COUNT; k++) size += aligned(all[k].n * section_info[k].record);
  return size;
}

Str image_build(const ImageBuilder *b, Arena *owner) {
  Records all[SECTION_COUNT];
  size_t size = image_size(b);
  records_of(b, all);
  char *image = arena_alloc(owner, size);
  ImageSection *table = (ImageSection *)(void *)(image + sizeof(ImageHeader));
  size_t off = aligned(sizeof(ImageHeader) + SECTION_COUNT * sizeof(ImageSection));
  for (int k = 0; k < SECTION_COUNT; k++) {
    size_t bytes = all[k].n * section_info[k].record;
    table[k] = (ImageSection){.kind = (uint32_t)k,
                              .record = (uint32_t)section_info[k].record,
                              .off_low = (uint32_t)off,
                              .off_high = (uint32_t)((uint64_t)off >> 32),
                              .count = all[k].n};
    if (bytes) memcpy(image + off, all[k].p, bytes);
    off += aligned(bytes);
  }
  uint64_t check = hash_block(image + sizeof(ImageHeader), size - sizeof(ImageHeader));
  ImageHeader header = {.version = IMAGE_VERSION,
                        .n_sections = SECTION_COUNT,
                        .size_low = (uint32_t)size,
                        .size_high = (uint32_t)((uint64_t)size >> 32),
                        .check_low = (uint32_t)check,
                        .check_high = (uint32_t)(check >> 32)};
  memcpy(header.magic, IMAGE_MAGIC, sizeof header.magic);
  memcpy(image, &header, sizeof header);
  return (Str){image, size};
}

/* --- loading ----------------------------------------------------------------------------------------------- */

static Net net_of(const NetRec *r) {
  Net n = {.bits = r->bits, .v4 = r->v4 != 0};
  memcpy(n.base.bytes, r->base, sizeof n.base.bytes);
  return n;
}

static bool load_regex(Program *p, uint32_t test, ImageError *error) {
  const TestRec *t = &p->TESTS[test];
  RegexError why;
  p->regexes[test] = regex_compile(program_str(p, t->text), t->a, p->arena, &why);
  if (!p->regexes[test]) {
    *error = (ImageError){.status = IMAGE_REGEX};
    snprintf(error->message, sizeof error->message, "image is not valid: test %u: regular expression: %s at byte %zu", test,
             why.message, why.offset);
    return false;
  }
  p->regex_bytes += regex_size(p->regexes[test]);
  if (p->regex_bytes > LIMIT_REGEX_TOTAL) {
    *error = (ImageError){IMAGE_REGEX, "image is not valid: the regular expressions take more memory than the limit"};
    return false;
  }
  return true;
}

static void prepare_slices(Program *p) {
  p->fields = arena_array(p->arena, Str, p->n_FIELDS);
  for (uint32_t i = 0; i < p->n_FIELDS; i++) p->fields[i] = program_str(p, p->FIELDS[i]);
  p->nets = arena_array(p->arena, Net, p->n_NETS);
  for (uint32_t i = 0; i < p->n_NETS; i++) p->nets[i] = net_of(&p->NETS[i]);
}

Program *image_view(const ImageBuilder *b, Arena *owner) {
  Program *p = arena_new(owner, Program);
  p->arena = owner;
#define SECTION(name, type, doc) \
  p->name = b->name.p;           \
  p->n_##name = b->name.n;
#include "runtime/section.def"
#undef SECTION
  prepare_slices(p);
  return p;
}

/* What the image does not hold ready: regexes and decimals by test, field paths as slices. */
static bool prepare(Program *p, ImageError *error) {
  prepare_slices(p);
  p->regexes = arena_array(p->arena, Regex *, p->n_TESTS);
  p->decimals = arena_array(p->arena, Decimal, p->n_TESTS);
  for (uint32_t i = 0; i < p->n_TESTS; i++) {
    OperandKind operand = pred_info[p->TESTS[i].kind].operand;
    if (operand == OPERAND_REGEX && !load_regex(p, i, error)) return false;
    if (operand == OPERAND_NUMBER || operand == OPERAND_TIME)
      decimal_parse(&p->decimals[i], program_str(p, p->TESTS[i].text)); /* verified: it is a number */
  }
  return true;
}

Program *program_open(Str image, Arena *owner, ImageError *error) {
  Program *p = arena_new(owner, Program);
  p->arena = owner;
  p->image = image;
  *error = (ImageError){.status = IMAGE_OK};
  return verify_image(p, error) && prepare(p, error) ? p : NULL;
}

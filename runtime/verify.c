/* SPDX-License-Identifier: MIT */
#include "runtime/verify_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "runtime/index/witness.h"

bool verify_refuse(Verifier *v, ImageStatus status, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  v->error->status = status;
  /* The checksum was right: such an image was made by hand, or by a program that has a mistake. */
  const char *head = status == IMAGE_INVALID ? "image is not valid: " : "";
  size_t n = strlen(head);
  memcpy(v->error->message, head, n);
  vsnprintf(v->error->message + n, sizeof v->error->message - n, fmt, args);
  va_end(args);
  return false;
}

/* --- header and sections ----------------------------------------------------------------------------------- */

static uint64_t join64(uint32_t low, uint32_t high) { return (uint64_t)high << 32 | low; }

static bool check_header(Verifier *v, ImageHeader *h) {
  Str image = v->p->image;
  if (!str_starts(image, (Str){IMAGE_MAGIC, sizeof h->magic - 1})) return verify_refuse(v, IMAGE_NOT_ONE, "not a program image");
  if (image.n < sizeof *h) return verify_refuse(v, IMAGE_DAMAGED, "image is damaged: it ends in its header");
  if (memcmp(image.p, IMAGE_MAGIC, sizeof h->magic) != 0)
    return verify_refuse(v, IMAGE_DAMAGED, "image is damaged: its line ends were changed, as by a transfer as text");
  if ((uintptr_t)image.p % 8) return verify_refuse(v, IMAGE_INVALID, "it is not aligned in memory");
  memcpy(h, image.p, sizeof *h);
  if (h->version != IMAGE_VERSION)
    return verify_refuse(v, IMAGE_VERSION_OTHER, "image has version %u, this program reads version %d: compile the rules again",
                         h->version, IMAGE_VERSION);
  uint64_t size = join64(h->size_low, h->size_high);
  if (size < image.n) /* how much longer may not be known */
    return verify_refuse(v, IMAGE_DAMAGED, "image is damaged: it is longer than the %llu bytes of its header",
                         (unsigned long long)size);
  if (size > image.n)
    return verify_refuse(v, IMAGE_DAMAGED, "image is damaged: it has %zu bytes, its header says %llu", image.n,
                         (unsigned long long)size);
  if (hash_block(image.p + sizeof *h, image.n - sizeof *h) != join64(h->check_low, h->check_high))
    return verify_refuse(v, IMAGE_DAMAGED, "image is damaged: wrong checksum");
  return true;
}

/* Sections stand in the order of section.def, aligned, one behind the other. */
static bool check_section(Verifier *v, int kind, const ImageSection *s, uint64_t *end, const void **at) {
  const SectionInfo *info = &section_info[kind];
  uint64_t off = join64(s->off_low, s->off_high), bytes = (uint64_t)s->count * info->record;
  if (s->kind != (uint32_t)kind || s->record != info->record || s->reserved)
    return verify_refuse(v, IMAGE_INVALID, "section %s: not as this version has it", info->name);
  if (off % 8 || off < *end || off > v->p->image.n || bytes > v->p->image.n - off)
    return verify_refuse(v, IMAGE_INVALID, "section %s: outside of the image", info->name);
  *end = off + bytes;
  *at = v->p->image.p + off;
  return true;
}

static bool check_sections(Verifier *v) {
  Program *p = v->p;
  ImageHeader h;
  if (!check_header(v, &h)) return false;
  uint64_t end = sizeof(ImageHeader) + SECTION_COUNT * sizeof(ImageSection);
  if (h.n_sections != SECTION_COUNT || p->image.n < end) return verify_refuse(v, IMAGE_INVALID, "wrong number of sections");
  const ImageSection *table = (const ImageSection *)(const void *)(p->image.p + sizeof(ImageHeader));
  const void *at;
#define SECTION(name, type, doc)                                                          \
  if (!check_section(v, SECTION_##name, &table[SECTION_##name], &end, &at)) return false; \
  p->name = at;                                                                           \
  p->n_##name = table[SECTION_##name].count;
#include "runtime/section.def"
#undef SECTION
  return true;
}

/* --- records ----------------------------------------------------------------------------------------------- */

static bool number_ok(const Program *p, StrRef r) {
  Decimal d;
  return str_ok(p, r) && decimal_parse(&d, program_str(p, r));
}

static bool operand_ok(const Program *p, const TestRec *t) {
  switch (pred_info[t->kind].operand) {
  case OPERAND_NONE: return true;
  case OPERAND_TEXT: return true;
  case OPERAND_PATTERN: return range_ok(t->a, t->b, p->n_PARTS);
  case OPERAND_REGEX: return t->a <= REGEX_FLAGS;
  case OPERAND_NET: return t->a < p->n_NETS;
  case OPERAND_NUMBER: return number_ok(p, t->text);
  case OPERAND_BOOL: return t->a <= 1;
  case OPERAND_FIELD: return t->a < p->n_FIELDS && t->b <= REF_FLAGS;
  case OPERAND_TIME: return t->a < TIME_PART_COUNT && t->b < CMP_COUNT && number_ok(p, t->text);
  }
  return false;
}

static bool check_tests(Verifier *v) {
  const Program *p = v->p;
  for (uint32_t i = 0; i < p->n_PARTS; i++) /* Patterns step by code points, so their literals must not end inside of one. */
    if (p->PARTS[i].kind >= PART_COUNT || !str_ok(p, p->PARTS[i].text) || !utf8_valid(program_str(p, p->PARTS[i].text)))
      return verify_refuse(v, IMAGE_INVALID, "pattern part %u", i);
  for (uint32_t i = 0; i < p->n_NETS; i++)
    if (p->NETS[i].bits > 128 || p->NETS[i].v4 > 1 || (p->NETS[i].v4 && p->NETS[i].bits < 96))
      return verify_refuse(v, IMAGE_INVALID, "network %u", i);
  for (uint32_t i = 0; i < p->n_TESTS; i++) {
    const TestRec *t = &p->TESTS[i];
    if (t->kind >= PRED_COUNT || t->cased > 1 || !str_ok(p, t->text) || !operand_ok(p, t))
      return verify_refuse(v, IMAGE_INVALID, "test %u", i);
  }
  for (uint32_t i = 0; i < p->n_PREDS; i++)
    if (p->PREDS[i].field >= p->n_FIELDS || p->PREDS[i].test >= p->n_TESTS)
      return verify_refuse(v, IMAGE_INVALID, "predicate %u", i);
  for (uint32_t i = 0; i < p->n_WITNESSES; i++)
    if (p->WITNESSES[i] >= p->n_PREDS) return verify_refuse(v, IMAGE_INVALID, "witness %u", i);
  return true;
}

static bool check_lists(Verifier *v) {
  const Program *p = v->p;
  for (uint32_t i = 0; i < p->n_LISTS; i++)
    if (!str_ok(p, p->LISTS[i])) return verify_refuse(v, IMAGE_INVALID, "list entry %u", i);
  for (uint32_t i = 0; i < p->n_FIELDS; i++)
    if (!str_ok(p, p->FIELDS[i])) return verify_refuse(v, IMAGE_INVALID, "field %u", i);
  if (!p->n_FIELDS) return verify_refuse(v, IMAGE_INVALID, "no field for any value");
  if (p->n_STATFIELDS > LIMIT_STAT_FIELDS) return verify_refuse(v, IMAGE_INVALID, "statistics of too many fields");
  for (uint32_t i = 0; i < p->n_STATFIELDS; i++) /* What statistics say is not judged: they may be as wrong as they like. */
    if (!str_ok(p, p->STATFIELDS[i].name)) return verify_refuse(v, IMAGE_INVALID, "statistics of field %u", i);
  for (uint32_t i = 0; i < p->n_VARS; i++)
    if (!str_ok(p, p->VARS[i].name) || !list_ok(p, p->VARS[i].values)) return verify_refuse(v, IMAGE_INVALID, "variable %u", i);
  for (uint32_t i = 0; i < p->n_VERSIONS; i++)
    if (!str_ok(p, p->VERSIONS[i].name) || !str_ok(p, p->VERSIONS[i].value))
      return verify_refuse(v, IMAGE_INVALID, "version %u", i);
  for (uint32_t i = 0; i < p->n_PLACES; i++)
    if (!str_ok(p, p->PLACES[i].selection)) return verify_refuse(v, IMAGE_INVALID, "place %u", i);
  if (p->n_PLACES != p->n_PLAIN) return verify_refuse(v, IMAGE_INVALID, "not one place per instruction of plain code");
  return true;
}

bool verify_metadata_ok(const Program *p, const MetaRec *r) {
  const StrRef texts[] = {r->id,      r->title,   r->name,        r->level,  r->status, r->path,     r->category,
                          r->product, r->service, r->description, r->author, r->date,   r->modified, r->license};
  const ListRef lists[] = {r->tags, r->references, r->falsepositives, r->fields};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (!str_ok(p, texts[i])) return false;
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    if (!list_ok(p, lists[i])) return false;
  return true;
}

/* --- code -------------------------------------------------------------------------------------------------- */

typedef struct {
  const uint32_t *code;
  uint32_t n;
  int16_t *want; /* depth promised to an instruction by an earlier jump; -1 for none */
} Code;

static bool promise(Code *c, uint64_t target, int depth) {
  if (target >= c->n || depth < 0) return false;
  if (c->want[target] >= 0 && c->want[target] != depth) return false;
  c->want[target] = (int16_t)depth;
  return true;
}

/* A field handle lives for one instruction only: FIELD, TEST, and nothing jumps between them. */
static bool handle_ok(const Code *c, uint32_t pc, Op op) {
  if (op == OP_FIELD) return pc + 1 < c->n && insn_op(c->code[pc + 1]) == OP_TEST;
  if (op == OP_TEST) return pc > 0 && insn_op(c->code[pc - 1]) == OP_FIELD && c->want[pc] < 0;
  return true;
}

static bool arg_ok(const Program *p, Code *c, uint32_t pc, int depth) {
  const OpInfo *o = &op_info[insn_op(c->code[pc])];
  uint32_t arg = insn_arg(c->code[pc]);
  switch (o->arg) {
  case ARG_NONE: return arg == 0;
  case ARG_FIELD: return arg < p->n_FIELDS;
  case ARG_TEST: return arg < p->n_TESTS;
  case ARG_PRED: return arg < p->n_PREDS;
  case ARG_FORWARD: return promise(c, (uint64_t)pc + 1 + arg, depth - o->pops + o->on_jump);
  }
  return false;
}

/* Depth on entry of each instruction, by one pass: jumps go forward only. */
static bool code_ok(const Program *p, Code *c) {
  int depth = 0;
  bool live = true;
  for (uint32_t pc = 0; pc < c->n; pc++) {
    if (c->want[pc] >= 0) {
      if (live && c->want[pc] != depth) return false;
      depth = c->want[pc];
      live = true;
    }
    uint32_t op = insn_op(c->code[pc]);
    if (!live || op >= OP_COUNT || depth < op_info[op].pops) return false;
    if (!handle_ok(c, pc, (Op)op) || !arg_ok(p, c, pc, depth)) return false;
    depth += op_info[op].push - op_info[op].pops;
    if (depth > LIMIT_CODE_DEPTH) return false;
    if (op == OP_RET) {
      if (depth != 0) return false;
      live = false;
    }
  }
  return !live;
}

static bool rule_code_ok(const Program *p, const uint32_t *code, uint32_t n, int16_t *want) {
  Code c = {code, n, want};
  for (uint32_t i = 0; i < n; i++) want[i] = -1;
  return n > 0 && code_ok(p, &c);
}

/* Witnesses stand rule by rule, without gaps, so that all proofs together are linear in the image. */
static bool check_witnesses(Verifier *v) {
  const Program *p = v->p;
  Arena *scratch = arena_sub(p->arena);
  uint32_t next = 0, i = 0;
  bool ok = true;
  for (; i < p->n_RULES && ok; i++) {
    ListRef w = p->RULES[i].witness;
    ok = w.first == next && range_ok(next, w.n, p->n_WITNESSES) && (!w.n || witness_proved(p, i, scratch));
    next += w.n;
    arena_reset(scratch);
  }
  arena_sub_done(scratch);
  if (!ok) return verify_refuse(v, IMAGE_INVALID, "rule %u: it can match where none of its witnesses holds", i - 1);
  return next == p->n_WITNESSES || verify_refuse(v, IMAGE_INVALID, "witnesses that belong to no rule");
}

/* The code of the rules is laid out rule by rule, without gaps: no instruction is judged twice. */
static bool check_rules(Verifier *v) {
  const Program *p = v->p;
  Arena *scratch = arena_sub(p->arena);
  uint32_t longest = p->n_CODE > p->n_PLAIN ? p->n_CODE : p->n_PLAIN, code = 0, plain = 0, i = 0;
  int16_t *want = arena_array(scratch, int16_t, longest);
  bool ok = true;
  for (; i < p->n_RULES && ok; i++) {
    const RuleRec *r = &p->RULES[i];
    ok = verify_metadata_ok(p, &r->meta) && r->code == code && r->plain == plain && range_ok(code, r->n_code, p->n_CODE) &&
         range_ok(plain, r->n_plain, p->n_PLAIN) && rule_code_ok(p, p->CODE + code, r->n_code, want) &&
         rule_code_ok(p, p->PLAIN + plain, r->n_plain, want);
    code += r->n_code;
    plain += r->n_plain;
  }
  arena_sub_done(scratch);
  if (!ok) return verify_refuse(v, IMAGE_INVALID, "rule %u: code or metadata", i - 1);
  return (code == p->n_CODE && plain == p->n_PLAIN) || verify_refuse(v, IMAGE_INVALID, "code that belongs to no rule");
}

bool verify_image(Program *p, ImageError *error) {
  Verifier v = {p, error};
  *error = (ImageError){.status = IMAGE_OK};
  return check_sections(&v) && check_lists(&v) && check_tests(&v) && check_rules(&v) && check_witnesses(&v) &&
         verify_correlations(&v);
}

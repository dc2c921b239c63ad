/* SPDX-License-Identifier: MIT */
#include "tests/support/images.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "compiler/compile.h"
#include "runtime/correlate/correlate.h"
#include "runtime/correlate/facts.h"
#include "runtime/disasm.h"
#include "runtime/explain.h"
#include "runtime/fields.h"
#include "runtime/scan.h"

#define HEAD "title: t\nlogsource: {category: c, product: p}\ndetection:\n"
#define CORR(name, type) \
  "title: " name "\nname: " name "\nlevel: high\ncorrelation: {type: " type ", timespan: 5m, generate: true, "
static const char *const samples[SAMPLE_IMAGES] = {
  HEAD "  a: {A: x, B|startswith: x, C|endswith: x, D|contains: x}\n  b: {A: [1, true, null], B|exists: true, C|cased: 'x*y?z'}\n"
       "  c: ['k*w', 7]\n  condition: a and (b or not c)\n",
  HEAD "  a: {A|cidr: [10.0.0.0/8, 'fe80::/10'], B|lt: 1, C|gte: 2.5}\n  b: {A|lte: 9, B|gt: 0, C|fieldref|contains: A}\n"
       "  c: {T|hour|gt: 3, U|week: 7}\n  condition: 1 of a* or (b and not c)\n",
  HEAD "  a: {A|windash|contains: ' -a -b -c -d -e -f', B|contains|all: [x, y]}\n  b: {'|re': 'a+b', C|neq: null}\n"
       "  condition: not a or b\n",
  HEAD "  a: {a.b.c: x, a.d: [1, 2]}\n  condition: a\n---\n" HEAD
       "  a: {A: x}\n  b: {B: '*x*y'}\n  c: [w]\n  condition: all of them\n",
  "name: r\n" HEAD "  a: {A|exists: true}\n  condition: a\n---\nname: s\n" HEAD "  a: {B|exists: true}\n  condition: a\n---\n" CORR(
    "n",
    "even"
    "t_"
    "coun"
    "t") "rules"
         ": "
         "[r, "
         "s], "
         "condi"
         "tion:"
         " {"
         "gte: "
         "2, "
         "lt: "
         "1e3}}"
         "\n---"
         "\n" CORR(
           "v", "value_count") "rules: [r], group-by: [C, B], "
                               "condition: {gt: 0, field: [C, "
                               "A]}}\n---\n" CORR(
                                 "t",
                                 "temporal") "rules: "
                                             "[r, v, "
                                             "n], "
                                             "group-by:"
                                             " X, "
                                             "aliases: "
                                             "{X: {r: "
                                             "A, v: "
                                             "C}}, "
                                             "condition"
                                             ": r and "
                                             "not (v "
                                             "or "
                                             "n)}\n---"
                                             "\n" CORR(
                                               "o",
                                               "temporal_"
                                               "ordered") "rules: [r, s, r]}\n---\n" CORR("u",
                                                                                          "value_sum") "rules: [r, t], condition: "
                                                                                                       "{neq: -1.5, field: "
                                                                                                       "C}}\n---\n" CORR(
                                                                                                         "a",
                                                                                                         "value_"
                                                                                                         "avg") "rules"
                                                                                                                ": r, "
                                                                                                                "condi"
                                                                                                                "tion:"
                                                                                                                " "
                                                                                                                "{lte:"
                                                                                                                " "
                                                                                                                "9, "
                                                                                                                "field"
                                                                                                                ": "
                                                                                                                "C}}"
                                                                                                                "\n---"
                                                                                                                "\n" CORR(
                                                                                                                  "p",
                                                                                                                  "val"
                                                                                                                  "ue_"
                                                                                                                  "per"
                                                                                                                  "cen"
                                                                                                                  "til"
                                                                                                                  "e") "rules"
                                                                                                                       ": r, "
                                                                                                                       "condi"
                                                                                                                       "tion:"
                                                                                                                       " {eq:"
                                                                                                                       " 3, "
                                                                                                                       "field"
                                                                                                                       ": C, "
                                                                                                                       "perce"
                                                                                                                       "ntile"
                                                                                                                       ": "
                                                                                                                       "99."
                                                                                                                       "95}}"
                                                                                                                       "\n---"
                                                                                                                       "\n" CORR(
                                                                                                                         "m",
                                                                                                                         "value_"
                                                                                                                         "media"
                                                                                                                         "n") "r"
                                                                                                                              "u"
                                                                                                                              "l"
                                                                                                                              "e"
                                                                                                                              "s"
                                                                                                                              ":"
                                                                                                                              " "
                                                                                                                              "["
                                                                                                                              "u"
                                                                                                                              ","
                                                                                                                              " "
                                                                                                                              "a"
                                                                                                                              "]"
                                                                                                                              ","
                                                                                                                              " "
                                                                                                                              "c"
                                                                                                                              "o"
                                                                                                                              "n"
                                                                                                                              "d"
                                                                                                                              "i"
                                                                                                                              "t"
                                                                                                                              "i"
                                                                                                                              "o"
                                                                                                                              "n"
                                                                                                                              ":"
                                                                                                                              " "
                                                                                                                              "{"
                                                                                                                              "g"
                                                                                                                              "t"
                                                                                                                              ":"
                                                                                                                              " "
                                                                                                                              "1"
                                                                                                                              ","
                                                                                                                              " "
                                                                                                                              "f"
                                                                                                                              "i"
                                                                                                                              "e"
                                                                                                                              "l"
                                                                                                                              "d"
                                                                                                                              ":"
                                                                                                                              " "
                                                                                                                              "C"
                                                                                                                              "}"
                                                                                                                              "}"
                                                                                                                              "\n",
};
static const char *const events[] = {
  "{\"A\":\"x\",\"B\":1.5,\"C\":[\"xyz\",null,{\"x\":\"y\"}],\"D\":\"\\u0000x\",\"a\":{\"b\":{\"c\":\"X\"}},\"T\":\"2024-03-07T04:"
  "05:06Z\"}",
  "{\"A\":\"10.1.2.3\",\"B\":\"x y -a /b -c -d -e "
  "-f\",\"C\":3,\"U\":\"2024-02-12\",\"a\":[{\"d\":1},{\"b.c\":\"\xC3\xA9\"}],\"w\":\"aab kiw\"}",
};

Str sample_image(unsigned which, Arena *owner) {
  Compiler c;
  compiler_init(&c, owner);
  compiler_add(&c, STR("sample.yml"), str_of(samples[which % SAMPLE_IMAGES]));
  Str image = compiler_finish(&c);
  if (c.refused) abort(); /* a fault in the samples above, or in the compiler */
  return image;
}

void seal_image(char *image, size_t size) {
  ImageHeader h = {.version = IMAGE_VERSION, .n_sections = SECTION_COUNT};
  if (size < sizeof h) return;
  uint64_t check = hash_block(image + sizeof h, size - sizeof h);
  memcpy(h.magic, IMAGE_MAGIC, sizeof h.magic);
  h.size_low = (uint32_t)size;
  h.size_high = (uint32_t)((uint64_t)size >> 32);
  h.check_low = (uint32_t)check;
  h.check_high = (uint32_t)(check >> 32);
  memcpy(image, &h, sizeof h);
}

static void note_match(void *ctx, uint32_t rule) { *(uint64_t *)ctx = hash_bytes(*(uint64_t *)ctx, &rule, sizeof rule); }

/* Nothing that disturbs a terminal. */
static void check_text(Buf *out) {
  for (size_t i = 0; i < out->n; i++)
    if ((unsigned char)out->p[i] < 0x20 && out->p[i] != '\n') abort();
  if (!utf8_valid(buf_view(out))) abort();
  out->n = 0;
}

static void check_json(Buf *out) {
  Arena a = {0};
  JsonError error;
  if (!json_read(buf_view(out), &a, &error)) abort();
  arena_free(&a);
  out->n = 0;
}

static void explain_all(Vm *vm, uint32_t rule) {
  Buf out = {0};
  Arena a = {0};
  Matcher matcher;
  const ExplainStyle text = {.json = false}, json = {.json = true};
  explain_event(&out, vm, rule, &text, &a);
  explain_rule(&out, vm->program, rule, &text, &a);
  check_text(&out);
  explain_event(&out, vm, rule, &json, &a);
  check_json(&out);
  explain_rule(&out, vm->program, rule, &json, &a);
  check_json(&out);
  matcher_init(&matcher, vm, &a);
  matcher_print(&matcher, &out, rule);
  check_json(&out);
  arena_free(&a);
  buf_free(&out);
}

static void report_fields(Vm *vm) {
  Buf out = {0};
  Arena a = {0};
  FieldReport *r = fields_new(vm->program, &a);
  fields_event(r, vm, vm->event.root, &a);
  fields_print(r, &out, &(FieldStyle){.unused = true});
  check_text(&out);
  fields_print(r, &out, &(FieldStyle){.json = true, .unused = true});
  check_json(&out);
  arena_free(&a);
  buf_free(&out);
}

static uint64_t scanned(Scanner *s, Str event, bool index) {
  JsonError error;
  uint64_t hash = HASH_SEED;
  scanner_set_index(s, index);
  if (!scan_text(s, event, note_match, &hash, &error)) abort();
  return hash;
}

static void run_event(Scanner *s, Vm *vm, Str event) {
  JsonError error;
  /* Whatever the witnesses are, once they are proved, no match is lost. */
  if (scanned(s, event, true) != scanned(s, event, false)) abort();
  arena_reset(vm->scratch);
  vm_event(vm, event_json_read(event, vm->scratch, &error));
  for (uint32_t i = 0; i < vm->program->n_RULES; i++) {
    bool plain = vm_run(vm, i, CODE_PLAIN);
    vm_run(vm, i, CODE_FUSED);
    /* Whatever the code jumps like, the tree that is made of it means the same. */
    if (tree_eval(tree_of_rule(vm->program, i, vm->scratch), vm, i) != plain) abort();
    explain_all(vm, i);
  }
  report_fields(vm);
}

/* --- correlations -------------------------------------------------------------------------------------------- */

typedef struct {
  Scanner *scanner;
  Buf facts;
} Facts;

static void note_facts(void *ctx, uint32_t rule) {
  Facts *f = ctx;
  facts_add(&f->facts, f->scanner, rule);
}

static void note_alert(void *ctx, const Alert *alert) {
  const Program *p = ctx;
  if (alert->number < p->n_RULES || alert->number - p->n_RULES >= p->n_CORRELATIONS) abort();
}

/* The same events again and again, some of them late. */
static void correlate_all(Scanner *s, Arena *owner) {
  enum { ROUNDS = 12, STEP = 70, LATE = 5 };
  const CorrelateOptions options = {.keep = KEEP_REFS};
  Program *p = (Program *)(uintptr_t)s->vm.program;
  Correlator *c = correlator_new(p, &options, owner);
  JsonError error;
  for (unsigned i = 0; c && i < ROUNDS; i++) {
    Facts f = {.scanner = s};
    Str event = str_of(events[i % (sizeof events / sizeof *events)]);
    if (!scan_text(s, event, note_facts, &f, &error)) abort();
    CorrelateEvent e = {.index = i, .has_time = i % 7 != 6, .facts = buf_view(&f.facts), .text = event};
    e.time.seconds = (int64_t)i * STEP - (i % LATE == 4 ? 2 * STEP : 0);
    if (f.facts.n) correlator_event(c, &e, note_alert, p);
    buf_free(&f.facts);
  }
}

static void print_correlations(const Program *p) {
  Buf out = {0};
  Arena a = {0};
  const ExplainStyle text = {.json = false}, json = {.json = true};
  for (uint32_t i = p->n_RULES; i < p->n_RULES + p->n_CORRELATIONS; i++) {
    disasm_correlation(&out, p, i, &a);
    explain_correlation(&out, p, i, &text, &a);
    check_text(&out);
    explain_correlation(&out, p, i, &json, &a);
    check_json(&out);
  }
  arena_free(&a);
  buf_free(&out);
}

static void print_all(const Program *p) {
  Buf out = {0};
  disasm_summary(&out, p);
  for (uint32_t i = 0; i < p->n_RULES; i++) {
    disasm_rule(&out, p, i, CODE_PLAIN);
    disasm_rule(&out, p, i, CODE_FUSED);
  }
  buf_free(&out);
}

bool try_image(Str image) {
  Arena owner = {0}, scratch = {0};
  ImageError error;
  const Program *p = program_open(image, &owner, &error);
  if (p) {
    Scanner s;
    Vm vm;
    scanner_init(&s, p, &owner);
    vm_init(&vm, p, &owner, &scratch);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) run_event(&s, &vm, str_of(events[i]));
    correlate_all(&s, &owner);
    print_all(p);
    print_correlations(p);
    scanner_free(&s);
  }
  arena_free(&scratch);
  arena_free(&owner);
  return p != NULL;
}

/* SPDX-License-Identifier: MIT
 * The index loses no match and finds none: the scanner with it, without it, and the referee agree, on more rules than
 * fuzz_differential has, over events that come one after the other; and where rules get the events of their log sources, both
 * scanners say the same. The first byte tells how to read the rest: 0 as the text
 * of a rule file, a byte 0, and events that a line feed ends; else as the choices of the generators. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/diff.h"
#include "tests/support/gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EVENTS = 6, MOST_RULES = 24, MOST_LITERALS = 600 };

static void judge(DiffRules *d, Str rules, Str event) {
  DiffStats stats = {0};
  if (diff_event(d, event, NULL, &stats) && stats.notes.faults == 0) return;
  diff_shrink(rules, gen_vars, event);
  abort();
}

static void open_rules(DiffRules *d, Str rules) {
  DiffStats stats = {0};
  if (diff_open(d, rules, gen_vars, &stats)) abort();
}

/* --- by log source ------------------------------------------------------------------------------------------- */

typedef struct {
  Scanner with, without;
  uint8_t *found, *ran;
} Gated;

static void gated_open(Gated *t, DiffRules *d) {
  scanner_init(&t->with, d->program, &d->arena);
  scanner_init(&t->without, d->program, &d->arena);
  scanner_find_logsources(&t->with);
  scanner_find_logsources(&t->without);
  scanner_set_index(&t->without, false);
  t->found = arena_array(&d->arena, uint8_t, d->program->n_RULES);
  t->ran = arena_array(&d->arena, uint8_t, d->program->n_RULES);
}

static void gated_close(Gated *t) {
  scanner_free(&t->with);
  scanner_free(&t->without);
}

static void note(void *matched, uint32_t rule) { ((uint8_t *)matched)[rule]++; }

static void judge_gated(Gated *t, const DiffRules *d, Str rules, Str event) {
  JsonError error;
  size_t n = d->program->n_RULES;
  memset(t->found, 0, n);
  memset(t->ran, 0, n);
  bool one = scan_text(&t->with, event, note, t->found, &error), other = scan_text(&t->without, event, note, t->ran, &error);
  if (one == other && (!n || memcmp(t->found, t->ran, n) == 0)) return;
  fprintf(stderr, "by log source, the index changes what matches:\n" STR_FMT "\nevent: " STR_FMT "\n", STR_ARG(rules),
          STR_ARG(event));
  abort();
}

/* The rule for another log source than that of all generated ones. */
static Str with_source(Gen *g, Arena *a, Str rule) {
  static const char *const sources[] = {
    "category: test",
    "category: test",
    "product: windows\n    category: process_creation",
    "product: windows\n    service: security",
    "product: windows\n    service: sysmon",
    "product: windows",
    "category: process_creation",
    "product: windows\n    category: registry_set",
    "product: linux",
  };
  Str usual = STR("category: test");
  size_t at = str_find(rule, usual, 0);
  if (at == SIZE_MAX) return rule;
  return arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(rule, 0, at)), GEN_PICK(g, sources),
                      STR_ARG(str_from(rule, at + usual.n)));
}

/* The event with what tells its log source in front. */
static Str with_labels(Gen *g, Arena *a, Str event) {
  static const char *const labels[] = {
    "\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1",
    "\"Channel\":\"Microsoft-Windows-Sysmon\\/Operational\",\"EventID\":\"13\"",
    "\"Channel\":\"Security\",\"EventID\":4688",
    "\"Channel\":\"Security\",\"EventID\":4657",
    "\"winlog\":{\"channel\":\"Security\",\"event_id\":4688}",
    "\"Channel\":\"System\"",
    "\"x\":1",
  };
  bool empty = str_is(event, "{}");
  return arena_printf(a, "{%s%s" STR_FMT, GEN_PICK(g, labels), empty ? "" : ",", STR_ARG(str_from(event, 1)));
}

/* --- inputs -------------------------------------------------------------------------------------------------- */

static void judge_texts(Str bytes) {
  DiffRules d;
  size_t zero = str_find(bytes, (Str){"", 1}, 0);
  if (zero == SIZE_MAX) return;
  Str rules = str_sub(bytes, 0, zero), events = str_from(bytes, zero + 1);
  open_rules(&d, rules);
  for (int i = 0; i < EVENTS && events.n; i++) {
    Arena a = {0};
    JsonError error;
    size_t end = str_find(events, STR("\n"), 0);
    Str event = end == SIZE_MAX ? events : str_sub(events, 0, end);
    if (event_json_read(event, &a, &error)) judge(&d, rules, event);
    events = end == SIZE_MAX ? (Str){0} : str_from(events, end + 1);
    arena_free(&a);
  }
  diff_close(&d);
}

static void put_literal(Gen *g, Buf *out, uint32_t number) {
  static const char *const tails[] = {"", "x", ".exe", "\\\\\\\\", " -enc", "aaaa", "\xC3\xA9"};
  uint32_t n = gen_below(g, 6);
  buf_str(out, number ? STR(", \"") : STR("\""));
  if (gen_chance(g, 5)) buf_printf(out, "%u", number);
  for (uint32_t i = 0; i < n; i++) buf_char(out, (char)('a' + gen_below(g, 4)));
  buf_printf(out, "%s\"", n ? GEN_PICK(g, tails) : "zz");
}

/* A rule with so many texts that an index takes other tables for them. */
static void put_many(Gen *g, Buf *out, unsigned number) {
  static const char *const modifiers[] = {"|contains", "|contains", "|startswith", "|endswith", ""};
  static const uint32_t counts[] = {3, 20, 60, MOST_LITERALS};
  bool keywords = gen_chance(g, 30);
  uint32_t n = 1 + gen_below(g, GEN_PICK(g, counts));
  buf_printf(out, "title: many %u\nlogsource:\n    category: test\ndetection:\n    a:\n        ", number);
  if (!keywords) buf_printf(out, "%s%s: ", gen_field(g).p, GEN_PICK(g, modifiers));
  buf_char(out, '[');
  for (uint32_t i = 0; i < n; i++) put_literal(g, out, i);
  buf_str(out, STR("]\n    condition: a\n"));
}

static Str make_rules(Gen *g, Arena *a) {
  Buf out = {.arena = a};
  uint32_t n = 1 + gen_below(g, gen_chance(g, 30) ? MOST_RULES : 4);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_str(&out, STR("---\n"));
    if (gen_chance(g, 15)) put_many(g, &out, i);
    else buf_str(&out, with_source(g, a, gen_rule(g, a, i)));
  }
  return buf_view(&out);
}

static void judge_choices(Str bytes) {
  Arena a = {0};
  DiffRules d;
  Gen g = gen_steered(bytes);
  Str rules = make_rules(&g, &a);
  Gated t;
  open_rules(&d, rules);
  gated_open(&t, &d);
  for (int i = 0; i < EVENTS && d.compiler.ir.n; i++) {
    Str event = gen_event(&g, &a, d.compiler.ir.p, d.compiler.ir.n);
    judge(&d, rules, event);
    judge(&d, rules, gen_respell(&g, &a, event));
    judge_gated(&t, &d, rules, event);
    judge_gated(&t, &d, rules, with_labels(&g, &a, event));
  }
  gated_close(&t);
  diff_close(&d);
  arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  Str rest = {(const char *)data + 1, size - 1};
  if (data[0] == 0) judge_texts(rest);
  else judge_choices(rest);
  return 0;
}

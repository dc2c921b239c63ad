/* SPDX-License-Identifier: MIT
 * Referee, plain code, fused code, tree and scanner agree. The first byte tells how to read the rest: 0 as the text of a rule
 * file, a byte 0, and the text of an event; else as the choices of the generators. */
#include <stdlib.h>

#include "tests/support/diff.h"
#include "tests/support/gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EVENTS = 3 };

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

static void judge_texts(Str bytes) {
  Arena a = {0};
  DiffRules d;
  JsonError error;
  size_t zero = str_find(bytes, (Str){"", 1}, 0);
  if (zero == SIZE_MAX) return;
  Str rules = str_sub(bytes, 0, zero), event = str_from(bytes, zero + 1);
  if (!event_json_read(event, &a, &error)) event = STR("{}");
  open_rules(&d, rules);
  judge(&d, rules, event);
  diff_close(&d);
  arena_free(&a);
}

static void judge_choices(Str bytes) {
  Arena a = {0};
  DiffRules d;
  Gen g = gen_steered(bytes);
  Str rules = gen_rule(&g, &a, 0);
  if (gen_chance(&g, 25)) rules = arena_printf(&a, STR_FMT "---\n" STR_FMT, STR_ARG(rules), STR_ARG(gen_filter(&g, &a, 1)));
  open_rules(&d, rules);
  for (int i = 0; i < EVENTS && d.compiler.ir.n; i++) judge(&d, rules, gen_event(&g, &a, d.compiler.ir.p, d.compiler.ir.n));
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

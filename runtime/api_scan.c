/* SPDX-License-Identifier: MIT
 * include/sigmac.h: scanners. */
#include "runtime/api_scanner.h"
#include "runtime/disasm.h"

/* --- life ---------------------------------------------------------------------------------------------------- */

static void init(void *ctx) {
  sigmac_scanner *s = ctx;
  s->off = arena_array(&s->arena, bool, s->rules->facts.rules);
  scanner_init(&s->scanner, s->rules->program, &s->arena);
  scanner_find_logsources(&s->scanner);
  s->finder = s->scanner.logsource;
}

static Heap heap_for(const sigmac_rules *rules, const sigmac_allocator *allocator) {
  Heap heap = allocator ? api_heap(allocator) : rules->heap;
  heap.run = NULL;
  return heap;
}

sigmac_status sigmac_scanner_new(sigmac_scanner **out, const sigmac_rules *rules, const sigmac_allocator *allocator) {
  if (!out || !rules || !api_allocator_ok(allocator)) return SIGMAC_MISUSE;
  Heap heap = heap_for(rules, allocator);
  sigmac_scanner *s = heap_ask(&heap, sizeof *s);
  if (!s) return SIGMAC_NO_MEMORY;
  *s = (sigmac_scanner){.heap = heap, .rules = rules};
  s->arena.heap = s->explaining.heap = &s->heap;
  for (int i = 0; i < 3; i++) s->label_texts[i].heap = &s->heap;
  if (!heap_run(&s->heap, init, s)) {
    sigmac_scanner_free(s);
    return SIGMAC_NO_MEMORY;
  }
  *out = s;
  return SIGMAC_OK;
}

void sigmac_scanner_free(sigmac_scanner *s) {
  if (!s) return;
  Heap heap = s->heap;
  for (int i = 0; i < 3; i++) buf_free(&s->label_texts[i]);
  scanner_free(&s->scanner);
  arena_free(&s->explaining);
  arena_free(&s->arena);
  heap_release(&heap, s);
}

/* --- what is evaluated --------------------------------------------------------------------------------------- */

static bool is_on(const void *off, const Program *p, const RuleRec *r) { return !((const bool *)off)[r - p->RULES]; }

static void choose_rules(sigmac_scanner *s) {
  scanner_reset(&s->scanner);
  scanner_keep(&s->scanner, is_on, s->off);
  scanner_restrict(&s->scanner, &s->label);
  s->stale = false;
}

sigmac_status sigmac_scanner_enable(sigmac_scanner *s, uint32_t number, bool on) {
  if (!s || s->busy || number >= s->rules->facts.rules) return SIGMAC_MISUSE;
  if (s->off[number] == on) {
    s->off[number] = !on;
    s->stale = true;
  }
  return SIGMAC_OK;
}

static LabelPart part_of(const Buf *text) { return (LabelPart){text->n ? LABEL_NAME : LABEL_UNKNOWN, buf_view(text)}; }

typedef struct {
  sigmac_scanner *scanner;
  Str texts[3];
} SetLabels;

/* All or nothing: memory first. */
static void set_labels(void *ctx) {
  SetLabels *c = ctx;
  Buf *kept = c->scanner->label_texts;
  for (int i = 0; i < 3; i++) buf_reserve(&kept[i], c->texts[i].n);
  for (int i = 0; i < 3; i++) {
    kept[i].n = 0;
    buf_str(&kept[i], c->texts[i]);
  }
  c->scanner->label = (Label){part_of(&kept[0]), part_of(&kept[1]), part_of(&kept[2]), 0};
  c->scanner->scanner.logsource = NULL;
  c->scanner->stale = true;
}

sigmac_status sigmac_scanner_set_logsource(sigmac_scanner *s, sigmac_str category, sigmac_str product, sigmac_str service) {
  if (!s || s->busy) return SIGMAC_MISUSE;
  SetLabels c = {s, {api_str(category), api_str(product), api_str(service)}};
  return heap_run(&s->heap, set_labels, &c) ? SIGMAC_OK : SIGMAC_NO_MEMORY;
}

sigmac_status sigmac_scanner_find_logsources(sigmac_scanner *s) {
  if (!s || s->busy) return SIGMAC_MISUSE;
  s->label = (Label){0};
  s->scanner.logsource = s->finder;
  s->stale = true;
  return SIGMAC_OK;
}

sigmac_status sigmac_scanner_set_form(sigmac_scanner *s, sigmac_form form) {
  if (!s || s->busy) return SIGMAC_MISUSE;
  s->scanner.form = form == SIGMAC_PLAIN ? CODE_PLAIN : CODE_FUSED;
  return SIGMAC_OK;
}

sigmac_status sigmac_scanner_set_index(sigmac_scanner *s, bool on) {
  if (!s || s->busy) return SIGMAC_MISUSE;
  scanner_set_index(&s->scanner, on);
  return SIGMAC_OK;
}

sigmac_status sigmac_scanner_set_range(sigmac_scanner *s, const sigmac_time *from, const sigmac_time *to) {
  EventTime first = {0}, end = {0};
  if (!s || s->busy || (from && !api_time(&first, *from)) || (to && !api_time(&end, *to))) return SIGMAC_MISUSE;
  if (from && to && event_time_cmp(first, end) >= 0) return SIGMAC_MISUSE;
  TimeRange *r = &s->scanner.range;
  r->has_from = from != NULL;
  r->has_to = to != NULL;
  r->from = first;
  r->to = end;
  return SIGMAC_OK;
}

typedef struct {
  sigmac_scanner *scanner;
  Str name;
} AddField;

static void add_time_field(void *ctx) {
  const AddField *c = ctx;
  sigmac_scanner *s = c->scanner;
  Str name = arena_dup(&s->arena, c->name);
  *vec_add(&s->arena, &s->time_fields) = name;
  s->scanner.range.fields = s->time_fields.p;
  s->scanner.range.n_fields = s->time_fields.n;
}

sigmac_status sigmac_scanner_add_time_field(sigmac_scanner *s, sigmac_str name) {
  if (!s || s->busy || !name.n) return SIGMAC_MISUSE;
  return heap_run(&s->heap, add_time_field, &(AddField){s, api_str(name)}) ? SIGMAC_OK : SIGMAC_NO_MEMORY;
}

uint32_t sigmac_scanner_active(sigmac_scanner *s) {
  if (s->stale && !s->busy) choose_rules(s);
  return s->scanner.n_active;
}

const sigmac_scanner_counts *sigmac_scanner_get_counts(sigmac_scanner *s) {
  const Scanner *from = &s->scanner;
  s->counts = (sigmac_scanner_counts){from->unmapped, from->range.outside, from->range.timeless, 0};
  for (uint32_t t = 0; t < from->vm.program->n_TESTS; t++) s->counts.given_up += from->vm.limit_hits[t];
  return &s->counts;
}

/* --- events -------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_scanner *scanner;
  Str text;
  const struct cJSON *tree; /* NULL: text */
  sigmac_on_match *fn;
  void *ctx;
  bool good;
  JsonError error;
} Scan;

static void on_match(void *ctx, uint32_t rule) {
  Scan *c = ctx;
  sigmac_scanner *s = c->scanner;
  sigmac_match m = {.number = rule, .rule = &s->rules->list[rule]};
  if (!c->fn) return;
  s->matching = true;
  s->rule = rule;
  bool on = c->fn(c->ctx, &m);
  s->matching = false;
  s->scanner.stop = !on || s->starved;
}

static void scan(void *ctx) {
  Scan *c = ctx;
  Scanner *s = &c->scanner->scanner;
  c->good = c->tree ? scan_cjson(s, c->tree, on_match, c, &c->error) : scan_text(s, c->text, on_match, c, &c->error);
}

static sigmac_status run(Scan *c, sigmac_error *error) {
  sigmac_scanner *s = c->scanner;
  if (!s || s->busy) return api_fail(error, SIGMAC_MISUSE, "no scanner, or one that is calling back", 0);
  if (s->stale) choose_rules(s);
  s->busy = true;
  s->starved = false;
  bool done = heap_run(&s->heap, scan, c);
  s->busy = false;
  if (!done) s->stale = true; /* what was being made is no use: it goes, with all that is made again when it is needed */
  if (!done || s->starved) return api_fail(error, SIGMAC_NO_MEMORY, "out of memory", 0);
  if (!c->good) return api_fail(error, SIGMAC_BAD_EVENT, c->error.message, c->error.offset);
  return s->scanner.stop ? SIGMAC_STOPPED : SIGMAC_OK;
}

sigmac_status sigmac_scan_json(sigmac_scanner *s, sigmac_str event, sigmac_on_match *fn, void *ctx, sigmac_error *error) {
  return run(&(Scan){.scanner = s, .text = api_str(event), .fn = fn, .ctx = ctx}, error);
}

sigmac_status sigmac_scan_cjson(sigmac_scanner *s, const struct cJSON *event, sigmac_on_match *fn, void *ctx, sigmac_error *error) {
  if (!event) return api_fail(error, SIGMAC_MISUSE, "no tree", 0);
  return run(&(Scan){.scanner = s, .tree = event, .fn = fn, .ctx = ctx}, error);
}

/* --- limits -------------------------------------------------------------------------------------------------- */

/* The field that a rule looks at with this test; UINT32_MAX where it does not have the test. */
static uint32_t field_of(const Program *p, const RuleRec *r, uint32_t test) {
  for (uint32_t i = 1; i < r->n_plain; i++)
    if (p->PLAIN[r->plain + i] == insn(OP_TEST, test)) return insn_arg(p->PLAIN[r->plain + i - 1]);
  return UINT32_MAX;
}

typedef struct {
  sigmac_scanner *scanner;
  sigmac_on_limit *fn;
  void *ctx;
  Buf text;
  bool stopped;
} Limits;

static void limits_of_test(Limits *c, uint32_t test) {
  const Program *p = c->scanner->rules->program;
  for (uint32_t i = 0; i < p->n_RULES && !c->stopped; i++) {
    uint32_t field = field_of(p, &p->RULES[i], test);
    if (field == UINT32_MAX) continue;
    c->text.n = 0;
    disasm_test(&c->text, p, field, test);
    sigmac_limit limit = {.number = i,
                          .rule = &c->scanner->rules->list[i],
                          .test = api_out(buf_view(&c->text)),
                          .times = c->scanner->scanner.vm.limit_hits[test]};
    c->stopped = !c->fn(c->ctx, &limit);
  }
}

static void all_limits(void *ctx) {
  Limits *c = ctx;
  for (uint32_t t = 0; t < c->scanner->rules->program->n_TESTS && !c->stopped; t++)
    if (c->scanner->scanner.vm.limit_hits[t]) limits_of_test(c, t);
}

sigmac_status sigmac_scanner_limits(sigmac_scanner *s, sigmac_on_limit *fn, void *ctx) {
  if (!s || !fn || s->busy) return SIGMAC_MISUSE;
  Limits c = {.scanner = s, .fn = fn, .ctx = ctx, .text.heap = &s->heap};
  s->busy = true;
  bool done = heap_run(&s->heap, all_limits, &c);
  s->busy = false;
  buf_free(&c.text);
  return !done ? SIGMAC_NO_MEMORY : c.stopped ? SIGMAC_STOPPED : SIGMAC_OK;
}

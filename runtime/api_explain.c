/* SPDX-License-Identifier: MIT
 * include/sigmac.h: explanations, and what made a match. */
#include "runtime/api_scanner.h"
#include "runtime/correlate/facts.h"
#include "runtime/event_json.h"

static bool style_of(ExplainStyle *style, sigmac_format format) {
  *style = (ExplainStyle){.json = format == SIGMAC_JSON, .colour = format == SIGMAC_COLOURED_TEXT};
  return format == SIGMAC_TEXT || style->json || style->colour;
}

/* --- a rule alone -------------------------------------------------------------------------------------------- */

typedef struct {
  const Program *program;
  uint32_t rule;
  ExplainStyle style;
  Arena tree;
  ApiWriter writer;
} Meaning;

static void mean(void *ctx) {
  Meaning *m = ctx;
  m->writer.buf.arena = &m->tree; /* what is left half-way is freed with it */
  if (m->rule < m->program->n_RULES) explain_rule(&m->writer.buf, m->program, m->rule, &m->style, &m->tree);
  else explain_correlation(&m->writer.buf, m->program, m->rule, &m->style, &m->tree);
  api_flush(&m->writer, true);
}

sigmac_status sigmac_rules_explain(const sigmac_rules *r, uint32_t number, sigmac_format format, sigmac_write *write, void *ctx) {
  ExplainStyle style;
  if (!r || !write || number >= api_numbers(r) || !style_of(&style, format)) return SIGMAC_MISUSE;
  /* The rules are shared by threads: the way out is not theirs. */
  Heap heap = r->heap;
  heap.run = NULL;
  Meaning m = {r->program, number, style, {.heap = &heap}, {.write = write, .ctx = ctx}};
  bool done = heap_run(&heap, mean, &m);
  arena_free(&m.tree);
  return !done ? SIGMAC_NO_MEMORY : m.writer.stopped ? SIGMAC_STOPPED : SIGMAC_OK;
}

/* --- a rule on an event -------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_scanner *scanner;
  uint32_t rule;
  Str event;
  ExplainStyle style;
  bool good;
  JsonError error;
  ApiWriter writer;
} Verdict;

static void judge(void *ctx) {
  Verdict *v = ctx;
  Scanner *s = &v->scanner->scanner;
  arena_reset(&v->scanner->explaining);
  arena_reset(&s->scratch);
  Value *root = event_json_read(v->event, &s->scratch, &v->error);
  v->good = root != NULL;
  if (!root) return;
  Offered offered = scan_offer(s, &v->scanner->label, root, v->rule);
  v->style.offered = &offered;
  explain_event(&v->writer.buf, &s->vm, v->rule, &v->style, &v->scanner->explaining);
  api_flush(&v->writer, true);
}

sigmac_status sigmac_scanner_explain(sigmac_scanner *s, uint32_t number, sigmac_str event, uint64_t index, sigmac_format format,
                                     sigmac_write *write, void *ctx, sigmac_error *error) {
  ExplainStyle style;
  if (!s || s->busy || !write || number >= s->rules->facts.rules || !style_of(&style, format))
    return api_fail(error, SIGMAC_MISUSE, "no scanner, or one that is calling back, or no such rule or format", 0);
  style.event_index = index;
  Verdict v = {.scanner = s,
               .rule = number,
               .event = api_str(event),
               .style = style,
               .writer = {.buf.arena = &s->explaining, .write = write, .ctx = ctx}};
  s->busy = s->scanner.vm.again = true;
  bool done = heap_run(&s->heap, judge, &v);
  s->busy = s->scanner.vm.again = false;
  if (!done) return api_fail(error, SIGMAC_NO_MEMORY, "out of memory", 0);
  if (!v.good) return api_fail(error, SIGMAC_BAD_EVENT, v.error.message, v.error.offset);
  return v.writer.stopped ? SIGMAC_STOPPED : SIGMAC_OK;
}

/* --- a match ------------------------------------------------------------------------------------------------- */

/* Where memory is exhausted in between, the rest of the rules is left out: what is known of the event may be half of it. */
static sigmac_status run_matching(sigmac_scanner *s, void (*work)(void *ctx), void *ctx) {
  if (s->starved) return SIGMAC_NO_MEMORY;
  s->starved = !heap_run(&s->heap, work, ctx);
  s->scanner.vm.again = false;
  return s->starved ? SIGMAC_NO_MEMORY : SIGMAC_OK;
}

static void print_matched(void *ctx) {
  sigmac_scanner *s = ctx;
  if (!s->matcher) {
    Matcher *m = arena_new(&s->arena, Matcher);
    matcher_init(m, &s->scanner.vm, &s->arena);
    s->matcher = m;
  }
  s->matched = (Buf){.arena = &s->scanner.scratch};
  matcher_print(s->matcher, &s->matched, s->rule);
}

sigmac_status sigmac_scanner_matched(sigmac_scanner *s, sigmac_str *json) {
  if (!s || !json || !s->matching) return SIGMAC_MISUSE;
  sigmac_status status = run_matching(s, print_matched, s);
  if (status == SIGMAC_OK) *json = api_out(buf_view(&s->matched));
  return status;
}

static void collect_facts(void *ctx) {
  sigmac_scanner *s = ctx;
  s->facts = (Buf){.arena = &s->scanner.scratch};
  facts_add(&s->facts, &s->scanner, s->rule);
}

sigmac_status sigmac_scanner_facts(sigmac_scanner *s, sigmac_str *facts) {
  if (!s || !facts || !s->matching) return SIGMAC_MISUSE;
  sigmac_status status = run_matching(s, collect_facts, s);
  if (status == SIGMAC_OK) *facts = api_out(buf_view(&s->facts));
  return status;
}

typedef struct {
  Scanner *scanner;
  bool has;
  EventTime time;
} FindTime;

static void find_time(void *ctx) {
  FindTime *f = ctx;
  f->has = scan_time(f->scanner, &f->time);
}

sigmac_status sigmac_scanner_event_time(sigmac_scanner *s, bool *has, sigmac_time *out) {
  if (!s || !has || !out || !s->matching) return SIGMAC_MISUSE;
  FindTime f = {.scanner = &s->scanner};
  sigmac_status status = run_matching(s, find_time, &f);
  if (status != SIGMAC_OK) return status;
  *has = f.has;
  if (f.has) *out = (sigmac_time){f.time.seconds, f.time.nanos};
  return SIGMAC_OK;
}

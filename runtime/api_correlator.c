/* SPDX-License-Identifier: MIT
 * include/sigmac.h: over time. */
#include "runtime/api.h"
#include "runtime/correlate/correlate.h"

enum { SECOND = 1000000000 };

struct sigmac_correlator {
  Heap heap;
  Arena arena;
  Arena alert; /* one alert on its way */
  const sigmac_rules *rules;
  CorrelateOptions options;
  Correlator *correlator; /* made when it is first needed; NULL still where the rules have no correlations */
  sigmac_correlator_counts counts;
  bool made;
  bool exhausted; /* memory was: what is there is half of something */
  bool busy;      /* inside of a call with callbacks */
};

/* --- life ---------------------------------------------------------------------------------------------------- */

sigmac_status sigmac_correlator_new(sigmac_correlator **out, const sigmac_rules *rules, const sigmac_allocator *allocator) {
  if (!out || !rules || !api_allocator_ok(allocator)) return SIGMAC_MISUSE;
  Heap heap = allocator ? api_heap(allocator) : rules->heap;
  heap.run = NULL;
  sigmac_correlator *c = heap_ask(&heap, sizeof *c);
  if (!c) return SIGMAC_NO_MEMORY;
  *c = (sigmac_correlator){.heap = heap, .rules = rules};
  c->arena.heap = c->alert.heap = &c->heap;
  *out = c;
  return SIGMAC_OK;
}

void sigmac_correlator_free(sigmac_correlator *c) {
  if (!c) return;
  Heap heap = c->heap;
  arena_free(&c->alert);
  arena_free(&c->arena);
  heap_release(&heap, c);
}

/* --- settings ------------------------------------------------------------------------------------------------ */

static bool settable(const sigmac_correlator *c) { return c && !c->busy && !c->made; }

sigmac_status sigmac_correlator_set_keep(sigmac_correlator *c, sigmac_keep keep) {
  static const CorrelateKeep of[] = {
    [SIGMAC_KEEP_NONE] = KEEP_NONE, [SIGMAC_KEEP_REFS] = KEEP_REFS, [SIGMAC_KEEP_FULL] = KEEP_FULL};
  if (!settable(c) || (unsigned)keep >= sizeof of / sizeof *of) return SIGMAC_MISUSE;
  c->options.keep = of[keep];
  return SIGMAC_OK;
}

sigmac_status sigmac_correlator_set_suppress(sigmac_correlator *c, uint64_t seconds) {
  if (!settable(c) || seconds > CORR_TIMESPAN_MOST) return SIGMAC_MISUSE;
  c->options.suppress = seconds * SECOND;
  return SIGMAC_OK;
}

sigmac_status sigmac_correlator_set_reset(sigmac_correlator *c, bool on) {
  if (!settable(c)) return SIGMAC_MISUSE;
  c->options.reset = on;
  return SIGMAC_OK;
}

sigmac_status sigmac_correlator_set_limits(sigmac_correlator *c, uint32_t groups, uint64_t bytes) {
  if (!settable(c)) return SIGMAC_MISUSE;
  c->options.max_groups = groups;
  c->options.max_bytes = bytes;
  return SIGMAC_OK;
}

/* --- work ---------------------------------------------------------------------------------------------------- */

static void make(sigmac_correlator *c) {
  if (!c->made) c->correlator = correlator_new(c->rules->program, &c->options, &c->arena);
  c->made = true;
}

/* Where the work is left, the state is half of something. */
static sigmac_status run(sigmac_correlator *c, void (*work)(void *ctx), void *ctx) {
  if (c->exhausted) return SIGMAC_NO_MEMORY;
  c->busy = true;
  c->exhausted = !heap_run(&c->heap, work, ctx);
  c->busy = false;
  return c->exhausted ? SIGMAC_NO_MEMORY : SIGMAC_OK;
}

/* --- events -------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_correlator *correlator;
  CorrelateEvent event;
  sigmac_on_alert *fn;
  void *ctx;
} AddEvent;

static sigmac_time time_out(EventTime t) { return (sigmac_time){t.seconds, t.nanos}; }

static sigmac_strs group_out(Arena *arena, const Alert *a, size_t n) {
  sigmac_str *values = arena_array(arena, sigmac_str, n);
  for (size_t i = 0; i < n; i++) values[i] = api_out(a->group[i]);
  return (sigmac_strs){values, n};
}

static const sigmac_alert_event *events_out(Arena *arena, const Alert *a) {
  sigmac_alert_event *out = a->n_events ? arena_array(arena, sigmac_alert_event, a->n_events) : NULL;
  for (uint32_t i = 0; i < a->n_events; i++) {
    const AlertEvent *e = &a->events[i];
    out[i] = (sigmac_alert_event){e->index, time_out(e->time), api_out(e->text)};
  }
  return out;
}

static void on_alert(void *ctx, const Alert *a) {
  AddEvent *e = ctx;
  sigmac_correlator *c = e->correlator;
  if (!e->fn) return;
  const sigmac_rule *rule = &c->rules->list[a->number];
  arena_reset(&c->alert);
  e->fn(e->ctx, &(sigmac_alert){.number = a->number,
                                .rule = rule,
                                .reported = a->reported,
                                .event_index = a->event_index,
                                .time = time_out(a->time),
                                .group = group_out(&c->alert, a, rule->group_by.n),
                                .value = api_out(a->value),
                                .start = time_out(a->start),
                                .end = time_out(a->end),
                                .id = a->id,
                                .events = events_out(&c->alert, a),
                                .events_n = a->n_events});
}

static void add_event(void *ctx) {
  AddEvent *e = ctx;
  make(e->correlator);
  if (e->correlator->correlator) correlator_event(e->correlator->correlator, &e->event, on_alert, e);
}

sigmac_status sigmac_correlator_event(sigmac_correlator *c, uint64_t index, const sigmac_time *time, sigmac_str facts,
                                      sigmac_str text, sigmac_on_alert *fn, void *ctx) {
  AddEvent e = {c, {.index = index, .has_time = time != NULL, .facts = api_str(facts), .text = api_str(text)}, fn, ctx};
  if (!c || c->busy || (time && !api_time(&e.event.time, *time))) return SIGMAC_MISUSE;
  return run(c, add_event, &e);
}

const sigmac_correlator_counts *sigmac_correlator_get_counts(sigmac_correlator *c) {
  if (!c->correlator || c->exhausted) return &c->counts;
  const CorrelateCounts *from = correlator_counts(c->correlator);
  c->counts = (sigmac_correlator_counts){.events = from->events,
                                         .timeless = from->timeless,
                                         .late = from->late,
                                         .too_late = from->too_late,
                                         .expired = from->expired,
                                         .evicted = from->evicted,
                                         .alerts = from->alerts,
                                         .suppressed = from->suppressed,
                                         .groups = from->groups,
                                         .bytes = from->bytes};
  return &c->counts;
}

/* --- state --------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_correlator *correlator;
  ApiWriter writer;
} Save;

static void save(void *ctx) {
  Save *s = ctx;
  make(s->correlator);
  if (s->correlator->correlator) correlator_save(s->correlator->correlator, &s->writer.buf);
  api_flush(&s->writer, true);
}

sigmac_status sigmac_correlator_save(sigmac_correlator *c, sigmac_write *write, void *ctx) {
  if (!c || c->busy || !write) return SIGMAC_MISUSE;
  Save s = {c, {.buf.heap = &c->heap, .write = write, .ctx = ctx}};
  sigmac_status status = run(c, save, &s);
  buf_free(&s.writer.buf);
  return status == SIGMAC_OK && s.writer.stopped ? SIGMAC_STOPPED : status;
}

typedef struct {
  sigmac_correlator *correlator;
  Str state;
  sigmac_on_state *fn;
  void *ctx;
  bool good;
} LoadState;

static const sigmac_rule *find_rule(const sigmac_rules *r, Str id, Str title) {
  for (uint32_t i = 0; i < r->facts.correlations; i++) {
    const sigmac_rule *rule = &r->list[r->facts.rules + i];
    if (str_eq(api_str(rule->id), id) && str_eq(api_str(rule->title), title)) return rule;
  }
  return NULL;
}

static void on_fate(void *ctx, StateFate fate, Str id, Str title) {
  static const sigmac_state_fate of[] = {[STATE_RESUMED] = SIGMAC_STATE_RESUMED,
                                         [STATE_CHANGED] = SIGMAC_STATE_CHANGED,
                                         [STATE_NEW] = SIGMAC_STATE_NEW,
                                         [STATE_GONE] = SIGMAC_STATE_GONE};
  LoadState *l = ctx;
  const sigmac_rule *rule = fate == STATE_GONE ? NULL : find_rule(l->correlator->rules, id, title);
  if (l->fn) l->fn(l->ctx, of[fate], api_out(id), api_out(title), rule);
}

/* No bytes are what rules without correlations save. */
static void nothing_kept(LoadState *l) {
  const sigmac_rules *r = l->correlator->rules;
  for (uint32_t i = 0; i < r->facts.correlations; i++) {
    const sigmac_rule *rule = &r->list[r->facts.rules + i];
    on_fate(l, STATE_NEW, api_str(rule->id), api_str(rule->title));
  }
}

static void load(void *ctx) {
  LoadState *l = ctx;
  make(l->correlator);
  l->good = true;
  if (!l->state.n) nothing_kept(l);
  else if (l->correlator->correlator) l->good = correlator_load(l->correlator->correlator, l->state, on_fate, l);
}

sigmac_status sigmac_correlator_load(sigmac_correlator *c, sigmac_str state, sigmac_on_state *fn, void *ctx) {
  LoadState l = {c, api_str(state), fn, ctx, false};
  if (!settable(c)) return SIGMAC_MISUSE;
  sigmac_status status = run(c, load, &l);
  return status == SIGMAC_OK && !l.good ? SIGMAC_BAD_STATE : status;
}

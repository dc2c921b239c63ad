/* SPDX-License-Identifier: MIT */
#include "cli/profile.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/events.h"
#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/say.h"

typedef unsigned long long Count; /* for printf */

typedef struct {
  const Profile *options;
  sigmac_scanner *scanner;
  EventReader events;
  VEC(sigmac_rule_cost) costs; /* the dearest first */
  uint32_t always_asked;
  const sigmac_profile *total;
  uint64_t whole; /* nanoseconds of all events, without what is made once */
  Buf out;
} Report;

/* --- counting ------------------------------------------------------------------------------------------------ */

static void begin(Report *r, const sigmac_rules *rules) {
  const Profile *o = r->options;
  checked(sigmac_scanner_new(&r->scanner, rules, &cli_allocator));
  logsource_options_apply(&o->logsource, r->scanner);
  for (uint32_t i = 0; i < sigmac_rules_get_facts(rules)->rules; i++) sigmac_scanner_enable(r->scanner, i, false);
  for (uint32_t i = 0; i < o->n_rules; i++) sigmac_scanner_enable(r->scanner, o->rules[i], true);
  checked(sigmac_scanner_set_profile(r->scanner, true));
}

static bool on_event(void *ctx, EventReader *events) {
  Report *r = ctx;
  sigmac_error error;
  if (events->too_large) event_bad(events, "", 0);
  else if (checked(sigmac_scan_json(r->scanner, str_out(events->text), NULL, NULL, &error)) != SIGMAC_OK)
    event_bad(events, error.message, error.offset);
  return !interrupted;
}

static bool on_cost(void *ctx, const sigmac_rule_cost *cost) {
  Report *r = ctx;
  if (!cost->offered) return true;
  *vec_add(r->options->args->arena, &r->costs) = *cost;
  r->always_asked += cost->always_asked;
  return true;
}

/* By what they cost; what cost nothing by how often it ran. */
static int by_cost(const void *x, const void *y) {
  const sigmac_rule_cost *a = x, *b = y;
  if (a->nanoseconds != b->nanoseconds) return a->nanoseconds < b->nanoseconds ? 1 : -1;
  if (a->runs != b->runs) return a->runs < b->runs ? 1 : -1;
  return (a->number > b->number) - (a->number < b->number);
}

static void end(Report *r) {
  sigmac_scanner_rule_costs(r->scanner, on_cost, r);
  if (r->costs.n) qsort(r->costs.p, r->costs.n, sizeof *r->costs.p, by_cost);
  r->total = sigmac_scanner_get_profile(r->scanner);
  r->whole = r->total->reading + r->total->logsource + r->total->index + r->total->rules;
}

static double per(uint64_t sum, uint64_t n) { return n ? (double)sum / (double)n : 0; }

/* --- as a table ---------------------------------------------------------------------------------------------- */

static void put_part(Report *r, const char *name, uint64_t nanoseconds) {
  buf_printf(&r->out, "  %-12s %10.1f ns/event  %5.1f %%\n", name, per(nanoseconds, r->total->events),
             100 * per(nanoseconds, r->whole));
}

static void put_totals(Report *r) {
  const sigmac_profile *t = r->total;
  buf_printf(&r->out, "events: %llu", (Count)t->events);
  if (r->events.bad) buf_printf(&r->out, ", bad: %llu", (Count)r->events.bad);
  buf_printf(&r->out, "; rules: %u, offered an event: %u, of these always asked: %u\n", r->options->n_rules, r->costs.n,
             r->always_asked);
  put_part(r, "reading", t->reading);
  put_part(r, "log source", t->logsource);
  put_part(r, "index", t->index);
  put_part(r, "rules", t->rules);
  buf_printf(&r->out, "  and once %.1f ms for making the index\n", (double)t->index_made / 1e6);
}

static void put_row(Report *r, const sigmac_rule_cost *c) {
  Str id = str_in(c->rule->id);
  buf_printf(&r->out, "%6.2f %% %9.1f %9llu %9llu %9llu %s  ", 100 * per(c->nanoseconds, r->whole), per(c->nanoseconds, c->offered),
             (Count)c->offered, (Count)c->runs, (Count)c->matches, c->always_asked ? "always" : "      ");
  buf_safe(&r->out, str_in(c->rule->path));
  buf_printf(&r->out, ":%u: `", c->rule->line);
  buf_safe(&r->out, str_in(c->rule->title));
  buf_char(&r->out, '`');
  if (id.n) buf_char(&r->out, ' ');
  buf_safe(&r->out, id);
  buf_char(&r->out, '\n');
}

static void put_table(Report *r, uint32_t n) {
  put_totals(r);
  if (!n) return;
  buf_printf(&r->out, "\n%8s %9s %9s %9s %9s %s  %s\n", "share", "ns/event", "offered", "runs", "matches", "      ", "rule");
  for (uint32_t i = 0; i < n; i++) put_row(r, &r->costs.p[i]);
  if (n < r->costs.n) buf_printf(&r->out, "and %u more: --top N, --all\n", r->costs.n - n);
}

/* --- as JSON ------------------------------------------------------------------------------------------------- */

static void put_text(Buf *out, const char *key, sigmac_str text) {
  if (!text.n) return;
  buf_printf(out, "\"%s\":", key);
  buf_json(out, str_in(text));
  buf_char(out, ',');
}

static void put_rule(Buf *out, const sigmac_rule_cost *c) {
  buf_char(out, '{');
  put_text(out, "id", c->rule->id);
  put_text(out, "title", c->rule->title);
  put_text(out, "path", c->rule->path);
  buf_printf(out, "\"line\":%u,\"offered\":%llu,\"runs\":%llu,\"matches\":%llu,\"always_asked\":%s,\"nanoseconds\":%llu}",
             c->rule->line, (Count)c->offered, (Count)c->runs, (Count)c->matches, c->always_asked ? "true" : "false",
             (Count)c->nanoseconds);
}

static void put_json(Report *r, uint32_t n) {
  const sigmac_profile *t = r->total;
  buf_printf(&r->out, "{\"events\":%llu,\"bad\":%llu,\"rules_evaluated\":%u,\"rules_offered\":%u,\"rules_always_asked\":%u,",
             (Count)t->events, (Count)r->events.bad, r->options->n_rules, r->costs.n, r->always_asked);
  buf_printf(&r->out,
             "\"nanoseconds\":{\"reading\":%llu,\"logsource\":%llu,\"index\":%llu,\"rules\":%llu,\"index_made\":%llu},\"rules\":[",
             (Count)t->reading, (Count)t->logsource, (Count)t->index, (Count)t->rules, (Count)t->index_made);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_char(&r->out, ',');
    put_rule(&r->out, &r->costs.p[i]);
  }
  buf_str(&r->out, STR("]}\n"));
}

int profile_run(const Profile *p, const sigmac_rules *rules) {
  Report r = {.options = p, .out.heap = &cli_heap};
  begin(&r, rules);
  interrupt_watch();
  r.events = (EventReader){.args = p->args, .event = on_event, .ctx = &r};
  r.events.input = (Input){.fd = -1, .stop = &interrupted};
  events_read(&r.events);
  end(&r);
  uint32_t n = r.costs.n < p->top ? r.costs.n : p->top;
  if (p->json) put_json(&r, n);
  else put_table(&r, n);
  fwrite(r.out.p, 1, r.out.n, stdout);
  buf_free(&r.out);
  events_free(&r.events);
  sigmac_scanner_free(r.scanner);
  return interrupted ? interrupt_status() : r.events.status;
}

/* SPDX-License-Identifier: MIT */
#include "cli/evaluator.h"

#include "cli/memory.h"

void evaluator_begin(Evaluator *e, const RuleSet *set) {
  e->set = set;
  e->scanner = rule_set_scanner(set);
  e->text = (Buf){.heap = &cli_heap};
  formatter_begin(&e->formatter, &set->options->look, set->n_rules);
}

static void add_counts(ScanCounts *sum, sigmac_scanner *scanner) {
  const sigmac_scanner_counts *c = sigmac_scanner_get_counts(scanner);
  sum->unmapped += c->unmapped;
  sum->outside += c->outside;
  sum->timeless += c->timeless;
  sum->given_up += c->given_up;
}

void evaluator_end(Evaluator *e, ScanCounts *counts, LimitsSeen *limits) {
  add_counts(counts, e->scanner);
  limits_seen_add(limits, e->scanner);
  sigmac_scanner_free(e->scanner);
  e->scanner = NULL;
  formatter_end(&e->formatter);
  buf_free(&e->text);
}

static void write_match(Evaluator *e, const sigmac_match *match, Found *found) {
  FormatMatch m = {
    .match = match, .event_index = found->event_index, .time = found->has_time ? &found->time : NULL, .event = e->event->text};
  if (e->set->options->matched_fields) checked(sigmac_scanner_matched(e->scanner, &m.matched));
  e->text.n = 0;
  format_match(&e->formatter, &e->text, &m);
  found->text = buf_view(&e->text);
}

static void collect_facts(Evaluator *e, Found *found) {
  sigmac_str facts;
  if (checked(sigmac_scanner_facts(e->scanner, &facts)) != SIGMAC_OK) return;
  found->facts = str_in(facts);
  if (e->set->options->over_time.keep == SIGMAC_KEEP_FULL && !e->event_given) found->event = e->event->text;
  e->event_given = true;
}

static bool on_match(void *ctx, const sigmac_match *match) {
  Evaluator *e = ctx;
  const RuleSet *set = e->set;
  Found found = {.event_index = e->event->index, .number = match->number, .rule = match->rule};
  checked(sigmac_scanner_event_time(e->scanner, &found.has_time, &found.time));
  found.reported = !set->n_correlations || rule_set_reports(set, match->number);
  if (found.reported) write_match(e, match, &found);
  if (set->n_correlating && set->wanted[match->number]) collect_facts(e, &found);
  if (found.reported || found.facts.n) e->match(e->ctx, &found);
  return true;
}

static void bad_event(Evaluator *e, const char *message, size_t offset) {
  e->text.n = 0;
  event_bad_text(&e->text, e->event, message, offset);
  e->bad(e->ctx, e->event, buf_view(&e->text));
}

void evaluator_run(Evaluator *e, const Event *event) {
  sigmac_error error;
  e->event = event;
  e->event_given = false;
  if (event->too_large) bad_event(e, "", 0);
  else if (checked(sigmac_scan_json(e->scanner, str_out(event->text), on_match, e, &error)) != SIGMAC_OK)
    bad_event(e, error.message, error.offset);
}

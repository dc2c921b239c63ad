/* SPDX-License-Identifier: MIT
 * What a correlation means, in words. */
#include "runtime/explain_correlation.h"

#include <stdio.h>

static void put_name(Buf *out, Str name) {
  buf_char(out, '`');
  buf_safe(out, name);
  buf_char(out, '`');
}

/* --- the condition ------------------------------------------------------------------------------------------- */

/* Names of the fields as the first rule has them. */
static void put_values(Telling *t) {
  for (uint32_t i = 0; i < t->c->n_values; i++) {
    if (i) buf_str(t->out, STR(", "));
    put_name(t->out, correlation_field(t->p, telling_ref(t, 0), t->c->group_by.n + i));
  }
}

static void put_value(Telling *t) {
  static const char *const words[CORR_TYPE_COUNT] = {
    [CORR_EVENT_COUNT] = "the number of events",
    [CORR_VALUE_COUNT] = "the number of different values of ",
    [CORR_TEMPORAL] = "the number of these rules that match an event",
    [CORR_TEMPORAL_ORDERED] = "the number of these rules, where each matches an event of its own in this order (else it is 0),",
    [CORR_VALUE_SUM] = "the sum of ",
    [CORR_VALUE_AVG] = "the average of ",
    [CORR_VALUE_PERCENTILE] = "percentile ",
    [CORR_VALUE_MEDIAN] = "the median of ",
  };
  buf_str(t->out, str_of(words[t->c->type]));
  if (t->c->type == CORR_VALUE_PERCENTILE) {
    correlation_percentile(t->out, t->c);
    buf_str(t->out, STR(" of "));
  }
  put_values(t);
}

static void put_thresholds(Telling *t) {
  static const char *const words[CORR_OP_COUNT] = {"above", "at least", "below", "at most", "equal to", "other than"};
  buf_str(t->out, STR("  - "));
  put_value(t);
  for (uint32_t i = 0; i < t->c->thresholds.n; i++) {
    const ThresholdRec *r = &t->p->THRESHOLDS[t->c->thresholds.first + i];
    buf_printf(t->out, "%s %s ", i ? " and" : " is", words[r->op]);
    buf_safe(t->out, program_str(t->p, r->number));
  }
  buf_char(t->out, '\n');
}

/* The condition that such a correlation has by itself. */
static bool wants_all(const Telling *t) {
  char all[16];
  snprintf(all, sizeof all, "%u", t->c->refs.n);
  const ThresholdRec *r = &t->p->THRESHOLDS[t->c->thresholds.first];
  return t->c->type == CORR_TEMPORAL_ORDERED && t->c->thresholds.n == 1 && r->op == CORR_GTE &&
         str_is(program_str(t->p, r->number), all);
}

static void put_condition(Telling *t) {
  if (wants_all(t)) {
    buf_str(t->out, STR("  - each of these rules matches an event of its own, in this order\n"));
    return;
  }
  if (!t->c->condition.n) {
    put_thresholds(t);
    return;
  }
  buf_str(t->out, STR("  - this holds of the rules that match an event: "));
  correlation_condition(t->out, t->p, t->c, t->scratch);
  buf_str(t->out,
          t->c->type == CORR_TEMPORAL_ORDERED ? STR("\n  - those that it does not deny match in the order below\n") : STR("\n"));
}

/* --- what counts --------------------------------------------------------------------------------------------- */

/* Fields that the events of this rule have under another name. */
static void put_other_names(Telling *t, const CorrRefRec *r) {
  for (uint32_t i = 0; i < t->c->group_by.n; i++) {
    Str name = program_list(t->p, t->c->group_by, i), field = correlation_field(t->p, r, i);
    if (str_eq(name, field)) continue;
    buf_str(t->out, STR("; "));
    put_name(t->out, name);
    buf_str(t->out, STR(" is its "));
    put_name(t->out, field);
  }
}

static void put_refs(Telling *t) {
  buf_str(t->out, STR("\nwhat counts are events of\n"));
  for (uint32_t i = 0; i < t->c->refs.n; i++) {
    const CorrRefRec *r = telling_ref(t, i);
    const MetaRec *meta = correlation_meta_of(t->p, r->number);
    buf_str(t->out, STR("  - "));
    put_name(t->out, program_str(t->p, r->name));
    buf_printf(t->out, r->number < t->p->n_RULES ? ", the rule " : ", the correlation ");
    put_name(t->out, program_str(t->p, meta->title));
    buf_str(t->out, STR(" ("));
    buf_safe(t->out, program_str(t->p, meta->path));
    buf_printf(t->out, ":%u)", meta->line);
    put_other_names(t, r);
    buf_char(t->out, '\n');
  }
}

static void put_groups(Telling *t) {
  if (!t->c->group_by.n) {
    buf_str(t->out, STR("\nAll events are one group.\n"));
    return;
  }
  buf_str(t->out, STR("\nEvents with the same "));
  for (uint32_t i = 0; i < t->c->group_by.n; i++) {
    if (i) buf_str(t->out, STR(", "));
    put_name(t->out, program_list(t->p, t->c->group_by, i));
  }
  buf_str(t->out, STR(" are a group; letter case counts. An event without one of these fields does not count.\n"));
}

static void put_text(Telling *t) {
  explain_header(t->out, t->p, &t->c->meta);
  buf_str(t->out, STR("\nfires at an event when, in its group and the "));
  correlation_timespan(t->out, t->c);
  buf_str(t->out, STR(" that end with it\n"));
  put_condition(t);
  put_refs(t);
  put_groups(t);
  if (t->c->silent) buf_str(t->out, STR("It reports nothing itself: a correlation refers to it without `generate`.\n"));
}

void explain_correlation(Buf *out, const Program *p, uint32_t number, const ExplainStyle *style, Arena *scratch) {
  Telling t = {out, p, &p->CORRELATIONS[number - p->n_RULES], scratch};
  if (style->json) explain_correlation_json(&t);
  else put_text(&t);
}

/* SPDX-License-Identifier: MIT
 * What a correlation means, for programs. */
#include "runtime/explain_correlation.h"

static void json_str(Buf *out, const char *key, Str s) {
  buf_printf(out, ",\"%s\":", key);
  if (s.n) buf_json(out, s);
  else buf_str(out, STR("null"));
}

static void json_fields(Telling *t, const char *key, const CorrRefRec *r, uint32_t first, uint32_t n) {
  buf_printf(t->out, ",\"%s\":[", key);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_char(t->out, ',');
    buf_json(t->out, correlation_field(t->p, r, first + i));
  }
  buf_char(t->out, ']');
}

static void json_refs(Telling *t) {
  buf_str(t->out, STR(",\"rules\":["));
  for (uint32_t i = 0; i < t->c->refs.n; i++) {
    const CorrRefRec *r = telling_ref(t, i);
    const MetaRec *meta = correlation_meta_of(t->p, r->number);
    buf_printf(t->out, "%s{\"kind\":\"%s\"", i ? "," : "", r->number < t->p->n_RULES ? "rule" : "correlation");
    json_str(t->out, "name", program_str(t->p, r->name));
    json_str(t->out, "rule_id", program_str(t->p, meta->id));
    json_str(t->out, "rule_title", program_str(t->p, meta->title));
    json_fields(t, "group_by", r, 0, t->c->group_by.n);
    json_fields(t, "values", r, t->c->group_by.n, t->c->n_values);
    buf_char(t->out, '}');
  }
  buf_char(t->out, ']');
}

static void json_condition(Telling *t) {
  Arena *own = arena_sub(t->scratch);
  Buf text = {.arena = own};
  if (t->c->condition.n) correlation_condition(&text, t->p, t->c, own);
  json_str(t->out, "condition", buf_view(&text));
  arena_sub_done(own);
  buf_str(t->out, STR(",\"thresholds\":{"));
  for (uint32_t i = 0; i < t->c->thresholds.n; i++) {
    const ThresholdRec *r = &t->p->THRESHOLDS[t->c->thresholds.first + i];
    buf_printf(t->out, "%s\"%s\":", i ? "," : "", correlation_op_name[r->op]);
    buf_json(t->out, program_str(t->p, r->number));
  }
  buf_char(t->out, '}');
  if (t->c->type != CORR_VALUE_PERCENTILE) return;
  buf_str(t->out, STR(",\"percentile\":"));
  correlation_percentile(t->out, t->c);
}

void explain_correlation_json(Telling *t) {
  const CorrRec *c = t->c;
  buf_str(t->out, STR("{\"rule_id\":"));
  if (c->meta.id.len) buf_json(t->out, program_str(t->p, c->meta.id));
  else buf_str(t->out, STR("null"));
  json_str(t->out, "rule_title", program_str(t->p, c->meta.title));
  json_str(t->out, "path", program_str(t->p, c->meta.path));
  buf_printf(t->out, ",\"line\":%u,\"correlation\":\"%s\",\"timespan\":%llu", c->meta.line, correlation_type_name[c->type],
             (unsigned long long)c->timespan_high << 32 | c->timespan_low);
  buf_str(t->out, STR(",\"group_by\":["));
  for (uint32_t i = 0; i < c->group_by.n; i++) {
    if (i) buf_char(t->out, ',');
    buf_json(t->out, program_list(t->p, c->group_by, i));
  }
  buf_char(t->out, ']');
  json_refs(t);
  json_condition(t);
  buf_printf(t->out, ",\"silent\":%s}\n", c->silent ? "true" : "false");
}

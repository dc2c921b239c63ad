/* SPDX-License-Identifier: MIT
 * Correlations of a program as text, and what rules know of them. */
#include "runtime/correlation_text.h"
#include "runtime/disasm.h"

static void put_list(Buf *out, const Program *p, const char *word, const uint32_t *ids, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    buf_str(out, i ? STR(", ") : str_of(word));
    buf_safe(out, program_str(p, p->FIELDS[ids[i]]));
  }
}

void disasm_correlated(Buf *out, const Program *p, const RuleRec *r) {
  if (!r->correlated) return;
  buf_str(out, r->silent ? STR("  correlated, silent") : STR("  correlated"));
  put_list(out, p, "; needs ", p->FIELDIDS + r->needs.first, r->needs.n);
  buf_char(out, '\n');
}

static void put_ref(Buf *out, const Program *p, const CorrRec *c, uint32_t i) {
  const CorrRefRec *r = &p->CORRREFS[c->refs.first + i];
  const uint32_t *ids = p->FIELDIDS + r->fields.first;
  buf_printf(out, "  ref %-4u   %s %u ", i, r->number < p->n_RULES ? "rule" : "correlation", r->number);
  buf_quoted(out, program_str(p, r->name));
  put_list(out, p, " by ", ids, c->group_by.n);
  put_list(out, p, " of ", ids + c->group_by.n, c->n_values);
  buf_char(out, '\n');
}

static void put_condition(Buf *out, const Program *p, const CorrRec *c, Arena *scratch) {
  buf_str(out, STR("  condition  "));
  if (c->condition.n) correlation_condition(out, p, c, scratch);
  for (uint32_t i = 0; i < c->thresholds.n; i++) {
    const ThresholdRec *t = &p->THRESHOLDS[c->thresholds.first + i];
    buf_printf(out, "%s%s ", i ? ", " : "", correlation_op_name[t->op]);
    buf_safe(out, program_str(p, t->number));
  }
  buf_char(out, '\n');
}

static void put_type(Buf *out, const CorrRec *c) {
  buf_printf(out, "  type       %s", correlation_type_name[c->type]);
  if (c->type == CORR_VALUE_PERCENTILE) {
    buf_char(out, ' ');
    correlation_percentile(out, c);
  }
  buf_str(out, STR("\n  timespan   "));
  correlation_timespan(out, c);
  buf_char(out, '\n');
}

void disasm_correlation(Buf *out, const Program *p, uint32_t number, Arena *scratch) {
  const CorrRec *c = &p->CORRELATIONS[number - p->n_RULES];
  disasm_head(out, p, "correlation", number, &c->meta);
  put_type(out, c);
  for (uint32_t i = 0; i < c->refs.n; i++) put_ref(out, p, c, i);
  for (uint32_t i = 0; i < c->group_by.n; i++) {
    buf_str(out, i ? STR(", ") : STR("  group by   "));
    buf_quoted(out, program_list(p, c->group_by, i));
  }
  if (c->group_by.n) buf_char(out, '\n');
  put_condition(out, p, c, scratch);
  if (c->silent) buf_str(out, STR("  silent\n"));
  buf_printf(out, "  meaning    %08x%08x\n", c->meaning_high, c->meaning_low);
}

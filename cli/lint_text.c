/* SPDX-License-Identifier: MIT
 * Findings for people: each with its line of the source; behind them how many there are of each check, and of each severity. */
#include <stdlib.h>

#include "cli/lint_output.h"

typedef struct {
  const char *id;
  sigmac_severity severity; /* the worst of its findings */
  uint32_t n;
} Count;

static int by_id(const void *x, const void *y) {
  const sigmac_diagnostic *const *a = x, *const *b = y;
  return strcmp((*a)->id, (*b)->id);
}

static int by_weight(const void *x, const void *y) {
  const Count *a = x, *b = y;
  if (a->severity != b->severity) return a->severity < b->severity ? -1 : 1;
  if (a->n != b->n) return a->n > b->n ? -1 : 1;
  return strcmp(a->id, b->id);
}

/* By check: the worst first, then what is most frequent. */
static uint32_t count_checks(Count **counts, const LintResult *r) {
  uint32_t n = r->findings.n, k = 0;
  const sigmac_diagnostic **sorted = arena_array(r->arena, const sigmac_diagnostic *, n);
  Count *all = arena_array(r->arena, Count, n);
  for (uint32_t i = 0; i < n; i++) sorted[i] = &r->findings.p[i];
  qsort(sorted, n, sizeof *sorted, by_id);
  for (uint32_t i = 0; i < n; i++) {
    const sigmac_diagnostic *d = sorted[i];
    if (!k || strcmp(all[k - 1].id, d->id) != 0) all[k++] = (Count){d->id, d->severity, 0};
    if (d->severity < all[k - 1].severity) all[k - 1].severity = d->severity;
    all[k - 1].n++;
  }
  qsort(all, k, sizeof *all, by_weight);
  *counts = all;
  return k;
}

static void paint(Buf *out, const LintResult *r, sigmac_severity severity, const char *text) {
  static const char *const colours[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
  buf_printf(out, "%s%s%s", r->colour ? colours[severity] : "", text, r->colour ? "\033[0m" : "");
}

static void summary_by_check(Buf *out, const LintResult *r) {
  enum { SEVERITY_WIDTH = 8 };
  Count *counts;
  uint32_t n = count_checks(&counts, r);
  for (uint32_t i = 0; i < n; i++) {
    const char *severity = lint_severity_name[counts[i].severity];
    buf_printf(out, "%7u  ", counts[i].n);
    paint(out, r, counts[i].severity, severity);
    buf_printf(out, "%*s%s\n", SEVERITY_WIDTH - (int)strlen(severity), "", counts[i].id);
  }
}

static void counted(Buf *out, uint32_t n, const char *what) { buf_printf(out, "%u %s%s", n, what, n == 1 ? "" : "s"); }

static void summary(Buf *out, const LintResult *r) {
  const sigmac_lint_summary *s = &r->summary;
  if (r->findings.n > 1) summary_by_check(out, r);
  counted(out, s->errors, "error");
  buf_str(out, STR(", "));
  counted(out, s->warnings, "warning");
  buf_str(out, STR(", "));
  counted(out, s->infos, "info");
  buf_str(out, STR(" in "));
  counted(out, s->files, "file");
  if (s->omitted) buf_printf(out, "; %u more are not shown", s->omitted);
  if (s->suppressed) buf_printf(out, "; %u suppressed", s->suppressed);
  if (s->known) buf_printf(out, "; %u in the baseline", s->known);
  buf_char(out, '\n');
}

void lint_write_text(Buf *out, const LintResult *r) {
  for (uint32_t i = 0; i < r->findings.n; i++) {
    const sigmac_diagnostic *d = &r->findings.p[i];
    buf_str(out, str_in(d->text));
    if (!d->omitted) continue;
    buf_safe(out, str_in(d->path));
    buf_printf(out, ": %u more findings are not shown\n", d->omitted);
  }
  if (!r->quiet) summary(out, r);
}

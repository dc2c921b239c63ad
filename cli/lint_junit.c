/* SPDX-License-Identifier: MIT
 * Findings as JUnit XML: one suite, a test case for each file. One that has findings at or above --fail-level has failed; its
 * milder ones stand in system-out. Readers take one failure of a case: it has all of them, a line each. */
#include "cli/lint_output.h"

static void escaped(Buf *out, Arena *arena, Str text) {
  text = lint_clean(arena, text);
  for (size_t i = 0; i < text.n; i++) {
    switch (text.p[i]) {
    case '&': buf_str(out, STR("&amp;")); break;
    case '<': buf_str(out, STR("&lt;")); break;
    case '>': buf_str(out, STR("&gt;")); break;
    case '"': buf_str(out, STR("&quot;")); break;
    case '\t': buf_str(out, STR("&#9;")); break;
    case '\n': buf_str(out, STR("&#10;")); break;
    case '\r': buf_str(out, STR("&#13;")); break;
    default: buf_char(out, text.p[i]);
    }
  }
}

static void line(Buf *out, const LintResult *r, const sigmac_diagnostic *d) {
  escaped(out, r->arena, str_in(d->path));
  buf_printf(out, ":%u:%u: %s: ", d->line, d->column, lint_severity_name[d->severity]);
  escaped(out, r->arena, str_in(d->message));
  buf_printf(out, " [%s]", d->id);
  if (d->hint.n) {
    buf_str(out, STR(" hint: "));
    escaped(out, r->arena, str_in(d->hint));
  }
  buf_char(out, '\n');
}

/* The findings [from, to) that fail, or those that do not. */
static void lines(Buf *out, const LintResult *r, uint32_t from, uint32_t to, bool failing) {
  for (uint32_t i = from; i < to; i++)
    if (((unsigned)r->findings.p[i].severity <= r->level) == failing) line(out, r, &r->findings.p[i]);
}

static uint32_t failing(const LintResult *r, uint32_t from, uint32_t to) {
  uint32_t n = 0;
  for (uint32_t i = from; i < to; i++) n += (unsigned)r->findings.p[i].severity <= r->level;
  return n;
}

/* First finding that is not of this file; the findings are in the order of the files. */
static uint32_t end_of_file(const LintResult *r, uint32_t from, Str path) {
  while (from < r->findings.n && str_eq(str_in(r->findings.p[from].path), path)) from++;
  return from;
}

static void test_case(Buf *out, const LintResult *r, Str path, uint32_t from, uint32_t to) {
  uint32_t bad = failing(r, from, to), omitted = to > from ? r->findings.p[to - 1].omitted : 0;
  buf_str(out, STR("  <testcase classname=\"sigmac.lint\" name=\""));
  escaped(out, r->arena, path);
  buf_str(out, from == to ? STR("\"/>\n") : STR("\">\n"));
  if (from == to) return;
  if (bad) {
    const sigmac_diagnostic *first = &r->findings.p[from];
    while ((unsigned)first->severity > r->level) first++;
    buf_printf(out, "    <failure type=\"%s\" message=\"%u finding%s\">", first->id, bad, bad == 1 ? "" : "s");
    lines(out, r, from, to, true);
    buf_str(out, STR("</failure>\n"));
  }
  if (bad < to - from || omitted) {
    buf_str(out, STR("    <system-out>"));
    lines(out, r, from, to, false);
    if (omitted) buf_printf(out, "%u more findings are not shown\n", omitted);
    buf_str(out, STR("</system-out>\n"));
  }
  buf_str(out, STR("  </testcase>\n"));
}

static uint32_t failed_files(const LintResult *r) {
  uint32_t n = 0;
  for (uint32_t f = 0, from = 0; f < r->files.n; f++) {
    uint32_t to = end_of_file(r, from, r->files.p[f]);
    n += failing(r, from, to) > 0;
    from = to;
  }
  return n;
}

void lint_write_junit(Buf *out, const LintResult *r) {
  uint32_t failures = failed_files(r);
  buf_str(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
  buf_printf(out, "<testsuites tests=\"%u\" failures=\"%u\" errors=\"0\">\n", r->files.n, failures);
  buf_printf(out, " <testsuite name=\"sigmac lint\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"0\">\n", r->files.n,
             failures);
  buf_printf(out,
             "  <properties>\n   <property name=\"suppressed\" value=\"%u\"/>\n   <property name=\"baseline\" value=\"%u\"/>\n",
             r->summary.suppressed, r->summary.known);
  buf_str(out, STR("  </properties>\n"));
  for (uint32_t f = 0, from = 0; f < r->files.n; f++) {
    uint32_t to = end_of_file(r, from, r->files.p[f]);
    test_case(out, r, r->files.p[f], from, to);
    from = to;
  }
  buf_str(out, STR(" </testsuite>\n</testsuites>\n"));
}

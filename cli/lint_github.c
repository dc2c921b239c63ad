/* SPDX-License-Identifier: MIT
 * Findings as workflow commands of GitHub Actions: `::error file=...,line=...::message`. Escaping: actions/toolkit,
 * packages/core/src/command.ts: %, CR and LF everywhere, `:` and `,` in properties. */
#include "cli/lint_output.h"

static const char *const command[] = {"error", "warning", "notice"};

static void escaped(Buf *out, Arena *arena, Str text, bool property) {
  text = lint_clean(arena, text);
  for (size_t i = 0; i < text.n; i++) {
    char c = text.p[i];
    bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) buf_printf(out, "%%%02X", (unsigned)c);
    else buf_char(out, c);
  }
}

static void begin(Buf *out, const LintResult *r, sigmac_severity severity, Str path) {
  buf_printf(out, "::%s file=", command[severity]);
  escaped(out, r->arena, path, true);
}

/* A place over several lines has no columns there. */
static void finding(Buf *out, const LintResult *r, const sigmac_diagnostic *d) {
  begin(out, r, d->severity, str_in(d->path));
  buf_printf(out, ",line=%u,endLine=%u", d->line, d->end_line);
  if (d->line == d->end_line) buf_printf(out, ",col=%u,endColumn=%u", d->column, d->end_column);
  buf_printf(out, ",title=%s::", d->id);
  escaped(out, r->arena, str_in(d->message), false);
  if (d->hint.n) {
    buf_str(out, STR("%0A"));
    escaped(out, r->arena, str_in(d->hint), false);
  }
  buf_char(out, '\n');
}

void lint_write_github(Buf *out, const LintResult *r) {
  for (uint32_t i = 0; i < r->findings.n; i++) {
    const sigmac_diagnostic *d = &r->findings.p[i];
    finding(out, r, d);
    if (!d->omitted) continue;
    begin(out, r, SIGMAC_WARNING, str_in(d->path));
    buf_printf(out, "::%u more findings are not shown\n", d->omitted);
  }
  if (r->summary.suppressed || r->summary.known)
    buf_printf(out, "::notice title=sigmac lint::%u suppressed, %u in the baseline\n", r->summary.suppressed, r->summary.known);
}

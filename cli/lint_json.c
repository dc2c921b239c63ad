/* SPDX-License-Identifier: MIT
 * Findings as one JSON object: {"findings":[...],"summary":{...}}. The last finding of a file says how many
 * more there were ("omitted"), if any. */
#include "cli/lint_output.h"

static void finding(Buf *out, const sigmac_diagnostic *d) {
  buf_printf(out, "{\"check\":\"%s\",\"severity\":\"%s\",\"path\":", d->id, lint_severity_name[d->severity]);
  buf_json(out, str_in(d->path));
  buf_printf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u,\"message\":", d->line, d->column, d->end_line,
             d->end_column);
  buf_json(out, str_in(d->message));
  if (d->hint.n) {
    buf_str(out, STR(",\"hint\":"));
    buf_json(out, str_in(d->hint));
  }
  if (d->omitted) buf_printf(out, ",\"omitted\":%u", d->omitted);
  buf_char(out, '}');
}

void lint_write_json(Buf *out, const LintResult *r) {
  const sigmac_lint_summary *s = &r->summary;
  buf_str(out, STR("{\"findings\":["));
  for (uint32_t i = 0; i < r->findings.n; i++) {
    buf_str(out, i ? STR(",\n") : STR("\n"));
    finding(out, &r->findings.p[i]);
  }
  buf_printf(out, "],\n\"summary\":{\"files\":%u,\"documents\":%u,\"errors\":%u,\"warnings\":%u,\"infos\":%u,\"omitted\":%u}}\n",
             s->files, s->documents, s->errors, s->warnings, s->infos, s->omitted);
}

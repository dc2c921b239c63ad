/* SPDX-License-Identifier: MIT
 * Findings as one JSON object: {"findings":[...],"summary":{...}}. The last finding of a file says how many
 * more there were ("omitted"), if any. */
#include "cli/findings.h"
#include "cli/lint_output.h"

void lint_write_json(Buf *out, const LintResult *r) {
  const sigmac_lint_summary *s = &r->summary;
  buf_str(out, STR("{\"findings\":["));
  for (uint32_t i = 0; i < r->findings.n; i++) {
    buf_str(out, i ? STR(",\n") : STR("\n"));
    finding_json(out, &r->findings.p[i], "check");
  }
  buf_printf(out,
             "],\n\"summary\":{\"files\":%u,\"documents\":%u,\"errors\":%u,\"warnings\":%u,\"infos\":%u,\"omitted\":%u,"
             "\"suppressed\":%u,\"baseline\":%u,\"baseline_gone\":%u,\"ignored_files\":%u}}\n",
             s->files, s->documents, s->errors, s->warnings, s->infos, s->omitted, s->suppressed, s->known, s->gone, s->ignored);
}

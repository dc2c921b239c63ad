/* SPDX-License-Identifier: MIT
 * Findings for people: standard output has the findings; the summary ends them. */
#include "cli/lint_output.h"

void lint_write_text(Buf *out, const LintResult *r) {
  for (uint32_t i = 0; i < r->findings.n; i++) buf_str(out, str_in(r->findings.p[i].text));
  const sigmac_lint_summary *s = &r->summary;
  if (!r->quiet) buf_printf(out, "%u errors, %u warnings, %u infos in %u files\n", s->errors, s->warnings, s->infos, s->files);
}

/* SPDX-License-Identifier: MIT */
#include "cli/lint_output.h"

#include "base/utf8.h"

const LintOutput lint_outputs[] = {
  {"text", "for people: each finding with its line of the source, and a summary", lint_write_text},
  {"json", "one object: findings and summary", lint_write_json},
  {"sarif", "SARIF 2.1.0, for code scanning", lint_write_sarif},
  {"junit", "JUnit XML: a test case for each file", lint_write_junit},
  {"github", "workflow commands of GitHub Actions: annotations", lint_write_github},
  {"gitlab", "code quality report of GitLab", lint_write_gitlab},
  {NULL, NULL, NULL},
};

const char *const lint_severity_name[] = {"error", "warning", "info"};

static bool in_xml(uint32_t cp) {
  return cp >= 0x20 ? cp != 0xFFFE && cp != 0xFFFF && !(cp >= 0x7F && cp <= 0x9F) : cp == '\t' || cp == '\n' || cp == '\r';
}

Str lint_clean(Arena *arena, Str text) {
  Buf out = {.arena = arena};
  for (size_t i = 0; i < text.n;) {
    uint32_t cp;
    size_t n = utf8_decode(text, i, &cp);
    if (!n) buf_str(&out, STR("\xEF\xBF\xBD"));
    else if (in_xml(cp)) buf_bytes(&out, text.p + i, n);
    i += n ? n : 1;
  }
  return buf_view(&out);
}

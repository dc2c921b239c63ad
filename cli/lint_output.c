/* SPDX-License-Identifier: MIT */
#include "cli/lint_output.h"

const LintOutput lint_outputs[] = {
  {"text", "for people: each finding with its line of the source, and a summary", lint_write_text},
  {"json", "one object: findings and summary", lint_write_json},
  {NULL, NULL, NULL},
};

const char *const lint_severity_name[] = {"error", "warning", "info"};

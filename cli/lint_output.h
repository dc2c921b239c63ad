/* SPDX-License-Identifier: MIT
 * Findings of the linter in one form of output: a row of lint_outputs each, one file per form. */
#ifndef SIGMAC_CLI_LINT_OUTPUT_H
#define SIGMAC_CLI_LINT_OUTPUT_H

#include "base/buf.h"
#include "base/vec.h"
#include "cli/library.h"

/* An id of a finding that is of no check: what translation tells. */
typedef struct {
  const char *id;
  Str what;
} LintForeign;

/* All of one run. Texts are copies. */
typedef struct {
  Arena *arena;
  VEC(sigmac_diagnostic) findings; /* in the order of files and places */
  VEC(Str) files;                  /* their paths, also of those without findings */
  VEC(LintForeign) foreign;        /* each once */
  sigmac_lint_summary summary;
  unsigned level; /* the mildest severity that fails */
  bool colour, quiet;
} LintResult;

typedef struct {
  const char *name, *doc;
  void (*write)(Buf *out, const LintResult *r);
} LintOutput;
extern const LintOutput lint_outputs[]; /* up to one with name NULL */

void lint_write_text(Buf *out, const LintResult *r);
void lint_write_json(Buf *out, const LintResult *r);
void lint_write_sarif(Buf *out, const LintResult *r);
void lint_write_junit(Buf *out, const LintResult *r);
void lint_write_github(Buf *out, const LintResult *r);
void lint_write_gitlab(Buf *out, const LintResult *r);

/* Text that every reader of XML takes: malformed bytes become U+FFFD, what XML 1.0 (section 2.2) has no room for is left out. */
Str lint_clean(Arena *arena, Str text);

/* What one check is, or all of them (id `all`): what, severity, profile, advice, lines that it fires on and the same mended.
 * Formats: text, json (an array), markdown (a section each). False where there is no such check. */
typedef enum { EXPLAIN_TEXT, EXPLAIN_JSON, EXPLAIN_MARKDOWN } ExplainFormat;
bool lint_explain(Buf *out, Str id, ExplainFormat format, bool colour);
/* The id that is most like another; NULL where none is. */
const char *lint_nearest(Str id);

/* "error", "warning", "info". */
extern const char *const lint_severity_name[];

#endif

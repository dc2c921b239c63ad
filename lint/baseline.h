/* SPDX-License-Identifier: MIT
 * Findings that are known: a file in JSON names them, and only what comes on top is told. A finding is known by its file, its check and the
 * text of its line, so that it may move; several of the same are counted. */
#ifndef SIGMAC_LINT_BASELINE_H
#define SIGMAC_LINT_BASELINE_H

#include "lint/lint.h"

typedef struct {
  Str path; /* from the root on */
  Str check;
  uint64_t line; /* str_hash of its text */
  uint32_t count, left;
} Known;

struct LintBaseline {
  VEC(Known) list;
  Intern keys; /* number in the list, by path, check and line */
};

/* Adds what the text of a file says. False, with errors, where it has a fault. `folder`, where the file is, is what its paths are relative to. */
bool lint_baseline_read(LintBaseline *b, Str folder, Sources *sources, uint32_t file, Arena *arena, Diags *diags);
/* Takes out the findings that are known (l->known), and counts what is known and was not found (l->gone). */
void lint_baseline_apply(Lint *l);
/* The present findings as such a file, which will be in this folder. */
void lint_baseline_write(const Lint *l, Str folder, Buf *out);

/* --- for its files alone ------------------------------------------------------------------------------------- */

/* The text of the line of a place, without blanks around it. */
Str lint_baseline_line(const Lint *l, Span at);
Str lint_baseline_key(Arena *a, Str path, Str check, uint64_t line);

#endif

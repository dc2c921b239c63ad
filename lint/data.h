/* SPDX-License-Identifier: MIT
 * The tables of facts that checks look up: those that are compiled in (data.def), or what an override file puts in their place
 * (docs/lint-data.md). */
#ifndef SIGMAC_LINT_DATA_H
#define SIGMAC_LINT_DATA_H

#include "base/diag.h"
#include "compiler/attack.h"
#include "lint/sources.h"
#include "lint/tables.h"

typedef struct {
  const LintWords *namespaces; /* NULL: those that have a check of their own */
  const LintWords *d3fend;
  const LintWords *spdx; /* identifiers of licences */
  AttackTable attack;
  const LintPrefix *prefixes; /* ascending */
  unsigned n_prefixes;
  LintSources sources;
} LintData;
void lint_data_init(LintData *data); /* those that are compiled in */

/* Replaces the tables that the text of an override file names. False, with diagnostics, where it has a fault: then `data` is as
 * it was. `file` is a number in sources; what is read lives in the arena. */
bool lint_data_read(LintData *data, Sources *sources, uint32_t file, Arena *arena, Diags *diags);

#endif

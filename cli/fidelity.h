/* SPDX-License-Identifier: MIT
 * How faithful translations are: counted for the summary, listed for `translate --report`. */
#ifndef SIGMAC_CLI_FIDELITY_H
#define SIGMAC_CLI_FIDELITY_H

#include "base/buf.h"
#include "base/intern.h"
#include "base/vec.h"
#include "cli/library.h"

enum { FIDELITIES = 5 };
extern const char *const fidelity_name[FIDELITIES]; /* by sigmac_fidelity */

typedef struct {
  Intern ids;
  VEC(uint32_t) counts; /* by id */
} IdCounts;

typedef struct {
  Str path, title, id;
  uint32_t line, column;
  sigmac_fidelity fidelity;
  Str why;     /* ids of assumptions, or of the errors: each once */
  Str message; /* of the first error */
} FidelityRow;

typedef struct {
  Arena *arena;
  bool keep; /* rows, for the report */
  Str target;
  uint32_t documents, by_fidelity[FIDELITIES];
  uint32_t filters;             /* that changed rules: no documents of their own */
  IdCounts assumptions, errors; /* how many documents have the id */
  VEC(FidelityRow) rows;
} Fidelity;

void fidelity_begin(Fidelity *f, Arena *arena, Str target, bool keep);
void fidelity_add(Fidelity *f, const sigmac_translation *t);
/* Documents that are not even that. */
void fidelity_add_malformed(Fidelity *f, uint32_t n);
/* One line. */
void fidelity_summary(Buf *out, const Fidelity *f);
/* For people; `colour`: ANSI codes. */
void fidelity_text(Buf *out, const Fidelity *f, bool colour);
/* The object `{"target",...,"by_error":{...}}` of the counts. */
void fidelity_json(Buf *out, const Fidelity *f);

/* The first error of a document that has no query; NULL where there is none. */
const sigmac_diagnostic *first_error(const sigmac_translation *t);

#endif

/* SPDX-License-Identifier: MIT
 * Forms in which `translate` writes what became of a document. */
#ifndef SIGMAC_CLI_TRANSLATED_H
#define SIGMAC_CLI_TRANSLATED_H

#include "cli/fidelity.h"

typedef enum { TRANSLATED_TEXT, TRANSLATED_NDJSON, TRANSLATED_JSON, TRANSLATED_DEPLOY } TranslatedKind;

typedef struct {
  TranslatedKind kind;
  const sigmac_query_format *deploy; /* NULL for the others */
} TranslatedFormat;

/* By its name. JSON is for reports alone, deploy formats are for queries. */
bool translated_format_find(Str name, bool report, TranslatedFormat *out);
/* All names that may be given. */
Str translated_format_names(Arena *arena, bool report);
/* Of files that hold one document each. */
const char *translated_ending(TranslatedFormat format, Str target, Arena *arena);
/* Appends it; false where there is nothing to write, as of a refused rule in text. `alone`: there is no other document, so
 * that a query needs no heading; `first`: nothing stands before it, from which it would have to be kept apart. */
bool translated_put(Buf *out, const sigmac_translation *t, TranslatedFormat format, bool alone, bool first);
/* The whole report. */
void translated_report(Buf *out, const Fidelity *f, TranslatedFormat format, bool colour);

#endif

/* SPDX-License-Identifier: MIT
 * Parts of correlations as text, for disassembly and explanations. Everything is safe for a terminal. */
#ifndef SIGMAC_RUNTIME_CORRELATION_TEXT_H
#define SIGMAC_RUNTIME_CORRELATION_TEXT_H

#include "base/buf.h"
#include "runtime/program.h"

/* Metadata of a rule or correlation by number. */
const MetaRec *correlation_meta_of(const Program *p, uint32_t number);
/* The condition that is text, with the names of `rules` and no brackets that it does not need. */
void correlation_condition(Buf *out, const Program *p, const CorrRec *c, Arena *scratch);
/* Such as 5m, 36h, 90s. */
void correlation_timespan(Buf *out, const CorrRec *c);
/* A number from 0 to 100. */
void correlation_percentile(Buf *out, const CorrRec *c);
/* The field that the ref has for the i-th of group-by and condition. */
Str correlation_field(const Program *p, const CorrRefRec *r, uint32_t i);

#endif

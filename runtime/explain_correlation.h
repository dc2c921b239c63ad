/* SPDX-License-Identifier: MIT
 * Shared by the writers of explanations of correlations; nobody else includes it. */
#ifndef SIGMAC_RUNTIME_EXPLAIN_CORRELATION_H
#define SIGMAC_RUNTIME_EXPLAIN_CORRELATION_H

#include "runtime/correlation_text.h"
#include "runtime/explain_internal.h"

typedef struct {
  Buf *out;
  const Program *p;
  const CorrRec *c;
  Arena *scratch;
} Telling;

static inline const CorrRefRec *telling_ref(const Telling *t, uint32_t i) { return &t->p->CORRREFS[t->c->refs.first + i]; }

void explain_correlation_json(Telling *t);

#endif

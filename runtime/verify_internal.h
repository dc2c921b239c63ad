/* SPDX-License-Identifier: MIT
 * Shared by the files of the judge: verify.c, verify_correlations.c. Not for others. */
#ifndef SIGMAC_RUNTIME_VERIFY_INTERNAL_H
#define SIGMAC_RUNTIME_VERIFY_INTERNAL_H

#include "runtime/verify.h"

typedef struct {
  Program *p;
  ImageError *error;
} Verifier;

/* False, with the message. */
bool verify_refuse(Verifier *v, ImageStatus status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static inline bool range_ok(uint32_t first, uint32_t n, uint32_t size) { return first <= size && n <= size - first; }
static inline bool str_ok(const Program *p, StrRef r) { return range_ok(r.off, r.len, p->n_STRINGS); }
static inline bool list_ok(const Program *p, ListRef l) { return range_ok(l.first, l.n, p->n_LISTS); }
bool verify_metadata_ok(const Program *p, const MetaRec *r);

/* Everything that a correlator relies on; behind what is checked of lists. */
bool verify_correlations(Verifier *v);

#endif

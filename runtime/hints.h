/* SPDX-License-Identifier: MIT
 * Near misses: why a test does not hold for an event though whoever wrote it may have thought so. Each is a function and
 * a row in the table of hints.c. A hint is only given where trying it out on the event shows that it is to the point. */
#ifndef SIGMAC_RUNTIME_HINTS_H
#define SIGMAC_RUNTIME_HINTS_H

#include "base/buf.h"
#include "runtime/names.h"
#include "runtime/vm.h"

/* What the hints on one event share. */
typedef struct {
  Vm *vm;            /* with the present event */
  Arena *arena;      /* scratch */
  NamedValues names; /* of the event; made when first needed */
  bool named;
  uint32_t asked;     /* tests so far; after HINTS_TESTS there are no more hints */
  VEC(uint32_t) told; /* fields whose other name was told */
} Hints;

/* The names of the present event, made once. */
const NamedValues *hints_names(Hints *h);

typedef void HintSay(void *ctx, const char *id, Str text);

/* Calls back for the hints on a test of the present event, at most HINTS_MOST. Another name of a field is told once. */
enum { HINTS_MOST = 3, HINTS_TESTS = 200 };
void hints_on_test(Hints *h, uint32_t field, uint32_t test, bool held, HintSay *say, void *ctx);

/* Rows of the table, for docs and tests; NULL behind the last. */
typedef struct {
  const char *id, *doc;
} HintInfo;
const HintInfo *hint_info(unsigned i);

#endif

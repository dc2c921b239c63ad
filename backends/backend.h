/* SPDX-License-Identifier: MIT
 * Text backends: a plan (compiler/plan.h) → a query that agrees with the VM on every event, or a refusal that says where and
 * why. The walk, brackets, null guards, lists and types are shared (emit.c); a backend is spelling. */
#ifndef SIGMAC_BACKENDS_BACKEND_H
#define SIGMAC_BACKENDS_BACKEND_H

#include "backends/regex_effort.h"
#include "compiler/plan.h"

typedef enum {
#define ASSUMPTION(name, ...) ASSUME_##name,
#include "backends/assumptions.def"
#undef ASSUMPTION
  ASSUME_COUNT
} Assumption;

typedef struct {
  const char *id, *sentence, *normalisation;
  bool by_default;
} AssumptionInfo;
extern const AssumptionInfo assumption_info[ASSUME_COUNT];
/* ASSUME_COUNT where there is none with this id. */
Assumption assumption_find(Str id);

typedef struct Backend Backend; /* a row of backends.def */

typedef struct {
  unsigned assume;       /* 1 << Assumption: taken in addition to those that are taken by default */
  bool pretty;           /* laid out over lines; else one line */
  unsigned indent;       /* of the lines behind the first */
  RegexWork *regex_work; /* what judging regular expressions may still take; NULL: each has its own bound alone */
} PrintOptions;

typedef struct {
  Str text;         /* one statement without a line end behind it; of a correlation several, each on a line of its own */
  const Str *parts; /* these one by one */
  uint32_t n_parts;
  bool groups;      /* of a correlation: its rows are groups, not events */
  unsigned assumed; /* 1 << Assumption: what it rests on; 0: exact */
} Query;

/* By its name, such as eql; NULL where there is none. */
const Backend *backend_find(Str name);
extern const Backend *const backends[];
extern const unsigned backend_count;
const char *backend_name(const Backend *b);  /* eql */
const char *backend_title(const Backend *b); /* for messages: EQL */
Target backend_target(const Backend *b);

/* False after reporting to `diags` every construct that the target cannot express, at its place, with ids target-*. The text
 * is in the arena; the same plan gives the same bytes. */
bool backend_print(Query *out, const Backend *b, const Plan *plan, const PrintOptions *options, Arena *arena, Diags *diags);

#endif

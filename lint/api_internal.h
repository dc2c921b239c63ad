/* SPDX-License-Identifier: MIT
 * What the files behind the linting part of include/sigmac.h share. */
#ifndef SIGMAC_LINT_API_INTERNAL_H
#define SIGMAC_LINT_API_INTERNAL_H

#include "lint/lint.h"
#include "runtime/api.h"

struct sigmac_linter {
  Heap heap;
  Arena arena;
  Arena *round; /* of `lint`, where texts were fixed; NULL: it is in the arena */
  Lint lint;
  Intern seen;      /* files that paths led to, by their identity */
  Buf text;         /* of the present finding */
  uint32_t ignored; /* files */
  bool colour, finished, exhausted, busy;
  bool fixed; /* nothing can be added any more */
  bool ran;   /* the checks have run over the present texts */
};

/* Runs work that allocates, where the linter may be used for it; no callback may use it meanwhile. */
sigmac_status linter_work(sigmac_linter *l, void (*work)(void *), void *ctx);
/* The same, where files and settings may still be added. */
sigmac_status linter_add(sigmac_linter *l, void (*work)(void *), void *ctx);
/* The edits of a finding, in the arena. */
const sigmac_edit *linter_edits(Arena *arena, Sources *sources, const Finding *f);

#endif

/* SPDX-License-Identifier: MIT
 * The tables of facts that are compiled in, generated from lint/data/ (make tables). Their versions, sources and licences:
 * lint/data.def. */
#ifndef SIGMAC_LINT_TABLES_H
#define SIGMAC_LINT_TABLES_H

#include "base/str.h"

/* Words in lower case, ascending by bytes. */
typedef struct {
  const char *const *p;
  unsigned n;
} LintWords;
extern const LintWords d3fend_words, spdx_words;

/* Letter case aside. */
bool lint_words_have(const LintWords *words, Str word);

/* How file names of rules begin, by log source; an empty word: none. Ascending. */
typedef struct {
  const char *product, *category, *service, *prefix;
} LintPrefix;
extern const LintPrefix lint_prefixes[];
extern const unsigned lint_prefix_count;

/* The prefix of just this log source; NULL. */
const char *lint_prefix_find(const LintPrefix *p, unsigned n, Str product, Str category, Str service);

#endif

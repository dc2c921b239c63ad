/* SPDX-License-Identifier: MIT
 * Log sources of the Sigma taxonomy, with the fields of their events. The table is compiled in (data/logsources.tsv →
 * logsource_fields_table.c, make tables); its version, its sources and their notices stand there. */
#ifndef SIGMAC_LINT_SOURCES_H
#define SIGMAC_LINT_SOURCES_H

#include "compiler/rule.h"

typedef struct {
  const char *const *p; /* sorted by the letters in lower case, then by bytes */
  unsigned n;
} LintNames;

typedef struct {
  const char *product, *category, *service; /* empty: none */
  const char *definition;                   /* what `definition` should say; empty: nothing certain */
  LintNames fields;                         /* none: not known, anything goes */
  LintNames redundant;                      /* fields that the log source settles */
  LintNames providers;                      /* of a category of Windows: who writes its events */
  uint16_t events[4], n_events;             /* of a category of Windows */
} LintSource;
extern const LintSource lint_sources[]; /* sorted by product, category, service */
extern const unsigned lint_source_count;

/* That table, or one that stands in its place. */
typedef struct {
  const LintSource *p;
  unsigned n;
} LintSources;

/* The log source with just these three; NULL where there is none. */
const LintSource *lint_source_find(const LintSources *sources, const Logsource *l);
/* The order of names. */
int lint_names_compare(const char *a, const char *b);
bool lint_names_have(const LintNames *names, Str name);
/* The name that differs at most in letter case, or is the same; NULL. */
const char *lint_names_case(const LintNames *names, Str name);
/* Edits between a word and one of the table; 3 where they are more than 2, or where it would be another word: all of a short one. */
unsigned lint_edits(Str word, const char *known);
/* The name one or two edits away; NULL. */
const char *lint_names_near(const LintNames *names, Str name);

typedef enum { LINT_PRODUCT, LINT_CATEGORY, LINT_SERVICE, LINT_COUNT } LintPart;
extern const char *const lint_part_name[LINT_COUNT];
const char *lint_source_part(const LintSource *s, LintPart part);
const Text *lint_rule_part(const Logsource *l, LintPart part);

#endif

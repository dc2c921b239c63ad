/* SPDX-License-Identifier: MIT
 * Shared by the files of the pass: correlate.c (order and references), correlate_fields.c (fields), correlate_asked.c (fields under
 * pipelines), correlate_records.c (records), correlate_meaning.c (what state is kept under). Not for others. */
#ifndef SIGMAC_COMPILER_CORRELATE_INTERNAL_H
#define SIGMAC_COMPILER_CORRELATE_INTERNAL_H

#include "base/intern.h"
#include "compiler/correlate.h"

enum { NO_NUMBER = UINT32_MAX };

/* What a reference leads to. In the order of `rules`; one that is named twice (by name and by id, say) is there once, but for
 * temporal_ordered, where it stands for two events. */
typedef struct {
  uint32_t document;
  uint32_t at;       /* in `rules` */
  const Str *fields; /* of group-by, then of the condition, as this document's events have them */
  uint32_t another;  /* of the same document, NO_NUMBER: none */
} Ref;

typedef struct {
  uint32_t document;
  Ref *refs;
  uint32_t n_refs;
  uint32_t *ref_of;  /* by place in `rules`: number in refs */
  const Str *fields; /* as the correlation has them: those of most refs, which share the array */
  uint32_t n_fields;
} Corr;

/* Numbers of fields in the image, ascending. */
typedef struct {
  uint32_t *p;
  uint32_t n;
} Needs;

typedef struct {
  uint32_t number; /* in the image; NO_NUMBER: not there */
  uint32_t chain;  /* correlations from here down, itself included; a rule: 0 */
  uint32_t first;  /* of the correlation at work: its first ref to this; NO_NUMBER: none */
  bool silent, correlated;
  Needs needs;
  uint64_t meaning;
  Intern asked;         /* with pipelines: what correlations call the fields that they need, and ... */
  const Asked *answers; /* ... what these are in the events; NULL: not known, since it is refused */
} Node;

struct Correlating {
  RuleSet *set;
  Linker *linker;
  Arena *arena;
  Diags *diags;
  bool renames;   /* there are pipelines */
  Node *nodes;    /* by document */
  VEC(Corr) list; /* in the order of the image */
};

static inline Rule *corr_rule(const Correlating *c, const Corr *corr) { return &c->set->list.p[corr->document]; }

/* correlate_fields.c: the names that each ref has for the fields, by the aliases. */
void correlate_names(Correlating *c, Corr *corr);
void correlate_set_name(Correlating *c, const Corr *corr, Ref *ref, uint32_t i, Str name);
/* What correlations need of the events of each document, from the last correlation to the first. Refuses those that need too much;
 * marked as broken. */
void correlate_needs(Correlating *c);

/* correlate_asked.c: collects the questions; and puts the answers in, or refuses those that get none. */
void correlate_ask(Correlating *c);
void correlate_rename(Correlating *c);

/* correlate_records.c */
void correlate_record(Correlating *c, Corr *corr);
void correlate_marks(Correlating *c);

/* correlate_meaning.c */
uint64_t correlate_rule_meaning(const Correlating *c, uint32_t number);
uint64_t correlate_meaning(const Correlating *c, const Corr *corr, const CorrRec *rec);

#endif

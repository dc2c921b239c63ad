/* SPDX-License-Identifier: MIT
 * What a target is like: `vars.sigmac` of all pipelines of a run, as one (docs/pipelines.md). Types of fields, tables, fields
 * that are computed or never there, and sources: which log source is in which table. Read-only once it is finished. */
#ifndef SIGMAC_COMPILER_MODEL_H
#define SIGMAC_COMPILER_MODEL_H

#include "compiler/kinds.h"
#include "compiler/pipeline.h"

/* One computed field, or a generic one: an expression for each name that a use of its group lists. */
typedef struct {
  Str name; /* empty: generic */
  Span at;
  FieldType type;
  Str expr; /* KQL; of a generic one with `{name}` */
  /* A field made of two, by rewriting (parts.h): first, `by`, last. */
  bool parts;
  Str first, last;
  char by;
} ModelStep;

typedef struct {
  VEC(ModelStep) steps;
  Intern names;        /* of steps that have one ... */
  VEC(uint32_t) first; /* ... and the first step with it */
  uint32_t generic;    /* the first generic step; UINT32_MAX: none */
} ModelGroup;

/* A group as a source uses it. */
typedef struct {
  Text group;
  const ModelGroup *to; /* by model_finish */
  bool some;            /* only these names ... */
  Intern only;          /* ... and helpers, which begin with `_` */
} ModelUse;

typedef struct {
  Intern fields;
} AbsentList;

/* What an entry of `sources` says; a list of log sources shares it. */
typedef struct {
  Span at;
  Text table, category_keyword, covered_by;
  VEC(ModelUse) uses;
  VEC(Text) absent;              /* names of lists ... */
  VEC(const AbsentList *) lists; /* ... and the lists, by model_finish */
  const TypeTable *columns;      /* of the table; NULL: no table */
} ModelEntry;

typedef struct {
  Str category, product, service; /* empty: not named */
  const ModelEntry *entry;
} ModelSource;

struct Model {
  Arena *arena;
  Sources *texts;
  Diags *diags;
  Target target;
  Text time;
  TypeTable fields;           /* EQL */
  Intern tables;              /* KQL */
  VEC(TypeTable *) columns;   /* by number in tables */
  Intern groups;              /* computed */
  VEC(ModelGroup *) group_of; /* by number in groups */
  Intern absent;
  VEC(AbsentList *) absent_of;
  VEC(ModelEntry *) entries;
  VEC(ModelSource) sources; /* of the last pipeline first, else as in the file */
  TextList table_fields;    /* names under which an event may tell its own table */
  Kinds kinds;              /* for wide rules */
};

/* From the `vars.sigmac` of finished pipelines; *out is NULL where none has one. False after reporting an error. */
bool model_read(Model **out, const Pipelines *pipelines, Sources *texts, Arena *arena, Diags *diags);

/* The source of a log source: the one with the most attributes of those whose attributes it all has, the first on a tie; NULL
 * where there is none. */
const ModelSource *model_select(const Model *m, const Logsource *of);
/* Where there is none: all sources that have every attribute of the log source, each log source once. */
typedef VEC(const ModelSource *) ModelSources;
void model_select_wide(ModelSources *out, const Model *m, const Logsource *of, Arena *arena);
/* The log source of a source, with the place of a rule's. */
Logsource model_logsource(const ModelSource *s, const Logsource *of);

/* Whether an absent list of the source has the field. */
bool model_is_absent(const ModelEntry *e, Str field);
/* The computed field of this name, the first where groups give it twice, and its place in the order of the file; NULL where
 * the source has none. */
const ModelStep *model_computed(const ModelEntry *e, Str name, uint64_t *order);
#endif

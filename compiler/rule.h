/* SPDX-License-Identifier: MIT
 * Documents: YAML trees → rules, correlations and filters, with all metadata checked (semantics 1, 2, 11.1-11.2, 12).
 * Legacy `action:` documents are merged here. A document with an error is reported, marked `broken`, and kept, so that
 * others that refer to it are not reported for it. Names, spans and the YAML tree stay for later users (lint). */
#ifndef SIGMAC_COMPILER_RULE_H
#define SIGMAC_COMPILER_RULE_H

#include "base/intern.h"
#include "compiler/yaml.h"
#include "runtime/program.h"

typedef enum { DOC_RULE, DOC_CORRELATION, DOC_FILTER } DocKind;

typedef struct {
  Str text;
  Span at;
} Text; /* p == NULL: absent */

typedef struct {
  Text *p;
  uint32_t n;
} TextList;

typedef struct {
  Text category, product, service, definition;
  Span at;
} Logsource;

/* One search identifier. */
typedef struct {
  Str name;
  Span name_at;
  const YamlNode *node;
} Detection;

typedef struct {
  CorrelationOp op;
  Str number; /* canonical decimal text */
} Threshold;

typedef struct {
  Text alias, rule, field;
} CorrelationAlias;

typedef struct {
  CorrelationType type;
  TextList rules, group_by, fields; /* fields: of the condition; one, or several for value_count */
  uint64_t timespan;                /* seconds */
  Threshold *thresholds;
  uint32_t n_thresholds;
  uint32_t percentile;            /* times CORR_PERCENTILE_ONE */
  const YamlNode *text_condition; /* temporal types: boolean over rule references; NULL else ... */
  const struct Cond *text_tree;   /* ... and what it says; names are those of `rules` */
  CorrelationAlias *aliases;
  uint32_t n_aliases;
  bool generate;
} Correlation;

typedef struct {
  bool any;       /* rules: any */
  TextList rules; /* ids or names */
  Span at;        /* of the value of `rules` */
} Filter;

typedef struct {
  DocKind kind;
  bool broken; /* an error was reported: not compiled */
  uint32_t file;
  Span at;              /* the document */
  const YamlNode *root; /* after merging of `action:` documents */
  Text title, id, name, status, level, taxonomy, description, author, license, date, modified;
  TextList tags, references, falsepositives, fields, scope;
  Logsource logsource;
  /* DOC_RULE and DOC_FILTER */
  Detection *detections; /* search identifiers in source order */
  uint32_t n_detections;
  const YamlNode **conditions; /* texts; one for a filter */
  uint32_t n_conditions;
  Correlation correlation; /* DOC_CORRELATION */
  Filter filter;           /* DOC_FILTER */
} Rule;

typedef struct {
  VEC(Rule) list;        /* in the order of files and documents */
  Intern names;          /* made by rules_resolve: ids in lower case, and names ... */
  VEC(uint32_t) by_name; /* ... and the document that each stands for */
} RuleSet;

/* Adds all documents of a file. False when an error was reported. */
bool rules_read(RuleSet *set, const YamlDocs *docs, uint32_t file, Arena *arena, Diags *diags);
/* One of a file of which only filters are wanted: any other kind is an error. */
void rule_expect_filter(Rule *rule, Diags *diags);
/* After all files: resolves the references of correlations and filters by id (letter case ignored) or name, finds
 * circles, warns of ids and names used twice. Marks documents broken. */
bool rules_resolve(RuleSet *set, Arena *arena, Diags *diags);
/* The document with this id or name; NULL where there is none. */
const Rule *rules_find(const RuleSet *set, Str reference);

/* A positive integer and a unit, such as 5m (semantics 12.3). */
bool timespan_parse(Str s, uint64_t *seconds);

#endif

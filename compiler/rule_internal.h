/* SPDX-License-Identifier: MIT
 * Shared by the files that make documents: rule.c (kinds, detections), documents.c (legacy actions), meta.c
 * (metadata), correlation.c (correlations and filters). Not for others. */
#ifndef SIGMAC_COMPILER_RULE_INTERNAL_H
#define SIGMAC_COMPILER_RULE_INTERNAL_H

#include "compiler/rule.h"

typedef struct {
  Arena *arena;
  Diags *diags;
  uint32_t file;
  Rule *rule; /* being made */
} DocReader;

/* A place for what is missing: the start of the document. */
Span doc_start(const DocReader *r);

/* meta.c: all attributes that every kind of document has. Reports all errors. */
void read_metadata(DocReader *r);
bool is_uuid(Str s);
bool read_logsource(DocReader *r, DiagId missing);
/* A list of texts; `single`: one text stands for a list of one. False after reporting an error under id. */
bool read_texts(DocReader *r, TextList *out, const YamlNode *n, const char *what, DiagId id, bool single);

/* rule.c: search identifiers of a map, all keys but those that are not identifiers there. */
void read_detections(DocReader *r, const YamlNode *map, const char *const *not_identifiers);

/* correlation.c */
void read_correlation(DocReader *r);
void read_filter(DocReader *r);

/* documents.c: merges legacy `action:` documents of a file. *doc becomes the document to read, or NULL where it is none.
 * False after reporting an error. */
typedef struct {
  const YamlNode *global, *previous;
  uint64_t nodes; /* of all documents that were merged in this file: LIMIT_YAML_NODES */
} Actions;
bool merge_actions(Actions *state, const YamlNode **doc, Arena *arena, Diags *diags);

#endif

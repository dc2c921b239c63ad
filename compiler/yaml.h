/* SPDX-License-Identifier: MIT
 * The only file, with yaml_tokens.c, that sees libyaml. Text of a file → trees of nodes, one per document, with byte-exact spans (libyaml's
 * marks count characters and are not trusted for more than where to look), scalars resolved by the YAML 1.2 core
 * schema (YAML 1.2.2, 10.3.2; semantics 1.7), limits on depth, nodes and aliases. Nodes live in the arena and point
 * into the source text where they can. libyaml allocates by malloc alone; where it gets no memory, the heap of the arena
 * counts as exhausted. */
#ifndef SIGMAC_COMPILER_YAML_H
#define SIGMAC_COMPILER_YAML_H

#include "base/diag.h"

typedef enum { YAML_SCALAR, YAML_LIST, YAML_MAP } YamlKind;
typedef enum { SCALAR_TEXT, SCALAR_NULL, SCALAR_BOOL, SCALAR_INT, SCALAR_FLOAT, SCALAR_NONFINITE } ScalarType;

typedef struct YamlNode YamlNode;
typedef struct {
  const YamlNode *key, *value; /* the key is a scalar, taken by its text */
} YamlPair;

/* Rules are mostly nodes while they are compiled, so this is kept small. */
struct YamlNode {
  Span at; /* without anchor and tag; a quoted scalar with its quotes; a block scalar from its `|` or `>` */
  YamlKind kind : 8;
  /* YAML_SCALAR */
  ScalarType type : 8;
  bool plain : 1;     /* neither quoted nor block */
  bool exact : 1;     /* text is the source bytes from at.start + quote on: sub-spans may be given */
  bool truth : 1;     /* SCALAR_BOOL */
  uint32_t inset : 1; /* 1 for quoted scalars, else 0: text starts at at.start + inset */
  uint32_t n;         /* YAML_LIST, YAML_MAP */
  uint32_t size;      /* nodes in this tree with aliases expanded, a long text counted as several; at least 1 */
  Str text;           /* the characters */
  union {
    Str number;             /* SCALAR_INT, SCALAR_FLOAT: canonical decimal text (base/decimal.h) */
    const YamlNode **items; /* YAML_LIST */
    const YamlPair *pairs;  /* YAML_MAP, in source order */
  };
};

typedef struct {
  VEC(const YamlNode *) docs; /* in order; empty documents are left out */
  VEC(Span) spans;            /* of each document, from its first node to its end */
  uint32_t broken;            /* documents that could not be used */
  bool properties; /* an anchor, an alias or a tag stands somewhere: nodes may be shared, or not of the type of their text */
} YamlDocs;

/* Parses a whole file. A document that is not well-formed is reported and the next one is tried; false when at least
 * one error was reported. File is a number in sources. */
bool yaml_parse(YamlDocs *out, Sources *sources, uint32_t file, Arena *arena, Diags *diags);

/* The next line behind `from` that starts a document: `---` and a blank, or directives in front of it; SIZE_MAX. YAML forbids
 * such a line inside of a scalar. */
size_t yaml_next_document(Str text, size_t from);

/* The value of a key; NULL where there is none. */
const YamlNode *yaml_get(const YamlNode *map, const char *key);
/* The key itself, for its span. */
const YamlNode *yaml_key(const YamlNode *map, const char *key);
static inline bool yaml_is_text(const YamlNode *n) { return n && n->kind == YAML_SCALAR && n->type == SCALAR_TEXT; }
static inline bool yaml_is_null(const YamlNode *n) { return n && n->kind == YAML_SCALAR && n->type == SCALAR_NULL; }
/* Span of bytes [from, to) of a scalar's text: exact where the node is, else the whole node. */
Span yaml_sub_span(const YamlNode *scalar, size_t from, size_t to);
/* Of kinds, scalars and structure: layout and comments do not count. */
uint64_t yaml_hash(const YamlNode *n, uint64_t seed);
/* "a map", "a list", "text", "a number" ...: for messages. */
const char *yaml_kind_words(const YamlNode *n);

#endif

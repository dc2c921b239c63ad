/* SPDX-License-Identifier: MIT
 * The tokens of a YAML file, for what a tree of nodes no longer shows: blanks, comments, indentation, anchors, tags. Every
 * document is tried, also behind one that is not well-formed. */
#ifndef SIGMAC_COMPILER_YAML_TOKENS_H
#define SIGMAC_COMPILER_YAML_TOKENS_H

#include "base/diag.h"

typedef enum {
  TOKEN_START, /* of the text, or of a document behind one that is broken */
  TOKEN_END,   /* of the text, or where it could not be read on */
  TOKEN_DIRECTIVE,
  TOKEN_DOCUMENT_START, /* --- */
  TOKEN_DOCUMENT_END,   /* ... */
  TOKEN_BLOCK_MAP,      /* nothing is written for it; at its first key */
  TOKEN_BLOCK_LIST,     /* the same; missing for a list that stands in the column of its key */
  TOKEN_BLOCK_END,
  TOKEN_FLOW_MAP,      /* { */
  TOKEN_FLOW_MAP_END,  /* } */
  TOKEN_FLOW_LIST,     /* [ */
  TOKEN_FLOW_LIST_END, /* ] */
  TOKEN_ENTRY,         /* - */
  TOKEN_COMMA,
  TOKEN_KEY,   /* `?`, or nothing */
  TOKEN_VALUE, /* : */
  TOKEN_ALIAS,
  TOKEN_ANCHOR,
  TOKEN_TAG,
  TOKEN_SCALAR
} YamlTokenKind;

typedef struct {
  YamlTokenKind kind;
  uint32_t start, end; /* bytes in the file */
  uint32_t column;     /* characters before it in its line */
  bool plain;          /* a scalar: neither quoted nor block */
  bool failed;         /* TOKEN_END: a fault of the text, which reading its tree reports */
} YamlToken;

typedef struct {
  VEC(YamlToken) list;
} YamlTokens;

/* Nothing where the text is not UTF-8. What is nested deeper than a tree may be is left out, as far as the next document. */
void yaml_tokens(YamlTokens *out, Sources *sources, uint32_t file, Arena *arena);

#endif

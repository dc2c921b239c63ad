/* SPDX-License-Identifier: MIT
 * What the checks of tokens share: the window of a token, and what is open around it. */
#ifndef SIGMAC_LINT_CHECKS_YAML_H
#define SIGMAC_LINT_CHECKS_YAML_H

#include "compiler/yaml_tokens.h"
#include "lint/lint.h"

/* A map or list that is open. */
typedef struct {
  YamlTokenKind kind; /* of the token that began it */
  uint32_t column;    /* of its keys and entries where they begin a line */
  uint32_t indent;    /* of the line that it began in */
  uint32_t anchor;    /* UINT32_MAX: none */
  uint32_t before;    /* nodes of the document in front of it */
  bool unindented;    /* a list in the column of its key, which has no tokens for start and end */
  bool pair;          /* `[a: b]`: the present entry is a map */
} Frame;

typedef struct {
  uint32_t size; /* nodes; 0 where its end was not seen yet */
} AnchorSize;

typedef struct {
  Lint *lint;
  const LintFile *file;
  Arena *arena;
  const YamlToken *tokens;
  uint32_t n, i; /* the present token is tokens[i] */
  /* of the present document */
  VEC(Frame) open;
  unsigned depth;
  uint32_t indent; /* of the present line */
  uint32_t want;   /* column of the next node, if it begins a line */
  bool after_key;  /* the next node is a key: its column is that of its map */
  bool deep, large;
  bool reindented; /* a finding has the fix of the whole document */
  Intern names;    /* of anchors */
  VEC(AnchorSize) anchors;
  uint32_t pending; /* anchor of the node that comes; UINT32_MAX: none */
  uint32_t nodes, expanded;
} TokenCheck;

static inline Span token_span(const TokenCheck *c, const YamlToken *t) {
  return (Span){c->file->file, t->start, t->end > t->start ? t->end : t->start + (t->start < c->file->text.n)};
}

/* Forgets the document before. */
void token_document(TokenCheck *c);
/* Follows what is open: yaml-indent, yaml-depth and yaml-alias-limit. */
void token_structure(TokenCheck *c);
/* A fix of the newest report: the indentation of the document that the present token is in. */
void token_reindent(const TokenCheck *c);
/* A fix of the newest report: the present token, an anchor, goes, and its aliases are written out. */
void fix_anchor(const TokenCheck *c);
/* A fix of the newest report, which is of yaml-tab. */
void fix_tabs(Lint *lint, Span at);
/* yaml-spacing and yaml-comment-style. */
void token_spacing(const TokenCheck *c);
void token_comments(const TokenCheck *c);

/* Whether a file may have a token that a check would report; false: it has none, but for yaml-indent. */
bool yaml_suspicious(Str text);

#endif

/* SPDX-License-Identifier: MIT
 * Text patterns: literals, wildcards, and placeholders that are not resolved yet (semantics 6, 9.15). */
#ifndef SIGMAC_COMPILER_PATTERN_H
#define SIGMAC_COMPILER_PATTERN_H

#include "base/buf.h"
#include "base/vec.h"
#include "runtime/pred.h"

typedef enum { PAT_LITERAL, PAT_ANY, PAT_ONE, PAT_DASH, PAT_PLACEHOLDER } PatKind;

typedef struct {
  PatKind kind;
  Str text; /* LITERAL: characters; PLACEHOLDER: the name */
} PatPart;

typedef struct {
  PatPart *p;
  uint32_t n;
} Pattern; /* adjacent literals are one part; an empty pattern has no parts */

/* Rule text with its wildcards and escapes (semantics 6.2). */
Pattern pattern_parse(Arena *a, Str text);
/* The same, with `%name%` as placeholders and `\%` as a plain percent sign. */
Pattern pattern_parse_placeholders(Arena *a, Str text);
/* Characters as they are, with `%name%` as placeholders. */
Pattern pattern_find_placeholders(Arena *a, Str text);
/* Source of a regular expression: literal text and placeholders only. */
Pattern pattern_parse_regex(Arena *a, Str source);
Pattern pattern_literal(Arena *a, Str text);
/* A pattern of these parts; adjacent literals become one, empty ones are left out. */
Pattern pattern_of(Arena *a, const PatPart *parts, uint32_t n);
/* A pattern with texts of its own. */
Pattern pattern_copy(Arena *a, const Pattern *p);
/* Joins two patterns; adjacent literals become one. */
Pattern pattern_join(Arena *a, Pattern x, Pattern y);
bool pattern_same(const Pattern *x, const Pattern *y); /* part by part, letter case counts */
bool pattern_has_wildcard(const Pattern *p);           /* *, ?, dash class */
bool pattern_has_placeholder(const Pattern *p);
/* The characters of a pattern without wildcards and placeholders. */
Str pattern_text(Arena *a, const Pattern *p);
/* Adds `*` at an end, unless one is there (semantics 9.2). */
Pattern pattern_open(Arena *a, Pattern p, bool start, bool end);
/* Rule text that parses to the pattern again. */
Str pattern_print(Arena *a, const Pattern *p);
void pattern_write(Buf *out, const Pattern *p);

#endif

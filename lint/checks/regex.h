/* SPDX-License-Identifier: MIT
 * What checks of regular expressions share. What they find lives in the arena of the item, which ends with the call. */
#ifndef SIGMAC_LINT_CHECKS_REGEX_H
#define SIGMAC_LINT_CHECKS_REGEX_H

#include "lint/lint.h"
#include "runtime/regex_tree.h"

/* --- what a tree says ---------------------------------------------------------------------------------------- */

/* A character but for line feeds, or any at all, any number of times. */
bool regex_is_any(const RegexNode *n);
/* The parts that follow one another: the kids of a CAT, those of CATs among them in their place, or the node itself. */
typedef VEC(const RegexNode *) RegexParts;
void regex_parts(RegexParts *out, const RegexNode *n, Arena *arena);
/* Found in every text, the empty one too. */
bool regex_always_matches(const RegexNode *root, Arena *arena);

typedef enum { PLAIN_NONE, PLAIN_EQUAL, PLAIN_START, PLAIN_END, PLAIN_CONTAINS } PlainKind;
typedef struct {
  PlainKind kind;
  Str text;
  bool cased; /* it has letters, and their case counts */
} RegexPlain;
/* Whether the pattern finds just the texts that have a plain one at their start, at their end, anywhere, or are it. */
RegexPlain regex_plain(const RegexNode *root, Str pattern, Arena *arena);

typedef struct {
  bool start, end; /* `.*` stands there, and says nothing */
  Str rest;        /* the pattern without */
} RegexAffix;
RegexAffix regex_affix(const RegexNode *root, Str pattern, Arena *arena);

/* --- checks of an item --------------------------------------------------------------------------------------- */

/* A value of an item with `re`, and what is known of it; nothing where the pattern is not portable. */
typedef struct {
  const YamlNode *node;
  RegexPlain plain;
  RegexAffix affix;
} RegexValue;

typedef struct {
  const LintAt *at;
  unsigned flags; /* of the modifiers */
  RegexValue *values;
  uint32_t n;
  Arena *arena;
} RegexItem;

/* Flags of the modifier, or 0: `i`, `m`, `s` and their long names. */
unsigned regex_modifier_flag(Str name);

void regex_check_plain(Lint *l, const RegexItem *item);
void regex_check_affix(Lint *l, const RegexItem *item);
void regex_check_flag(Lint *l, const RegexItem *item);

/* The text in single quotes, as YAML has it. False where it has control characters. */
bool regex_quoted(Str *out, Str text, Arena *arena);
/* Adds to the fix of the newest report: another key for the item, unless its map has that key already. False: there is no fix now. */
bool regex_edit_key(Lint *l, const RegexItem *item, Str key);
/* The same for a value. */
bool regex_edit_value(Lint *l, const RegexItem *item, uint32_t value, Str text);

#endif

/* SPDX-License-Identifier: MIT
 * Leaf predicates: (values of a field, operand) → bool. The kinds and what they mean are in pred.def; their
 * semantics are those of docs (values: section 5, patterns: 6, modifiers: 9). */
#ifndef SIGMAC_RUNTIME_PRED_H
#define SIGMAC_RUNTIME_PRED_H

#include "base/str.h"

typedef enum {
#define PRED(name, word, operand, scope, doc) PRED_##name,
#include "runtime/pred.def"
#undef PRED
  PRED_COUNT
} PredKind;

typedef enum {
  OPERAND_NONE,
  OPERAND_TEXT,
  OPERAND_PATTERN,
  OPERAND_REGEX,
  OPERAND_NET,
  OPERAND_NUMBER,
  OPERAND_BOOL,
  OPERAND_FIELD,
  OPERAND_TIME
} OperandKind;
typedef enum { SCOPE_VALUE, SCOPE_FIELD } PredScope;

typedef struct {
  const char *name, *word;
  OperandKind operand;
  PredScope scope;
  const char *doc;
} PredInfo;

extern const PredInfo pred_info[PRED_COUNT];
extern const char *const operand_kind_name[];

/* Parts of a pattern (GLOB). */
typedef enum { PART_LITERAL, PART_ANY, PART_ONE, PART_DASH, PART_COUNT } PartKind;
/* PART_DASH: one of the dashes and slashes that windash takes for one another (semantics 9.11). */
enum { DASH_VARIANTS = 5 };
extern const Str dash_variants[DASH_VARIANTS]; /* - / en dash, em dash, horizontal bar */

typedef enum { REGEX_IGNORECASE = 1, REGEX_MULTILINE = 2, REGEX_DOTALL = 4, REGEX_FLAGS = 7 } RegexFlags;

/* FIELDREF: with both, contains; with neither, equality. */
typedef enum { REF_OPEN_START = 1, REF_OPEN_END = 2, REF_FLAGS = 3 } RefFlags;

typedef enum { TIME_MINUTE, TIME_HOUR, TIME_DAY, TIME_WEEK, TIME_MONTH, TIME_YEAR, TIME_PART_COUNT } TimePart;
typedef enum { CMP_EQ, CMP_LT, CMP_LTE, CMP_GT, CMP_GTE, CMP_COUNT } Compare;
extern const char *const time_part_name[TIME_PART_COUNT];
extern const char *const compare_sign[CMP_COUNT];

#endif

/* SPDX-License-Identifier: MIT
 * What a pipeline or a query can be for. A target has a word here and a row in backends/backends.def. */
#ifndef SIGMAC_COMPILER_TARGET_H
#define SIGMAC_COMPILER_TARGET_H

#include "base/str.h"

typedef enum { TARGET_NONE, TARGET_EQL, TARGET_KQL, TARGET_COUNT } Target;

/* In pipelines, on the command line, and for backends and deploy formats. */
#define WORD_OF_TARGET_EQL "eql"
#define WORD_OF_TARGET_KQL "kql"
#define WORDS_OF_TARGETS   WORD_OF_TARGET_EQL " or " WORD_OF_TARGET_KQL

extern const char *const target_word[TARGET_COUNT]; /* empty for TARGET_NONE */
/* TARGET_NONE where there is none of this word. */
Target target_find(Str word);

#endif

/* SPDX-License-Identifier: MIT
 * Characters that cannot be seen, or that word processors put in the place of ASCII ones. */
#ifndef SIGMAC_LINT_CHECKS_CHARACTERS_H
#define SIGMAC_LINT_CHECKS_CHARACTERS_H

#include "base/str.h"

typedef enum {
  CHAR_PLAIN,
  CHAR_ZERO_WIDTH,
  CHAR_JOINER, /* of emoji and of some scripts, where it has no width either */
  CHAR_BIDI,
  CHAR_BLANK,
  CHAR_DASH,
  CHAR_QUOTE,
  CHAR_KINDS
} CharKind;
extern const char *const char_kind_words[CHAR_KINDS]; /* what is said of it */

typedef struct {
  size_t at, n; /* bytes */
  uint32_t cp;
  CharKind kind;
} Special;

/* The next one at byte i or behind it. */
bool next_special(Str s, size_t i, Special *out);
/* What stands for it in ASCII; empty: nothing. */
Str char_ascii(uint32_t cp, CharKind kind);

#endif

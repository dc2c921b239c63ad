/* SPDX-License-Identifier: MIT
 * The words of a condition as it is written: for what its tree no longer has, such as brackets. */
#ifndef SIGMAC_LINT_CHECKS_CONDITION_WORDS_H
#define SIGMAC_LINT_CHECKS_CONDITION_WORDS_H

#include "lint/lint.h"

typedef struct {
  Str text;      /* `(`, `)`, a word, or another character */
  size_t at, to; /* bytes of the condition */
} ConditionWord;

static inline bool condition_is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
/* Of a name, a pattern or an operator. */
static inline bool condition_is_word(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_' || c == '-' || c == '*'; }

/* The word at or behind `from`; empty at the end. */
static inline ConditionWord condition_word(Str s, size_t from) {
  while (from < s.n && condition_is_blank(s.p[from])) from++;
  size_t to = from;
  while (to < s.n && condition_is_word(s.p[to])) to++;
  if (to == from && to < s.n) to++;
  return (ConditionWord){str_sub(s, from, to), from, to};
}

#endif

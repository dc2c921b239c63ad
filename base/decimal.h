/* SPDX-License-Identifier: MIT
 * Numbers as they are written. Two numbers are compared as the decimal numbers that their spellings denote: exact
 * for integers and fractions of any length, with no rounding to double anywhere. */
#ifndef SIGMAC_BASE_DECIMAL_H
#define SIGMAC_BASE_DECIMAL_H

#include "base/arena.h"

/* 0.d1 d2 d3 ... times ten to the power `exp`; borrows the digits from the parsed text. */
typedef struct {
  const char *p; /* first significant digit; a '.' may stand among the digits */
  uint32_t n;    /* bytes from there to the last significant digit */
  bool negative;
  int64_t exp; /* saturates far outside of anything that is written */
} Decimal;     /* n == 0 is zero */

/* `[+-]? digits ( . digits )? ( [eE] [+-]? digits )?` and nothing else. */
bool decimal_parse(Decimal *out, Str text);
int decimal_cmp(const Decimal *a, const Decimal *b); /* <0, 0, >0 */

/* The canonical text of an integer: `[+-]?digits`, `0x` or `0o` digits (YAML 1.2 core); no leading zeros, no plus
 * sign, no `-0`. False where text is no integer. */
bool decimal_canonical_int(Str *out, Str text, Arena *a);
/* The canonical text of a float (YAML 1.2 core, finite): the shortest decimal that reads back as the same double,
 * without exponent from 1e-6 up to 1e21, without a trailing `.0`. False where text is no float or not finite. */
bool decimal_canonical_float(Str *out, Str text, Arena *a);
/* Whether text is a number in the syntax of YAML 1.2 core at all, be it one that no double can hold. */
bool decimal_syntax(Str text);

#endif

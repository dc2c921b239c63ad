/* SPDX-License-Identifier: MIT
 * Literals: what both targets need of texts and patterns before they can be spelled. */
#ifndef SIGMAC_BACKENDS_LITERAL_H
#define SIGMAC_BACKENDS_LITERAL_H

#include "compiler/pattern.h"

/* A character that does not show, or turns or ends lines: it must not stand in a query as it is. */
bool literal_hidden(uint32_t cp);
bool literal_has_hidden(Str text);
/* No NUL and well-formed UTF-8: what an index can hold. */
bool literal_possible(Str text);
/* The targets ignore the case of ASCII letters only. All spellings of a text in which other letters have their cases
 * (semantics 5.3), the text itself first; 0 where there would be more than LITERAL_VARIANTS. */
enum { LITERAL_VARIANTS = 64 };
uint32_t literal_variants(Arena *a, Str text, Str **out);

/* Code points that the pattern matches at least; `open` where it takes more. Only where it is of wildcards alone. */
bool literal_only_wildcards(const Pattern *p, uint32_t *least, bool *open);
bool pattern_has_char(const Pattern *p, const char *chars); /* in its literals */

#endif

/* SPDX-License-Identifier: MIT
 * Patterns of words as users write them. */
#ifndef SIGMAC_BASE_GLOB_H
#define SIGMAC_BASE_GLOB_H

#include "base/str.h"

/* The text as a whole: `*` is any text, `?` one character; nocase: letters of ASCII are the same in both cases. */
bool glob_fits(Str pattern, Str text, bool nocase);

#endif

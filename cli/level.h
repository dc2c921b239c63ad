/* SPDX-License-Identifier: MIT
 * The levels of rules, from the lowest to the highest. */
#ifndef SIGMAC_CLI_LEVEL_H
#define SIGMAC_CLI_LEVEL_H

#include "base/str.h"

enum { LEVELS = 5, NO_LEVEL = LEVELS };

typedef struct {
  const char *name;
  const char *colour; /* the sequence that turns it on; "" for none */
} LevelInfo;
extern const LevelInfo level_info[LEVELS + 1]; /* the last: rules without a level */
#define COLOUR_OFF "\033[0m"

/* Its number, letter case ignored; NO_LEVEL where it is none. */
unsigned level_of(Str name);

#endif

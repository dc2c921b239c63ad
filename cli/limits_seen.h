/* SPDX-License-Identifier: MIT
 * Tests that were given up (sigmac_limit), summed up over the scanners of a run. */
#ifndef SIGMAC_CLI_LIMITS_SEEN_H
#define SIGMAC_CLI_LIMITS_SEEN_H

#include "base/vec.h"
#include "base/buf.h"
#include "cli/library.h"

typedef struct {
  Str text; /* place, rule and test, safe for a terminal */
  bool cut;
  uint64_t times;
} LimitSeen;

typedef struct {
  Arena *arena;
  VEC(LimitSeen) list; /* in the order in which a scanner tells them */
} LimitsSeen;

void limits_seen_add(LimitsSeen *seen, sigmac_scanner *scanner);
/* The warnings, a line each. */
void limits_seen_print(Buf *out, const LimitsSeen *seen);

#endif

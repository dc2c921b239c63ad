/* SPDX-License-Identifier: MIT
 * Parts of a time text (semantics 9.16): `YYYY-MM-DD`, or with `T` or a blank and `HH:MM[:SS[.f]]` and optional `Z` or
 * `±HH:MM`. Read as written, no time-zone conversion; the date must exist; week is the ISO 8601 week. */
#ifndef SIGMAC_RUNTIME_TIMEPART_H
#define SIGMAC_RUNTIME_TIMEPART_H

#include "base/str.h"
#include "runtime/pred.h"

/* False where text is no such time, or has no such part (minute and hour of a bare date). */
bool time_part_of(int *out, Str text, TimePart part);

#endif

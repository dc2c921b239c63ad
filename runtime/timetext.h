/* SPDX-License-Identifier: MIT
 * Texts of dates and times, read as written: the calendar and the clock, no conversion.
 *   strict forms   `YYYY-MM-DD`, or with `T` or a blank and `HH:MM[:SS[.f]]` and optional `Z` or `±HH:MM` (semantics 9.16)
 *   loose forms    also `/` for both `-` of the date, `t`, `z`, a comma before the fraction, `±HHMM`, `±HH`, `UTC`, and a
 *                  blank before the zone: what log sources write besides. None of them can be read in two ways. */
#ifndef SIGMAC_RUNTIME_TIMETEXT_H
#define SIGMAC_RUNTIME_TIMETEXT_H

#include "base/str.h"

typedef struct {
  int year, month, day; /* a day of the calendar, years 0-9999 */
  int hour, minute;     /* -1 in a bare date */
  int second;           /* 0-60: leap seconds are written so */
  uint32_t nanos;       /* what is finer is cut off */
  int offset;           /* minutes east of UTC; 0 where none is written */
  bool loose;           /* not in a strict form */
} TimeText;

bool time_text_read(TimeText *out, Str text);
int time_days_in(int year, int month);

#endif

/* SPDX-License-Identifier: MIT
 * The scanner of include/sigmac.h, for api_scan.c and api_explain.c. */
#ifndef SIGMAC_RUNTIME_API_SCANNER_H
#define SIGMAC_RUNTIME_API_SCANNER_H

#include "base/vec.h"
#include "runtime/api.h"
#include "runtime/explain.h"

struct sigmac_scanner {
  Heap heap;
  Arena arena;
  Arena explaining; /* one explanation */
  const sigmac_rules *rules;
  Scanner scanner;
  bool *off;               /* by rule */
  LogsourceFinder *finder; /* the scanner's, kept while that does without */
  Label label;             /* what all events are, where they are not looked at ... */
  Buf label_texts[3];      /* ... and where that stands */
  VEC(Str) time_fields;
  sigmac_scanner_counts counts;
  Costs *profile; /* NULL: never asked for; the scanner has it while it counts */
  sigmac_profile costs;
  Matcher *matcher; /* NULL: not asked for yet */
  Buf matched;      /* what it printed last, in the scratch of the event */
  Buf facts;        /* likewise, of the last match that was asked for them */
  bool stale;       /* the choice of rules is to be made anew */
  bool busy;        /* inside of a call with callbacks */
  bool matching;    /* inside of the callback of a match, of this rule ... */
  uint32_t rule;
  bool starved; /* ... in which memory was exhausted */
};

#endif

/* SPDX-License-Identifier: MIT
 * The one place through which everything passes that a run of `eval` has to tell, in the order of the events and whatever
 * the number of threads: matches, reports of bad events, messages of reading. What looks at matches as a stream stands
 * here. It is used by the thread that reads. */
#ifndef SIGMAC_CLI_STAGE_H
#define SIGMAC_CLI_STAGE_H

#include "cli/correlating.h"
#include "cli/evaluator.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/summary.h"

typedef struct {
  Output output;
  Progress progress;
  Summary summary; /* its events are those that passed */
  Correlating correlating;
  Formatter formatter; /* of alerts ... */
  Buf alert;           /* ... and the text of one */
  int status;
} Stage;

void stage_begin(Stage *s, const EvalOptions *options, const RuleSet *set);
/* All events so far are over: what is counted over time is told. */
void stage_settle(Stage *s);
/* All later matches are of this set; what passed before is settled. The set before must still be there. */
void stage_change_rules(Stage *s, const RuleSet *set);
void stage_match(Stage *s, const Found *m);
void stage_bad(Stage *s, Str report);
void stage_message(Stage *s, Str text);
/* So many events have passed, with all that there was to tell of them. */
static inline void stage_events(Stage *s, uint64_t n) { s->summary.events += n; }
/* So many bytes were read: shows the progress, where it is time for that. */
void stage_progress(Stage *s, uint64_t bytes);
/* Nobody takes what comes here any more. */
static inline bool stage_over(const Stage *s) { return output_over(&s->output); }
void stage_flush(Stage *s);
void stage_end(Stage *s);
static inline void stage_worse(Stage *s, int status) {
  if (status > s->status) s->status = status;
}

#endif

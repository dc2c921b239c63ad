/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/memory.h"
#include "cli/say.h"

/* Before something else goes to the terminal that shows the progress. */
static void away_with_progress(void *ctx) { progress_clear(&((Stage *)ctx)->progress); }

/* --- over time ----------------------------------------------------------------------------------------------- */

static void on_alert(void *ctx, const sigmac_alert *a) {
  Stage *s = ctx;
  summary_alert(&s->summary, a->number, a->rule);
  s->alert.n = 0;
  format_alert(&s->formatter, &s->alert, a);
  output_match(&s->output, buf_view(&s->alert));
}

static void begin_correlating(Stage *s, const RuleSet *set) {
  formatter_begin(&s->formatter, &s->output.look, set->n_rules + set->n_correlations);
}

void stage_settle(Stage *s) { correlating_event(&s->correlating); }

void stage_change_rules(Stage *s, const RuleSet *set) {
  stage_settle(s);
  correlating_change_rules(&s->correlating, set);
  formatter_end(&s->formatter);
  begin_correlating(s, set);
}

/* --- all ----------------------------------------------------------------------------------------------------- */

void stage_begin(Stage *s, const EvalOptions *options, const RuleSet *set) {
  const Args *args = options->args;
  Output *o = &s->output;
  progress_begin(&s->progress, !args->quiet && isatty(STDERR_FILENO), args->arena, &args->paths);
  if (options->follow) s->progress.total = 0; /* such files have no end */
  *o = (Output){
    .look = options->look, .before_write = isatty(STDOUT_FILENO) ? away_with_progress : NULL, .ctx = s, .buf.heap = &cli_heap};
  output_begin(o);
  s->alert = (Buf){.heap = &cli_heap};
  s->correlating = (Correlating){.alert = on_alert, .ctx = s};
  correlating_begin(&s->correlating, set);
  begin_correlating(s, set);
}

void stage_match(Stage *s, const Found *m) {
  if (correlating_next(&s->correlating, m)) stage_settle(s);
  if (m->reported) {
    summary_match(&s->summary, m->number, m->rule);
    output_match(&s->output, m->text);
  } else {
    s->summary.silent++;
  }
  if (m->facts.n) correlating_add(&s->correlating, m);
}

void stage_message(Stage *s, Str text) {
  away_with_progress(s);
  if (text.n) fwrite(text.p, 1, text.n, stderr);
}

void stage_bad(Stage *s, Str report) {
  Buf text = {.heap = &cli_heap};
  stage_worse(s, EXIT_BAD_INPUT);
  buf_str(&text, report);
  if (event_bad_shown(&text, ++s->summary.bad)) stage_message(s, buf_view(&text));
  buf_free(&text);
}

void stage_progress(Stage *s, uint64_t bytes) {
  if (!progress_due(&s->progress)) return;
  if (s->output.before_write) output_flush(&s->output); /* both are on one terminal: matches do not lag behind */
  progress_show(&s->progress, s->summary.events, bytes, s->summary.matches);
}

void stage_flush(Stage *s) { output_flush(&s->output); }

void stage_end(Stage *s) {
  if (!stage_over(s)) stage_settle(s);
  s->summary.over_time = correlating_counts(&s->correlating);
  correlating_end(&s->correlating);
  formatter_end(&s->formatter);
  buf_free(&s->alert);
  output_end(&s->output);
  progress_clear(&s->progress);
  if (s->output.lost) say("sigmac: warning: %zu bytes of matches are lost: nobody took them", s->output.lost);
  if (s->output.fault) {
    say("sigmac: error: cannot write matches: %s", s->output.fault);
    stage_worse(s, EXIT_BAD_INPUT);
  }
}

/* SPDX-License-Identifier: MIT */
#include "cli/stage.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/memory.h"
#include "cli/say.h"

/* Before something else goes to the terminal that shows the progress. */
static void away_with_progress(void *ctx) { progress_clear(&((Stage *)ctx)->progress); }

void stage_begin(Stage *s, const EvalOptions *options) {
  const Args *args = options->args;
  Output *o = &s->output;
  progress_begin(&s->progress, !args->quiet && isatty(STDERR_FILENO), args->arena, &args->paths);
  if (options->follow) s->progress.total = 0; /* such files have no end */
  *o = (Output){
    .look = options->look, .before_write = isatty(STDOUT_FILENO) ? away_with_progress : NULL, .ctx = s, .buf.heap = &cli_heap};
  output_begin(o);
}

void stage_match(Stage *s, const Found *m) {
  summary_match(&s->summary, m->number, m->rule);
  output_match(&s->output, m->text);
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
  output_end(&s->output);
  progress_clear(&s->progress);
  if (s->output.lost) say("sigmac: warning: %zu bytes of matches are lost: nobody took them", s->output.lost);
  if (s->output.fault) {
    say("sigmac: error: cannot write matches: %s", s->output.fault);
    stage_worse(s, EXIT_BAD_INPUT);
  }
}

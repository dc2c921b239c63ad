/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/crew.h"
#include "cli/eval_options.h"
#include "cli/files.h"
#include "cli/follow.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "cli/say.h"
#include "cli/stage.h"
#include "cli/state_file.h"
#include "cli/target.h"
#include "cli/vars.h"

typedef struct {
  EvalOptions options;
  RuleSet sets[2]; /* one is in use, the other is for loading again */
  RuleSet *set;
  EventReader events;
  Evaluator evaluator; /* with one thread; else there is a crew */
  Crew *crew;
  Stage stage;
  ScanCounts counts;
  LimitsSeen limits;
  StateFile state;
} Eval;

/* --- evaluators -------------------------------------------------------------------------------------------- */

static void on_match(void *ctx, const Found *m) { stage_match(ctx, m); }

static void on_bad(void *ctx, const Event *e, Str report) {
  (void)e;
  stage_bad(ctx, report);
}

static void begin_evaluating(Eval *e) {
  const EvalOptions *o = &e->options;
  e->evaluator = (Evaluator){.match = on_match, .bad = on_bad, .ctx = &e->stage};
  if (o->threads > 1) e->crew = crew_new(o->args->arena, &e->stage, o->threads, e->set, &e->counts, &e->limits);
  else evaluator_begin(&e->evaluator, e->set);
}

static void count_rules(Eval *e) {
  Summary *s = &e->stage.summary;
  s->evaluated = e->crew ? crew_active(e->crew) : sigmac_scanner_active(e->evaluator.scanner);
  s->refused = e->set->loaded.refused;
  s->not_selected = e->set->not_selected;
  s->correlations = e->set->n_correlating;
  s->correlations_not_selected = e->set->n_correlations - e->set->n_correlating;
  s->other_source = s->n_rules - s->not_selected - s->evaluated;
}

/* --- loading again ----------------------------------------------------------------------------------------- */

static bool load_again(Eval *e, RuleSet *set) {
  if (std_inputs(args_values(e->options.args, "rules"))) {
    say("sigmac: error: rules from standard input cannot be loaded again");
    return false;
  }
  if (!rule_set_load(set, &e->options)) return false;
  return !rule_set_partial(set);
}

static void use(Eval *e, RuleSet *set) {
  RuleSet *before = e->set;
  Summary *s = &e->stage.summary;
  e->set = set;
  if (e->crew) crew_drain(e->crew);
  stage_change_rules(&e->stage, set);
  if (e->crew) {
    crew_change_rules(e->crew, set);
  } else {
    evaluator_end(&e->evaluator, &e->counts, &e->limits);
    evaluator_begin(&e->evaluator, set);
  }
  summary_change_rules(s, set->loaded.rules);
  count_rules(e);
  rule_set_free(before);
}

/* Between two events. What goes wrong leaves the rules as they are. */
static void answer_hangup(Eval *e) {
  RuleSet *set = e->set == e->sets ? e->sets + 1 : e->sets;
  const Summary *s = &e->stage.summary;
  hung_up = 0;
  if (interrupt_terminal_gone()) return;
  stage_flush(&e->stage);
  stage_message(&e->stage, STR(""));
  if (load_again(e, set)) {
    use(e, set);
    stage_worse(&e->stage, set->status);
    say("sigmac: the rules were loaded again: %u are evaluated, %u refused", s->evaluated, s->refused);
  } else {
    rule_set_free(set);
    stage_worse(&e->stage, EXIT_BAD_INPUT);
    say("sigmac: error: the rules were not loaded again: those from before stay");
  }
}

/* --- events ------------------------------------------------------------------------------------------------ */

static bool on_event(void *ctx, EventReader *r) {
  Eval *e = ctx;
  Event event = event_now(r);
  if (hung_up) answer_hangup(e);
  if (e->crew) {
    crew_add(e->crew, &event);
  } else {
    evaluator_run(&e->evaluator, &event);
    stage_events(&e->stage, 1);
  }
  stage_progress(&e->stage, r->input.bytes);
  return !stage_over(&e->stage);
}

/* --- state --------------------------------------------------------------------------------------------------- */

/* All events so far have passed and were written; else the state before is the last that is true. */
static void keep_state(Eval *e) {
  const Output *o = &e->stage.output;
  stage_settle(&e->stage);
  stage_flush(&e->stage);
  if (output_over(o) || o->lost) return;
  if (!state_save(&e->state, e->events.index, &e->stage.correlating)) stage_worse(&e->stage, EXIT_BAD_INPUT);
}

static void on_between(void *ctx, EventReader *r) {
  enum { EVENTS = 256 }; /* between looks at the clock */
  Eval *e = ctx;
  if (r->index % EVENTS || !state_due(&e->state, r->index, false)) return;
  if (e->crew) crew_drain(e->crew);
  keep_state(e);
}

/* --- what else the reader tells ------------------------------------------------------------------------------ */

static void on_message(void *ctx, Str text) {
  Eval *e = ctx;
  if (e->crew) crew_message(e->crew, text);
  else stage_message(&e->stage, text);
}

static bool readable(void *ctx) {
  struct pollfd p = {.fd = ((Eval *)ctx)->events.input.fd, .events = POLLIN};
  return p.fd >= 0 && poll(&p, 1, 0) != 0;
}

/* Matches are not held back while the input has nothing more. */
static void on_idle(void *ctx) {
  Eval *e = ctx;
  if (hung_up) answer_hangup(e);
  if (!e->crew || crew_idle(e->crew, readable, e)) {
    stage_settle(&e->stage);
    stage_flush(&e->stage);
    if (state_due(&e->state, e->events.index, true)) keep_state(e);
  }
  if (stage_over(&e->stage)) e->events.enough = true;
}

static void on_opened(void *ctx, int fd) { progress_input(&((Eval *)ctx)->stage.progress, fd); }
static void on_closed(void *ctx) { progress_input_done(&((Eval *)ctx)->stage.progress); }

/* Whether events may come for ever. */
static bool reads_live(const EvalOptions *o) {
  const StrList *paths = &o->args->paths;
  struct stat st;
  if (o->follow) return true;
  if (!paths->n) return fstat(STDIN_FILENO, &st) == 0 && !S_ISREG(st.st_mode);
  for (uint32_t i = 0; i < paths->n; i++) {
    bool there = str_is(paths->p[i], "-") ? fstat(STDIN_FILENO, &st) == 0 : stat(paths->p[i].p, &st) == 0;
    if (there && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) return true;
  }
  return false;
}

/* Events are numbered on, and files are read on, from where the run before stopped. */
static void begin_with_state(Eval *e) {
  if (!e->state.path) return;
  e->events.between = on_between;
  e->events.places = &e->state.places;
  e->events.index = e->state.index;
}

/* False where what was kept is not usable, which is explained then. */
static bool eval_all(Eval *e) {
  const EvalOptions *o = &e->options;
  stage_begin(&e->stage, o, e->set);
  if (!state_resume(&e->state, &e->stage.correlating)) {
    e->stage.output.buf.n = 0;
    stage_end(&e->stage);
    return false;
  }
  interrupt_watch();
  if (reads_live(o)) interrupt_watch_hangup();
  e->events =
    (EventReader){.args = o->args, .event = on_event, .message = on_message, .opened = on_opened, .closed = on_closed, .ctx = e};
  e->events.input = (Input){.fd = -1, .idle = on_idle, .idle_ctx = e, .stop = &interrupted, .wake = &hung_up};
  begin_with_state(e);
  begin_evaluating(e);
  count_rules(e);
  if (o->follow) follow_read(&e->events);
  else events_read(&e->events);
  if (e->crew) crew_end(e->crew);
  else evaluator_end(&e->evaluator, &e->counts, &e->limits);
  stage_worse(&e->stage, e->events.status);
  if (e->state.path && !stage_over(&e->stage)) keep_state(e);
  stage_end(&e->stage);
  return true;
}

/* --- summary ----------------------------------------------------------------------------------------------- */

static const char *why_ended(const Eval *e) {
  if (interrupted)
    return interrupted == SIGTERM  ? "interrupted (SIGTERM)"
           : interrupted == SIGHUP ? "interrupted (SIGHUP)"
                                   : "interrupted (SIGINT)";
  if (e->stage.output.fault) return "matches cannot be written";
  return e->stage.output.closed ? "nobody reads the matches any more" : NULL;
}

static void write_summary(Eval *e, const char *path) {
  Buf out = {.heap = &cli_heap};
  const char *why;
  summary_json(&out, &e->stage.summary);
  if (!file_write(path, buf_view(&out), &why)) {
    say("%s: error: cannot be written: %s", path, why);
    stage_worse(&e->stage, EXIT_BAD_INPUT);
  }
  buf_free(&out);
}

static void sum_up(Eval *e) {
  const Args *args = e->options.args;
  Summary *s = &e->stage.summary;
  Buf text = {.heap = &cli_heap};
  s->bytes = e->events.input.bytes;
  s->outside = e->counts.outside;
  s->timeless = e->counts.timeless;
  s->unmapped = e->counts.unmapped;
  s->given_up = e->counts.given_up;
  s->seconds = progress_seconds(&e->stage.progress);
  s->ended = why_ended(e);
  limits_seen_print(&text, &e->limits);
  if (!args->quiet) summary_print(&text, s, args->colour);
  if (text.n) fwrite(text.p, 1, text.n, stderr);
  buf_free(&text);
  if (args_has(args, "summary")) write_summary(e, arena_cstr(args->arena, args_last(args, "summary", "")));
}

static int run(Args *args) {
  Eval e = {.limits.arena = args->arena};
  if (!eval_options_read(&e.options, args)) return EXIT_USAGE;
  if (!state_open(&e.state, &e.options)) {
    state_close(&e.state);
    return EXIT_USAGE;
  }
  e.set = e.sets;
  bool ready = rule_set_load(e.set, &e.options);
  stage_worse(&e.stage, e.set->status);
  if (ready) {
    e.options.look.over_time = e.set->n_correlating > 0;
    summary_begin(&e.stage.summary, e.set->loaded.rules, args->arena);
    ready = eval_all(&e);
    if (ready) sum_up(&e);
    else stage_worse(&e.stage, EXIT_USAGE);
  }
  state_close(&e.state);
  events_free(&e.events);
  rule_set_free(e.set);
  if (args_has(args, "fail-on-match") && e.stage.summary.matches + e.stage.summary.alerts) stage_worse(&e.stage, EXIT_FOUND);
  return interrupted ? interrupt_status() : e.stage.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "rules: files, folders, or one image; may be repeated", "rules"},
  FILTER_OPTION,
  VARS_OPTIONS,
  TARGET_OPTIONS,
  LOGSOURCE_OPTIONS,
  {"plain", 0, NULL, "run the code before predicates are shared: slower, the same matches"},
  {"no-index", 0, NULL, "run all rules of the log source, not only those that can match: slower, the same matches"},
  SELECT_OPTIONS,
  TIME_OPTIONS,
  OVER_TIME_OPTIONS,
  {"follow", 0, NULL, "go on with files that grow, as tail -F does, until a signal comes", "how"},
  {"threads", 0, "N", "evaluate in N threads, the same output; 0: one per processor (default: 1)"},
  STATE_OPTIONS,
  {"format", 0, "FORMAT", "ndjson, json, table or csv (default: table on a terminal, else ndjson)", "output"},
  {"include-event", 0, NULL, "put the event into each match"},
  {"matched-fields", 0, NULL, "ndjson and json: put into each match the fields and values that made it"},
  {"summary", 0, "FILE", "write the summary as JSON too"},
  {"fail-on-match", 0, NULL, "exit with 1 when a rule matched, or a correlation raised an alert"},
  {NULL, 0, NULL, NULL},
};

const Command command_eval = {
  .name = "eval",
  .summary = "evaluate rules against JSON events",
  .usage = "-r PATH|FILE.sgc [OPTIONS] [EVENTS...|-]",
  .options = options,
  .more = "EVENTS: files, or folders of them (*.json, *.jsonl, *.ndjson, *.log). JSON objects one per line, or pretty-printed one\n"
          "after another (also with the `Record N` lines of evtx_dump); a JSON array of them; or an object around such an\n"
          "array: Records, value (OData), hits.hits[]._source (Elasticsearch). gzip and zstd are unpacked. All of this is\n"
          "found out by looking, on standard input too. event_index counts events from 0 over all inputs, bad ones included.\n"
          "A bad event or rule is reported and the rest goes on. With --follow, or events from a pipe, SIGHUP loads the rules\n"
          "again. Exit status: 0, 1 matches with --fail-on-match, 2 usage, 3 a rule was refused or an input was\n"
          "unreadable or damaged.",
  .run = run,
};

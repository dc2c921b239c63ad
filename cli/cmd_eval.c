/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/commands.h"
#include "cli/events.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/select.h"
#include "cli/summary.h"
#include "cli/target.h"
#include "cli/terminal.h"
#include "cli/timeopts.h"
#include "cli/vars.h"

/* What all events are, where they are not looked at; empty: not known. */
typedef struct {
  bool find; /* look at each event */
  Str category, product, service;
} Logsource;

typedef struct {
  Args *args;
  Loaded rules;
  Selection selection;
  TimeOptions range;
  Logsource logsource;
  sigmac_scanner *scanner;
  Output output;
  bool matched_fields;
  EventReader events;
  Progress progress;
  Summary summary;
  int status;
} Eval;

static void worse(Eval *e, int status) {
  if (status > e->status) e->status = status;
}

/* --- options ----------------------------------------------------------------------------------------------- */

static bool read_label(const Args *args, Str text, Logsource *l) {
  static const char *const keys[] = {"category", "product", "service"};
  Str *const parts[] = {&l->category, &l->product, &l->service};
  for (bool more = true; more;) {
    size_t comma = str_find(text, STR(","), 0);
    more = comma != SIZE_MAX;
    Str part = more ? str_sub(text, 0, comma) : text;
    if (more) text = str_from(text, comma + 1);
    size_t eq = str_find(part, STR("="), 0);
    int k = 0;
    while (k < 3 && (eq == SIZE_MAX || !str_is(str_sub(part, 0, eq), keys[k]))) k++;
    if (k == 3 || eq + 1 == part.n) {
      usage_error(args, "--event-logsource takes category=X,product=Y,service=Z, or some of these, not `" STR_FMT "`",
                  STR_ARG(part));
      return false;
    }
    *parts[k] = str_from(part, eq + 1);
  }
  return true;
}

static bool read_format(const Args *args, OutputFormat *format) {
  *format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_NDJSON;
  if (!args_has(args, "format")) return true;
  for (int i = 0; i < FORMAT_COUNT; i++)
    if (str_is(args_last(args, "format", ""), output_format_name[i])) {
      *format = (OutputFormat)i;
      return true;
    }
  usage_error(args, "--format is ndjson, json, table or csv");
  return false;
}

static bool is_summary(Str begin) { return str_starts(begin, STR(SUMMARY_BEGIN)); }

static bool check_usage(Eval *e) {
  Args *args = e->args;
  Str logsource = args_last(args, "logsource", "auto");
  e->status = EXIT_USAGE;
  if (!args_has(args, "rules")) return usage_error(args, "no rules: give -r PATH"), false;
  if (!str_is(logsource, "off") && !str_is(logsource, "auto")) return usage_error(args, "--logsource is auto or off"), false;
  if (!read_format(args, &e->output.format)) return false;
  if (args_has(args, "matched-fields") && e->output.format != FORMAT_NDJSON && e->output.format != FORMAT_JSON)
    return usage_error(args, "--matched-fields is for --format ndjson and json"), false;
  if (args_has(args, "event-logsource") && !read_label(args, args_last(args, "event-logsource", ""), &e->logsource)) return false;
  if (str_is(logsource, "off")) e->logsource = (Logsource){0}; /* compares nothing, whatever the labels */
  e->logsource.find = str_is(logsource, "auto") && !args_has(args, "event-logsource");
  e->matched_fields = args_has(args, "matched-fields");
  if (!selection_read(&e->selection, args) || !time_options_read(&e->range, args)) return false;
  if (std_inputs(args_values(args, "rules")) + (args->paths.n ? std_inputs(&args->paths) : 1) > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the events"), false;
  if (!args->paths.n && isatty(STDIN_FILENO)) return usage_error(args, "no events: name files, or `-` for standard input"), false;
  if (!file_may_replace(args_last(args, "summary", "-").p, is_summary))
    return usage_error(args, STR_FMT " exists and is no summary: it is not replaced", STR_ARG(args_last(args, "summary", ""))),
           false;
  e->status = EXIT_OK;
  return true;
}

/* --- events ------------------------------------------------------------------------------------------------ */

static bool on_match(void *ctx, const sigmac_match *match) {
  Eval *e = ctx;
  sigmac_time time;
  bool has_time;
  OutputMatch m = {.rule = match->rule, .event_index = e->events.index, .event = e->events.text};
  checked(sigmac_scanner_event_time(e->scanner, &has_time, &time));
  if (has_time) m.time = &time;
  if (e->matched_fields) checked(sigmac_scanner_matched(e->scanner, &m.matched));
  summary_match(&e->summary, match);
  output_match(&e->output, &m);
  return true;
}

static void show_progress(Eval *e) {
  if (!progress_due(&e->progress)) return;
  if (e->output.before_write) output_flush(&e->output); /* both are on one terminal: matches do not lag behind */
  progress_show(&e->progress, e->events.index, e->events.input.bytes, e->summary.matches);
}

static bool on_event(void *ctx, EventReader *r) {
  Eval *e = ctx;
  sigmac_error error;
  if (r->too_large) event_bad(r, "", 0);
  else if (checked(sigmac_scan_json(e->scanner, str_out(r->text), on_match, e, &error)) != SIGMAC_OK)
    event_bad(r, error.message, error.offset);
  show_progress(e);
  return !e->output.closed && !e->output.fault;
}

static void on_opened(void *ctx, int fd) { progress_input(&((Eval *)ctx)->progress, fd); }
static void on_closed(void *ctx) { progress_input_done(&((Eval *)ctx)->progress); }

/* Matches are not held back while the input has nothing more. */
static void on_idle(void *ctx) { output_flush(&((Eval *)ctx)->output); }

/* Before something else goes to the terminal that shows the progress. */
static void away_with_progress(void *ctx) { progress_clear(&((Eval *)ctx)->progress); }

static void begin_output(Eval *e) {
  Output *o = &e->output;
  bool terminal = isatty(STDOUT_FILENO);
  o->colour = e->args->colour && (terminal || args_has(e->args, "color"));
  o->include_event = args_has(e->args, "include-event");
  o->width = terminal_width(STDOUT_FILENO);
  o->before_write = terminal ? away_with_progress : NULL;
  o->ctx = e;
  output_begin(o);
}

static void eval_all(Eval *e) {
  interrupt_watch();
  e->events = (EventReader){
    .args = e->args, .event = on_event, .before_message = away_with_progress, .opened = on_opened, .closed = on_closed, .ctx = e};
  e->events.input.idle = on_idle;
  e->events.input.idle_ctx = e;
  e->events.input.stop = &interrupted;
  progress_begin(&e->progress, !e->args->quiet && isatty(STDERR_FILENO), e->args->arena, &e->args->paths);
  begin_output(e);
  events_read(&e->events);
  worse(e, e->events.status);
  output_end(&e->output);
  progress_clear(&e->progress);
  if (e->output.lost) say("sigmac: warning: %zu bytes of matches are lost: nobody took them", e->output.lost);
  if (e->output.fault) {
    say("sigmac: error: cannot write matches: %s", e->output.fault);
    worse(e, EXIT_BAD_INPUT);
  }
}

/* --- summary ----------------------------------------------------------------------------------------------- */

static const char *why_ended(const Eval *e) {
  if (interrupted) return interrupted == SIGTERM ? "interrupted (SIGTERM)" : "interrupted (SIGINT)";
  if (e->output.fault) return "matches cannot be written";
  return e->output.closed ? "nobody reads the matches any more" : NULL;
}

static void write_summary(Eval *e, const char *path) {
  Buf out = {.heap = &cli_heap};
  const char *why;
  summary_json(&out, &e->summary);
  if (!file_write(path, buf_view(&out), &why)) {
    say("%s: error: cannot be written: %s", path, why);
    worse(e, EXIT_BAD_INPUT);
  }
  buf_free(&out);
}

/* A rule that may have missed events, since a test was given up. */
static bool on_limit(void *text, const sigmac_limit *l) {
  enum { WIDEST = 100 };
  Buf *out = text;
  bool cut = l->test.n > WIDEST;
  buf_safe(out, str_in(l->rule->path));
  buf_printf(out, ":%u: warning: `", l->rule->line);
  buf_safe(out, str_in(l->rule->title));
  buf_str(out, STR("`: "));
  buf_safe(out, cut ? str_sub(str_in(l->test), 0, WIDEST) : str_in(l->test));
  buf_printf(out, "%s: given up %u %s, taken as no match [%s]\n", cut ? "..." : "", l->times, l->times == 1 ? "time" : "times",
             diag_info[ID_regex_limit].text);
  return true;
}

static void sum_up(Eval *e) {
  Summary *s = &e->summary;
  Buf text = {.heap = &cli_heap};
  const sigmac_scanner_counts *counts = sigmac_scanner_get_counts(e->scanner);
  s->events = e->events.index;
  s->bad = e->events.bad;
  s->bytes = e->events.input.bytes;
  s->evaluated = sigmac_scanner_active(e->scanner);
  s->refused = e->rules.refused;
  s->other_source = s->n_rules - s->not_selected - s->evaluated;
  s->outside = counts->outside;
  s->timeless = counts->timeless;
  s->unmapped = counts->unmapped;
  s->given_up = counts->given_up;
  s->seconds = progress_seconds(&e->progress);
  s->ended = why_ended(e);
  checked(sigmac_scanner_limits(e->scanner, on_limit, &text));
  if (!e->args->quiet) summary_print(&text, s, e->args->colour);
  if (text.n) fwrite(text.p, 1, text.n, stderr);
  buf_free(&text);
  if (args_has(e->args, "summary")) write_summary(e, arena_cstr(e->args->arena, args_last(e->args, "summary", "")));
}

/* --- rules ------------------------------------------------------------------------------------------------- */

/* False where none is left. */
static bool select_rules(Eval *e) {
  summary_begin(&e->summary, e->rules.rules, e->args->arena);
  uint32_t n_rules = e->summary.n_rules;
  for (uint32_t i = 0; i < n_rules; i++) {
    if (selection_wants(&e->selection, sigmac_rules_get(e->rules.rules, i))) continue;
    sigmac_scanner_enable(e->scanner, i, false);
    e->summary.not_selected++;
  }
  if (e->summary.not_selected == n_rules) {
    worse(e, selection_empty(&e->selection, e->args));
    return false;
  }
  selection_warn(&e->selection, e->args);
  return true;
}

static void make_scanner(Eval *e) {
  const Logsource *l = &e->logsource;
  checked(sigmac_scanner_new(&e->scanner, e->rules.rules, &cli_allocator));
  sigmac_scanner_set_form(e->scanner, args_has(e->args, "plain") ? SIGMAC_PLAIN : SIGMAC_FUSED);
  sigmac_scanner_set_index(e->scanner, !args_has(e->args, "no-index"));
  time_options_apply(&e->range, e->scanner);
  if (l->find) return; /* as it does by itself */
  checked(sigmac_scanner_set_logsource(e->scanner, str_out(l->category), str_out(l->product), str_out(l->service)));
}

static int run(Args *args) {
  Eval e = {.args = args, .output.buf.heap = &cli_heap};
  if (!check_usage(&e)) return e.status;
  load_rules(&e.rules, args, args_values(args, "rules"));
  e.status = e.rules.status;
  if (!e.rules.rules) return e.status;
  if (!sigmac_rules_get_facts(e.rules.rules)->rules) {
    if (!e.rules.no_files) say("sigmac eval: error: no detection rule could be loaded");
    return EXIT_BAD_INPUT;
  }
  make_scanner(&e);
  if (select_rules(&e)) {
    eval_all(&e);
    sum_up(&e);
  }
  sigmac_scanner_free(e.scanner);
  events_free(&e.events);
  if (args_has(args, "fail-on-match") && e.summary.matches) worse(&e, EXIT_FOUND);
  return interrupted ? interrupt_status() : e.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "rules: files, folders, or one image; may be repeated", "rules"},
  VARS_OPTIONS,
  TARGET_OPTIONS,
  {"logsource", 0, "auto|off", "auto (the default): a rule gets the events of its log source; off: all events"},
  {"event-logsource", 0, "LABELS", "category=X,product=Y,service=Z, or some of them: what all events are"},
  {"plain", 0, NULL, "run the code before predicates are shared: slower, the same matches"},
  {"no-index", 0, NULL, "run all rules of the log source, not only those that can match: slower, the same matches"},
  SELECT_OPTIONS,
  TIME_OPTIONS,
  {"format", 0, "FORMAT", "ndjson, json, table or csv (default: table on a terminal, else ndjson)", "output"},
  {"include-event", 0, NULL, "put the event into each match"},
  {"matched-fields", 0, NULL, "ndjson and json: put into each match the fields and values that made it"},
  {"summary", 0, "FILE", "write the summary as JSON too"},
  {"fail-on-match", 0, NULL, "exit with 1 when a rule matched"},
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
          "A bad event or rule is reported and the rest goes on. Exit status: 0, 1 matches with --fail-on-match, 2 usage,\n"
          "3 a rule was refused or an input was unreadable or damaged.",
  .run = run,
};

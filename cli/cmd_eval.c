/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/event_files.h"
#include "cli/files.h"
#include "cli/input.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/select.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "cli/timeopts.h"
#include "runtime/givenup.h"

enum { SHOWN_BAD_EVENTS = 20 };

typedef struct {
  Args *args;
  Loaded rules;
  Selection selection;
  TimeRange range;
  Scanner scanner;
  Output output;
  Matcher matcher; /* for --matched-fields */
  Input input;
  Str name;       /* of the present input */
  Str event;      /* the present one */
  uint64_t index; /* of the next event */
  Progress progress;
  Summary summary;
  bool find_logsources;
  int status;
} Eval;

static void worse(Eval *e, int status) {
  if (status > e->status) e->status = status;
}

/* --- options ----------------------------------------------------------------------------------------------- */

static bool read_label(const Args *args, Str text, Label *label) {
  static const char *const keys[] = {"category", "product", "service"};
  LabelPart *const parts[] = {&label->category, &label->product, &label->service};
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
    *parts[k] = (LabelPart){LABEL_NAME, str_from(part, eq + 1)};
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

static bool check_usage(Eval *e, Label *label) {
  Args *args = e->args;
  Str logsource = args_last(args, "logsource", "auto");
  e->status = EXIT_USAGE;
  if (!args_has(args, "rules")) return usage_error(args, "no rules: give -r PATH"), false;
  if (!str_is(logsource, "off") && !str_is(logsource, "auto")) return usage_error(args, "--logsource is auto or off"), false;
  if (!read_format(args, &e->output.format)) return false;
  if (args_has(args, "matched-fields") && e->output.format != FORMAT_NDJSON && e->output.format != FORMAT_JSON)
    return usage_error(args, "--matched-fields is for --format ndjson and json"), false;
  if (args_has(args, "event-logsource") && !read_label(args, args_last(args, "event-logsource", ""), label)) return false;
  if (str_is(logsource, "off")) *label = (Label){0}; /* compares nothing, whatever the labels */
  e->find_logsources = str_is(logsource, "auto") && !args_has(args, "event-logsource");
  if (!selection_read(&e->selection, args) || !time_options_read(&e->range, args)) return false;
  if (std_inputs(args_values(args, "rules")) + (args->paths.n ? std_inputs(&args->paths) : 1) > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the events"), false;
  if (!args->paths.n && isatty(STDIN_FILENO)) return usage_error(args, "no events: name files, or `-` for standard input"), false;
  e->status = EXIT_OK;
  return true;
}

/* --- events ------------------------------------------------------------------------------------------------ */

/* Where in the event: by its bytes, or by line and column of the input where the event goes over several lines. */
static void print_place(const Eval *e, size_t offset) {
  unsigned long long line = e->input.line, column = 1;
  for (size_t i = 0; i < offset && i < e->event.n; i++) {
    char c = e->event.p[i];
    if (c == '\n') line++, column = 0;
    column += ((unsigned char)c & 0xC0) != 0x80; /* characters, not bytes */
  }
  if (line == e->input.line) fprintf(stderr, " (byte %zu)", offset + 1);
  else fprintf(stderr, " (line %llu, column %llu)", line, column);
}

static void bad_event(Eval *e, const char *message, size_t offset, bool has_offset) {
  worse(e, EXIT_BAD_INPUT);
  e->summary.bad++;
  if (e->summary.bad > SHOWN_BAD_EVENTS) return;
  progress_clear(&e->progress);
  fprintf(stderr, STR_FMT ":%llu: bad event: %s", STR_ARG(e->name), (unsigned long long)e->input.line, message);
  if (has_offset) print_place(e, offset);
  fprintf(stderr, "\n%s", e->summary.bad == SHOWN_BAD_EVENTS ? "more bad events are counted, not shown\n" : "");
}

static void on_match(void *ctx, uint32_t rule) {
  Eval *e = ctx;
  EventTime time;
  bool has_time = scan_time(&e->scanner, &time);
  summary_match(&e->summary, rule);
  output_match(&e->output, e->scanner.vm.program, rule, e->index, has_time ? &time : NULL, e->event);
}

static void eval_event(Eval *e) {
  JsonError error;
  if (!scan_text(&e->scanner, e->event, on_match, e, &error)) bad_event(e, error.message, error.offset, true);
}

static void input_fault(Eval *e) {
  const Input *in = &e->input;
  const char *why = in->error ? strerror(in->error) : in->fault;
  if (!why) return;
  progress_clear(&e->progress);
  fprintf(stderr, STR_FMT, STR_ARG(e->name));
  if (!in->error && in->fault_line) fprintf(stderr, ":%llu", (unsigned long long)in->fault_line);
  fprintf(stderr, ": error: %s\n", why);
  if (in->faults > 1)
    fprintf(stderr, STR_FMT ": %llu more faults like this\n", STR_ARG(e->name), (unsigned long long)in->faults - 1);
  worse(e, EXIT_BAD_INPUT);
}

static void show_progress(Eval *e) {
  if (!progress_due(&e->progress)) return;
  if (e->output.before_write) output_flush(&e->output); /* both are on one terminal: matches do not lag behind */
  progress_show(&e->progress, e->index, e->input.bytes, e->summary.matches);
}

static void eval_input(Eval *e, int fd) {
  input_open(&e->input, fd);
  for (InputResult r;
       !interrupted && !e->output.closed && !e->output.fault && (r = input_next(&e->input, &e->event)) != INPUT_DONE;) {
    if (interrupted) return; /* it may be cut off */
    if (r == INPUT_TOO_LARGE) bad_event(e, "larger than the limit of 64 MiB", 0, false);
    else eval_event(e);
    e->index++;
    show_progress(e);
  }
  if (!interrupted) input_fault(e);
}

/* A path as it may be shown. */
static Str shown(const Eval *e, Str path) {
  Buf safe = {0};
  buf_safe(&safe, path);
  Str copy = arena_dup(e->args->arena, buf_view(&safe));
  buf_free(&safe);
  return copy;
}

static void unreadable(void *ctx, Str path, const char *why) {
  progress_clear(&((Eval *)ctx)->progress);
  fprintf(stderr, STR_FMT ": error: cannot be read: %s [%s]\n", STR_ARG(shown(ctx, path)), why, diag_info[ID_file_unreadable].text);
  worse(ctx, EXIT_BAD_INPUT);
}

static void eval_file(Eval *e, Str path) {
  bool standard = str_is(path, "-");
  int fd = standard ? STDIN_FILENO : open(arena_cstr(e->args->arena, path), O_RDONLY | O_CLOEXEC);
  e->name = standard ? STR("<stdin>") : shown(e, path);
  if (fd < 0 && interrupted) return; /* while it waited for the writer of a pipe */
  if (fd < 0) {
    unreadable(e, path, strerror(errno));
    return;
  }
  uint64_t before = e->input.bytes;
  progress_input(&e->progress, fd);
  eval_input(e, fd);
  progress_input_done(&e->progress);
  if (e->input.bytes == before && (str_ends(path, STR(".gz")) || str_ends(path, STR(".zst"))) && !interrupted && !e->input.error)
    unreadable(e, path, "it is empty, where compressed data should be");
  if (!standard) close(fd);
}

/* What a folder holds and is not read. */
static void note_left_out(Eval *e, Str folder, const EventFiles *found) {
  folder = shown(e, folder);
  progress_clear(&e->progress);
  if (!found->files.n) fprintf(stderr, STR_FMT ": warning: no files of events (%s)\n", STR_ARG(folder), EVENT_FILE_NAMES);
  if (e->args->quiet) return;
  if (found->skipped)
    fprintf(stderr, STR_FMT ": note: %u files are not read: by their names they hold no events (%s)\n", STR_ARG(folder),
            found->skipped, EVENT_FILE_NAMES);
  if (found->links)
    fprintf(stderr, STR_FMT ": note: %u links to folders are not followed: name them to read them\n", STR_ARG(folder),
            found->links);
}

static void eval_path(Eval *e, Str path) {
  if (str_is(path, "-") || !event_path_is_folder(e->args->arena, path)) {
    eval_file(e, path);
    return;
  }
  EventFiles found = {.problem = unreadable, .ctx = e};
  event_files_find(&found, e->args->arena, path);
  note_left_out(e, path, &found);
  for (uint32_t i = 0; i < found.files.n && !interrupted; i++) eval_file(e, found.files.p[i]);
}

/* Matches are not held back while the input has nothing more. */
static void on_idle(void *ctx) { output_flush(&((Eval *)ctx)->output); }

/* Before matches go to the terminal that shows the progress. */
static void before_matches(void *ctx) { progress_clear(&((Eval *)ctx)->progress); }

static void begin_output(Eval *e) {
  Output *o = &e->output;
  bool terminal = isatty(STDOUT_FILENO);
  o->colour = e->args->colour && (terminal || args_has(e->args, "color"));
  o->include_event = args_has(e->args, "include-event");
  o->width = terminal_width(STDOUT_FILENO);
  o->before_write = terminal ? before_matches : NULL;
  o->ctx = e;
  output_begin(o);
}

static void eval_all(Eval *e) {
  interrupt_watch();
  e->input.idle = on_idle;
  e->input.idle_ctx = e;
  e->input.stop = &interrupted;
  progress_begin(&e->progress, !e->args->quiet && isatty(STDERR_FILENO), e->args->arena, &e->args->paths);
  begin_output(e);
  if (!e->args->paths.n) eval_path(e, STR("-"));
  for (uint32_t i = 0; i < e->args->paths.n && !interrupted; i++) eval_path(e, e->args->paths.p[i]);
  output_end(&e->output);
  progress_clear(&e->progress);
  if (e->output.lost) fprintf(stderr, "sigmac: warning: %zu bytes of matches are lost: nobody took them\n", e->output.lost);
  if (e->output.fault) {
    fprintf(stderr, "sigmac: error: cannot write matches: %s\n", e->output.fault);
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
  Buf out = {0};
  const char *why;
  summary_json(&out, &e->summary);
  if (!file_write(path, buf_view(&out), &why)) {
    fprintf(stderr, "%s: error: cannot be written: %s\n", path, why);
    worse(e, EXIT_BAD_INPUT);
  }
  buf_free(&out);
}

static void sum_up(Eval *e) {
  Summary *s = &e->summary;
  Buf text = {0};
  s->events = e->index;
  s->bytes = e->input.bytes;
  s->evaluated = e->scanner.n_active;
  s->refused = e->rules.refused;
  s->other_source = e->rules.program->n_RULES - s->not_selected - e->scanner.n_active;
  s->outside = e->scanner.range.outside;
  s->timeless = e->scanner.range.timeless;
  s->unmapped = e->scanner.unmapped;
  s->given_up = given_up_times(&e->scanner.vm);
  s->seconds = progress_seconds(&e->progress);
  s->ended = why_ended(e);
  given_up_report(&text, &e->scanner.vm);
  if (!e->args->quiet) summary_print(&text, s, e->args->colour);
  if (text.n) fwrite(text.p, 1, text.n, stderr);
  buf_free(&text);
  if (args_has(e->args, "summary")) write_summary(e, arena_cstr(e->args->arena, args_last(e->args, "summary", "")));
}

/* --- rules ------------------------------------------------------------------------------------------------- */

static bool is_wanted(const void *wanted, const Program *p, const RuleRec *r) { return ((const bool *)wanted)[r - p->RULES]; }

/* False where none is left. */
static bool select_rules(Eval *e) {
  const Program *p = e->rules.program;
  const RuleMeta *metas = rule_metas(p, e->args->arena);
  bool *wanted = arena_array(e->args->arena, bool, p->n_RULES);
  for (uint32_t i = 0; i < p->n_RULES; i++) wanted[i] = selection_wants(&e->selection, &metas[i]);
  summary_begin(&e->summary, metas, p->n_RULES, e->args->arena);
  scanner_keep(&e->scanner, is_wanted, wanted);
  e->summary.not_selected = p->n_RULES - e->scanner.n_active;
  if (!e->scanner.n_active) {
    worse(e, selection_empty(&e->selection, e->args));
    return false;
  }
  selection_warn(&e->selection, e->args);
  return true;
}

static int run(Args *args) {
  Eval e = {.args = args};
  Label label = {0};
  if (!check_usage(&e, &label)) return e.status;
  load_rules(&e.rules, args, args_values(args, "rules"));
  e.status = e.rules.status;
  if (!e.rules.program) return e.status;
  if (!e.rules.program->n_RULES) {
    fprintf(stderr, "sigmac eval: error: no detection rule could be loaded\n");
    return EXIT_BAD_INPUT;
  }
  scanner_init(&e.scanner, e.rules.program, args->arena);
  e.scanner.form = args_has(args, "plain") ? CODE_PLAIN : CODE_FUSED;
  e.scanner.range = e.range;
  if (args_has(args, "matched-fields")) {
    matcher_init(&e.matcher, &e.scanner.vm, args->arena);
    e.output.matcher = &e.matcher;
  }
  if (select_rules(&e)) {
    scanner_restrict(&e.scanner, &label);
    if (e.find_logsources) scanner_find_logsources(&e.scanner);
    eval_all(&e);
    sum_up(&e);
  }
  scanner_free(&e.scanner);
  input_free(&e.input);
  if (args_has(args, "fail-on-match") && e.summary.matches) worse(&e, EXIT_FOUND);
  return interrupted ? interrupt_status() : e.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "rules: files, folders, or one image; may be repeated", "rules"},
  {"vars", 0, "FILE", "values of placeholders, added to the *.vars.yml beside the rules; may be repeated"},
  {"var", 0, "NAME=VALUE", "one more value of %NAME%; may be repeated; NAME alone empties the list, defaults included"},
  {"logsource", 0, "auto|off", "auto (the default): a rule gets the events of its log source; off: all events"},
  {"event-logsource", 0, "LABELS", "category=X,product=Y,service=Z, or some of them: what all events are"},
  {"plain", 0, NULL, "run the code before predicates are shared: slower, the same matches"},
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

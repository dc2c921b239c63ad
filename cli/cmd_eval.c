/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/load.h"
#include "cli/output.h"
#include "runtime/disasm.h"
#include "runtime/scan.h"

enum { EXIT_INTERRUPTED = 130, SHOWN_BAD_EVENTS = 20 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number) {
  (void)signal_number;
  interrupted = 1;
}

typedef struct {
  Args *args;
  Loaded rules;
  Scanner scanner;
  Output output;
  Input input;
  Str name;       /* of the present input */
  Str event;      /* the present one */
  uint64_t index; /* of the next event */
  uint64_t bad;
  struct timespec start, shown; /* shown: when progress was printed last */
  bool progress, find_logsources;
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
  if (args_has(args, "event-logsource") && !read_label(args, args_last(args, "event-logsource", ""), label)) return false;
  if (str_is(logsource, "off")) *label = (Label){0}; /* compares nothing, whatever the labels */
  e->find_logsources = str_is(logsource, "auto") && !args_has(args, "event-logsource");
  if (std_inputs(args_values(args, "rules")) + (args->paths.n ? std_inputs(&args->paths) : 1) > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the events"), false;
  if (!args->paths.n && isatty(STDIN_FILENO)) return usage_error(args, "no events: name files, or `-` for standard input"), false;
  e->status = EXIT_OK;
  return true;
}

/* --- progress ---------------------------------------------------------------------------------------------- */

static double seconds_since(const struct timespec *then) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static void show_progress(Eval *e) {
  if (!e->progress || e->index % 256 || seconds_since(&e->shown) < 0.25) return;
  clock_gettime(CLOCK_MONOTONIC, &e->shown);
  double s = seconds_since(&e->start);
  fprintf(stderr, "\r%llu events, %.1f MB, %.0f events/s, %llu matches \033[K", (unsigned long long)e->index,
          (double)e->input.bytes / 1e6, (double)e->index / (s > 0 ? s : 1), (unsigned long long)e->output.matches);
}

static void clear_progress(const Eval *e) {
  if (e->progress) fprintf(stderr, "\r\033[K");
}

/* --- summary ----------------------------------------------------------------------------------------------- */

/* The field that a rule looks at with this test; UINT32_MAX where it does not have the test. */
static uint32_t field_of(const Program *p, const RuleRec *r, uint32_t test) {
  for (uint32_t i = 1; i < r->n_plain; i++)
    if (p->PLAIN[r->plain + i] == insn(OP_TEST, test)) return insn_arg(p->PLAIN[r->plain + i - 1]);
  return UINT32_MAX;
}

static void print_limit(const Program *p, const RuleRec *r, uint32_t test, uint32_t times) {
  enum { WIDEST = 100 };
  Buf out = {0}, what = {0};
  disasm_test(&what, p, field_of(p, r, test), test);
  Str shown = buf_view(&what);
  buf_safe(&out, program_str(p, r->path));
  buf_printf(&out, ":%u: warning: `", r->line);
  buf_safe(&out, program_str(p, r->title));
  buf_str(&out, STR("`: "));
  buf_safe(&out, shown.n > WIDEST ? str_sub(shown, 0, WIDEST) : shown);
  buf_printf(&out, "%s: given up %u %s, taken as no match [%s]\n", shown.n > WIDEST ? "..." : "", times,
             times == 1 ? "time" : "times", diag_info[ID_regex_limit].text);
  fwrite(out.p, 1, out.n, stderr);
  buf_free(&out);
  buf_free(&what);
}

/* Rules whose verdict may be wrong, because a test took too long (semantics 9.5). */
static void report_limits(const Eval *e) {
  const Program *p = e->scanner.vm.program;
  for (uint32_t t = 0; t < p->n_TESTS; t++) {
    if (!e->scanner.vm.limit_hits[t]) continue;
    for (uint32_t i = 0; i < p->n_RULES; i++) {
      const RuleRec *r = &p->RULES[i];
      if (field_of(p, r, t) == UINT32_MAX) continue;
      print_limit(p, r, t, e->scanner.vm.limit_hits[t]);
    }
  }
}

static void print_summary(const Eval *e) {
  double s = seconds_since(&e->start);
  const Program *p = e->scanner.vm.program;
  fprintf(stderr, "%llu events (%llu bytes), %llu matches; %u rules, %u refused", (unsigned long long)e->index,
          (unsigned long long)e->input.bytes, (unsigned long long)e->output.matches, e->scanner.n_active, e->rules.refused);
  if (e->scanner.n_active != p->n_RULES) fprintf(stderr, ", %u of another log source", p->n_RULES - e->scanner.n_active);
  fprintf(stderr, "; %llu bad events", (unsigned long long)e->bad);
  if (e->scanner.unmapped) fprintf(stderr, ", %llu of no known log source", (unsigned long long)e->scanner.unmapped);
  if (s >= 0.1) fprintf(stderr, "; %.1f s, %.0f events/s", s, (double)e->index / s);
  fprintf(stderr, "%s\n", interrupted ? "; interrupted" : "");
}

/* --- events ------------------------------------------------------------------------------------------------ */

static void bad_event(Eval *e, const char *message, size_t offset, bool has_offset) {
  worse(e, EXIT_BAD_INPUT);
  e->bad++;
  if (e->bad > SHOWN_BAD_EVENTS) return;
  clear_progress(e);
  fprintf(stderr, STR_FMT ":%llu: bad event: %s", STR_ARG(e->name), (unsigned long long)e->input.line, message);
  if (has_offset) fprintf(stderr, " (byte %zu)", offset + 1);
  fprintf(stderr, "\n%s", e->bad == SHOWN_BAD_EVENTS ? "more bad events are counted, not shown\n" : "");
}

static void on_match(void *ctx, uint32_t rule) {
  Eval *e = ctx;
  output_match(&e->output, e->scanner.vm.program, rule, e->index, e->event);
}

static void eval_event(Eval *e) {
  JsonError error;
  if (!scan_text(&e->scanner, e->event, on_match, e, &error)) bad_event(e, error.message, error.offset, true);
}

static void input_fault(Eval *e) {
  const char *why = e->input.error ? strerror(e->input.error) : e->input.fault;
  if (!why) return;
  fprintf(stderr, STR_FMT ": error: %s\n", STR_ARG(e->name), why);
  worse(e, EXIT_BAD_INPUT);
}

/* Compressed input is not text; say so once instead of once per line. */
static bool compressed(Eval *e, Str first) {
  bool gzip = str_starts(first, STR("\x1F\x8B")), zstd = str_starts(first, STR("\x28\xB5\x2F\xFD"));
  if (!gzip && !zstd) return false;
  fprintf(stderr, STR_FMT ": error: the file is compressed; unpack it first, as in `%s -dc FILE | sigmac eval ...`\n",
          STR_ARG(e->name), gzip ? "gzip" : "zstd");
  worse(e, EXIT_BAD_INPUT);
  return true;
}

static void eval_input(Eval *e, int fd) {
  bool first = true;
  input_open(&e->input, fd);
  for (InputResult r;
       !interrupted && !e->output.closed && !e->output.fault && (r = input_next(&e->input, &e->event)) != INPUT_DONE;) {
    if (first && compressed(e, e->event)) return;
    if (interrupted) return; /* it may be cut off */
    first = false;
    if (r == INPUT_TOO_LARGE) bad_event(e, "larger than the limit of 64 MiB", 0, false);
    else eval_event(e);
    e->index++;
    show_progress(e);
  }
  if (!interrupted) input_fault(e);
}

static void eval_path(Eval *e, Str path) {
  bool standard = str_is(path, "-");
  int fd = standard ? STDIN_FILENO : open(arena_cstr(e->args->arena, path), O_RDONLY | O_CLOEXEC);
  e->name = standard ? STR("<stdin>") : path;
  if (fd < 0) {
    fprintf(stderr, STR_FMT ": error: cannot be read: %s [%s]\n", STR_ARG(path), strerror(errno),
            diag_info[ID_file_unreadable].text);
    worse(e, EXIT_BAD_INPUT);
    return;
  }
  eval_input(e, fd);
  if (!standard) close(fd);
}

/* Matches are not held back while the input has nothing more. */
static void on_idle(void *ctx) { output_flush(&((Eval *)ctx)->output); }

static void eval_all(Eval *e) {
  struct sigaction act = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND}; /* the second one ends it at once */
  sigaction(SIGINT, &act, NULL);
  e->input.idle = on_idle;
  e->input.idle_ctx = e;
  e->input.stop = &interrupted;
  clock_gettime(CLOCK_MONOTONIC, &e->start);
  e->shown = e->start;
  e->progress = !e->args->quiet && isatty(STDERR_FILENO);
  output_begin(&e->output);
  if (!e->args->paths.n) eval_path(e, STR("-"));
  for (uint32_t i = 0; i < e->args->paths.n && !interrupted; i++) eval_path(e, e->args->paths.p[i]);
  output_end(&e->output);
  clear_progress(e);
  if (e->output.fault) {
    fprintf(stderr, "sigmac: error: cannot write matches: %s\n", e->output.fault);
    worse(e, EXIT_BAD_INPUT);
  }
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
  e.output.colour = args_has(args, "color") ? args->colour : args->colour && isatty(STDOUT_FILENO);
  e.output.include_event = args_has(args, "include-event");
  scanner_init(&e.scanner, e.rules.program, args->arena);
  e.scanner.form = args_has(args, "plain") ? CODE_PLAIN : CODE_FUSED;
  scanner_restrict(&e.scanner, &label);
  if (e.find_logsources) scanner_find_logsources(&e.scanner);
  eval_all(&e);
  report_limits(&e);
  if (!args->quiet) print_summary(&e);
  scanner_free(&e.scanner);
  input_free(&e.input);
  if (args_has(args, "fail-on-match") && e.output.matches) worse(&e, EXIT_FOUND);
  return interrupted ? EXIT_INTERRUPTED : e.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "rules: files, folders, or one image; may be repeated"},
  {"format", 0, "FORMAT", "ndjson, json, table or csv (default: table on a terminal, else ndjson)"},
  {"logsource", 0, "auto|off", "auto (the default): a rule gets the events of its log source; off: all events"},
  {"event-logsource", 0, "LABELS", "category=X,product=Y,service=Z, or some of them: what all events are"},
  {"var", 0, "NAME=VALUE", "a value of the placeholder %NAME%; may be repeated; NAME alone: an empty list"},
  {"include-event", 0, NULL, "put the event into each match"},
  {"fail-on-match", 0, NULL, "exit with 1 when a rule matched"},
  {"plain", 0, NULL, "run the code before predicates are shared: slower, the same matches"},
  {NULL, 0, NULL, NULL},
};

const Command command_eval = {
  .name = "eval",
  .summary = "evaluate rules against JSON events",
  .usage = "-r PATH|FILE.sgc [OPTIONS] [EVENTS...|-]",
  .options = options,
  .more = "EVENTS: JSON objects, one per line, or a JSON array of them. event_index counts them from 0 over all inputs.\n"
          "A bad event or rule is reported and the rest goes on. Exit status: 0, 1 matches with --fail-on-match, 2 usage,\n"
          "3 a rule was refused or an input was unreadable or damaged.",
  .run = run,
};

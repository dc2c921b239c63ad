/* SPDX-License-Identifier: MIT */
#include "cli/eval_options.h"

#include <unistd.h>

#include "cli/files.h"
#include "cli/follow.h"
#include "cli/summary.h"
#include "cli/terminal.h"

enum { MOST_THREADS = 256 };

static bool read_look(const Args *args, Look *look) {
  bool terminal = isatty(STDOUT_FILENO);
  look->colour = args->colour && (terminal || args_has(args, "color"));
  look->include_event = args_has(args, "include-event");
  look->width = terminal_width(STDOUT_FILENO);
  look->format = terminal ? FORMAT_TABLE : FORMAT_NDJSON;
  if (!args_has(args, "format")) return true;
  for (int i = 0; i < FORMAT_COUNT; i++)
    if (str_is(args_last(args, "format", ""), output_format_name[i])) {
      look->format = (OutputFormat)i;
      return true;
    }
  usage_error(args, "--format is ndjson, json, table or csv");
  return false;
}

/* As many as there are processors, where that can be told. */
static unsigned processors(void) {
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : (unsigned)n;
}

static bool read_threads(const Args *args, unsigned *threads) {
  Str text = args_last(args, "threads", "1");
  *threads = 0;
  for (size_t i = 0; i < text.n && *threads <= MOST_THREADS; i++) {
    if (!ascii_digit(text.p[i])) return usage_error(args, "--threads takes a number, 0 for one per processor"), false;
    *threads = *threads * 10 + (unsigned)(text.p[i] - '0');
  }
  if (*threads > MOST_THREADS) return usage_error(args, "--threads is at most %d", MOST_THREADS), false;
  if (!*threads) *threads = processors();
  return true;
}

static bool is_summary(Str begin) { return str_starts(begin, STR(SUMMARY_BEGIN)); }

bool eval_options_read(EvalOptions *o, const Args *args) {
  Selection selection;
  *o = (EvalOptions){.args = args};
  if (!args_has(args, "rules")) return usage_error(args, "no rules: give -r PATH"), false;
  if (!read_look(args, &o->look)) return false;
  if (args_has(args, "matched-fields") && o->look.format != FORMAT_NDJSON && o->look.format != FORMAT_JSON)
    return usage_error(args, "--matched-fields is for --format ndjson and json"), false;
  if (!logsource_options_read(&o->logsource, args)) return false;
  o->matched_fields = args_has(args, "matched-fields");
  o->plain = args_has(args, "plain");
  o->no_index = args_has(args, "no-index");
  o->follow = args_has(args, "follow");
  if (!selection_read(&selection, args) || !time_options_read(&o->range, args)) return false;
  if (std_inputs(args_values(args, "rules")) + (args->paths.n ? std_inputs(&args->paths) : 1) > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the events"), false;
  if (!over_time_read(&o->over_time, args)) return false;
  o->look.keep = o->over_time.keep;
  if (!read_threads(args, &o->threads) || (o->follow && !follow_usage(args))) return false;
  if (!args->paths.n && isatty(STDIN_FILENO)) return usage_error(args, "no events: name files, or `-` for standard input"), false;
  if (!file_may_replace(args_last(args, "summary", "-").p, is_summary))
    return usage_error(args, STR_FMT " exists and is no summary: it is not replaced", STR_ARG(args_last(args, "summary", ""))),
           false;
  return true;
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/events.h"
#include "cli/load.h"
#include "cli/target.h"
#include "cli/vars.h"

typedef struct {
  Args *args;
  Loaded rules;
  sigmac_fields *report;
  sigmac_format format;
  bool unused;
  EventReader events;
  int status;
} Fields;

static void worse(Fields *f, int status) {
  if (status > f->status) f->status = status;
}

static bool on_event(void *ctx, EventReader *r) {
  Fields *f = ctx;
  sigmac_error error;
  if (r->too_large) event_bad(r, "", 0);
  else if (checked(sigmac_fields_add(f->report, str_out(r->text), &error)) != SIGMAC_OK) event_bad(r, error.message, error.offset);
  return true;
}

static bool check_usage(Fields *f) {
  Args *args = f->args;
  Str format = args_last(args, "format", "table");
  f->status = EXIT_USAGE;
  if (!args_has(args, "rules") && !args->paths.n)
    return usage_error(args, "neither rules nor events: give -r PATH, or EVENTS"), false;
  if (!str_is(format, "table") && !str_is(format, "json")) return usage_error(args, "--format is table or json"), false;
  if (args_has(args, "unused") && !args->paths.n) return usage_error(args, "--unused is about events, and there are none"), false;
  if (std_inputs(args_values(args, "rules")) + std_inputs(&args->paths) > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the events"), false;
  f->format = str_is(format, "json") ? SIGMAC_JSON : SIGMAC_TEXT;
  f->unused = args_has(args, "unused") || !args_has(args, "rules");
  f->status = EXIT_OK;
  return true;
}

static int run(Args *args) {
  Fields f = {.args = args};
  if (!check_usage(&f)) return f.status;
  if (args_has(args, "rules")) {
    load_rules(&f.rules, args, args_values(args, "rules"));
    f.status = f.rules.status;
    if (!f.rules.rules) return f.status;
  }
  checked(sigmac_fields_new(&f.report, f.rules.rules, &cli_allocator));
  f.events = (EventReader){.args = args, .event = on_event, .ctx = &f};
  if (args->paths.n) events_read(&f.events);
  worse(&f, f.events.status);
  checked(sigmac_fields_write(f.report, f.format, f.unused, write_to_stdout, NULL));
  if (f.events.bad) fprintf(stderr, "%llu bad events were left out\n", (unsigned long long)f.events.bad);
  sigmac_fields_free(f.report);
  events_free(&f.events);
  return f.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "rules: files, folders, or one image; may be repeated"},
  {"format", 0, "FORMAT", "table or json (default: table)"},
  {"unused", 0, NULL, "also the fields of the events that no rule uses"},
  FILTER_OPTION,
  VARS_OPTIONS,
  TARGET_OPTIONS,
  {NULL, 0, NULL, NULL},
};

const Command command_fields = {
  .name = "fields",
  .summary = "list the fields that rules need, and whether events have them",
  .usage = "[-r PATH|FILE.sgc]... [OPTIONS] [EVENTS...|-]",
  .options = options,
  .more = "With rules and events: which fields the events have, lack, or spell otherwise. With one of the two: its fields.\n"
          "Exit status: 0, 2 usage, 3 a rule was refused or an input was unreadable or damaged.",
  .run = run,
};

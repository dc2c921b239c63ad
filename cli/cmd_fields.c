/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/events.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "runtime/event_json.h"
#include "runtime/fields.h"
#include "runtime/scan.h"
#include "runtime/shape.h"

typedef struct {
  Args *args;
  Loaded rules;
  FieldReport *report;
  Scanner scanner;
  Arena names; /* of the event, without rules too */
  EventReader events;
  bool whole; /* the tree that comes next is the event itself */
  int status;
} Fields;

static void worse(Fields *f, int status) {
  if (status > f->status) f->status = status;
}

/* The names of the event itself, then what rules find in its views. */
static void on_tree(void *ctx, Value *tree) {
  Fields *f = ctx;
  if (f->whole) fields_event(f->report, &f->scanner.vm, tree, &f->names);
  else fields_view(f->report, &f->scanner.vm);
  f->whole = false;
}

static bool on_event(void *ctx, EventReader *r) {
  Fields *f = ctx;
  JsonError error = {"", 0};
  Arena *scratch = f->rules.program ? &f->scanner.scratch : &f->names;
  arena_reset(&f->names);
  arena_reset(scratch);
  Value *root = r->too_large ? NULL : event_json_read(r->text, scratch, &error);
  f->whole = true;
  if (!root) event_bad(r, error.message, error.offset);
  else if (f->rules.program) scan_each_tree(&f->scanner, root, on_tree, f);
  else fields_event(f->report, NULL, event_shape(root, scratch), scratch);
  return true;
}

static bool check_usage(Fields *f, FieldStyle *style) {
  Args *args = f->args;
  Str format = args_last(args, "format", "table");
  f->status = EXIT_USAGE;
  if (!args_has(args, "rules") && !args->paths.n)
    return usage_error(args, "neither rules nor events: give -r PATH, or EVENTS"), false;
  if (!str_is(format, "table") && !str_is(format, "json")) return usage_error(args, "--format is table or json"), false;
  if (args_has(args, "unused") && !args->paths.n) return usage_error(args, "--unused is about events, and there are none"), false;
  if (std_inputs(args_values(args, "rules")) + std_inputs(&args->paths) > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the events"), false;
  *style = (FieldStyle){.json = str_is(format, "json"), .unused = args_has(args, "unused") || !args_has(args, "rules")};
  f->status = EXIT_OK;
  return true;
}

static int run(Args *args) {
  Fields f = {.args = args, .names.heap = &cli_heap};
  FieldStyle style;
  Buf out = {.heap = &cli_heap};
  if (!check_usage(&f, &style)) return f.status;
  if (args_has(args, "rules")) {
    load_rules(&f.rules, args, args_values(args, "rules"));
    f.status = f.rules.status;
    if (!f.rules.program) return f.status;
    scanner_init(&f.scanner, f.rules.program, args->arena);
    scanner_find_logsources(&f.scanner);
  }
  f.report = fields_new(f.rules.program, args->arena);
  f.events = (EventReader){.args = args, .event = on_event, .ctx = &f};
  if (args->paths.n) events_read(&f.events);
  worse(&f, f.events.status);
  fields_print(f.report, &out, &style);
  if (out.n) fwrite(out.p, 1, out.n, stdout);
  if (f.events.bad) fprintf(stderr, "%llu bad events were left out\n", (unsigned long long)f.events.bad);
  buf_free(&out);
  if (f.rules.program) scanner_free(&f.scanner);
  arena_free(&f.names);
  events_free(&f.events);
  return f.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "rules: files, folders, or one image; may be repeated"},
  {"format", 0, "FORMAT", "table or json (default: table)"},
  {"unused", 0, NULL, "also the fields of the events that no rule uses"},
  {"vars", 0, "FILE", "values of placeholders, added to the *.vars.yml beside the rules; may be repeated"},
  {"var", 0, "NAME=VALUE", "one more value of %NAME%; may be repeated; NAME alone empties the list, defaults included"},
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

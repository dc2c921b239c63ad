/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/events.h"
#include "cli/load.h"
#include "runtime/event_json.h"
#include "runtime/fields.h"

enum { SHOWN_BAD_EVENTS = 20 };

typedef struct {
  Args *args;
  Loaded rules;
  FieldReport *report;
  Vm vm;
  Arena scratch; /* of the event */
  uint64_t bad;
  int status;
} Fields;

static void worse(Fields *f, int status) {
  if (status > f->status) f->status = status;
}

static bool on_event(void *ctx, const EventText *event) {
  Fields *f = ctx;
  JsonError error = {"", 0};
  arena_reset(&f->scratch);
  Value *root = event->too_large ? NULL : event_json_read(event->text, &f->scratch, &error);
  if (root) {
    if (f->rules.program) vm_event(&f->vm, root);
    fields_event(f->report, f->rules.program ? &f->vm : NULL, root, &f->scratch);
    return true;
  }
  worse(f, EXIT_BAD_INPUT);
  if (f->bad++ < SHOWN_BAD_EVENTS) event_bad(event, error.message, error.offset);
  if (f->bad == SHOWN_BAD_EVENTS) fprintf(stderr, "more bad events are counted, not shown\n");
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
  Fields f = {.args = args};
  FieldStyle style;
  Buf out = {0};
  if (!check_usage(&f, &style)) return f.status;
  if (args_has(args, "rules")) {
    load_rules(&f.rules, args, args_values(args, "rules"));
    f.status = f.rules.status;
    if (!f.rules.program) return f.status;
    vm_init(&f.vm, f.rules.program, args->arena, &f.scratch);
  }
  f.report = fields_new(f.rules.program, args->arena);
  worse(&f, events_each(&args->paths, args->arena, on_event, &f));
  fields_print(f.report, &out, &style);
  if (out.n) fwrite(out.p, 1, out.n, stdout);
  if (f.bad) fprintf(stderr, "%llu bad events were left out\n", (unsigned long long)f.bad);
  buf_free(&out);
  arena_free(&f.scratch);
  return f.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "rules: files, folders, or one image; may be repeated"},
  {"format", 0, "FORMAT", "table or json (default: table)"},
  {"unused", 0, NULL, "also the fields of the events that no rule uses"},
  {"var", 0, "NAME=VALUE", "a value of the placeholder %NAME%; may be repeated; NAME alone: an empty list"},
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

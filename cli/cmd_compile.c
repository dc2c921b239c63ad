/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/events.h"
#include "cli/files.h"
#include "cli/load.h"
#include "cli/say.h"
#include "cli/target.h"
#include "cli/vars.h"

static bool is_image(Str begin) { return sigmac_is_image(str_out(begin)); }

static int write_image(const Args *args, const Loaded *l) {
  Str path = args_last(args, "output", "");
  const char *why = "";
  if (!sigmac_rules_get_facts(l->rules)->rules) { /* it would take the place of a good one */
    say(STR_FMT ": error: not written: no detection rule was compiled", STR_ARG(path));
    return EXIT_BAD_INPUT;
  }
  if (str_is(path, "-") && isatty(STDOUT_FILENO)) return usage_error(args, "an image is no text: send standard output to a file");
  if (file_write(path.p, l->image, &why)) return l->status;
  say(STR_FMT ": error: cannot be written: %s", STR_ARG(path), why);
  return EXIT_BAD_INPUT;
}

static bool on_event(void *ctx, EventReader *r) {
  sigmac_compiler *c = ctx;
  sigmac_error error;
  if (r->too_large) event_bad(r, "", 0);
  else if (checked(sigmac_compiler_tune(c, str_out(r->text), &error)) != SIGMAC_OK) event_bad(r, error.message, error.offset);
  return true;
}

/* Rules are compiled for events like those of a sample. */
static void load_tuned(Loaded *l, const Args *args) {
  Args sample = *args;
  EventReader events = {.args = &sample, .event = on_event};
  sample.paths = *args_values(args, "tune");
  load_open(l, args);
  if (!load_sources(l, args, &args->paths)) return;
  events.ctx = l->compiler;
  events_read(&events);
  load_finish(l, args, &args->paths);
  if (events.bad) say("%llu bad events of the sample were left out", (unsigned long long)events.bad);
  if (events.status > l->status) l->status = events.status;
  events_free(&events);
}

static void tell(const sigmac_rules_facts *facts, const Loaded *l) {
  fprintf(stderr, "%u rules", facts->rules);
  if (facts->correlations) fprintf(stderr, " and %u correlations", facts->correlations);
  fprintf(stderr, " compiled, %u refused; ", l->refused);
  if (l->filters) fprintf(stderr, "%u filter%s applied; ", l->filters, l->filters == 1 ? "" : "s");
  fprintf(stderr, "%u fields, %u predicates, image of %zu bytes\n", facts->fields, facts->predicates, facts->image_bytes);
}

static int run(Args *args) {
  Loaded l;
  if (!args->paths.n) return usage_error(args, "no rules: name a file, a folder, or `-`");
  if (args_has(args, "output") && !file_may_replace(args_last(args, "output", "").p, is_image))
    return usage_error(args, STR_FMT " exists and is no image: it is not replaced", STR_ARG(args_last(args, "output", "")));
  if (args_has(args, "tune") && std_inputs(&args->paths) + std_inputs(args_values(args, "tune")) > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the sample");
  if (args_has(args, "tune")) load_tuned(&l, args);
  else load_rules(&l, args, &args->paths);
  if (!l.rules) return l.status;
  if (args_has(args, "output")) l.status = write_image(args, &l);
  const sigmac_rules_facts *facts = sigmac_rules_get_facts(l.rules);
  if (!args->quiet) tell(facts, &l);
  return l.status;
}

static const Option options[] = {
  {"output", 'o', "FILE.sgc", "write the image there (- for standard output); without it the rules are only checked"},
  {"tune", 0, "SAMPLE", "events like those to come: what is rare in them decides how rules are looked for; may be repeated"},
  FILTER_OPTION,
  VARS_OPTIONS,
  TARGET_OPTIONS,
  {NULL, 0, NULL, NULL},
};

const Command command_compile = {
  .name = "compile",
  .summary = "compile rules into one image",
  .usage = "[-o FILE.sgc] [--filter PATH]... [--vars FILE]... [--var NAME=VALUE]... PATH...",
  .options = options,
  .more = "PATH is a rule file, a folder (all *.yml and *.yaml below it), or `-`.\n"
          "A rule with an error is reported and left out. Exit status: 0, 2 usage, 3 a rule was refused or a file unreadable.",
  .run = run,
};

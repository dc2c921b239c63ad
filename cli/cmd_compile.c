/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
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

static int run(Args *args) {
  Loaded l;
  if (!args->paths.n) return usage_error(args, "no rules: name a file, a folder, or `-`");
  if (args_has(args, "output") && !file_may_replace(args_last(args, "output", "").p, is_image))
    return usage_error(args, STR_FMT " exists and is no image: it is not replaced", STR_ARG(args_last(args, "output", "")));
  load_rules(&l, args, &args->paths);
  if (!l.rules) return l.status;
  if (args_has(args, "output")) l.status = write_image(args, &l);
  const sigmac_rules_facts *facts = sigmac_rules_get_facts(l.rules);
  if (!args->quiet)
    fprintf(stderr, "%u rules compiled, %u refused; %u fields, %u predicates, image of %zu bytes\n", facts->rules, l.refused,
            facts->fields, facts->predicates, facts->image_bytes);
  return l.status;
}

static const Option options[] = {
  {"output", 'o', "FILE.sgc", "write the image there (- for standard output); without it the rules are only checked"},
  VARS_OPTIONS,
  TARGET_OPTIONS,
  {NULL, 0, NULL, NULL},
};

const Command command_compile = {
  .name = "compile",
  .summary = "compile rules into one image",
  .usage = "[-o FILE.sgc] [--vars FILE]... [--var NAME=VALUE]... PATH...",
  .options = options,
  .more = "PATH is a rule file, a folder (all *.yml and *.yaml below it), or `-`.\n"
          "A rule with an error is reported and left out. Exit status: 0, 2 usage, 3 a rule was refused or a file unreadable.",
  .run = run,
};

/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/target.h"
#include "cli/vars.h"

static int run(Args *args) {
  Loaded l;
  if (!args->paths.n) return usage_error(args, "no rules: name a file, a folder, an image, or `-`");
  load_rules(&l, args, &args->paths);
  if (!l.rules) return l.status;
  sigmac_form form = args_has(args, "fused") ? SIGMAC_FUSED : SIGMAC_PLAIN;
  checked(sigmac_rules_disassemble(l.rules, SIGMAC_ALL_RULES, form, write_to_stdout, NULL));
  return l.status;
}

static const Option options[] = {
  {"fused", 0, NULL, "the code that runs, with predicates shared by all rules; default: plain code with places"},
  FILTER_OPTION,
  VARS_OPTIONS,
  TARGET_OPTIONS,
  {NULL, 0, NULL, NULL},
};

const Command command_disasm = {
  .name = "disasm",
  .summary = "print the bytecode of rules or of an image",
  .usage = "[--fused] [--filter PATH]... [--vars FILE]... [--var NAME=VALUE]... PATH|FILE.sgc",
  .options = options,
  .more = "docs/bytecode.md explains the instructions.",
  .run = run,
};

/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "runtime/disasm.h"

static int run(Args *args) {
  Loaded l;
  if (!args->paths.n) return usage_error(args, "no rules: name a file, a folder, an image, or `-`");
  load_rules(&l, args, &args->paths);
  if (!l.program) return l.status;
  CodeForm form = args_has(args, "fused") ? CODE_FUSED : CODE_PLAIN;
  Buf out = {.heap = &cli_heap};
  disasm_summary(&out, l.program);
  for (uint32_t i = 0; i < l.program->n_RULES; i++) {
    disasm_rule(&out, l.program, i, form);
    if (out.n > 1 << 16) {
      fwrite(out.p, 1, out.n, stdout);
      out.n = 0;
    }
  }
  if (out.n) fwrite(out.p, 1, out.n, stdout);
  buf_free(&out);
  return l.status;
}

static const Option options[] = {
  {"fused", 0, NULL, "the code that runs, with predicates shared by all rules; default: plain code with places"},
  {"vars", 0, "FILE", "values of placeholders, added to the *.vars.yml beside the rules; may be repeated"},
  {"var", 0, "NAME=VALUE", "one more value of %NAME%; may be repeated; NAME alone empties the list, defaults included"},
  {NULL, 0, NULL, NULL},
};

const Command command_disasm = {
  .name = "disasm",
  .summary = "print the bytecode of rules or of an image",
  .usage = "[--fused] [--vars FILE]... [--var NAME=VALUE]... PATH|FILE.sgc",
  .options = options,
  .more = "docs/bytecode.md explains the instructions.",
  .run = run,
};

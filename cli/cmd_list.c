/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/memory.h"
#include "compiler/lists.h"

static int print_names(void) {
  for (unsigned i = 0; list_name(i); i++) printf("%s\n", list_name(i));
  return EXIT_OK;
}

static bool read_format(Str word, ListFormat *format) {
  if (str_is(word, "text")) *format = LIST_TEXT;
  else if (str_is(word, "json")) *format = LIST_JSON;
  else if (str_is(word, "markdown")) *format = LIST_MARKDOWN;
  else return false;
  return true;
}

static int run(Args *args) {
  ListFormat format;
  Buf out = {.heap = &cli_heap};
  if (!args->paths.n) return print_names();
  if (args->paths.n > 1) return usage_error(args, "one list at a time");
  if (!read_format(args_last(args, "format", "text"), &format)) return usage_error(args, "--format is text, json or markdown");
  if (!list_write(&out, args->paths.p[0], format, args->arena))
    return usage_error(args, "there is no list of `" STR_FMT "`; `sigmac list` prints what there is", STR_ARG(args->paths.p[0]));
  if (out.n) fwrite(out.p, 1, out.n, stdout);
  buf_free(&out);
  return EXIT_OK;
}

static const Option options[] = {
  {"format", 0, "FORMAT", "text, json or markdown"},
  {NULL, 0, NULL, NULL},
};

const Command command_list = {
  .name = "list",
  .summary = "list modifiers, log sources, diagnostics, opcodes ...",
  .usage = "[--format FORMAT] [modifiers|logsources|views|time-fields|diagnostics|predicates|ops|sections]",
  .options = options,
  .run = run,
};

/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/library.h"

static int print_names(void) {
  for (unsigned i = 0; sigmac_list_name(i); i++) printf("%s\n", sigmac_list_name(i));
  return EXIT_OK;
}

static bool read_format(Str word, sigmac_format *format) {
  if (str_is(word, "text")) *format = SIGMAC_TEXT;
  else if (str_is(word, "json")) *format = SIGMAC_JSON;
  else if (str_is(word, "markdown")) *format = SIGMAC_MARKDOWN;
  else return false;
  return true;
}

static int run(Args *args) {
  sigmac_format format;
  if (!args->paths.n) return print_names();
  if (args->paths.n > 1) return usage_error(args, "one list at a time");
  if (!read_format(args_last(args, "format", "text"), &format)) return usage_error(args, "--format is text, json or markdown");
  if (checked(sigmac_list(str_out(args->paths.p[0]), format, &cli_allocator, write_to_stdout, NULL)) != SIGMAC_OK)
    return usage_error(args, "there is no list of `" STR_FMT "`; `sigmac list` prints what there is", STR_ARG(args->paths.p[0]));
  return EXIT_OK;
}

static const Option options[] = {
  {"format", 0, "FORMAT", "text, json or markdown"},
  {NULL, 0, NULL, NULL},
};

const Command command_list = {
  .name = "list",
  .summary = "list modifiers, backends, pipelines, log sources, diagnostics ...",
  .usage = "[--format FORMAT] [modifiers|backends|pipelines|formats|assumptions|logsources|views|time-fields|diagnostics|...]",
  .options = options,
  .run = run,
};

/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/findings.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "cli/target.h"
#include "cli/vars.h"

typedef struct {
  Args *args;
  sigmac_format format;
  Buf out; /* findings as JSON */
  uint32_t files, errors, warnings, unreadable;
} Check;

/* --- check --------------------------------------------------------------------------------------------------- */

static void on_finding(void *ctx, const sigmac_diagnostic *d) {
  Check *k = ctx;
  bool first = !(k->errors + k->warnings);
  if (d->severity == SIGMAC_ERROR) k->errors++;
  else k->warnings++;
  if (k->format != SIGMAC_JSON) {
    fwrite(d->text.p, 1, d->text.n, stdout);
    return;
  }
  buf_str(&k->out, first ? STR("\n") : STR(",\n"));
  finding_json(&k->out, d, "id");
}

/* Each alone: two files may be for different targets. */
static void check_file(Check *k, Str path) {
  sigmac_compiler *c = NULL;
  sigmac_str image;
  checked(sigmac_compiler_new(&c, &cli_allocator));
  sigmac_compiler_on_diagnostic(c, on_finding, k);
  sigmac_compiler_set_colour(c, k->format == SIGMAC_COLOURED_TEXT);
  k->files++;
  if (checked(sigmac_compiler_add_pipeline(c, path.p)) != SIGMAC_OK) k->unreadable++;
  checked(sigmac_compiler_finish(c, &image));
  sigmac_compiler_free(c);
}

static int check(Check *k) {
  const StrList *paths = &k->args->paths;
  if (paths->n < 2) return usage_error(k->args, "no pipeline: `sigmac pipeline check NAME|FILE...`");
  if (std_inputs(paths)) return usage_error(k->args, "a pipeline is a file or a name, not standard input");
  if (target_options_given(k->args)) return usage_error(k->args, "pipelines to check stand behind `check`, without -p");
  if (k->format == SIGMAC_JSON) buf_str(&k->out, STR("{\"findings\":["));
  for (uint32_t i = 1; i < paths->n; i++) check_file(k, paths->p[i]);
  if (k->format == SIGMAC_JSON)
    buf_printf(&k->out, "%s],\"summary\":{\"files\":%u,\"errors\":%u,\"warnings\":%u}}\n", k->errors + k->warnings ? "\n" : "",
               k->files, k->errors, k->warnings);
  if (k->out.n) fwrite(k->out.p, 1, k->out.n, stdout);
  if (k->format != SIGMAC_JSON && !k->args->quiet)
    fprintf(stderr, "%u pipeline%s checked: %u error%s, %u warning%s\n", k->files, k->files == 1 ? "" : "s", k->errors,
            k->errors == 1 ? "" : "s", k->warnings, k->warnings == 1 ? "" : "s");
  return k->unreadable ? EXIT_BAD_INPUT : k->errors ? EXIT_FOUND : EXIT_OK;
}

/* --- show ---------------------------------------------------------------------------------------------------- */

static int show(Check *k) {
  Args *args = k->args;
  Loaded l;
  StrList rules = {.p = args->paths.p + 1, .n = args->paths.n - 1};
  Str target = args_last(args, "target", "");
  if (!rules.n) return usage_error(args, "no rules: name a file, a folder, or `-`");
  if (!args_has(args, "pipeline")) return usage_error(args, "no pipeline: give -p NAME|FILE");
  load_open(&l, args);
  if (target.n && checked(sigmac_compiler_set_target(l.compiler, str_out(target))) != SIGMAC_OK)
    return usage_error(args, "there is no target `" STR_FMT "`; `sigmac list backends` names those", STR_ARG(target));
  if (!load_sources(&l, args, &rules)) return l.status;
  sigmac_status status = checked(sigmac_compiler_show_pipelines(l.compiler, k->format, write_to_stdout, NULL));
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(l.compiler);
  if (status == SIGMAC_BAD_PIPELINE) return EXIT_USAGE;
  if (status == SIGMAC_MISUSE) return usage_error(args, "no pipeline says what its target is: give -t TARGET");
  if (s->unreadable || s->elsewhere) return EXIT_BAD_INPUT;
  return s->errors && l.status < EXIT_FOUND ? EXIT_FOUND : l.status;
}

static int run(Args *args) {
  Check k = {.args = args, .out.heap = &cli_heap};
  Str format = args_last(args, "format", "text");
  bool colour = args->colour && (args_has(args, "color") || isatty(STDOUT_FILENO));
  if (!str_is(format, "text") && !str_is(format, "json")) return usage_error(args, "--format is text or json");
  k.format = str_is(format, "json") ? SIGMAC_JSON : colour ? SIGMAC_COLOURED_TEXT : SIGMAC_TEXT;
  Str what = args->paths.n ? args->paths.p[0] : STR("");
  int status = str_is(what, "show")    ? show(&k)
               : str_is(what, "check") ? check(&k)
                                       : usage_error(args, "say what to do: show or check");
  buf_free(&k.out);
  return status;
}

static const Option options[] = {
  TARGET_OPTIONS,
  {"target", 't', "TARGET", "show: the query language; the pipelines say it, but for those of other programs"},
  {"format", 0, "FORMAT", "text or json (default: text)"},
  FILTER_OPTION,
  VARS_OPTIONS,
  {NULL, 0, NULL, NULL},
};

const Command command_pipeline = {
  .name = "pipeline",
  .summary = "show what pipelines do to a rule, or check them",
  .usage = "show -p NAME|FILE... [OPTIONS] RULE...\n       sigmac pipeline check [--format text|json] NAME|FILE...",
  .options = options,
  .more = "show prints a rule as it is, what each step of the pipelines changes in it, for each source of events that takes part,\n"
          "and what it is in the end. check reads pipelines and reports what is wrong with them (docs/pipelines.md).\n"
          "Exit status: 0, 1 a rule was refused or a pipeline has errors, 2 usage, 3 a file is unreadable.",
  .run = run,
};

/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/lint_mend.h"
#include "cli/lint_output.h"
#include "cli/lint_settings.h"
#include "cli/lint_target.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "cli/say.h"

static Str copy(Arena *a, sigmac_str s) { return arena_dup(a, str_in(s)); }

static const sigmac_edit *copy_edits(Arena *a, const sigmac_diagnostic *d) {
  sigmac_edit *out = arena_array(a, sigmac_edit, d->edits_n);
  for (uint32_t i = 0; i < d->edits_n; i++) {
    out[i] = d->edits[i];
    out[i].text = str_out(copy(a, d->edits[i].text));
  }
  return out;
}

static void on_finding(void *ctx, const sigmac_diagnostic *d) {
  LintResult *r = ctx;
  sigmac_diagnostic mine = *d;
  mine.path = str_out(copy(r->arena, d->path));
  mine.message = str_out(copy(r->arena, d->message));
  mine.hint = str_out(copy(r->arena, d->hint));
  mine.text = str_out(copy(r->arena, d->text));
  mine.edits = copy_edits(r->arena, d);
  *vec_add(r->arena, &r->findings) = mine;
}

static int add_stdin(const Args *args, sigmac_linter *l, LintFix *fix) {
  Str text;
  const char *why = "";
  if (file_read(&text, args->arena, "-", rule_file_limit, &why)) {
    while (sigmac_linter_get_file(l, fix->stdin_file).n) fix->stdin_file++;
    fix->stdin_text = text;
    checked(sigmac_linter_add_text(l, str_out(STR("<stdin>")), str_out(text)));
    return EXIT_OK;
  }
  say("standard input: error: cannot be read: %s", why);
  return EXIT_BAD_INPUT;
}

static int add_paths(const Args *args, sigmac_linter *l, LintFix *fix) {
  int status = EXIT_OK;
  for (uint32_t i = 0; i < args->paths.n; i++) {
    if (str_is(args->paths.p[i], "-")) status |= add_stdin(args, l, fix);
    else if (checked(sigmac_linter_add_path(l, args->paths.p[i].p)) == SIGMAC_UNREADABLE) status = EXIT_BAD_INPUT;
  }
  const StrList *filters = args_values(args, "filter");
  for (uint32_t i = 0; i < filters->n; i++)
    if (checked(sigmac_linter_add_filter_path(l, filters->p[i].p)) == SIGMAC_UNREADABLE) status = EXIT_BAD_INPUT;
  return status;
}

static int no_such_check(const Args *args, Str id) {
  const char *nearest = lint_nearest(id);
  if (nearest) return usage_error(args, "there is no check `" STR_FMT "`; did you mean `%s`?", STR_ARG(id), nearest);
  return usage_error(args, "there is no check `" STR_FMT "`; `sigmac list checks` prints what there is", STR_ARG(id));
}

static bool set_checks(const Args *args, sigmac_linter *l, const char *option, bool on) {
  const StrList *ids = args_values(args, option);
  for (uint32_t i = 0; i < ids->n; i++) {
    if (sigmac_linter_set_check(l, str_out(ids->p[i]), on) == SIGMAC_OK || lint_target_knows(args, ids->p[i])) continue;
    no_such_check(args, ids->p[i]);
    return false;
  }
  return true;
}

static Str today(const Args *args) {
  char text[16];
  time_t now = time(NULL);
  struct tm day;
  size_t n = gmtime_r(&now, &day) ? strftime(text, sizeof text, "%Y-%m-%d", &day) : 0;
  return arena_dup(args->arena, (Str){text, n});
}

static bool settle(const Args *args, sigmac_linter *l) {
  Str day = args_has(args, "today") ? args_last(args, "today", "") : today(args);
  sigmac_linter_set_colour(l, args->colour);
  if (args_has(args, "profile") && sigmac_linter_set_profile(l, str_out(args_last(args, "profile", ""))) != SIGMAC_OK) {
    usage_error(args, "--profile is default, sigmahq or all");
    return false;
  }
  if (sigmac_linter_set_today(l, str_out(day)) != SIGMAC_OK) {
    usage_error(args, "--today is a day such as 2026-02-01");
    return false;
  }
  return lint_settings(args, l) && set_checks(args, l, "enable", true) && set_checks(args, l, "disable", false);
}

static const LintOutput *find_output(Str name) {
  for (const LintOutput *o = lint_outputs; o->name; o++)
    if (str_is(name, o->name)) return o;
  return NULL;
}

/* The worst severity at which findings fail; SIGMAC_INFO + 1 where the word is none. */
static unsigned fail_level(Str word) {
  unsigned i = 0;
  while (i <= SIGMAC_INFO && !str_is(word, lint_severity_name[i])) i++;
  return i;
}

static int status_of(const LintResult *r, unsigned level) {
  for (uint32_t i = 0; i < r->findings.n; i++)
    if ((unsigned)r->findings.p[i].severity <= level) return EXIT_FOUND;
  return EXIT_OK;
}

static void take_files(LintResult *r, const sigmac_linter *l) {
  for (uint32_t i = 0; i < r->summary.files; i++) *vec_add(r->arena, &r->files) = str_in(sigmac_linter_get_file(l, i));
}

/* Where standard output has texts or differences, the findings are for people, beside it. */
static void write_out(const LintOutput *output, const LintResult *r, bool aside) {
  Buf out = {.heap = &cli_heap};
  output->write(&out, r);
  if (aside) fwrite(out.p ? out.p : "", 1, out.n, stderr);
  else write_to_stdout(NULL, str_out(buf_view(&out)));
  buf_free(&out);
}

static int lint(const Args *args, sigmac_linter *l, const LintOutput *output, unsigned level) {
  LintResult r = {.arena = args->arena, .colour = args->colour, .quiet = args->quiet, .level = level};
  LintFix fix = {.args = args, .diff = args_has(args, "diff")};
  bool fixing = fix.diff || args_has(args, "fix");
  int status = add_paths(args, l, &fix);
  if (fixing) status |= lint_mend(&fix, l, args_has(args, "unsafe"));
  checked(sigmac_linter_run(l, on_finding, &r, &r.summary));
  take_files(&r, l);
  if (args_has(args, "write-baseline")) return status | lint_write_baseline(args, l, &r);
  if (args_has(args, "target") && lint_target(args, &r, fix.stdin_text) != EXIT_OK) return EXIT_USAGE;
  if (fixing) lint_mend_summary(&fix, r.findings.n + r.summary.omitted);
  write_out(output, &r, fixing && (fix.diff || fix.stdin_text.p));
  lint_settings_summary(args, &r);
  if (!r.summary.files && !r.summary.ignored) {
    say("sigmac lint: error: no rule files at all");
    status = EXIT_BAD_INPUT;
  }
  return status ? status : status_of(&r, level);
}

static int explain(const Args *args) {
  static const char *const formats[] = {"text", "json", "markdown"};
  enum { FORMATS = sizeof formats / sizeof *formats };
  Str id = args_last(args, "explain", "");
  unsigned format = 0;
  while (format < FORMATS && !str_is(args_last(args, "format", "text"), formats[format])) format++;
  if (args->paths.n) return usage_error(args, "--explain takes no rules");
  if (format == FORMATS) return usage_error(args, "--format of --explain is text, json or markdown");
  Buf out = {.heap = &cli_heap};
  bool found = lint_explain(&out, id, (ExplainFormat)format, args->colour);
  if (found) write_to_stdout(NULL, str_out(buf_view(&out)));
  buf_free(&out);
  return found ? EXIT_OK : no_such_check(args, id);
}

static int data_versions(const Args *args) {
  Buf out = {.heap = &cli_heap};
  const sigmac_lint_data *d;
  if (args->paths.n) return usage_error(args, "--data-versions takes no rules");
  for (unsigned i = 0; (d = sigmac_lint_data_get(i)); i++)
    buf_printf(&out, "%s: %s\n  source: %s\n  notice: %s\n", d->name, d->version, d->source, d->notice);
  write_to_stdout(NULL, str_out(buf_view(&out)));
  buf_free(&out);
  return EXIT_OK;
}

static int run(Args *args) {
  sigmac_linter *l;
  const LintOutput *output = find_output(args_last(args, "format", "text"));
  unsigned level = fail_level(args_last(args, "fail-level", "error"));
  if (args_has(args, "explain")) return explain(args);
  if (args_has(args, "data-versions")) return data_versions(args);
  if (!args->paths.n) return usage_error(args, "no rules: name a file, a folder, or `-`");
  if (std_inputs(&args->paths) > 1) return usage_error(args, "standard input can be read once");
  if (!output) return usage_error(args, "there is no format `" STR_FMT "`", STR_ARG(args_last(args, "format", "")));
  if (args_has(args, "unsafe") && !args_has(args, "fix") && !args_has(args, "diff"))
    return usage_error(args, "--unsafe is for --fix and --diff");
  if (!lint_target_fits(args)) return EXIT_USAGE;
  if (level > SIGMAC_INFO) return usage_error(args, "--fail-level is error, warning or info");
  if (!lint_settings_fit(args)) return EXIT_USAGE;
  checked(sigmac_linter_new(&l, &cli_allocator));
  int status = settle(args, l) ? lint(args, l, output, level) : EXIT_USAGE;
  sigmac_linter_free(l);
  return status;
}

static const Option options[] = {
  {"format", 'f', "FORMAT", "text (default), json, sarif, junit, github, gitlab"},
  {"profile", 0, "NAME", "checks that are on: default, sigmahq (also the conventions of that repository), all"},
  {"enable", 0, "ID", "also this check; may be repeated"},
  {"disable", 0, "ID", "not this check; may be repeated"},
  {"fail-level", 0, "SEVERITY", "exit with 1 where a finding is at least error (default), warning or info"},
  {"fix", 0, NULL, "mend what can be mended so that each rule finds the same events, in the files themselves"},
  {"unsafe", 0, NULL, "with --fix or --diff: also what changes what a rule finds, or is a guess"},
  {"diff", 0, NULL, "print what --fix would change, for `git apply -p0` or `patch -p0`, and write nothing"},
  {"config", 0, "FILE", "settings of the rule set, instead of the .sigmac.yml above it (docs/linting.md); may be repeated"},
  {"no-config", 0, NULL, "do not look for .sigmac.yml"},
  {"baseline", 0, "FILE", "findings that are known: they are counted, not reported; may be repeated"},
  {"write-baseline", 0, "FILE", "write the present findings to a file for --baseline"},
  {"changed-from", 0, "FILE", "report only what is due to files of this list, one a line (`-`: standard input); all are read"},
  FILTER_OPTION,
  LINT_TARGET_OPTIONS,
  {"today", 0, "DATE", "the day of today, for checks that compare dates: YYYY-MM-DD"},
  {"explain", 0, "ID", "say what a check is about, or `all`; --format is text, json or markdown"},
  {"data", 0, "FILE", "replace tables of facts by those of this file (docs/lint-data.md); may be repeated"},
  {"data-versions", 0, NULL, "print the tables of facts that are compiled in: name, version, source, notice"},
  {NULL, 0, NULL, NULL},
};

const Command command_lint = {
  .name = "lint",
  .summary = "find what is wrong or doubtful in rules",
  .usage =
    "[--profile NAME] [--format FORMAT] [--fail-level SEVERITY] [--fix [--unsafe] [--diff]] [-t TARGET [-p PIPELINE]] PATH...",
  .options = options,
  .more =
    "PATH is a rule file, a folder (all *.yml and *.yaml below it), or `-`.\n"
    "With --fix, what is left is reported; the text of `-` is printed, and so are differences with --diff, and findings go to\n"
    "standard error then.\n"
    "Exit status: 0, 1 findings at or above the level, 2 usage, 3 a path was unreadable, could not be\n"
    "written, or led to no rules.",
  .run = run,
};

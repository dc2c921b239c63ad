/* SPDX-License-Identifier: MIT */
#include "cli/lint_settings.h"

#include <stdio.h>

#include "cli/files.h"
#include "cli/memory.h"
#include "cli/say.h"

static void on_fault(void *ctx, const sigmac_diagnostic *d) {
  const Args *args = ctx;
  if (args->quiet && d->severity != SIGMAC_ERROR) return;
  fwrite(d->text.p, 1, d->text.n, stderr);
  if (d->omitted) say(STR_FMT ": %u more are counted, not shown", STR_ARG(str_in(d->path)), d->omitted);
}

static bool read_text(const Args *args, Str path, Str *out) {
  const char *why = "";
  if (file_read(out, args->arena, path.p, rule_file_limit, &why)) return true;
  say(STR_FMT ": error: cannot be read: %s", STR_ARG(path), why);
  return false;
}

typedef sigmac_status AddFile(sigmac_linter *l, sigmac_str path, sigmac_str text, sigmac_on_diagnostic *fn, void *ctx);

static bool add_file(const Args *args, sigmac_linter *l, Str path, AddFile *add) {
  Str text;
  return read_text(args, path, &text) && checked(add(l, str_out(path), str_out(text), on_fault, (void *)args)) == SIGMAC_OK;
}

static bool add_files(const Args *args, sigmac_linter *l, const char *option, AddFile *add) {
  const StrList *files = args_values(args, option);
  bool good = true;
  for (uint32_t i = 0; i < files->n; i++) good &= add_file(args, l, files->p[i], add);
  return good;
}

static bool add_config(const Args *args, sigmac_linter *l) {
  if (args_has(args, "config")) return add_files(args, l, "config", sigmac_linter_add_config);
  Str found = args_has(args, "no-config") ? STR("") : lint_find_config(args->arena, &args->paths);
  return !found.n || add_file(args, l, found, sigmac_linter_add_config);
}

static bool add_changed(const Args *args, sigmac_linter *l) {
  Str text;
  StrList names = {0};
  if (!args_has(args, "changed-from")) return true;
  if (!read_text(args, args_last(args, "changed-from", ""), &text)) return false;
  lint_read_names(&names, args->arena, text);
  sigmac_str *list = arena_array(args->arena, sigmac_str, names.n);
  for (uint32_t i = 0; i < names.n; i++) list[i] = str_out(names.p[i]);
  checked(sigmac_linter_set_changed(l, list, names.n));
  return true;
}

bool lint_settings(const Args *args, sigmac_linter *l) {
  return add_files(args, l, "data", sigmac_linter_add_data) && add_config(args, l) &&
         add_files(args, l, "baseline", sigmac_linter_add_baseline) && add_changed(args, l);
}

/* The first of two options that do not go together, where both are given. */
static bool clash(const Args *args, const char *one, const char *const *others, const char *why) {
  for (; *others; others++) {
    if (!args_has(args, one) || !args_has(args, *others)) continue;
    usage_error(args, "%s: not --%s with --%s", why, one, *others);
    return true;
  }
  return false;
}

bool lint_settings_fit(const Args *args) {
  static const char *const writing[] = {"baseline", "changed-from", "fix", "diff", NULL};
  static const char *const target[] = {"baseline", "write-baseline", "changed-from", NULL};
  static const char *const config[] = {"no-config", NULL};
  if (clash(args, "write-baseline", writing, "all findings are written as they are") ||
      clash(args, "target", target, "what translation says is nothing that a check found") ||
      clash(args, "config", config, "either one file or none"))
    return false;
  if (!str_is(args_last(args, "changed-from", ""), "-") || !std_inputs(&args->paths)) return true;
  usage_error(args, "standard input can be read once");
  return false;
}

/* --- behind the run ------------------------------------------------------------------------------------------ */

static bool is_baseline(Str begin) { return str_starts(begin, STR("{\"sigmac-baselin")); }

int lint_write_baseline(const Args *args, sigmac_linter *l, const LintResult *r) {
  Str path = args_last(args, "write-baseline", "");
  Buf out = {.heap = &cli_heap};
  const char *why = "it holds something else than a baseline";
  checked(sigmac_linter_write_baseline(l, str_out(path), write_to_buf, &out));
  bool good = file_may_replace(path.p, is_baseline) && file_write(path.p, buf_view(&out), &why);
  buf_free(&out);
  if (!good) say(STR_FMT ": error: cannot be written: %s", STR_ARG(path), why);
  else if (!args->quiet) say("%u %s in " STR_FMT, r->findings.n, r->findings.n == 1 ? "finding is" : "findings are", STR_ARG(path));
  if (good && r->summary.omitted) say("%u more are not in it: a file may have 500", r->summary.omitted);
  return good ? EXIT_OK : EXIT_BAD_INPUT;
}

void lint_settings_summary(const Args *args, const LintResult *r) {
  uint32_t gone = r->summary.gone, ignored = r->summary.ignored;
  if (args->quiet) return;
  if (gone)
    say("%u finding%s of the baseline %s gone: write it anew (--write-baseline)", gone, gone == 1 ? "" : "s",
        gone == 1 ? "is" : "are");
  if (!r->summary.files && ignored) say("the configuration ignores all files that were named (%u)", ignored);
}

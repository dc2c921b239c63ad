/* SPDX-License-Identifier: MIT */
#include "cli/target.h"

#include "cli/habits.h"
#include "cli/say.h"

bool target_options_given(const Args *args) {
  return args_has(args, "pipeline") || args_has(args, "types") || args_has(args, "absent");
}

static bool add_types(sigmac_compiler *c, Str path, Arena *a, FileProblem *problem, void *ctx) {
  Str text;
  const char *why = "";
  if (!file_read(&text, a, path.p, rule_file_limit, &why)) {
    problem(ctx, path, why);
    return false;
  }
  return checked(sigmac_compiler_add_types_text(c, str_out(path), str_out(text))) == SIGMAC_OK;
}

static bool add_pipeline(sigmac_compiler *c, Str name) {
  if (checked(sigmac_compiler_add_pipeline(c, name.p)) == SIGMAC_OK) return true;
  const char *like = habit_pipeline(name);
  if (like) say("note: %s of sigma-cli is %s here", name.p, like);
  return false;
}

bool target_add(sigmac_compiler *c, const Args *args, FileProblem *problem, void *ctx) {
  const StrList *pipelines = args_values(args, "pipeline"), *types = args_values(args, "types");
  Str absent = args_last(args, "absent", "refuse");
  if (!str_is(absent, "refuse") && !str_is(absent, "false")) return usage_error(args, "--absent is refuse or false"), false;
  if (std_inputs(pipelines) + std_inputs(types)) return usage_error(args, "-p and --types take files, not standard input"), false;
  bool ok = true;
  for (uint32_t i = 0; i < pipelines->n; i++) ok = add_pipeline(c, pipelines->p[i]) && ok;
  for (uint32_t i = 0; i < types->n; i++) ok = add_types(c, types->p[i], args->arena, problem, ctx) && ok;
  checked(sigmac_compiler_set_absent(c, str_is(absent, "false") ? SIGMAC_ABSENT_FALSE : SIGMAC_ABSENT_REFUSED));
  return ok;
}

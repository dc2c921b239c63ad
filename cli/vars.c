/* SPDX-License-Identifier: MIT */
#include "cli/vars.h"

#include "base/diag.h"
#include "base/intern.h"
#include "cli/say.h"

static void add_file(sigmac_compiler *c, Str path, Arena *a, FileProblem *problem, void *ctx) {
  Str text;
  const char *why = "";
  if (file_read(&text, a, path.p, rule_file_limit, &why)) checked(sigmac_compiler_add_vars_text(c, str_out(path), str_out(text)));
  else problem(ctx, path, why);
}

static size_t name_end(Str assignment) {
  size_t eq = str_find(assignment, STR("="), 0);
  return eq == SIZE_MAX ? assignment.n : eq;
}

/* `NAME=VALUE` adds a value; `NAME` alone empties the list. */
static sigmac_status add_single(sigmac_compiler *c, Str s) {
  size_t end = name_end(s);
  sigmac_str name = {s.p, end};
  return checked(end == s.n ? sigmac_compiler_clear_var(c, name) : sigmac_compiler_add_var(c, name, str_out(str_from(s, end + 1))));
}

bool vars_add(sigmac_compiler *c, const Args *args, FileProblem *problem, void *ctx) {
  const StrList *more = args_values(args, "vars"), *single = args_values(args, "var");
  if (std_inputs(more)) return usage_error(args, "--vars takes a file, not standard input"), false;
  for (uint32_t i = 0; i < more->n; i++) add_file(c, more->p[i], args->arena, problem, ctx);
  for (uint32_t i = 0; i < single->n; i++)
    if (add_single(c, single->p[i]) != SIGMAC_OK)
      return usage_error(args, "--var " STR_FMT ": the name may have letters, digits and _ . : -", STR_ARG(single->p[i])), false;
  return true;
}

void vars_warn_unused(const sigmac_compiler *c, const Args *args) {
  const StrList *single = args_values(args, "var");
  Intern seen;
  intern_init(&seen, args->arena);
  if (sigmac_compiler_get_summary(c)->refused) return; /* one of those may have it */
  for (uint32_t i = 0; i < single->n; i++) {
    Str name = str_sub(single->p[i], 0, name_end(single->p[i]));
    sigmac_str like;
    uint32_t before = seen.names.n;
    if (intern_id(&seen, name) < before || sigmac_compiler_has_placeholder(c, str_out(name), &like)) continue;
    say("sigmac %s: warning: --var " STR_FMT ": no rule has this placeholder%s" STR_FMT "%s [%s]", args->command->name,
        STR_ARG(name), like.n ? "; did you mean " : "", STR_ARG(str_in(like)), like.n ? "?" : "", diag_info[ID_vars_unused].text);
  }
}

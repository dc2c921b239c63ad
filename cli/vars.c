/* SPDX-License-Identifier: MIT */
#include "cli/vars.h"

#include <sys/stat.h>

#include "base/limits.h"
#include "cli/say.h"

static const char *const ends[] = {".vars.yml", ".vars.yaml"};

bool vars_is_file(Str path) { return str_ends(path, str_of(ends[0])) || str_ends(path, str_of(ends[1])); }

void vars_find_beside(StrList *out, Arena *a, Str rule) {
  struct stat st;
  size_t end = str_ends(rule, STR(".yml")) ? 4 : str_ends(rule, STR(".yaml")) ? 5 : 0;
  for (int i = 0; end && i < 2; i++) {
    Str path = arena_printf(a, STR_FMT "%s", STR_ARG(str_sub(rule, 0, rule.n - end)), ends[i]);
    if (stat(path.p, &st) == 0) *vec_add(a, out) = path;
  }
}

static size_t limit_of(Str begin) {
  (void)begin;
  return LIMIT_RULE_FILE_BYTES;
}

static void load_file(Compiler *c, Str path, VarsRole role, FileProblem *problem, void *ctx) {
  Str text;
  const char *why = "";
  if (file_read(&text, c->arena, path.p, limit_of, &why)) compiler_add_vars(c, path, text, role);
  else problem(ctx, path, why);
}

int vars_load(Compiler *c, const Args *args, const StrList *defaults, FileProblem *problem, void *ctx) {
  const StrList *more = args_values(args, "vars"), *single = args_values(args, "var");
  Intern seen;
  if (std_inputs(more)) return usage_error(args, "--vars takes a file, not standard input");
  intern_init(&seen, c->arena);
  for (uint32_t i = 0; i < defaults->n; i++)
    if (!file_seen_before(&seen, c->arena, defaults->p[i])) load_file(c, defaults->p[i], VARS_DEFAULT, problem, ctx);
  for (uint32_t i = 0; i < more->n; i++) load_file(c, more->p[i], VARS_MORE, problem, ctx);
  for (uint32_t i = 0; i < single->n; i++)
    if (!vars_assign(&c->vars, single->p[i], c->arena))
      return usage_error(args, "--var " STR_FMT ": the name may have letters, digits and _ . : -", STR_ARG(single->p[i]));
  return EXIT_OK;
}

/* The name nearest to a misspelt one, of those that rules use. */
static Str nearest(const Vars *vars, Str name) {
  Str best = {0};
  unsigned least = 4;
  for (uint32_t i = 0; i < vars->list.n; i++) {
    const Var *v = &vars->list.p[i];
    unsigned d = v->used ? str_distance(name, v->name, 3) : 4;
    if (d >= least) continue;
    least = d;
    best = v->name;
  }
  return best;
}

void vars_warn_unused(const Compiler *c, const Args *args) {
  const StrList *single = args_values(args, "var");
  Intern seen;
  intern_init(&seen, c->arena);
  if (c->refused) return; /* one of those may have it */
  for (uint32_t i = 0; i < single->n; i++) {
    Str name = vars_name(single->p[i]), like;
    uint32_t before = seen.names.n;
    if (intern_id(&seen, name) < before || vars_find(&c->vars, name)->used) continue;
    like = nearest(&c->vars, name);
    say("sigmac %s: warning: --var " STR_FMT ": no rule has this placeholder%s" STR_FMT "%s [%s]", args->command->name,
        STR_ARG(name), like.n ? "; did you mean " : "", STR_ARG(like), like.n ? "?" : "", diag_info[ID_vars_unused].text);
  }
}

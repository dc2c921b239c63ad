/* SPDX-License-Identifier: MIT */
#include "cli/load.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/memory.h"
#include "cli/say.h"
#include "cli/vars.h"

typedef struct {
  Loaded *out;
  const Args *args;
} Load;

static void worse(Loaded *l, int status) {
  if (status > l->status) l->status = status;
}

static void problem(void *ctx, Str path, const char *why) {
  Load *l = ctx;
  if (str_is(path, "-")) path = STR("<stdin>");
  say(STR_FMT ": error: cannot be read: %s [%s]", STR_ARG(path), why, diag_info[ID_file_unreadable].text);
  worse(l->out, EXIT_BAD_INPUT);
}

static void print_diags(const Loaded *l, const Args *args) {
  Compiler *c = (Compiler *)&l->compiler;
  Buf out = {.heap = &cli_heap};
  for (uint32_t i = 0; i < c->diags.list.n; i++) {
    uint32_t file = c->diags.list.p[i].at.file, more = 0;
    diag_render(&out, &c->sources, &c->diags.list.p[i], args->colour);
    if (i + 1 == c->diags.list.n || c->diags.list.p[i + 1].at.file != file) more = diag_dropped(&c->diags, file);
    if (!more) continue;
    buf_safe(&out, c->sources.files.p[file].path);
    buf_printf(&out, ": %u more are counted, not shown\n", more);
  }
  if (out.n) fwrite(out.p, 1, out.n, stderr);
  buf_free(&out);
}

/* Without the last byte, which is a line end: where it was changed, the file is a damaged image, not a rule. */
static bool is_image(Str text) { return str_starts(text, (Str){IMAGE_MAGIC, sizeof IMAGE_MAGIC - 2}); }

/* An image says how large it is: what is larger is damaged, and not read further. */
static size_t limit_of(Str begin) {
  ImageHeader h;
  if (!is_image(begin)) return LIMIT_RULE_FILE_BYTES;
  if (begin.n < sizeof h) return LIMIT_IMAGE_BYTES;
  memcpy(&h, begin.p, sizeof h);
  return h.size_high || h.size_low > LIMIT_IMAGE_BYTES ? LIMIT_IMAGE_BYTES : h.size_low;
}

static void open_program(Load *l, Str image, const char *what) {
  ImageError error;
  l->out->image = image;
  l->out->program = program_open(image, l->args->arena, &error);
  if (l->out->program) return;
  say("%s: error: %s [%s]", what, error.message, diag_info[ID_image_damaged].text);
  worse(l->out, EXIT_BAD_INPUT);
}

/* An image is complete: nothing can be added to it. */
static void load_image(Load *l, const StrList *files, Str path, Str image) {
  if (files->n > 1) worse(l->out, usage_error(l->args, STR_FMT " is an image: it stands alone", STR_ARG(path)));
  else if (args_has(l->args, "var") || args_has(l->args, "vars"))
    worse(l->out, usage_error(l->args, "an image holds its values: --vars and --var cannot change them"));
  else open_program(l, image, path.p);
}

static void warn_not_evaluated(const Loaded *l) {
  if (!(l->correlations + l->filters)) return;
  say("warning: %u correlations and %u filters are loaded and checked, but not evaluated yet [%s]", l->correlations, l->filters,
      diag_info[ID_not_evaluated].text);
}

static void compile(Load *l) {
  Compiler *c = &l->out->compiler;
  Str image = compiler_finish(c);
  print_diags(l->out, l->args);
  vars_warn_unused(c, l->args);
  l->out->refused = c->refused;
  l->out->correlations = c->correlations;
  l->out->filters = c->filters;
  if (c->diags.errors) worse(l->out, EXIT_BAD_INPUT);
  open_program(l, image, "internal error: the compiled image");
  warn_not_evaluated(l->out);
}

/* One of several folders may well be empty; that there is no rule at all is an error. */
static void empty_folder(Str path) {
  say(STR_FMT ": warning: no rule files (*.yml, *.yaml) [%s]", STR_ARG(path), diag_info[ID_no_rules].text);
}

/* What was found at one path: rules, and files of values among them. */
static void sort_out(StrList *found, StrList *rules, StrList *vars, Str path, Arena *a) {
  for (uint32_t i = 0; i < found->n; i++) *vec_add(a, vars_is_file(found->p[i]) ? vars : rules) = found->p[i];
  bool single = found->n == 1 && str_eq(found->p[0], path);
  if (single && !vars_is_file(path)) vars_find_beside(vars, a, path);
}

/* A rule that is named twice is read once, or its matches would be doubled. */
static void drop_repeated(Load *l, StrList *rules) {
  Intern seen;
  uint32_t kept = 0;
  intern_init(&seen, l->args->arena);
  for (uint32_t i = 0; i < rules->n; i++) {
    Str path = rules->p[i];
    if (!str_is(path, "-") && file_seen_before(&seen, l->args->arena, path))
      say(STR_FMT ": warning: this file is named twice, it is read once [%s]", STR_ARG(path), diag_info[ID_file_repeated].text);
    else rules->p[kept++] = path;
  }
  rules->n = kept;
}

static void find(Load *l, const StrList *paths, StrList *rules, StrList *vars) {
  for (uint32_t i = 0; i < paths->n; i++) {
    StrList found = {0};
    uint32_t before = rules->n;
    if (!files_find(&found, l->args->arena, paths->p[i], problem, l)) continue;
    sort_out(&found, rules, vars, paths->p[i], l->args->arena);
    if (rules->n == before) empty_folder(paths->p[i]);
  }
  drop_repeated(l, rules);
  if (rules->n) return;
  l->out->no_files = true;
  say("sigmac %s: error: no rule files at all", l->args->command->name);
  worse(l->out, EXIT_BAD_INPUT);
}

void load_rules(Loaded *out, const Args *args, const StrList *paths) {
  Load l = {out, args};
  StrList files = {0}, vars = {0};
  *out = (Loaded){0};
  if (std_inputs(paths) > 1) {
    out->status = usage_error(args, "standard input can be read once");
    return;
  }
  compiler_init(&out->compiler, args->arena);
  find(&l, paths, &files, &vars);
  if (vars_load(&out->compiler, args, &vars, problem, &l) != EXIT_OK) {
    out->status = EXIT_USAGE;
    return;
  }
  for (uint32_t i = 0; i < files.n; i++) {
    Str text;
    const char *why = "";
    if (!file_read(&text, args->arena, files.p[i].p, limit_of, &why)) {
      problem(&l, files.p[i], why);
    } else if (is_image(text)) {
      load_image(&l, &files, files.p[i], text);
      return;
    } else {
      compiler_add(&out->compiler, str_is(files.p[i], "-") ? STR("<stdin>") : files.p[i], text);
    }
  }
  compile(&l);
}

/* SPDX-License-Identifier: MIT */
#include "cli/load.h"

#include <stdio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/buf.h"
#include "base/diag.h"
#include "base/limits.h"
#include "cli/files.h"
#include "cli/memory.h"
#include "cli/say.h"
#include "cli/target.h"
#include "cli/vars.h"

typedef struct {
  Loaded *out;
  const Args *args;
  const StrList *paths;
  Str standard;     /* what standard input holds, where it is one of them ... */
  bool no_standard; /* ... and cannot be read */
} Load;

static void worse(Load *l, int status) {
  if (status > l->out->status) l->out->status = status;
}

static void problem(void *ctx, Str path, const char *why) {
  if (str_is(path, "-")) path = STR("<stdin>");
  say(STR_FMT ": error: cannot be read: %s [%s]", STR_ARG(path), why, diag_info[ID_file_unreadable].text);
  worse(ctx, EXIT_BAD_INPUT);
}

/* --- images -------------------------------------------------------------------------------------------------- */

static void free_rules(void *rules) { sigmac_rules_free(rules); }

static void open_image(Load *l, Str image, const char *what) {
  sigmac_error error;
  l->out->image = image;
  if (checked(sigmac_rules_borrow(&l->out->rules, str_out(image), &cli_allocator, &error)) == SIGMAC_OK) {
    arena_defer(l->args->arena, free_rules, l->out->rules);
    return;
  }
  say("%s: error: %s [%s]", what, error.message, diag_info[ID_image_damaged].text);
  worse(l, EXIT_BAD_INPUT);
}

static bool is_image(const Load *l, Str path) {
  char begin[16];
  if (str_is(path, "-")) return sigmac_is_image(str_out(l->standard));
  return sigmac_is_image((sigmac_str){begin, file_begin(path.p, begin, sizeof begin)});
}

/* An image says how large it is: what is larger is damaged, and not read further. */
static size_t limit_of(Str begin) {
  enum { ENOUGH = 64 };
  uint64_t size = sigmac_image_size(str_out(begin));
  if (!sigmac_is_image(str_out(begin))) return LIMIT_RULE_FILE_BYTES;
  return begin.n >= ENOUGH && size < LIMIT_IMAGE_BYTES ? (size_t)size : LIMIT_IMAGE_BYTES;
}

/* An image is complete: nothing can be added to it. */
static void load_image(Load *l, Str path) {
  Str image = l->standard;
  const char *why = "";
  if (l->paths->n > 1) worse(l, usage_error(l->args, STR_FMT " is an image: it stands alone", STR_ARG(path)));
  else if (args_has(l->args, "var") || args_has(l->args, "vars"))
    worse(l, usage_error(l->args, "an image holds its values: --vars and --var cannot change them"));
  else if (args_has(l->args, "filter"))
    worse(l, usage_error(l->args, "an image holds its filters: --filter cannot add more to it"));
  else if (target_options_given(l->args))
    worse(l,
          usage_error(l->args, "an image holds what its pipelines made of the rules: -p, --types and --absent cannot change it"));
  else if (!str_is(path, "-") && !file_read(&image, l->args->arena, path.p, limit_of, &why)) problem(l, path, why);
  else open_image(l, image, path.p);
}

/* --- rules --------------------------------------------------------------------------------------------------- */

static void on_diagnostic(void *ctx, const sigmac_diagnostic *d) {
  Buf out = {.heap = &cli_heap};
  (void)ctx;
  buf_str(&out, str_in(d->text));
  if (d->omitted) {
    buf_safe(&out, str_in(d->path));
    buf_printf(&out, ": %u more are counted, not shown\n", d->omitted);
  }
  fwrite(out.p, 1, out.n, stderr);
  buf_free(&out);
}

static void add_path(Load *l, Str path) {
  if (str_is(path, "-") && l->no_standard) return;
  if (str_is(path, "-")) checked(sigmac_compiler_add_text(l->out->compiler, str_out(STR("<stdin>")), str_out(l->standard)));
  else checked(sigmac_compiler_add_path(l->out->compiler, path.p));
}

static void free_compiler(void *compiler) { sigmac_compiler_free(compiler); }

void load_open(Loaded *out, const Args *args) {
  *out = (Loaded){0};
  out->owner = arena_sub(args->arena);
  checked(sigmac_compiler_new(&out->compiler, &cli_allocator));
  arena_defer(out->owner, free_compiler, out->compiler);
  sigmac_compiler_on_diagnostic(out->compiler, on_diagnostic, NULL);
  sigmac_compiler_set_colour(out->compiler, args->colour);
}

static bool gather(Load *l) {
  sigmac_compiler *c = l->out->compiler;
  if (!target_add(c, l->args, problem, l)) {
    l->out->status = EXIT_USAGE;
    return false;
  }
  for (uint32_t i = 0; i < l->paths->n; i++) add_path(l, l->paths->p[i]);
  if (!sigmac_compiler_get_summary(c)->files && !l->no_standard) {
    l->out->no_files = true;
    say("sigmac %s: error: no rule files at all", l->args->command->name);
    worse(l, EXIT_BAD_INPUT);
  }
  const StrList *filters = args_values(l->args, "filter");
  for (uint32_t i = 0; i < filters->n; i++) checked(sigmac_compiler_add_filter_path(c, filters->p[i].p));
  if (vars_add(c, l->args, problem, l)) return true;
  l->out->status = EXIT_USAGE;
  return false;
}

/* What compiling took is several times what the rules take, and events may come for days. */
static void close_compiler(Loaded *out) {
  arena_sub_done(out->owner);
  out->compiler = NULL;
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

static void compile(Load *l) {
  sigmac_str image;
  sigmac_compiler *c = l->out->compiler;
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  if (checked(sigmac_compiler_finish(c, &image)) == SIGMAC_BAD_PIPELINE) {
    l->out->status = EXIT_USAGE;
    return;
  }
  vars_warn_unused(c, l->args);
  l->out->refused = s->refused;
  l->out->filters = s->filters;
  if (s->errors) worse(l, EXIT_BAD_INPUT);
  Str copy = arena_copy(l->args->arena, str_in(image));
  close_compiler(l->out);
  open_image(l, copy, "internal error: the compiled image");
}

/* --- both ---------------------------------------------------------------------------------------------------- */

static bool begin(Load *l) {
  const char *why = "";
  if (std_inputs(l->paths) > 1) {
    l->out->status = usage_error(l->args, "standard input can be read once");
    return false;
  }
  l->no_standard = std_inputs(l->paths) && !file_read(&l->standard, l->args->arena, "-", limit_of, &why);
  if (l->no_standard) problem(l, STR("-"), why);
  return true;
}

static const Str *find_image(const Load *l) {
  for (uint32_t i = 0; i < l->paths->n; i++)
    if (is_image(l, l->paths->p[i])) return &l->paths->p[i];
  return NULL;
}

void load_rules(Loaded *out, const Args *args, const StrList *paths) {
  Load l = {.out = out, .args = args, .paths = paths};
  load_open(out, args);
  if (!begin(&l)) return;
  const Str *image = find_image(&l);
  if (image) load_image(&l, *image);
  else if (gather(&l)) compile(&l);
}

bool load_sources(Loaded *out, const Args *args, const StrList *paths) {
  Load l = {.out = out, .args = args, .paths = paths};
  if (!begin(&l)) return false;
  const Str *image = find_image(&l);
  if (!image) return gather(&l);
  out->status = usage_error(args, STR_FMT " is an image: name the rules that it was made of", STR_ARG(*image));
  return false;
}

void load_finish(Loaded *out, const Args *args, const StrList *paths) {
  Load l = {.out = out, .args = args, .paths = paths};
  compile(&l);
}

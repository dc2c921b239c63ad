/* SPDX-License-Identifier: MIT
 * The linter knows no query language, and translation no checks: what both say of the rules is put together here. Ids, places, severities
 * and messages are those of `sigmac translate`; an assumption is of severity info, and stands at its document. */
#include "cli/lint_target.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/intern.h"
#include "cli/habits.h"
#include "cli/memory.h"
#include "cli/say.h"

typedef struct {
  const Args *args;
  Arena *arena;
  LintResult *r;
  Str target;
  Intern files;  /* that were linted, in their order */
  Intern linted; /* place and id of what the linter told */
  Intern told;   /* the same with the message, of what translation told: two targets may say the same */
  Buf text;      /* what is told while the pipelines are read */
  bool other;    /* a pipeline is for another target */
} Targets;

/* What is known, and what is due to a change, is known of checks. */
bool lint_target_fits(const Args *args) {
  static const char *const without[] = {"fix", "diff", "baseline", "write-baseline", "changed-from"};
  static const char *const with[] = {"pipeline", "types", "absent", "assume", "vars", "var"};
  bool target = args_has(args, "target");
  for (size_t i = 0; target && i < sizeof without / sizeof *without; i++)
    if (args_has(args, without[i])) return usage_error(args, "--target does not go with --%s", without[i]), false;
  for (size_t i = 0; !target && i < sizeof with / sizeof *with; i++)
    if (args_has(args, with[i])) return usage_error(args, "--%s goes with --target", with[i]), false;
  return true;
}

/* --- tables -------------------------------------------------------------------------------------------------- */

/* What the row of an id says of it; empty where there is none. */
static Str meaning(Arena *arena, const char *table, Str id) {
  Buf rows = {.arena = arena};
  checked(sigmac_list(str_out(str_of(table)), SIGMAC_TEXT, &cli_allocator, write_to_buf, &rows));
  Str text = buf_view(&rows);
  for (size_t from = 0; from < text.n;) {
    size_t end = str_find(text, STR("\n"), from);
    if (end == SIZE_MAX) end = text.n;
    Str row = str_sub(text, from, end);
    from = end + 1;
    if (!str_starts(row, id) || row.n <= id.n || row.p[id.n] != ' ') continue;
    size_t at = row.n;
    while (at > 2 && !(row.p[at - 1] == ' ' && row.p[at - 2] == ' ')) at--; /* the last column */
    return str_from(row, at);
  }
  return STR("");
}

static Str meaning_of(Arena *arena, Str id) {
  Str text = meaning(arena, "diagnostics", id);
  return text.n ? text : meaning(arena, "assumptions", id);
}

bool lint_target_knows(const Args *args, Str id) { return args_has(args, "target") && meaning_of(args->arena, id).n > 0; }

static bool is_among(const StrList *list, const char *id) {
  for (uint32_t i = 0; i < list->n; i++)
    if (str_is(list->p[i], id)) return true;
  return false;
}

/* Of what is a check, the linter has told all but what keeps a rule from being translated later on. What is off for it is off here too. */
static bool is_on(const Targets *t, const char *id, bool error) {
  const sigmac_check *c;
  unsigned i = 0;
  if (is_among(args_values(t->args, "disable"), id)) return false;
  while ((c = sigmac_check_get(i)) && strcmp(c->id, id) != 0) i++;
  return !c || error;
}

/* --- findings ------------------------------------------------------------------------------------------------ */

static Str key_of(Targets *t, const sigmac_diagnostic *d, bool message) {
  Str text = message ? str_in(d->message) : STR("");
  return arena_printf(t->arena, STR_FMT "\n%u\n%u\n%s\n" STR_FMT, STR_ARG(str_in(d->path)), d->line, d->column, d->id,
                      STR_ARG(text));
}

static bool is_new(Intern *seen, Str key) {
  uint32_t known = seen->names.n;
  return intern_id(seen, key) == known;
}

/* What an id means that is of no check; its tables are read once. */
static Str name_id(Targets *t, const char *id) {
  const sigmac_check *c;
  LintResult *r = t->r;
  for (unsigned i = 0; (c = sigmac_check_get(i)); i++)
    if (!strcmp(c->id, id)) return STR("");
  for (uint32_t i = 0; i < r->foreign.n; i++)
    if (!strcmp(r->foreign.p[i].id, id)) return r->foreign.p[i].what;
  Str what = meaning_of(r->arena, str_of(id));
  *vec_add(r->arena, &r->foreign) = (LintForeign){id, what};
  return what;
}

static sigmac_str copy(Targets *t, sigmac_str s) { return str_out(arena_dup(t->r->arena, str_in(s))); }

/* Files that the configuration leaves out are none of the result's. */
static void add(Targets *t, const sigmac_diagnostic *d) {
  LintResult *r = t->r;
  if (intern_find(&t->files, str_in(d->path)) == INTERN_NONE) return;
  if (!is_on(t, d->id, d->severity == SIGMAC_ERROR) || intern_find(&t->linted, key_of(t, d, false)) != INTERN_NONE) return;
  if (!is_new(&t->told, key_of(t, d, true))) return;
  sigmac_diagnostic mine = *d;
  mine.path = copy(t, d->path);
  mine.message = copy(t, d->message);
  mine.hint = copy(t, d->hint);
  mine.text = copy(t, d->text);
  mine.omitted = 0; /* those of a document are all there */
  *vec_add(r->arena, &r->findings) = mine;
  (void)name_id(t, d->id);
  r->summary.errors += d->severity == SIGMAC_ERROR;
  r->summary.warnings += d->severity == SIGMAC_WARNING;
  r->summary.infos += d->severity == SIGMAC_INFO;
}

static void add_assumption(Targets *t, const sigmac_translation *x, Str name) {
  const char *id = arena_cstr(t->r->arena, name);
  if (!is_on(t, id, false)) return;
  Str what = name_id(t, id);
  Buf text = {.arena = t->arena};
  sigmac_diagnostic d = {
    .id = id,
    .severity = SIGMAC_INFO,
    .path = x->path,
    .line = x->line,
    .column = x->column,
    .end_line = x->line,
    .end_column = x->column,
    .message = str_out(arena_printf(t->r->arena, "the query for `%s` rests on an assumption: " STR_FMT, x->target, STR_ARG(what))),
    .hint = str_out(STR("")),
  };
  buf_safe(&text, str_in(x->path));
  buf_printf(&text, ":%u:%u: ", x->line, x->column);
  diag_render_severity(&text, SEV_INFO, t->args->colour);
  buf_str(&text, str_in(d.message));
  buf_printf(&text, " [%s]\n", d.id);
  d.text = str_out(buf_view(&text));
  add(t, &d);
}

static bool on_translation(void *ctx, const sigmac_translation *x) {
  Targets *t = ctx;
  for (uint32_t i = 0; i < x->diagnostics_n; i++) add(t, x->diagnostics[i]);
  for (size_t i = 0; i < x->assumptions.n; i++) add_assumption(t, x, str_in(x->assumptions.p[i]));
  return true;
}

/* --- one target ---------------------------------------------------------------------------------------------- */

static void on_diagnostic(void *ctx, const sigmac_diagnostic *d) {
  Targets *t = ctx;
  if (!strcmp(d->id, diag_info[ID_pipeline_target].text)) t->other = true;
  buf_str(&t->text, str_in(d->text));
}

static bool ignore(void *ctx, const sigmac_translation *x) {
  (void)ctx, (void)x;
  return true;
}

static sigmac_compiler *compiler_for(Targets *t) {
  sigmac_compiler *c;
  checked(sigmac_compiler_new(&c, &cli_allocator));
  t->text = (Buf){.arena = t->arena};
  t->other = false;
  sigmac_compiler_on_diagnostic(c, on_diagnostic, t);
  sigmac_compiler_set_colour(c, t->args->colour);
  if (checked(sigmac_compiler_set_target(c, str_out(t->target))) == SIGMAC_OK) return c;
  usage_error(t->args, "there is no target `" STR_FMT "`; `sigmac list backends` prints what there is", STR_ARG(t->target));
  sigmac_compiler_free(c);
  return NULL;
}

/* A pipeline is given to the targets that it is for. Of one that is wrong otherwise, the translation tells. */
static bool is_for(Targets *t, Str pipeline) {
  sigmac_compiler *c = compiler_for(t);
  if (!c) return false;
  checked(sigmac_compiler_add_pipeline(c, pipeline.p));
  checked(sigmac_compiler_translate(c, ignore, NULL));
  sigmac_compiler_free(c);
  return !t->other;
}

/* The arguments with the pipelines of one target. */
static Args args_for(Targets *t, const StrList *targets, StrList *values) {
  const StrList *all = args_values(t->args, "pipeline");
  Args mine = *t->args;
  StrList fitting = {0};
  for (uint32_t i = 0; i < all->n; i++)
    if (targets->n == 1 || is_for(t, all->p[i])) *vec_add(t->arena, &fitting) = all->p[i];
  mine.values = values;
  for (uint32_t i = 0; t->args->command->options[i].name; i++)
    values[i] = str_is(str_of(t->args->command->options[i].name), "pipeline") ? fitting : t->args->values[i];
  return mine;
}

static void problem(void *ctx, Str path, const char *why) {
  (void)ctx;
  say(STR_FMT ": error: cannot be read: %s", STR_ARG(path), why);
}

static bool assume(Targets *t, sigmac_compiler *c) {
  const StrList *ids = args_values(t->args, "assume");
  for (uint32_t i = 0; i < ids->n; i++) {
    if (checked(sigmac_compiler_assume(c, str_out(ids->p[i]))) == SIGMAC_OK) continue;
    usage_error(t->args, "--assume " STR_FMT ": there is no such assumption; `sigmac list assumptions`", STR_ARG(ids->p[i]));
    return false;
  }
  return true;
}

static void add_rules(const Args *args, sigmac_compiler *c, Str standard) {
  for (uint32_t i = 0; i < args->paths.n; i++) {
    if (!str_is(args->paths.p[i], "-")) checked(sigmac_compiler_add_path(c, args->paths.p[i].p));
    else if (standard.p) checked(sigmac_compiler_add_text(c, str_out(STR("<stdin>")), str_out(standard)));
  }
  const StrList *filters = args_values(args, "filter");
  for (uint32_t i = 0; i < filters->n; i++) checked(sigmac_compiler_add_filter_path(c, filters->p[i].p));
}

static bool translate(Targets *t, const Args *args, sigmac_compiler *c, Str standard) {
  bool good = target_add(c, args, problem, NULL) && assume(t, c) && vars_add(c, args, problem, NULL);
  if (good) {
    add_rules(args, c, standard);
    t->text.n = 0; /* paths that cannot be read are findings */
    good = checked(sigmac_compiler_translate(c, on_translation, t)) != SIGMAC_BAD_PIPELINE;
  }
  if (!good) fwrite(t->text.p ? t->text.p : "", 1, t->text.n, stderr);
  return good;
}

static int lint_one(Targets *t, const StrList *targets, Str standard) {
  uint32_t n = 0;
  while (t->args->command->options[n].name) n++;
  StrList *values = arena_array(t->arena, StrList, n);
  Args args = args_for(t, targets, values);
  sigmac_compiler *c = compiler_for(t);
  if (!c) return EXIT_USAGE;
  bool good = translate(t, &args, c, standard);
  sigmac_compiler_free(c);
  return good ? EXIT_OK : EXIT_USAGE;
}

/* --- all ----------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_diagnostic d;
  uint32_t file, number;
} Placed;

static int by_place(const void *x, const void *y) {
  const Placed *a = x, *b = y;
  if (a->file != b->file) return a->file < b->file ? -1 : 1;
  if (a->d.line != b->d.line) return a->d.line < b->d.line ? -1 : 1;
  if (a->d.column != b->d.column) return a->d.column < b->d.column ? -1 : 1;
  return (a->number > b->number) - (a->number < b->number);
}

/* The last finding of a file says how many more there are. */
static void sort(const Targets *t, LintResult *r) {
  Placed *all = arena_array(t->arena, Placed, r->findings.n);
  for (uint32_t i = 0; i < r->findings.n; i++)
    all[i] = (Placed){r->findings.p[i], intern_find(&t->files, str_in(r->findings.p[i].path)), i};
  if (r->findings.n) qsort(all, r->findings.n, sizeof *all, by_place);
  for (uint32_t i = 0, omitted = 0; i < r->findings.n; i++) {
    bool last = i + 1 == r->findings.n || all[i + 1].file != all[i].file;
    r->findings.p[i] = all[i].d;
    omitted += all[i].d.omitted;
    r->findings.p[i].omitted = last ? omitted : 0;
    if (last) omitted = 0;
  }
}

static void read_targets(const Args *args, Arena *arena, StrList *out) {
  const StrList *given = args_values(args, "target");
  for (uint32_t i = 0; i < given->n; i++) {
    for (size_t from = 0; from <= given->p[i].n;) {
      size_t to = str_find(given->p[i], STR(","), from);
      if (to == SIZE_MAX) to = given->p[i].n;
      Str name = str_sub(given->p[i], from, to);
      if (!is_among(out, arena_cstr(arena, name))) *vec_add(arena, out) = name;
      from = to + 1;
    }
  }
}

int lint_target(const Args *args, LintResult *r, Str standard) {
  Arena *arena = arena_sub(args->arena);
  Targets t = {.args = args, .arena = arena, .r = r};
  StrList targets = {0};
  int status = EXIT_OK;
  read_targets(args, arena, &targets);
  intern_init(&t.files, arena);
  intern_init(&t.linted, arena);
  intern_init(&t.told, arena);
  for (uint32_t i = 0; i < r->files.n; i++) intern_id(&t.files, r->files.p[i]);
  for (uint32_t i = 0; i < r->findings.n; i++) intern_id(&t.linted, key_of(&t, &r->findings.p[i], false));
  for (uint32_t i = 0; i < targets.n && status == EXIT_OK; i++) {
    t.target = targets.p[i];
    status = lint_one(&t, &targets, standard);
  }
  sort(&t, r);
  arena_sub_done(arena);
  return status;
}

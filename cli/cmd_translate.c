/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/fidelity.h"
#include "cli/files.h"
#include "cli/habits.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "cli/outtree.h"
#include "cli/say.h"
#include "cli/target.h"
#include "cli/translated.h"
#include "cli/vars.h"

typedef struct {
  Args *args;
  sigmac_compiler *compiler;
  Str target;
  TranslatedFormat format;
  bool report;
  bool together; /* the format writes all documents into `out` */
  enum { TO_STDOUT, TO_FILE, TO_TREE } to;
  Str path; /* of -o */
  Fidelity fidelity;
  Buf out;
  OutTree tree;
  uint32_t emitted; /* documents of which something was written */
  int status;
} Translate;

static void worse(Translate *x, int status) {
  if (status > x->status) x->status = status;
}

/* --- usage --------------------------------------------------------------------------------------------------- */

/* The first word of each row of a table. */
static Str names_of(Arena *arena, const char *table) {
  Buf rows = {.arena = arena}, names = {.arena = arena};
  checked(sigmac_list(str_out(str_of(table)), SIGMAC_TEXT, &cli_allocator, write_to_buf, &rows));
  bool in_name = true;
  for (size_t i = 0; i < rows.n; i++) {
    char c = rows.p[i];
    if (c == ' ') in_name = false;
    if (c == '\n' && i + 1 < rows.n) buf_str(&names, STR(", "));
    else if (in_name && c != '\n') buf_char(&names, c);
    in_name = in_name || c == '\n';
  }
  return buf_view(&names);
}

static bool read_target(Translate *x) {
  const StrList *given = args_values(x->args, "target");
  Str known = names_of(x->args->arena, "backends");
  if (!given->n) return usage_error(x->args, "no target: give -t and one of " STR_FMT, STR_ARG(known)), false;
  if (given->n > 1) return usage_error(x->args, "one target at a time"), false;
  x->target = given->p[0];
  if (checked(sigmac_compiler_set_target(x->compiler, str_out(x->target))) == SIGMAC_OK) return true;
  const char *like = habit_target(x->target);
  usage_error(x->args, "there is no target `" STR_FMT "`%s%s; there are " STR_FMT, STR_ARG(x->target), like ? ": use " : "",
              like ? like : "", STR_ARG(known));
  return false;
}

static bool read_assumptions(Translate *x) {
  const StrList *ids = args_values(x->args, "assume");
  for (uint32_t i = 0; i < ids->n; i++) {
    if (checked(sigmac_compiler_assume(x->compiler, str_out(ids->p[i]))) == SIGMAC_OK) continue;
    usage_error(x->args, "--assume " STR_FMT ": there is no such assumption; there are " STR_FMT, STR_ARG(ids->p[i]),
                STR_ARG(names_of(x->args->arena, "assumptions")));
    return false;
  }
  return true;
}

static bool read_format(Translate *x) {
  Str word = args_last(x->args, "format", "text");
  x->report = args_has(x->args, "report");
  if (translated_format_find(word, x->report, &x->format)) return true;
  const char *like = habit_format(word);
  usage_error(x->args, "there is no%s format `" STR_FMT "`%s%s; there are " STR_FMT, x->report ? " report" : "", STR_ARG(word),
              like ? ": use " : "", like ? like : "", STR_ARG(translated_format_names(x->args->arena, x->report)));
  return false;
}

static bool read_output(Translate *x) {
  x->path = args_last(x->args, "output", "-");
  x->to = str_is(x->path, "-") ? TO_STDOUT : outtree_is(x->path) ? TO_TREE : TO_FILE;
  if (x->to == TO_TREE && x->report) return usage_error(x->args, "a report is one file: name one with -o"), false;
  if (x->to == TO_FILE && outtree_is_rule(x->path.p))
    return usage_error(x->args, STR_FMT " is a rule: it is not replaced", STR_ARG(x->path)), false;
  if (x->to == TO_TREE) outtree_begin(&x->tree, x->args, x->path, translated_ending(x->format, x->target, x->args->arena));
  return true;
}

/* A text of several documents is more than one behind the other; such a format writes it itself. */
static bool set_format(Translate *x) {
  const sigmac_query_format *f = x->format.deploy;
  if (!f) return true;
  if (!str_is(x->target, f->target)) return usage_error(x->args, "--format %s is for -t %s", f->name, f->target), false;
  x->together = f->several && x->to != TO_TREE;
  checked(sigmac_compiler_set_format(x->compiler, str_out(str_of(f->name)), x->together ? write_to_buf : NULL, &x->out));
  return true;
}

/* --- one document -------------------------------------------------------------------------------------------- */

static bool good(const sigmac_translation *t) { return t->fidelity == SIGMAC_EXACT || t->fidelity == SIGMAC_ASSUMED; }

static bool flush(Translate *x, size_t above) {
  if (x->to != TO_STDOUT || x->out.n <= above) return true;
  fwrite(x->out.p, 1, x->out.n, stdout);
  x->out.n = 0;
  return !ferror(stdout);
}

static void put_in_tree(Translate *x, const sigmac_translation *t) {
  x->out.n = 0;
  if (good(t)) translated_put(&x->out, t, x->format, true, true);
  outtree_put(&x->tree, str_in(t->path), buf_view(&x->out));
  x->out.n = 0;
}

static bool on_translation(void *ctx, const sigmac_translation *t) {
  enum { FLUSH_AT = 1 << 16 };
  Translate *x = ctx;
  fidelity_add(&x->fidelity, t);
  worse(x, t->fidelity == SIGMAC_BROKEN ? EXIT_BAD_INPUT : t->fidelity == SIGMAC_REFUSED ? EXIT_FOUND : EXIT_OK);
  if (x->report) return true;
  if (x->format.deploy && !x->format.deploy->several && x->to != TO_TREE && t->count > 1) {
    worse(x, usage_error(x->args, "--format %s has a file for each rule: name a folder, -o DIR/", x->format.deploy->name));
    return false;
  }
  if (x->to == TO_TREE) put_in_tree(x, t);
  else if (x->together) x->emitted += t->document.n > 0;
  else x->emitted += translated_put(&x->out, t, x->format, t->count == 1, x->emitted == 0);
  return args_has(x->args, "pipeline") || flush(x, FLUSH_AT); /* a pipeline may make another text of all */
}

/* --- the end ------------------------------------------------------------------------------------------------- */

/* Finalizers of pipelines make one text of all queries: it stands for them, but in a folder of files. */
static void put_final(Translate *x) {
  Str final = str_in(sigmac_compiler_get_final(x->compiler));
  if (!final.n || x->format.kind != TRANSLATED_TEXT || x->report || x->to == TO_TREE) return;
  x->out.n = 0;
  buf_str(&x->out, final);
  if (!str_ends(final, STR("\n"))) buf_char(&x->out, '\n');
}

static void put_report(Translate *x) {
  bool colour = x->to == TO_STDOUT && x->args->colour && (args_has(x->args, "color") || isatty(STDOUT_FILENO));
  if (!x->report || !x->fidelity.documents) return;
  translated_report(&x->out, &x->fidelity, x->format, colour);
  x->emitted = x->fidelity.documents;
}

static void write_file(Translate *x) {
  const char *why = "";
  if (!x->emitted) { /* it would take the place of a good one */
    say(STR_FMT ": error: not written: no rule was translated", STR_ARG(x->path));
    worse(x, EXIT_FOUND);
  } else if (!file_write(x->path.p, buf_view(&x->out), &why)) {
    say(STR_FMT ": error: cannot be written: %s", STR_ARG(x->path), why);
    worse(x, EXIT_BAD_INPUT);
  }
}

static void summarise(const Translate *x) {
  Buf line = {.heap = &cli_heap};
  if (x->args->quiet || x->report || !x->fidelity.documents) return;
  fidelity_summary(&line, &x->fidelity);
  fwrite(line.p, 1, line.n, stderr);
  buf_free(&line);
}

static void translate(Translate *x) {
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(x->compiler);
  fidelity_begin(&x->fidelity, x->args->arena, x->target, x->report);
  sigmac_status status = checked(sigmac_compiler_translate(x->compiler, on_translation, x));
  vars_warn_unused(x->compiler, x->args);
  if (status == SIGMAC_BAD_PIPELINE) {
    worse(x, EXIT_USAGE);
    return;
  }
  if (status == SIGMAC_STOPPED) return; /* nobody reads any more, or the usage was wrong */
  if (s->unreadable || s->elsewhere) worse(x, EXIT_BAD_INPUT);
  fidelity_add_malformed(&x->fidelity, s->malformed);
  x->fidelity.filters = s->filters;
  put_report(x);
  put_final(x);
  flush(x, 0);
  if (x->to == TO_FILE) write_file(x);
  if (x->to == TO_TREE) worse(x, x->tree.status);
  if (!x->fidelity.documents && x->status == EXIT_OK) {
    say("sigmac translate: error: there is no rule in these files");
    worse(x, EXIT_BAD_INPUT);
  }
  summarise(x);
}

static int run(Args *args) {
  Translate x = {.args = args, .out.heap = &cli_heap};
  Loaded l;
  if (!args->paths.n) return usage_error(args, "no rules: name a file, a folder, or `-`");
  if (!habits_check(args)) return EXIT_USAGE;
  load_open(&l, args);
  x.compiler = l.compiler;
  if (!read_target(&x) || !read_assumptions(&x) || !read_format(&x) || !read_output(&x)) return EXIT_USAGE;
  if (!set_format(&x)) return EXIT_USAGE;
  checked(sigmac_compiler_set_pretty(x.compiler, args_has(args, "pretty")));
  if (!load_sources(&l, args, &args->paths)) return l.status;
  x.status = l.status;
  translate(&x);
  buf_free(&x.out);
  return x.status;
}

static const Option options[] = {
  {"target", 't', "TARGET", "the query language: eql or kql (`sigmac list backends`)"},
  TARGET_OPTIONS,
  {"assume", 0, "ID", "one more thing that queries may rest on; may be repeated; `sigmac list assumptions`"},
  FILTER_OPTION,
  VARS_OPTIONS,
  {"format", 'f', "FORMAT", "text, ndjson, json for a report, or to deploy (`sigmac list formats`); default: text", "output"},
  {"pretty", 0, NULL, "lay queries out over lines"},
  {"output", 'o', "FILE|DIR/", "write there: one file, or one for each rule, in folders as the rules have them"},
  {"report", 0, NULL, "instead of queries: what is exact, what rests on assumptions, what is refused and why"},
  HABIT_OPTIONS,
  {NULL, 0, NULL, NULL},
};

const Command command_translate = {
  .name = "translate",
  .summary = "translate rules to queries: EQL, KQL",
  .usage = "-t TARGET [-p PIPELINE]... [OPTIONS] PATH...",
  .options = options,
  .more = "PATH is a rule file, a folder (all *.yml and *.yaml below it), or `-`. `sigmac convert` and `sigmac -t TARGET ...` are\n"
          "the same. A query finds what the rule finds, on every event, or under assumptions that are named; else the rule is\n"
          "refused, with its place and what to do, and the others are emitted. docs/from-sigma-cli.md is for those who know\n"
          "sigma-cli. Exit status: 0, 1 a rule was refused, 2 usage or a pipeline is wrong, 3 a rule did not compile or a file\n"
          "is unreadable; the highest counts.",
  .run = run,
};

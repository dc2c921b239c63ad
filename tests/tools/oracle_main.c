/* SPDX-License-Identifier: MIT
 * oracle-eval [--var NAME=VALUE]... [-p NAME|FILE]... [--absent refuse|false] [--filter FILE]... [--jobs N] RULES... -- EVENTS.ndjson|-
 * Evaluates rules as the referee does and prints each match as `event index, rule index, id, title` with tabs between.
 * Everything is judged by the virtual machine too; exit status 1 where it is of another opinion, 2 for wrong usage. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/shipped.h"
#include "tests/support/diff.h"

enum { DEFAULT_JOBS = 4, MOST_JOBS = 64 };

static void die(const char *what, const char *why) {
  fprintf(stderr, "oracle-eval: %s: %s\n", what, why);
  exit(2);
}

/* --- input ------------------------------------------------------------------------------------------------- */

static Str read_all(Arena *a, FILE *f) {
  Buf b = {0};
  for (size_t n = 1; n;) {
    buf_reserve(&b, 1 << 16);
    n = fread(b.p + b.n, 1, 1 << 16, f);
    b.n += n;
  }
  Str text = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return text;
}

static Str read_path(Arena *a, const char *path) {
  if (strcmp(path, "-") == 0) return read_all(a, stdin);
  FILE *f = fopen(path, "rb");
  if (!f) die(path, "cannot be read");
  Str text = read_all(a, f);
  fclose(f);
  return text;
}

typedef VEC(const char *) Paths;

static int by_name(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

/* A file, or all *.yml and *.yaml below a folder, sorted. */
static void add_rules(DiffRules *d, const char *path, bool named) {
  struct stat st;
  if (stat(path, &st) != 0) die(path, "not found");
  if (!S_ISDIR(st.st_mode)) {
    if (named || str_ends(str_of(path), STR(".yml")) || str_ends(str_of(path), STR(".yaml")))
      compiler_add(&d->compiler, str_of(path), read_path(&d->arena, path));
    return;
  }
  Paths paths = {0};
  DIR *folder = opendir(path);
  if (!folder) die(path, "cannot be read");
  for (struct dirent *e; (e = readdir(folder));)
    if (e->d_name[0] != '.') *vec_add(&d->arena, &paths) = arena_printf(&d->arena, "%s/%s", path, e->d_name).p;
  closedir(folder);
  if (paths.n) qsort(paths.p, paths.n, sizeof *paths.p, by_name);
  for (uint32_t i = 0; i < paths.n; i++) add_rules(d, paths.p[i], false);
}

static void add_pipeline(DiffRules *d, const char *name) {
  const ShippedFile *f = access(name, F_OK) == 0 ? NULL : shipped_pipeline(str_of(name));
  const char *slash = strrchr(name, '/');
  Str folder = slash ? (Str){name, (size_t)(slash - name)} : STR(".");
  if (f) compiler_add_pipeline(&d->compiler, f->name, SHIPPED_FOLDER, f->text);
  else compiler_add_pipeline(&d->compiler, str_of(name), folder, read_path(&d->arena, name));
}

/* Takes an option with its value; false where it is none. */
static bool take_option(DiffRules *d, const char *option, const char *value, uint32_t *jobs) {
  bool known = true;
  if (strcmp(option, "--jobs") == 0) *jobs = value ? (uint32_t)strtoul(value, NULL, 10) : 0;
  else if (strcmp(option, "--absent") == 0)
    d->compiler.absent = value && strcmp(value, "false") == 0 ? ABSENT_FALSE : ABSENT_REFUSE;
  else if (strcmp(option, "-p") == 0 && value) add_pipeline(d, value);
  else if (strcmp(option, "--filter") == 0 && value) compiler_add_filters(&d->compiler, str_of(value), read_path(&d->arena, value));
  else if (strcmp(option, "--var") == 0 && value && !vars_assign(&d->compiler.vars, str_of(value), &d->arena))
    die(value, "not NAME=VALUE");
  else known = strcmp(option, "--var") == 0;
  if (known && !value) die(option, "needs a value");
  return known;
}

typedef VEC(Str) Lines;

static void split_lines(Lines *out, Str text, Arena *a) {
  for (size_t i = 0; i < text.n;) {
    size_t lf = str_find(text, STR("\n"), i), end = lf == SIZE_MAX ? text.n : lf;
    Str line = str_sub(text, i, end);
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    if (line.n) *vec_add(a, out) = line;
    i = end + 1;
  }
}

/* --- judging ----------------------------------------------------------------------------------------------- */

typedef struct {
  FILE *out;   /* matches of one job */
  int figures; /* pipe with its DiffStats */
  pid_t pid;
} Job;

static void judge_lines(DiffRules *d, const Lines *lines, uint32_t from, uint32_t to, FILE *out, DiffStats *stats) {
  const Program *p = d->program;
  Verdicts *v = arena_array(&d->arena, Verdicts, p->n_RULES);
  for (uint32_t i = from; i < to; i++) {
    memset(v, 0, p->n_RULES * sizeof *v);
    diff_event(d, lines->p[i], v, stats);
    for (uint32_t r = 0; r < p->n_RULES; r++)
      if (v[r].referee)
        fprintf(out, "%u\t%u\t" STR_FMT "\t" STR_FMT "\n", i, r, STR_ARG(program_str(p, p->RULES[r].meta.id)),
                STR_ARG(program_str(p, p->RULES[r].meta.title)));
  }
}

static void start(Job *job, DiffRules *d, const Lines *lines, uint32_t from, uint32_t to) {
  int ends[2];
  job->out = tmpfile();
  if (!job->out || pipe(ends) != 0) die("jobs", "no file or pipe");
  job->pid = fork();
  if (job->pid < 0) die("jobs", "cannot fork");
  if (job->pid > 0) {
    close(ends[1]);
    job->figures = ends[0];
    return;
  }
  DiffStats stats = {0};
  judge_lines(d, lines, from, to, job->out, &stats);
  fflush(job->out);
  if (write(ends[1], &stats, sizeof stats) != (ssize_t)sizeof stats) _exit(2);
  _exit(0);
}

static void add_stats(DiffStats *sum, const DiffStats *s) {
  sum->pairs += s->pairs;
  sum->matches += s->matches;
  sum->undecided += s->undecided;
  sum->mismatches += s->mismatches;
  sum->notes.faults += s->notes.faults;
  sum->notes.undecided += s->notes.undecided;
  for (int k = 0; k < PRED_COUNT; k++)
    for (int verdict = 0; verdict < 2; verdict++) sum->notes.tests[k][verdict] += s->notes.tests[k][verdict];
}

/* Copies the matches of a job to stdout. */
static void finish(Job *job, DiffStats *sum) {
  DiffStats stats;
  int status;
  if (read(job->figures, &stats, sizeof stats) != (ssize_t)sizeof stats) die("jobs", "one ended without figures");
  waitpid(job->pid, &status, 0);
  add_stats(sum, &stats);
  rewind(job->out);
  for (int c; (c = getc(job->out)) != EOF;) putchar(c);
  fclose(job->out);
}

static void print_errors(Compiler *c) {
  Buf out = {0};
  for (uint32_t i = 0; i < c->diags.list.n; i++)
    if (c->diags.list.p[i].severity == SEV_ERROR) diag_render(&out, &c->sources, &c->diags.list.p[i], false);
  fprintf(stderr, STR_FMT, STR_ARG(buf_view(&out)));
  buf_free(&out);
}

int main(int argc, char **argv) {
  DiffRules d;
  DiffStats stats = {0};
  Lines lines = {0};
  uint32_t jobs = DEFAULT_JOBS;
  int i = 1;
  diff_begin(&d);
  for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (take_option(&d, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &jobs)) i++;
    else add_rules(&d, argv[i], true);
  }
  if (i + 2 != argc || jobs < 1 || jobs > MOST_JOBS)
    die("usage",
        "[--var NAME=VALUE]... [-p NAME|FILE]... [--absent refuse|false] [--filter FILE]... [--jobs N] RULES... -- EVENTS.ndjson");
  const char *wrong = diff_ready(&d, &stats);
  if (wrong) die("image refused", wrong);
  print_errors(&d.compiler);
  split_lines(&lines, read_path(&d.arena, argv[i + 1]), &d.arena);
  Job all[MOST_JOBS];
  for (uint32_t k = 0; k < jobs; k++)
    start(&all[k], &d, &lines, (uint32_t)((uint64_t)lines.n * k / jobs), (uint32_t)((uint64_t)lines.n * (k + 1) / jobs));
  for (uint32_t k = 0; k < jobs; k++) finish(&all[k], &stats);
  diff_print_stats(&stats);
  diff_close(&d);
  return stats.mismatches || stats.notes.faults;
}

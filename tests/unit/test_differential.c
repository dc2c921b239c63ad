/* SPDX-License-Identifier: MIT
 * Referee, plain code, fused code and scanner agree: on random rules and events, and on the conformance vectors.
 * SIGMAC_DIFF_PAIRS sets how many pairs of a rule and an event are judged, SIGMAC_DIFF_SEED where to begin. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/diff.h"
#include "tests/support/gen.h"

enum { DEFAULT_PAIRS = 200000, MOST_FAILURES = 5 };

static uint64_t setting(const char *name, uint64_t otherwise) {
  const char *s = getenv(name);
  return s && *s ? strtoull(s, NULL, 10) : otherwise;
}

Test(differential, random_rules_and_events, .timeout = 0) {
  DiffStats stats = {0};
  uint64_t pairs = setting("SIGMAC_DIFF_PAIRS", DEFAULT_PAIRS), seed = setting("SIGMAC_DIFF_SEED", 1);
  unsigned failures = 0;
  for (; stats.pairs < pairs && failures < MOST_FAILURES; seed++) failures += !diff_round(seed, &stats);
  diff_print_stats(&stats);
  cr_expect_eq(failures, 0, "%u rounds with a mismatch", failures);
  cr_expect_eq(stats.notes.faults, 0, "frozen rules with operands that cannot be");
  /* Agreement on nothing would be worth nothing. */
  cr_expect_lt(stats.refused * 20, stats.rules, "more than one rule in 20 does not compile");
  cr_expect_gt(stats.matches * 20, stats.pairs, "fewer than 5 %% match");
  cr_expect_lt(stats.matches * 20, stats.pairs * 19, "more than 95 %% match");
  for (int k = 0; k < PRED_COUNT; k++)
    for (int verdict = 0; verdict < 2; verdict++)
      cr_expect_gt(stats.notes.tests[k][verdict], 0, "no test %s was %s", pred_info[k].name, verdict ? "true" : "false");
}

/* --- conformance vectors ----------------------------------------------------------------------------------- */

static const char vectors[] = "tests/conformance";
/* Judged by more than detection rules, or not by rules at all. */
static const char *const other_topics[] = {"correlations.json", "logsource.json"};

static const Value *get(const Value *object, const char *key) {
  for (const Value *v = object->first; v; v = v->next)
    if (str_is(v->key, key)) return v;
  return NULL;
}

static Str read_file(Arena *a, const char *path) {
  Buf b = {0};
  FILE *f = fopen(path, "rb");
  cr_assert(f, "%s: cannot be read", path);
  for (size_t n = 1; n;) {
    buf_reserve(&b, 65536);
    n = fread(b.p + b.n, 1, 65536, f);
    b.n += n;
  }
  fclose(f);
  Str text = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return text;
}

/* Assignments for the placeholders of a vector, NULL at the end. */
static const char *const *vars_of(const Value *vector, Arena *a) {
  VEC(const char *) out = {0};
  const Value *all = get(vector, "placeholders");
  for (const Value *name = all ? all->first : NULL; name; name = name->next) {
    *vec_add(a, &out) = arena_cstr(a, name->key);
    for (const Value *v = name->first; v; v = v->next)
      *vec_add(a, &out) = arena_printf(a, STR_FMT "=" STR_FMT, STR_ARG(name->key), STR_ARG(v->text)).p;
  }
  *vec_add(a, &out) = NULL;
  return out.p;
}

/* Whether exactly the rules with these titles match; of several rules with one title as many as the list has. */
static bool titles_fit(const DiffRules *d, const Verdicts *v, const Value *titles) {
  uint32_t matches = 0, listed = 0;
  for (uint32_t i = 0; i < d->program->n_RULES; i++) matches += v[i].referee;
  for (const Value *t = titles->first; t; t = t->next, listed++) {
    uint32_t with_title = 0, wanted = 0;
    for (uint32_t i = 0; i < d->program->n_RULES; i++)
      with_title += v[i].referee && str_eq(program_str(d->program, d->program->RULES[i].meta.title), t->text);
    for (const Value *u = titles->first; u; u = u->next) wanted += str_eq(u->text, t->text);
    if (with_title != wanted) return false;
  }
  return matches == listed;
}

static bool expected(const DiffRules *d, const Verdicts *v, const Value *event) {
  bool any = false;
  const Value *titles = get(event, "titles"), *match = get(event, "match");
  if (titles) return titles_fit(d, v, titles);
  for (uint32_t i = 0; i < d->program->n_RULES; i++) any = any || v[i].referee;
  return match && any == str_is(match->text, "true");
}

static void check_vector(const Value *vector, Arena *a, DiffStats *stats) {
  DiffRules d;
  Str id = get(vector, "id")->text;
  const char *wrong = diff_open(&d, get(vector, "rule")->text, vars_of(vector, a), stats);
  cr_expect(!wrong, STR_FMT ": %s", STR_ARG(id), wrong ? wrong : "");
  Verdicts *v = arena_array(a, Verdicts, wrong ? 0 : d.program->n_RULES);
  unsigned number = 0;
  for (const Value *e = get(vector, "events")->first; e && !wrong; e = e->next, number++) {
    Buf text = {0};
    gen_print_value(&text, get(e, "event"));
    cr_expect(diff_event(&d, buf_view(&text), v, stats), STR_FMT ": event %u: not all agree", STR_ARG(id), number);
    cr_expect(expected(&d, v, e), STR_FMT ": event %u: the referee is not of the opinion of the vector", STR_ARG(id), number);
    buf_free(&text);
  }
  diff_close(&d);
}

static void check_file(const char *path, DiffStats *stats) {
  Arena a = {0};
  JsonError error;
  Value *all = json_read(read_file(&a, path), &a, &error);
  cr_assert(all, "%s: no JSON", path);
  for (const Value *v = all->first; v; v = v->next)
    if (get(v, "events")) check_vector(v, &a, stats);
  arena_free(&a);
}

static bool is_detection_topic(const char *file) {
  size_t n = strlen(file);
  if (n < 5 || strcmp(file + n - 5, ".json") != 0) return false;
  for (size_t i = 0; i < sizeof other_topics / sizeof *other_topics; i++)
    if (strcmp(file, other_topics[i]) == 0) return false;
  return true;
}

Test(differential, conformance_vectors, .timeout = 0) {
  DiffStats stats = {0};
  DIR *folder = opendir(vectors);
  cr_assert(folder, "%s: cannot be read", vectors);
  for (struct dirent *e; (e = readdir(folder));) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", vectors, e->d_name);
    if (is_detection_topic(e->d_name)) check_file(path, &stats);
  }
  closedir(folder);
  diff_print_stats(&stats);
  cr_expect_gt(stats.pairs, 500, "too few vectors");
}

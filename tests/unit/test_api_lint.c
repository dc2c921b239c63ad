/* SPDX-License-Identifier: MIT
 * include/sigmac.h, linting: what its comments promise. Exhausted memory is tested by tests/oom too. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sigmac.h"

#define TEXT(literal) ((sigmac_str){"" literal, sizeof(literal) - 1})

static sigmac_str str(const char *text) { return (sigmac_str){text, strlen(text)}; }

static bool is(sigmac_str s, const char *text) { return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0; }

/* Without id; the second one without title, too. */
static const char two_rules[] = "title: Example\nlogsource: {product: windows}\ndetection:\n  s: {A: x}\n  condition: s\n"
                                "---\n"
                                "logsource: {product: windows}\ndetection:\n  s: {A: y}\n  condition: s\n";

typedef struct {
  unsigned n, ids, titles; /* findings; those of missing-id and missing-title */
  uint32_t omitted;
  sigmac_diagnostic last_title;
  char path[64];
  Buf text;
  sigmac_linter *again; /* to be misused from the callback */
} Heard;

static void hear(void *ctx, const sigmac_diagnostic *d) {
  Heard *h = ctx;
  h->n++;
  h->omitted += d->omitted;
  h->ids += strcmp(d->id, "missing-id") == 0;
  if (strcmp(d->id, "missing-title") == 0) {
    h->titles++;
    h->last_title = *d;
  }
  snprintf(h->path, sizeof h->path, "%.*s", (int)d->path.n, d->path.p);
  cr_expect(d->message.n && d->text.n && d->text.p[d->text.n - 1] == '\n' && d->line >= 1 && d->column >= 1);
  buf_bytes(&h->text, d->text.p, d->text.n);
  if (!h->again) return;
  cr_expect_eq(sigmac_linter_add_text(h->again, TEXT("x"), TEXT("")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_run(h->again, hear, h, NULL), SIGMAC_MISUSE);
}

static sigmac_linter *linter_with(const char *text) {
  sigmac_linter *l = NULL;
  cr_assert_eq(sigmac_linter_new(&l, NULL), SIGMAC_OK);
  if (text) cr_assert_eq(sigmac_linter_add_text(l, TEXT("rules.yml"), str(text)), SIGMAC_OK);
  return l;
}

Test(api_lint, checks_are_a_table) {
  static const char *const profiles[] = {"default", "sigmahq", "all"};
  const sigmac_check *c;
  unsigned n = 0;
  for (; (c = sigmac_check_get(n)); n++) {
    bool known = false;
    for (int i = 0; i < 3; i++) known = known || strcmp(c->profile, profiles[i]) == 0;
    cr_expect(known && c->severity <= SIGMAC_INFO && *c->id && *c->scope && *c->what && *c->advice && c->bad && c->good, "%s",
              c->id);
    for (unsigned i = 0; i < n; i++) cr_expect_str_neq(sigmac_check_get(i)->id, c->id);
  }
  cr_expect(n > 0 && !sigmac_check_get(n) && !sigmac_check_get(~0u));
}

Test(api_lint, data_is_a_table) {
  const sigmac_lint_data *d;
  unsigned n = 0;
  for (; (d = sigmac_lint_data_get(n)); n++) {
    cr_expect(*d->name && *d->version && *d->source && *d->notice && !strchr(d->notice, '\n'), "%s", d->name);
    for (unsigned i = 0; i < n; i++) cr_expect_str_neq(sigmac_lint_data_get(i)->name, d->name);
  }
  cr_expect(n == 6 && !sigmac_lint_data_get(n) && !sigmac_lint_data_get(~0u));
}

static void hear_fault(void *ctx, const sigmac_diagnostic *d) {
  unsigned *n = ctx;
  ++*n;
  cr_expect(d->severity == SIGMAC_ERROR && is(d->path, "data.yml") && d->line >= 1 && d->column >= 1 && d->text.n);
}

Test(api_lint, data_that_is_replaced) {
  static const struct {
    const char *text;
    unsigned faults;
  } cases[] = {{"d3fend: [D3-AA]", 0},
               {"tag-namespaces: []", 0},
               {"spdx: [MIT]", 0},
               {"", 1},
               {"[]", 1},
               {"a: [", 1},
               {"tag-namespaces: [a b, [x], ~]", 3},
               {"namespaces: [a]", 1},
               {"--- {}\n--- {}", 1},
               {"d3fend: text", 1},
               {"attack: {tactics: [a], techniques: {t1: [A], T1.001: []}, others: [g1], revoked: {T2: T1, T3: }}", 0},
               {"attack: {}", 2},
               {"logsources: [{product: windows, fields: [b, B, a b, b], redundant: []}, {service: x}]", 0},
               {"logsources: [{product: a}, {product: a}, {fields: [x]}, {service: a, fields: x}]", 3},
               {"logsources: [{product: a, fields: ['', ' a', [x], ~, \"a\\0\"]}]", 5},
               {"attack: []", 1},
               {"attack: {tactics: [a, A, b_c], techniques: {}}", 2},
               {"attack: {tactics: [a], techniques: {T1: [b], X: [], T2: a}, tactic: [a]}", 4},
               {"attack: {tactics: [], techniques: {T1: []}, others: [T1, 1], revoked: {t1: T2, T3: x}}", 4},
               {"filename-prefixes: [{product: a, prefix: b}, {product: b, service: a, prefix: c}]", 0},
               {"filename-prefixes: [{product: a, prefix: b}, {product: a, prefix: c}]", 1},
               {"filename-prefixes: [{product: a}, {prefix: b}, {product: ~, prefix: c}, {folder: a}, a]", 5}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    sigmac_linter *l = linter_with(two_rules);
    unsigned n = 0;
    cr_expect_eq(sigmac_linter_add_data(l, TEXT("data.yml"), str(cases[i].text), hear_fault, &n),
                 cases[i].faults ? SIGMAC_BAD_DATA : SIGMAC_OK, "%s", cases[i].text);
    cr_expect_eq(n, cases[i].faults, "%s: %u", cases[i].text, n);
    cr_expect_eq(sigmac_linter_add_data(l, TEXT("data.yml"), TEXT("x: 1"), NULL, NULL), SIGMAC_BAD_DATA);
    Heard h = {0};
    cr_expect_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_OK, "files keep their numbers");
    cr_expect(h.ids == 2 && strcmp(h.path, "rules.yml") == 0);
    cr_expect_eq(sigmac_linter_add_data(l, TEXT("data.yml"), TEXT("{}"), NULL, NULL), SIGMAC_MISUSE, "too late");
    buf_free(&h.text);
    sigmac_linter_free(l);
  }
  cr_expect_eq(sigmac_linter_add_data(NULL, TEXT("x"), TEXT("{}"), NULL, NULL), SIGMAC_MISUSE);
}

Test(api_lint, findings_and_summary) {
  sigmac_linter *l = linter_with(two_rules);
  Heard h = {.again = l};
  sigmac_lint_summary s = {0};
  cr_assert_eq(sigmac_linter_run(l, hear, &h, &s), SIGMAC_OK);
  cr_expect(h.ids == 2 && h.titles == 1 && h.n == s.errors + s.warnings + s.infos);
  cr_expect(s.files == 1 && s.documents == 2 && s.omitted == 0);
  cr_expect(h.last_title.severity == SIGMAC_ERROR && h.last_title.line == 7 && h.last_title.column == 1 &&
            h.last_title.end_line == 7 && h.last_title.end_column == 2);
  cr_expect_str_eq(h.path, "rules.yml");
  cr_expect(!memchr(h.text.p, '\033', h.text.n), "no colours unless they are asked for");
  cr_expect_eq(sigmac_linter_run(l, hear, &h, &s), SIGMAC_MISUSE, "once");
  cr_expect_eq(sigmac_linter_add_text(l, TEXT("x"), TEXT("")), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_linter_add_path(l, "x"), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_linter_set_profile(l, TEXT("all")), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_linter_set_check(l, TEXT("missing-id"), true), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_linter_set_today(l, TEXT("2026-02-01")), SIGMAC_MISUSE, "too late");
  buf_free(&h.text);
  sigmac_linter_free(l);
}

Test(api_lint, nothing_and_files) {
  sigmac_linter *l = linter_with(NULL);
  Heard h = {0};
  sigmac_lint_summary s = {.files = 7};
  cr_assert_eq(sigmac_linter_add_text(l, TEXT("a"), (sigmac_str){NULL, 0}), SIGMAC_OK);
  cr_assert_eq(sigmac_linter_add_text(l, TEXT("b"), str(two_rules)), SIGMAC_OK);
  cr_assert_eq(sigmac_linter_run(l, hear, &h, &s), SIGMAC_OK);
  cr_expect_eq(s.files, 2);
  cr_expect(is(sigmac_linter_get_file(l, 0), "a") && is(sigmac_linter_get_file(l, 1), "b"));
  cr_expect(sigmac_linter_get_file(l, 2).n == 0 && sigmac_linter_get_file(NULL, 0).n == 0);
  sigmac_linter_free(l);
  l = linter_with(NULL);
  cr_expect_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_OK, "no files and no summary");
  buf_free(&h.text);
  sigmac_linter_free(l);
}

Test(api_lint, which_checks_are_on) {
  static const struct {
    const char *enable, *disable, *profile;
    unsigned ids;
  } cases[] = {{NULL, NULL, NULL, 2},          {NULL, "missing-id", NULL, 0},      {NULL, NULL, "all", 2},
               {NULL, "missing-id", "all", 0}, {"missing-id", NULL, "sigmahq", 2}, {"missing-id", "missing-id", "default", 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    sigmac_linter *l = linter_with(two_rules);
    Heard h = {0};
    if (cases[i].profile) cr_expect_eq(sigmac_linter_set_profile(l, str(cases[i].profile)), SIGMAC_OK);
    if (cases[i].enable) cr_expect_eq(sigmac_linter_set_check(l, str(cases[i].enable), true), SIGMAC_OK);
    if (cases[i].disable) cr_expect_eq(sigmac_linter_set_check(l, str(cases[i].disable), false), SIGMAC_OK);
    cr_assert_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_OK);
    cr_expect_eq(h.ids, cases[i].ids, "case %zu", i);
    buf_free(&h.text);
    sigmac_linter_free(l);
  }
}

Test(api_lint, words_that_are_none) {
  static const char *const no_days[] = {"", "2026", "2026-2-1", "2026-02-30", "2026/02/01", "0000-01-01", "2026-02-01 "};
  sigmac_linter *l = linter_with(two_rules);
  Heard h = {0};
  cr_expect_eq(sigmac_linter_set_profile(l, TEXT("strict")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_set_profile(l, (sigmac_str){NULL, 0}), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_set_check(l, TEXT("missing"), true), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_set_check(l, TEXT("missing-id "), false), SIGMAC_MISUSE);
  for (size_t i = 0; i < sizeof no_days / sizeof *no_days; i++)
    cr_expect_eq(sigmac_linter_set_today(l, str(no_days[i])), SIGMAC_MISUSE, "%s", no_days[i]);
  cr_expect_eq(sigmac_linter_set_today(l, TEXT("2024-02-29")), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_run(l, NULL, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_OK, "misuse changes nothing");
  cr_expect_eq(h.ids, 2);
  buf_free(&h.text);
  sigmac_linter_free(l);
}

Test(api_lint, no_linter) {
  sigmac_linter *l = NULL;
  cr_expect_eq(sigmac_linter_new(NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_new(&l, &(sigmac_allocator){0}), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_add_text(NULL, TEXT("x"), TEXT("")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_add_path(NULL, "x"), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_run(NULL, hear, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_set_profile(NULL, TEXT("all")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_set_check(NULL, TEXT("missing-id"), true), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_set_today(NULL, TEXT("2026-02-01")), SIGMAC_MISUSE);
  sigmac_linter_free(NULL);
}

Test(api_lint, colours) {
  sigmac_linter *l = linter_with(two_rules);
  Heard h = {0};
  sigmac_linter_set_colour(l, true);
  cr_assert_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_OK);
  cr_expect(memchr(h.text.p, '\033', h.text.n) != NULL);
  buf_free(&h.text);
  sigmac_linter_free(l);
}

Test(api_lint, filters) {
  static const char filter[] = "title: f\nlogsource: {product: p}\nfilter: {rules: any, s: {B: y}, condition: not s}\n";
  sigmac_linter *l = linter_with(NULL);
  Heard h = {0};
  cr_expect_eq(sigmac_linter_add_filter_text(l, TEXT("f.yml"), str(filter)), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_add_filter_text(l, TEXT("r.yml"), str(two_rules)), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_add_filter_path(l, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_add_filter_path(l, "/nonexistent/f.yml"), SIGMAC_UNREADABLE);
  cr_assert_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_OK);
  cr_expect(str_find(buf_view(&h.text), STR("[filter-file]"), 0) != SIZE_MAX, STR_FMT, STR_ARG(buf_view(&h.text)));
  cr_expect_eq(sigmac_linter_add_filter_text(l, TEXT("x"), TEXT("")), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_linter_add_filter_path(l, "x"), SIGMAC_MISUSE);
  buf_free(&h.text);
  sigmac_linter_free(l);
}

Test(api_lint, paths) {
  char folder[] = "/tmp/sigmac-lint-XXXXXX", path[64];
  cr_assert(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/r.yml", folder);
  FILE *f = fopen(path, "w");
  cr_assert(f && fputs(two_rules, f) >= 0 && fclose(f) == 0);
  sigmac_linter *l = linter_with(NULL);
  Heard h = {0};
  sigmac_lint_summary s;
  cr_expect_eq(sigmac_linter_add_path(l, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_add_path(l, path), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_add_path(l, folder), SIGMAC_OK, "read once");
  cr_expect_eq(sigmac_linter_add_path(l, "/nonexistent/r.yml"), SIGMAC_UNREADABLE);
  cr_assert_eq(sigmac_linter_run(l, hear, &h, &s), SIGMAC_OK);
  cr_expect(s.files == 2 && s.documents == 2 && h.ids == 2);
  cr_expect(is(sigmac_linter_get_file(l, 0), path) && is(sigmac_linter_get_file(l, 1), "/nonexistent/r.yml"));
  buf_free(&h.text);
  sigmac_linter_free(l);
  unlink(path);
  rmdir(folder);
}

Test(api_lint, findings_above_the_limit_are_counted) {
  enum { RULES = LIMIT_LINT_FINDINGS + 5 };
  Buf text = {0};
  for (int i = 0; i < RULES; i++)
    buf_printf(&text, "---\ntitle: Example %d\nlogsource: {product: p}\ndetection:\n  s: {A: %d}\n  condition: s\n", i, i);
  sigmac_linter *l = linter_with(NULL);
  Heard h = {0};
  sigmac_lint_summary s;
  for (unsigned i = 0; sigmac_check_get(i); i++)
    cr_expect_eq(sigmac_linter_set_check(l, str(sigmac_check_get(i)->id), strcmp(sigmac_check_get(i)->id, "missing-id") == 0),
                 SIGMAC_OK);
  cr_assert_eq(sigmac_linter_add_text(l, TEXT("r.yml"), (sigmac_str){text.p, text.n}), SIGMAC_OK);
  cr_assert_eq(sigmac_linter_run(l, hear, &h, &s), SIGMAC_OK);
  cr_expect(h.n == LIMIT_LINT_FINDINGS && h.ids == h.n && h.omitted == 5 && s.omitted == 5 && s.warnings == h.n);
  buf_free(&h.text);
  buf_free(&text);
  sigmac_linter_free(l);
}

/* --- memory --------------------------------------------------------------------------------------------------- */

typedef struct {
  long left; /* allocations that succeed */
  long live; /* blocks that were not given back */
} Meter;

static void *metered_reallocate(void *ctx, void *block, size_t bytes) {
  Meter *m = ctx;
  if (m->left <= 0) return NULL;
  m->left--;
  void *got = realloc(block, bytes);
  m->live += !block && got;
  return got;
}

static void *metered_allocate(void *ctx, size_t bytes) { return metered_reallocate(ctx, NULL, bytes); }

static void metered_release(void *ctx, void *block) {
  ((Meter *)ctx)->live -= block != NULL;
  free(block);
}

/* SIGMAC_NO_MEMORY wherever it ends, nothing lost, and nothing else until it is enough. */
Test(api_lint, memory_ends) {
  sigmac_status status = SIGMAC_NO_MEMORY;
  for (long n = 0; status == SIGMAC_NO_MEMORY; n++) {
    Meter m = {.left = n};
    Heard h = {0};
    sigmac_linter *l = NULL;
    cr_assert_lt(n, 100000);
    status = sigmac_linter_new(&l, &(sigmac_allocator){metered_allocate, metered_reallocate, metered_release, &m});
    if (status == SIGMAC_OK) status = sigmac_linter_add_text(l, TEXT("r.yml"), str(two_rules));
    if (status == SIGMAC_OK) status = sigmac_linter_run(l, hear, &h, NULL);
    if (status != SIGMAC_OK && l) cr_expect_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_NO_MEMORY, "it stays so");
    else if (l) cr_expect_eq(h.ids, 2);
    sigmac_linter_free(l);
    buf_free(&h.text);
    cr_expect_eq(m.live, 0, "%ld allocations", n);
  }
  cr_expect_eq(status, SIGMAC_OK);
}

/* --- settings from files ------------------------------------------------------------------------------------- */

static unsigned findings_with(const char *config, const char *text, sigmac_lint_summary *s) {
  sigmac_linter *l = linter_with(NULL);
  Heard h = {0};
  cr_expect_eq(sigmac_linter_add_config(l, TEXT("c.yml"), str(config), NULL, NULL), SIGMAC_OK, "%s", config);
  cr_expect_eq(sigmac_linter_add_text(l, TEXT("rules.yml"), str(text)), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_run(l, hear, &h, s), SIGMAC_OK);
  buf_free(&h.text);
  sigmac_linter_free(l);
  return h.ids;
}

Test(api_lint, configuration) {
  sigmac_lint_summary s;
  cr_expect_eq(findings_with("", two_rules, &s), 2);
  cr_expect_eq(s.suppressed, 0);
  cr_expect_eq(findings_with("lint: {disable: [missing-id]}", two_rules, &s), 0);
  cr_expect_eq(s.suppressed, 0);
  cr_expect_eq(findings_with("lint: {exclude: [{path: rules.yml, checks: [missing-id]}]}", two_rules, &s), 0);
  cr_expect_eq(s.suppressed, 2);
  cr_expect_eq(findings_with("exclusions: {~: identifier_existence}", two_rules, &s), 0);
  cr_expect_eq(s.suppressed, 2);
  sigmac_linter *l = linter_with(NULL);
  Heard h = {0};
  unsigned n = 0;
  cr_expect_eq(sigmac_linter_add_config(l, TEXT("data.yml"), TEXT("lint: {nosuch: 1}"), hear_fault, &n), SIGMAC_BAD_DATA);
  cr_expect_eq(n, 1);
  cr_expect_eq(sigmac_linter_add_config(NULL, TEXT("c"), TEXT(""), NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_run(l, hear, &h, NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_add_config(l, TEXT("c"), TEXT(""), NULL, NULL), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_linter_set_changed(l, NULL, 0), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_linter_add_baseline(l, TEXT("b"), TEXT(""), NULL, NULL), SIGMAC_MISUSE, "too late");
  sigmac_linter_free(l);
}

/* What documents have in common through `action: global` is told once, as long as one of them is not excluded. */
Test(api_lint, rules_of_a_collection_are_excluded_by_their_ids) {
#define SHARED "{rule: 5b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10, checks: [missing-status]}"
  static const char text[] = "action: global\nlevel: high\nlogsource: {product: windows}\n"
                             "---\ntitle: A\nid: 5b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10\ndetection:\n  s: {A: x}\n  condition: s\n"
                             "---\ntitle: B\nid: 6b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10\ndetection:\n  s: {A: y}\n  condition: s\n";
  sigmac_lint_summary s, one, both;
  findings_with("", text, &s);
  findings_with("lint: {exclude: [" SHARED "]}", text, &one);
  cr_expect(one.suppressed == 0 && one.warnings == s.warnings);
  findings_with("lint: {exclude: [" SHARED ", {rule: 6b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10, checks: [missing-status]}]}", text,
                &both);
  cr_expect(both.suppressed == 1 && both.warnings + 1 == s.warnings);
#undef SHARED
}

static bool keep(void *ctx, sigmac_str piece) {
  buf_bytes(ctx, piece.p, piece.n);
  return true;
}

static void run_baseline(const char *rules, const Buf *baseline, Buf *out, sigmac_lint_summary *s) {
  sigmac_linter *l = linter_with(rules);
  Heard h = {0};
  if (baseline)
    cr_assert_eq(sigmac_linter_add_baseline(l, TEXT("/x/b.json"), (sigmac_str){baseline->p, baseline->n}, NULL, NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_write_baseline(l, TEXT("/x/b.json"), keep, out), SIGMAC_MISUSE, "too early");
  cr_expect_eq(sigmac_linter_run(l, hear, &h, s), SIGMAC_OK);
  if (out) cr_expect_eq(sigmac_linter_write_baseline(l, TEXT("/x/b.json"), keep, out), SIGMAC_OK);
  cr_expect_eq(sigmac_linter_write_baseline(l, TEXT("x"), NULL, NULL), SIGMAC_MISUSE);
  buf_free(&h.text);
  sigmac_linter_free(l);
}

Test(api_lint, baseline) {
  sigmac_lint_summary all, s;
  Buf baseline = {0}, none = {0};
  run_baseline(two_rules, NULL, &baseline, &all);
  run_baseline(two_rules, &baseline, &none, &s);
  cr_expect(s.errors + s.warnings + s.infos == 0 && s.gone == 0 && s.known == all.errors + all.warnings + all.infos);
  cr_expect(none.n < baseline.n && none.n > 0);
  run_baseline("title: Example\n", &baseline, NULL, &s);
  cr_expect(s.gone > 0);
  sigmac_linter *l = linter_with(NULL);
  unsigned n = 0;
  cr_expect_eq(sigmac_linter_add_baseline(l, TEXT("data.yml"), TEXT("{}"), hear_fault, &n), SIGMAC_BAD_DATA);
  cr_expect_eq(n, 1);
  sigmac_linter_free(l);
  buf_free(&baseline);
  buf_free(&none);
}

Test(api_lint, changed_files) {
  static const char a_rule[] = "title: Example\nlogsource: {product: windows}\ndetection:\n  s: {A: x}\n  condition: s\n";
  static const sigmac_str changed[] = {{"./b.yml", 7}, {"gone.yml", 8}, {"", 0}};
  for (size_t n = 0; n <= 3; n += 3) {
    sigmac_linter *l = linter_with(NULL);
    Heard h = {0};
    cr_expect_eq(sigmac_linter_set_changed(l, NULL, 1), SIGMAC_MISUSE);
    cr_expect_eq(sigmac_linter_set_changed(l, changed, n), SIGMAC_OK);
    for (const char *path = "c\0b\0a\0"; *path; path += 2) {
      char name[] = "x.yml";
      name[0] = *path;
      cr_expect_eq(sigmac_linter_add_text(l, str(name), str(a_rule)), SIGMAC_OK);
    }
    sigmac_lint_summary s;
    cr_expect_eq(sigmac_linter_run(l, hear, &h, &s), SIGMAC_OK);
    cr_expect_eq(s.files, 3);
    if (n) cr_expect(h.n > 0 && strcmp(h.path, "b.yml") == 0 && h.ids == 1);
    else cr_expect_eq(h.n, 0);
    buf_free(&h.text);
    sigmac_linter_free(l);
  }
}

/* SPDX-License-Identifier: MIT
 * Filters: which rules they change, and what becomes of those. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

#include "compiler/compile.h"

typedef struct {
  Arena arena;
  Compiler compiler;
} Work;

/* Rules and filters in short: `R ID|NAME|LOGSOURCE|DETECTION`, `F RULES|LOGSOURCE|FILTER`, one a line; `!` in front of a modifier. */
static void put_field(Buf *out, const char **at) {
  size_t n = strcspn(*at, "|\n");
  for (size_t i = 0; i < n; i++) buf_char(out, (*at)[i] == '!' ? '|' : (*at)[i]);
  *at += n + ((*at)[n] == '|');
}

static void put_document(Buf *out, const char **at, unsigned number) {
  bool rule = **at == 'R';
  *at += 2;
  buf_printf(out, "---\ntitle: %c%u\n", rule ? 'R' : 'F', number);
  if (rule) {
    if (**at != '|') buf_str(out, STR("id: "));
    put_field(out, at);
    buf_str(out, STR("\nname: "));
    put_field(out, at);
    buf_str(out, STR("\nlogsource: {"));
    put_field(out, at);
    buf_str(out, STR("}\ndetection: {"));
    put_field(out, at);
  } else {
    Buf rules = {.arena = out->arena};
    put_field(&rules, at);
    buf_str(out, STR("logsource: {"));
    put_field(out, at);
    buf_str(out, STR("}\nfilter: {rules: "));
    buf_str(out, buf_view(&rules));
    buf_str(out, STR(", "));
    put_field(out, at);
  }
  buf_str(out, STR("}\n"));
  *at += **at == '\n';
}

static Str documents(Arena *a, const char *text) {
  Buf out = {.arena = a};
  for (unsigned n = 0; *text; n++) put_document(&out, &text, n);
  return buf_view(&out);
}

static void put_line(Buf *out, Str text) {
  for (size_t i = 0; i < text.n; i++) {
    bool space = text.p[i] == ' ' || text.p[i] == '\n';
    if (!space) buf_char(out, text.p[i]);
    else if (out->n && out->p[out->n - 1] != ' ') buf_char(out, ' ');
  }
}

/* Frozen rules, one behind the other with `;`, and ids of what was said. */
static Str frozen(Work *w, Str text, Str filters) {
  Compiler *c = &w->compiler;
  Buf out = {.arena = &w->arena}, tree = {.arena = &w->arena};
  compiler_init(c, &w->arena);
  c->keep_ir = true;
  compiler_add(c, STR("r.yml"), text);
  if (filters.n) compiler_add_filters(c, STR("f.yml"), filters);
  compiler_finish(c);
  for (uint32_t i = 0; i < c->ir.n; i++) {
    tree.n = 0;
    ir_print(&tree, c->ir.p[i].root);
    if (i) buf_str(&out, STR("; "));
    put_line(&out, buf_view(&tree));
    while (out.n && out.p[out.n - 1] == ' ') out.n--;
  }
  for (uint32_t i = 0; i < c->diags.list.n; i++) {
    const Diag *d = &c->diags.list.p[i];
    buf_printf(&out, " %s%s", d->severity == SEV_ERROR ? "!" : "~", diag_info[d->id].text);
  }
  return buf_view(&out);
}

#define ID              "6f3e2987-db24-4c78-a860-b4f4095a7095"
#define RULE(logsource) "R " ID "|r|" logsource "|s: {A: 1}, condition: s\n"
#define ANY             "F any|product: p|s: {B: 2}, condition: not s\n"
#define LEFT            "and A == 1 not B == 2"

Test(filter, rules_that_they_change) {
  static const struct {
    const char *text, *expected;
  } rows[] = {
    {RULE("product: p") ANY, LEFT},
    {ANY RULE("product: p"), LEFT},
    {RULE("product: p") "F aNy|product: p|s: {B: 2}, condition: not s\n", LEFT},
    {RULE("product: P") ANY, LEFT},
    {RULE("product: p, category: c, service: s") ANY, LEFT},
    {RULE("category: p") ANY, "A == 1 ~filter-unused"},
    {RULE("product: q") ANY, "A == 1 ~filter-unused"},
    {RULE("product: p") "F any|product: p, category: c|s: {B: 2}, condition: not s\n", "A == 1 ~filter-unused"},
    /* By id, whatever its letters, by name as it is written, and once. */
    {RULE("product: p") "F r|product: p|s: {B: 2}, condition: not s\n", LEFT},
    {RULE("product: p") "F [6F3E2987-DB24-4C78-A860-B4F4095A7095]|product: p|s: {B: 2}, condition: not s\n", LEFT},
    {RULE("product: p") "F [r, " ID ", r]|product: p|s: {B: 2}, condition: not s\n", LEFT},
    {RULE("product: p") "F R|product: p|s: {B: 2}, condition: not s\n", "A == 1 ~filter-unknown-rule"},
    {RULE("product: p") "F [r, x]|product: p|s: {B: 2}, condition: not s\n", LEFT " ~filter-unknown-rule"},
    {RULE("product: p") "F r|product: q|s: {B: 2}, condition: not s\n", "A == 1 ~filter-logsource-mismatch"},
    {RULE("product: p") "R |o|product: p|s: {A: 3}, condition: s\nF o|product: p|s: {B: 2}, condition: not s\n",
     "A == 1; and A == 3 not B == 2"},
    /* All conditions; several filters. */
    {"R ||product: p|s: {A: 1}, t: {A: 2}, condition: [s, t]\n" ANY, "and or A == 1 A == 2 not B == 2"},
    {RULE("product: p") ANY "F r|product: p|s: {C: 3}, condition: s\n", "and A == 1 not B == 2 C == 3"},
    /* Each side sees its own identifiers. */
    {RULE("product: p") "F any|product: p|t: {B: 2}, u: {C: 3}, condition: not 1 of them\n", "and A == 1 not or B == 2 C == 3"},
    {"R ||product: p|s: {A: 1}, t: {A: 2}, condition: all of them\n" ANY, "and A == 1 A == 2 not B == 2"},
    {RULE("product: p") "F any|product: p|t: {B: 2}, condition: not s\n", "A == 1 !condition-unknown"},
    {"R ||product: p|s: {A: 1}, condition: s or t\nF any|product: p|t: {B: 2}, condition: not t\n",
     " !condition-unknown ~filter-unused"},
    /* Without one that is wrong, the rule goes on. */
    {RULE("product: p") ANY "F any|product: p|s: {C!x: 2}, condition: not s\n", LEFT " !unknown-modifier"},
    {RULE("product: p") "F any|product: p|s: {C!expand: '%v%'}, condition: not s\n", "A == 1 !placeholder-undefined"},
    {RULE("product: p") "F any|product: p|s: {C: 2}, condition: not (s\n", "A == 1 !condition-syntax"},
    {RULE("product: p") "F any|product: p|s: {C: 2}, t: {D!x: 1}, condition: not s\n", "A == 1 !unknown-modifier"},
    /* Constants fold. */
    {RULE("product: p") "F any|product: p|s: {A!exists: true}, condition: s or not s\n",
     "and A == 1 or A exists true not A exists true"},
    {"R ||product: p|s: {A!x: 1}, condition: s\n" ANY, " !unknown-modifier ~filter-unused"},
    {ANY, " ~filter-unused"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Work w = {0};
    Str got = frozen(&w, documents(&w.arena, rows[i].text), STR(""));
    cr_expect(str_is(got, rows[i].expected), "row %zu: %s\n  %s\n  " STR_FMT, i, rows[i].text, rows[i].expected, STR_ARG(got));
    arena_free(&w.arena);
  }
}

Test(filter, correlations_are_not_changed) {
  Work w = {0};
  Str rule = documents(&w.arena, RULE("product: p"));
  Str text =
    arena_printf(&w.arena,
                 STR_FMT "---\ntitle: C\nname: c\ncorrelation: {type: event_count, rules: [r], timespan: 1m, condition: "
                         "{gte: 2}}\n---\ntitle: F\nlogsource: {product: p}\nfilter: {rules: [c, f], s: {B: 2}, condition: s}\n"
                         "---\ntitle: G\nname: f\nlogsource: {product: p}\nfilter: {rules: r, s: {B: 2}, condition: s}\n",
                 STR_ARG(rule));
  Str got = frozen(&w, text, STR(""));
  cr_expect(str_is(got, "and A == 1 B == 2 ~filter-no-rule ~filter-no-rule"), STR_FMT, STR_ARG(got));
  cr_expect_eq(w.compiler.filters, 1);
  arena_free(&w.arena);
}

Test(filter, files_of_filters_hold_nothing_else) {
  Work w = {0};
  Str got =
    frozen(&w, documents(&w.arena, RULE("product: p")), documents(&w.arena, ANY "R |o|product: p|s: {A: 3}, condition: s\n"));
  cr_expect(str_is(got, LEFT " !filter-file"), STR_FMT, STR_ARG(got));
  cr_expect_eq(w.compiler.refused, 1);
  arena_free(&w.arena);
}

/* What is shared by rules must not be changed by one of them: each has a copy, here of values that simplifying rewrites. */
Test(filter, each_rule_has_trees_of_its_own) {
  Work w = {0};
  Str got = frozen(&w,
                   documents(&w.arena, RULE("product: p") "R |o|product: p|s: {A: 3}, condition: s\n"
                                                          "F any|product: p|s: {B: ['x*', '*y', x]}, condition: s and not s\n"),
                   STR(""));
  static const char both[] =
    "and A == %d any B startswith \"x\" B endswith \"y\" B is \"x\" not any B startswith \"x\" B endswith \"y\" B is \"x\"";
  char expected[400];
  int n = snprintf(expected, sizeof expected, both, 1);
  n += snprintf(expected + n, sizeof expected - (size_t)n, "; ");
  snprintf(expected + n, sizeof expected - (size_t)n, both, 3);
  cr_expect(str_is(got, expected), STR_FMT, STR_ARG(got));
  arena_free(&w.arena);
}

static Str many(Arena *a, unsigned n, const char *document) {
  Buf out = {.arena = a};
  for (unsigned i = 0; i < n; i++) buf_str(&out, documents(a, document));
  return buf_view(&out);
}

/* Filters that are not for a rule cost it nothing; those that are come out of what a rule may become. */
Test(filter, many, .timeout = 60) {
  enum { N = 5000 };
  Work w = {0};
  Buf text = {.arena = &w.arena};
  buf_str(&text, many(&w.arena, N, "R ||product: q|s: {A: 1}, condition: s\n"));
  buf_str(&text, many(&w.arena, N, ANY));
  clock_t start = clock();
  frozen(&w, buf_view(&text), STR(""));
  cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 20);
  cr_expect(w.compiler.ir.n == N && w.compiler.filters == 0 && w.compiler.diags.errors == 0);
  arena_free(&w.arena);
}

Test(filter, too_many_for_the_rules, .timeout = 60) {
  enum { N = 3000 };
  Work w = {0};
  Buf text = {.arena = &w.arena};
  buf_str(&text, many(&w.arena, N, "R ||product: p|s: {A: 1}, condition: s\n"));
  buf_str(&text, many(&w.arena, N, ANY));
  frozen(&w, buf_view(&text), STR(""));
  cr_expect_lt(w.compiler.ir.n, N);
  cr_expect_eq(w.compiler.diags.errors, N - w.compiler.ir.n);
  cr_expect_eq(w.compiler.filters, w.compiler.ir.n ? N : 0);
  arena_free(&w.arena);
}

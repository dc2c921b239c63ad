/* SPDX-License-Identifier: MIT
 * include/sigmac.h, fixing: what its comments promise. What each fix does is for tests/golden/lint. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "sigmac.h"

#define TEXT(literal) ((sigmac_str){"" literal, sizeof(literal) - 1})
#define RULE                                                                                                         \
  "id: 5b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10\nstatus: test\nlogsource: {product: windows}\ndetection:\n  s: {A: x}\n" \
  "  condition: s\nfalsepositives:\n  - Unknown\n"

static sigmac_str str(const char *text) { return (sigmac_str){text, strlen(text)}; }

static bool is(sigmac_str s, const char *text) { return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0; }

typedef struct {
  unsigned files, applied, left_out;
  Buf after, ids;
  sigmac_linter *again; /* to be misused from the callback */
} Fixed;

static void on_fixed(void *ctx, const sigmac_fixed_file *f) {
  Fixed *x = ctx;
  x->files++;
  x->applied += f->applied_n;
  x->left_out += f->left_out_n;
  buf_bytes(&x->after, f->after.p, f->after.n);
  for (uint32_t i = 0; i < f->applied_n; i++) {
    buf_printf(&x->ids, "%s:%u:%u ", f->applied[i].id, f->applied[i].line, f->applied[i].column);
    cr_expect(f->applied[i].message.n && f->applied[i].kind != SIGMAC_FIX_NONE);
  }
  cr_expect(is(sigmac_linter_get_file(x->again, f->file), "rules.yml") && is(f->path, "rules.yml"));
  cr_expect_eq(sigmac_linter_fix(x->again, false, NULL, NULL), SIGMAC_MISUSE);
}

static void count(void *ctx, const sigmac_diagnostic *d) {
  unsigned *n = ctx;
  n[d->fix]++;
  cr_expect_eq(d->fix == SIGMAC_FIX_NONE, d->edits_n == 0);
  for (uint32_t i = 0; i < d->edits_n; i++) {
    const sigmac_edit *e = &d->edits[i];
    cr_expect(e->start <= e->end && e->line >= 1 && e->column >= 1 && (i == 0 || e[-1].end <= e->start));
  }
}

static sigmac_linter *linter_with(const char *text) {
  sigmac_linter *l = NULL;
  cr_assert_eq(sigmac_linter_new(&l, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_linter_add_text(l, TEXT("rules.yml"), str(text)), SIGMAC_OK);
  return l;
}

static void clear(Fixed *x, sigmac_linter *l) {
  buf_free(&x->after);
  buf_free(&x->ids);
  sigmac_linter_free(l);
}

Test(api_lint_fix, fixes_and_what_is_left) {
  static const struct {
    const char *text, *after; /* after: NULL where nothing is applied */
    bool unsafe;
    const char *ids;
  } cases[] = {
    {"title: A  \n" RULE, "title: A\n" RULE, false, "yaml-trailing-space:1:9 "},
    {"---\r\ntitle:  A\n" RULE, "title: A\n" RULE, false, "yaml-document-start:1:1 yaml-spacing:2:8 "},
    {"title: A\n" RULE, NULL, true, ""},
    {"title: A\ndescription: |\n  a  \n  b\n" RULE, NULL, false, ""},
    {"title: A\ndescription: |\n  a  \n  b\n" RULE, "title: A\ndescription: |\n  a\n  b\n" RULE, true, "yaml-trailing-space:3:4 "},
    {"title: [\n  \n", "title: [\n\n", false, "yaml-trailing-space:2:1 "},
    {"", NULL, true, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    sigmac_linter *l = linter_with(cases[i].text);
    Fixed x = {.again = l};
    unsigned left[3] = {0};
    cr_assert_eq(sigmac_linter_fix(l, cases[i].unsafe, on_fixed, &x), SIGMAC_OK);
    cr_expect_eq(x.files, cases[i].after != NULL, "%zu", i);
    cr_expect_eq(x.left_out, 0);
    if (cases[i].after)
      cr_expect(is((sigmac_str){x.after.p, x.after.n}, cases[i].after), "%zu: %.*s", i, (int)x.after.n, x.after.p);
    if (cases[i].after) cr_expect(is((sigmac_str){x.ids.p, x.ids.n}, cases[i].ids), "%zu: %.*s", i, (int)x.ids.n, x.ids.p);
    cr_expect_eq(sigmac_linter_run(l, count, left, NULL), SIGMAC_OK);
    cr_expect_eq(left[SIGMAC_FIX_SAFE], 0, "%zu", i);
    cr_expect(!cases[i].unsafe || left[SIGMAC_FIX_UNSAFE] == 0, "%zu", i);
    clear(&x, l);
  }
}

Test(api_lint_fix, findings_carry_edits) {
  unsigned n[3] = {0};
  sigmac_linter *l = linter_with("title: A  \ndescription: |\n  a  \n  b\n" RULE);
  cr_expect_eq(sigmac_linter_run(l, count, n, NULL), SIGMAC_OK);
  cr_expect(n[SIGMAC_FIX_SAFE] == 1 && n[SIGMAC_FIX_UNSAFE] == 1 && n[SIGMAC_FIX_NONE] > 0);
  cr_expect_eq(sigmac_linter_fix(l, false, NULL, NULL), SIGMAC_MISUSE, "it has run");
  sigmac_linter_free(l);
}

Test(api_lint_fix, once_and_nothing_is_added_behind_it) {
  unsigned n[3] = {0};
  sigmac_linter *l = linter_with("title: A  \n" RULE);
  cr_expect_eq(sigmac_linter_fix(NULL, false, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_fix(l, false, NULL, NULL), SIGMAC_OK, "nobody needs to be told");
  cr_expect_eq(sigmac_linter_fix(l, false, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_add_text(l, TEXT("x"), TEXT("")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_set_profile(l, TEXT("all")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_linter_run(l, count, n, NULL), SIGMAC_OK);
  sigmac_linter_free(l);
}

/* A path that cannot be read stays a finding over all rounds. */
Test(api_lint_fix, unreadable_paths) {
  unsigned n[3] = {0};
  Fixed x = {0};
  sigmac_linter *l = linter_with("---\r\ntitle:  A\n" RULE);
  sigmac_lint_summary s;
  x.again = l;
  cr_expect_eq(sigmac_linter_add_path(l, "/nonexistent/r.yml"), SIGMAC_UNREADABLE);
  cr_expect_eq(sigmac_linter_fix(l, false, on_fixed, &x), SIGMAC_OK);
  cr_expect(x.files == 1 && x.applied == 2);
  cr_expect_eq(sigmac_linter_run(l, count, n, &s), SIGMAC_OK);
  cr_expect(s.files == 2 && s.errors == 1);
  cr_expect(is(sigmac_linter_get_file(l, 1), "/nonexistent/r.yml"));
  clear(&x, l);
}

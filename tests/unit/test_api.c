/* SPDX-License-Identifier: MIT
 * include/sigmac.h: what its comments promise. Exhausted memory is tested by tests/oom, threads by tests/tools/threads.c. */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sigmac.h"

#define COUNT(array)  (sizeof(array) / sizeof *(array))
#define TEXT(literal) ((sigmac_str){"" literal, sizeof(literal) - 1})

static const char two_rules[] =
  "title: first\nid: 5a3b0a5e-6a57-4f0c-8d2b-1f6d2a7a9c11\nstatus: test\nlevel: high\nauthor: me\ntags: [attack.execution, "
  "car.x]\nreferences: ['https://a.example/']\ndescription: d\nlogsource: {product: windows, category: process_creation}\n"
  "detection:\n  s: {A: x}\n  condition: s\n"
  "---\n"
  "title: second\nlogsource: {product: linux}\ndetection:\n  s: {B|re: '^(?=a)(a+)+$', A|exists: true}\n  condition: 1 of s*\n";

static bool is(sigmac_str s, const char *text) { return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0; }

static sigmac_str str(const char *text) { return (sigmac_str){text, strlen(text)}; }

static bool collect(void *ctx, sigmac_str piece) {
  buf_bytes(ctx, piece.p, piece.n);
  return true;
}

/* --- compiling ----------------------------------------------------------------------------------------------- */

static sigmac_compiler *compiler_with(const char *text) {
  sigmac_compiler *c = NULL;
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  if (text) cr_assert_eq(sigmac_compiler_add_text(c, TEXT("rules.yml"), str(text)), SIGMAC_OK);
  return c;
}

static sigmac_rules *rules_of(const char *text) {
  sigmac_compiler *c = compiler_with(text);
  sigmac_rules *rules = NULL;
  sigmac_str image;
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_assert_eq(sigmac_rules_load(&rules, image, NULL, NULL), SIGMAC_OK);
  sigmac_compiler_free(c);
  return rules;
}

Test(api, compiles) {
  sigmac_compiler *c = compiler_with(two_rules);
  sigmac_str image = {NULL, 0};
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_expect(sigmac_is_image(image) && (uintptr_t)image.p % 8 == 0);
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  cr_expect(s->files == 1 && s->rules == 2 && s->refused == 0 && s->errors == 0);
  cr_expect_eq(sigmac_compiler_finish(c, &image), SIGMAC_MISUSE, "once");
  cr_expect_eq(sigmac_compiler_add_text(c, TEXT("x"), TEXT("")), SIGMAC_MISUSE, "too late");
  sigmac_compiler_free(c);
}

Test(api, the_image_is_the_same_for_the_same_input) {
  sigmac_str image[2];
  sigmac_compiler *c[2];
  for (int i = 0; i < 2; i++) {
    c[i] = compiler_with(two_rules);
    cr_assert_eq(sigmac_compiler_finish(c[i], &image[i]), SIGMAC_OK);
  }
  cr_expect(image[0].n == image[1].n && memcmp(image[0].p, image[1].p, image[0].n) == 0);
  for (int i = 0; i < 2; i++) sigmac_compiler_free(c[i]);
}

typedef struct {
  unsigned n;
  sigmac_diagnostic last;
  Buf text;
  sigmac_compiler *again; /* to be misused from the callback */
} Heard;

static void hear(void *ctx, const sigmac_diagnostic *d) {
  Heard *h = ctx;
  h->n++;
  h->last = *d;
  buf_bytes(&h->text, d->text.p, d->text.n);
  if (h->again) cr_expect_eq(sigmac_compiler_add_text(h->again, TEXT("x"), TEXT("")), SIGMAC_MISUSE);
}

Test(api, diagnostics) {
  sigmac_compiler *c = compiler_with("title: t\nlogsource: {product: p}\ndetection:\n  s:\n    A|startwith: x\n  condition: s\n");
  sigmac_str image;
  Heard h = {.again = c};
  sigmac_compiler_on_diagnostic(c, hear, &h);
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK, "a refused rule is no failure");
  cr_assert_eq(h.n, 1);
  cr_expect_str_eq(h.last.id, "unknown-modifier");
  cr_expect(h.last.severity == SIGMAC_ERROR && h.last.line == 5 && h.last.column == 7 && h.last.end_line == 5 &&
            h.last.end_column == 16);
  cr_expect(h.last.omitted == 0);
  cr_expect(str_is(buf_view(&h.text), "rules.yml:5:7: error: unknown modifier `startwith` [unknown-modifier]\n"
                                      "    5 |     A|startwith: x\n      |       ^~~~~~~~~\n"
                                      "      = hint: did you mean `startswith`?\n"));
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  cr_expect(s->rules == 0 && s->refused == 1 && s->errors == 1 && s->warnings == 0);
  buf_free(&h.text);
  sigmac_compiler_free(c);
}

Test(api, diagnostics_above_the_limit_are_counted) {
  Buf text = {0};
  for (int i = 0; i < LIMIT_DIAGS_PER_FILE + 5; i++) buf_printf(&text, "--- %d\n", i);
  buf_char(&text, '\0');
  sigmac_compiler *c = compiler_with(text.p);
  sigmac_str image;
  Heard h = {0};
  sigmac_compiler_on_diagnostic(c, hear, &h);
  sigmac_compiler_set_colour(c, true);
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_expect_eq(h.n, LIMIT_DIAGS_PER_FILE);
  cr_expect_eq(h.last.omitted, 5);
  cr_expect_eq(sigmac_compiler_get_summary(c)->errors, LIMIT_DIAGS_PER_FILE + 5);
  cr_expect(str_find(buf_view(&h.text), STR("\033[1;31merror: "), 0) != SIZE_MAX);
  buf_free(&h.text);
  buf_free(&text);
  sigmac_compiler_free(c);
}

Test(api, paths) {
  sigmac_compiler *c = compiler_with(NULL);
  sigmac_str image;
  Heard h = {0};
  sigmac_compiler_on_diagnostic(c, hear, &h);
  cr_expect_eq(sigmac_compiler_add_path(c, "sigma-rules/demo"), SIGMAC_OK, "no rules there, but readable");
  cr_expect(str_is(buf_view(&h.text), "sigma-rules/demo: warning: no rule files (*.yml, *.yaml) [no-rules]\n"));
  cr_expect(h.n == 1 && h.last.severity == SIGMAC_WARNING && sigmac_compiler_get_summary(c)->warnings == 1);
  h.text.n = h.n = 0;
  cr_expect_eq(sigmac_compiler_add_path(c, "sigma-rules"), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_path(c, "tests/golden/numbers/rule.yml"), SIGMAC_OK);
  uint32_t files = sigmac_compiler_get_summary(c)->files;
  cr_expect(files > 5);
  cr_expect_eq(h.n, 0);
  cr_expect_eq(sigmac_compiler_add_path(c, "no/such/path"), SIGMAC_UNREADABLE);
  cr_expect_eq(sigmac_compiler_add_path(c, "/dev/null"), SIGMAC_UNREADABLE);
  cr_expect_eq(h.n, 2);
  cr_expect(h.last.line == 0 && strcmp(h.last.id, "file-unreadable") == 0);
  cr_expect(str_is(buf_view(&h.text), "no/such/path: error: cannot be read: No such file or directory [file-unreadable]\n"
                                      "/dev/null: error: cannot be read: it is not a regular file [file-unreadable]\n"));
  cr_expect_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_get_summary(c)->unreadable, 2);
  cr_expect(sigmac_compiler_get_summary(c)->rules >= files);
  buf_free(&h.text);
  sigmac_compiler_free(c);
}

static bool count_match(void *n, const sigmac_match *m) {
  (void)m;
  ++*(unsigned *)n;
  return true;
}

static unsigned matches_of(sigmac_compiler *c, const char *event) {
  sigmac_str image;
  sigmac_rules *rules = NULL;
  sigmac_scanner *scanner = NULL;
  unsigned n = 0;
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_assert_eq(sigmac_rules_borrow(&rules, image, NULL, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_scanner_new(&scanner, rules, NULL), SIGMAC_OK);
  cr_assert_eq(sigmac_scan_json(scanner, str(event), count_match, &n, NULL), SIGMAC_OK);
  sigmac_scanner_free(scanner);
  sigmac_rules_free(rules);
  sigmac_compiler_free(c);
  return n;
}

Test(api, variables) {
  static const char rule[] = "title: t\nlogsource: {product: p}\ndetection:\n  s: {A|expand: '%v%'}\n  condition: s\n";
  sigmac_compiler *c = compiler_with(rule);
  cr_expect_eq(sigmac_compiler_add_var(c, TEXT("v"), TEXT("x=y")), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_var(c, TEXT("v"), TEXT("z")), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_var(c, TEXT("a b"), TEXT("z")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_add_var(c, TEXT("a=b"), TEXT("z")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_add_var(c, TEXT(""), TEXT("z")), SIGMAC_MISUSE);
  cr_expect_eq(matches_of(c, "{\"A\":\"x=y\"}"), 1);
  c = compiler_with(rule);
  sigmac_compiler_add_var(c, TEXT("v"), TEXT("x"));
  cr_expect_eq(sigmac_compiler_clear_var(c, TEXT("v")), SIGMAC_OK);
  sigmac_compiler_add_var(c, TEXT("v"), TEXT("a\0b"));
  cr_expect_eq(matches_of(c, "{\"A\":\"a\\u0000b\"}"), 1, "NUL is a character");
  c = compiler_with(rule);
  sigmac_compiler_add_var(c, TEXT("v"), TEXT("x"));
  sigmac_compiler_clear_var(c, TEXT("v"));
  cr_expect_eq(matches_of(c, "{\"A\":\"x\"}"), 0);
}

Test(api, variables_come_after_the_defaults) {
  sigmac_compiler *c = compiler_with(NULL);
  sigmac_str image;
  cr_expect_eq(sigmac_compiler_clear_var(c, TEXT("question")), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_vars_text(c, TEXT("v.yml"), TEXT("vars: {question: [what]}\n")), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_path(c, "tests/oom/windows"), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_path(c, "tests/oom/windows/rule.yml"), SIGMAC_OK, "the defaults beside it are known already");
  cr_expect_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_get_summary(c)->errors, 0);
  sigmac_rules *rules = NULL;
  Buf code = {0};
  cr_assert_eq(sigmac_rules_load(&rules, image, NULL, NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_rules_disassemble(rules, SIGMAC_ALL_RULES, SIGMAC_PLAIN, collect, &code), SIGMAC_OK);
  cr_expect(str_find(buf_view(&code), STR("variable question = \"what\"\n"), 0) != SIZE_MAX, STR_FMT, STR_ARG(buf_view(&code)));
  buf_free(&code);
  sigmac_rules_free(rules);
  sigmac_compiler_free(c);
}

static const char filtered[] = "title: t\nname: r\nlogsource: {product: p}\ndetection: {s: {A: x}, condition: s}\n";
static const char filter[] = "title: f\nlogsource: {product: p}\nfilter: {rules: r, s: {B: y}, condition: not s}\n";

Test(api, filters) {
  sigmac_compiler *c = compiler_with(filtered);
  cr_expect_eq(sigmac_compiler_add_filter_text(c, TEXT("f.yml"), str(filter)), SIGMAC_OK);
  cr_expect_eq(matches_of(c, "{\"A\":\"x\",\"B\":\"y\"}"), 0);
  c = compiler_with(filtered);
  cr_expect_eq(sigmac_compiler_add_text(c, TEXT("f.yml"), str(filter)), SIGMAC_OK, "among the rules");
  cr_expect_eq(matches_of(c, "{\"A\":\"x\",\"B\":\"z\"}"), 1);
}

Test(api, files_of_filters) {
  char path[] = "/tmp/sigmac-filter-XXXXXX";
  int fd = mkstemp(path);
  FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
  cr_assert(f && fputs(filter, f) >= 0 && fclose(f) == 0);
  sigmac_compiler *c = compiler_with(filtered);
  sigmac_str image;
  Heard h = {0};
  sigmac_compiler_on_diagnostic(c, hear, &h);
  cr_expect_eq(sigmac_compiler_add_filter_path(c, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_add_filter_path(c, "no/such/path"), SIGMAC_UNREADABLE);
  cr_expect_eq(sigmac_compiler_add_filter_path(c, path), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_filter_text(c, TEXT("g.yml"), str(filtered)), SIGMAC_OK, "a rule: told in the end");
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_expect(str_find(buf_view(&h.text), STR("[filter-file]"), 0) != SIZE_MAX);
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  cr_expect(s->rules == 1 && s->filters == 1 && s->refused == 1 && s->unreadable == 1);
  cr_expect_eq(sigmac_compiler_add_filter_text(c, TEXT("x"), TEXT("")), SIGMAC_MISUSE, "too late");
  cr_expect_eq(sigmac_compiler_add_filter_path(c, path), SIGMAC_MISUSE);
  buf_free(&h.text);
  sigmac_compiler_free(c);
  unlink(path);
}

Test(api, placeholders_of_rules) {
  sigmac_compiler *c =
    compiler_with("title: t\nlogsource: {product: p}\ndetection:\n  s: {A|expand: '%admins%'}\n  condition: s\n");
  sigmac_str image, like = {NULL, 0};
  sigmac_compiler_add_var(c, TEXT("admins"), TEXT("x"));
  sigmac_compiler_add_var(c, TEXT("admin"), TEXT("x"));
  cr_expect(!sigmac_compiler_has_placeholder(c, TEXT("admins"), NULL), "not before the end");
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_expect(sigmac_compiler_has_placeholder(c, TEXT("admins"), &like) && like.n == 0);
  cr_expect(!sigmac_compiler_has_placeholder(c, TEXT("admin"), &like) && is(like, "admins"));
  cr_expect(!sigmac_compiler_has_placeholder(c, TEXT("something else"), &like) && like.n == 0);
  cr_expect(!sigmac_compiler_has_placeholder(c, TEXT(""), NULL));
  sigmac_compiler_free(c);
}

Test(api, a_rule_file_is_read_once) {
  sigmac_compiler *c = compiler_with(NULL);
  Heard h = {0};
  sigmac_compiler_on_diagnostic(c, hear, &h);
  cr_expect_eq(sigmac_compiler_add_path(c, "tests/golden/numbers/rule.yml"), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_path(c, "tests/golden/numbers"), SIGMAC_OK);
  cr_expect(h.n == 1 && strcmp(h.last.id, "file-repeated") == 0 && h.last.severity == SIGMAC_WARNING);
  cr_expect_eq(sigmac_compiler_get_summary(c)->files, 1);
  buf_free(&h.text);
  sigmac_compiler_free(c);
}

/* --- rules --------------------------------------------------------------------------------------------------- */

Test(api, what_a_rule_says) {
  sigmac_rules *rules = rules_of(two_rules);
  const sigmac_rules_facts *facts = sigmac_rules_get_facts(rules);
  cr_expect(facts->rules == 2 && facts->fields == 2 && facts->predicates == 3 && facts->image_bytes > 100);
  const sigmac_rule *r = sigmac_rules_get(rules, 0);
  cr_assert_not_null(r);
  cr_expect(is(r->title, "first") && is(r->id, "5a3b0a5e-6a57-4f0c-8d2b-1f6d2a7a9c11") && is(r->status, "test"));
  cr_expect(is(r->level, "high") && is(r->author, "me") && is(r->description, "d") && is(r->path, "rules.yml"));
  cr_expect(is(r->product, "windows") && is(r->category, "process_creation") && r->service.n == 0);
  cr_expect(r->tags.n == 2 && is(r->tags.p[0], "attack.execution") && is(r->tags.p[1], "car.x"));
  cr_expect(r->references.n == 1 && is(r->references.p[0], "https://a.example/") && r->falsepositives.n == 0);
  cr_expect(r->line == 1 && r->column == 1 && r->content_hash != 0);
  cr_expect(is(sigmac_rules_get(rules, 1)->title, "second") && sigmac_rules_get(rules, 1)->line == 14);
  cr_expect_null(sigmac_rules_get(rules, 2));
  sigmac_rules_free(rules);
}

static const char one_correlation[] =
  "title: over\ncorrelation: {type: temporal, rules: [b, a], timespan: 2h, group-by: [U, V]}\n"
  "---\ntitle: a\nname: a\nlogsource: {category: c}\ndetection: {s: {A: x}, condition: s}\n"
  "---\ntitle: b\nname: b\nid: 5a3b0a5e-6a57-4f0c-8d2b-1f6d2a7a9c12\ncorrelation: {type: event_count, rules: a, timespan: 5m, "
  "generate: true, condition: {gte: 2}}\n"
  "---\ntitle: free\nlogsource: {category: c}\ndetection: {s: {A: y}, condition: s}\n";

/* Numbers behind those of the rules; what rules are told of correlations. */
Test(api, what_a_correlation_says) {
  sigmac_rules *rules = rules_of(one_correlation);
  const sigmac_rules_facts *facts = sigmac_rules_get_facts(rules);
  cr_assert(facts->rules == 2 && facts->correlations == 2);
  const sigmac_rule *a = sigmac_rules_get(rules, 0), *other = sigmac_rules_get(rules, 1), *b = sigmac_rules_get(rules, 2),
                    *over = sigmac_rules_get(rules, 3);
  cr_assert(a && other && b && over && !sigmac_rules_get(rules, 4));
  cr_expect(is(a->title, "a") && a->silent && a->correlated && !a->correlation && !a->refers_n && !a->group_by.n);
  cr_expect(is(other->title, "free") && !other->silent && !other->correlated);
  cr_expect(is(b->title, "b") && b->silent && b->correlated && strcmp(b->correlation, "event_count") == 0 && b->timespan == 300);
  cr_expect(b->refers_n == 1 && b->refers[0] == 0 && b->group_by.n == 0);
  cr_expect(is(over->title, "over") && !over->silent && !over->correlated && strcmp(over->correlation, "temporal") == 0);
  cr_expect(over->refers_n == 2 && over->refers[0] == 2 && over->refers[1] == 0 && over->timespan == 7200);
  cr_expect(over->group_by.n == 2 && is(over->group_by.p[0], "U") && is(over->group_by.p[1], "V"));
  Buf text = {0};
  cr_expect_eq(sigmac_rules_disassemble(rules, 3, SIGMAC_PLAIN, collect, &text), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&text), STR("correlation 3 \"over\"")), STR_FMT, STR_ARG(buf_view(&text)));
  text.n = 0;
  cr_expect_eq(sigmac_rules_explain(rules, 2, SIGMAC_JSON, collect, &text), SIGMAC_OK);
  cr_expect(str_find(buf_view(&text), STR("\"correlation\":\"event_count\""), 0) != SIZE_MAX);
  cr_expect_eq(sigmac_rules_disassemble(rules, 4, SIGMAC_PLAIN, collect, &text), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_rules_explain(rules, 4, SIGMAC_TEXT, collect, &text), SIGMAC_MISUSE);
  buf_free(&text);
  sigmac_rules_free(rules);
}

Test(api, bad_images) {
  sigmac_compiler *c = compiler_with(two_rules);
  sigmac_rules *rules = (sigmac_rules *)(uintptr_t)1;
  sigmac_str image;
  sigmac_error error = {.message = ""};
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  char *p = (char *)(uintptr_t)image.p;
  cr_expect_eq(sigmac_rules_load(&rules, TEXT("title: t"), NULL, &error), SIGMAC_NO_IMAGE);
  cr_expect_str_eq(error.message, "not a program image");
  cr_expect_eq(sigmac_rules_load(&rules, (sigmac_str){NULL, 0}, NULL, NULL), SIGMAC_NO_IMAGE);
  cr_expect_eq(sigmac_rules_load(&rules, (sigmac_str){image.p, image.n - 8}, NULL, &error), SIGMAC_BAD_IMAGE);
  cr_expect(sigmac_image_size((sigmac_str){image.p, 64}) == image.n && sigmac_image_size((sigmac_str){image.p, 8}) == 0);
  cr_expect(sigmac_image_size(TEXT("title: t")) == 0 && !sigmac_is_image((sigmac_str){image.p, 6}));
  p[image.n - 1] ^= 1;
  cr_expect_eq(sigmac_rules_load(&rules, image, NULL, &error), SIGMAC_BAD_IMAGE);
  p[image.n - 1] ^= 1;
  p[8]++;
  cr_expect_eq(sigmac_rules_load(&rules, image, NULL, &error), SIGMAC_OTHER_VERSION);
  p[8]--;
  cr_expect_eq(sigmac_rules_borrow(&rules, (sigmac_str){image.p + 1, image.n - 1}, NULL, &error), SIGMAC_MISUSE);
  cr_expect_eq((uintptr_t)rules, 1, "untouched");
  /* A copy may come from anywhere. */
  char *shifted = malloc(image.n + 1);
  cr_assert_not_null(shifted);
  memcpy(shifted + 1, image.p, image.n);
  cr_expect_eq(sigmac_rules_load(&rules, (sigmac_str){shifted + 1, image.n}, NULL, &error), SIGMAC_OK);
  free(shifted);
  sigmac_compiler_free(c);
  cr_expect(is(sigmac_rules_get(rules, 0)->title, "first"), "it needs neither the bytes nor the compiler");
  sigmac_rules_free(rules);
}

static bool refuse(void *ctx, sigmac_str piece) {
  (void)piece;
  ++*(unsigned *)ctx;
  return false;
}

Test(api, disassembly_and_tables) {
  sigmac_rules *rules = rules_of(two_rules);
  Buf one = {0}, all = {0}, list = {0};
  unsigned calls = 0;
  cr_expect_eq(sigmac_rules_disassemble(rules, 1, SIGMAC_PLAIN, collect, &one), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&one), STR("rule 1 \"second\" rules.yml:14\n")));
  cr_expect_eq(sigmac_rules_disassemble(rules, SIGMAC_ALL_RULES, SIGMAC_PLAIN, collect, &all), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&all), STR("sigmac " SIGMAC_VERSION "\n")) && str_ends(buf_view(&all), buf_view(&one)));
  cr_expect_eq(sigmac_rules_disassemble(rules, SIGMAC_ALL_RULES, SIGMAC_FUSED, refuse, &calls), SIGMAC_STOPPED);
  cr_expect_eq(calls, 1);
  cr_expect_eq(sigmac_rules_disassemble(rules, 2, SIGMAC_PLAIN, collect, &one), SIGMAC_MISUSE);
  sigmac_rules_free(rules);
  for (unsigned i = 0; sigmac_list_name(i); i++)
    for (int format = SIGMAC_TEXT; format <= SIGMAC_MARKDOWN; format++) {
      list.n = 0;
      cr_expect_eq(sigmac_list(str(sigmac_list_name(i)), (sigmac_format)format, NULL, collect, &list), SIGMAC_OK);
      cr_expect(list.n > 10);
    }
  cr_expect_eq(sigmac_list(TEXT("rules"), SIGMAC_TEXT, NULL, collect, &list), SIGMAC_MISUSE);
  list.n = 0;
  cr_expect_eq(sigmac_write_versions(collect, &list), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&list), STR("sigmac " SIGMAC_VERSION "\nPCRE2 10.")));
  buf_free(&one);
  buf_free(&all);
  buf_free(&list);
}

/* --- pipelines ----------------------------------------------------------------------------------------------- */

static const char small_pipeline[] =
  "name: small\nvars:\n  sigmac: {target: eql, field_types: {a: keyword, never: keyword}, absent: {n: [never]}, "
  "sources: [{product: windows, absent: [n]}]}\n";
static const char windows_rule[] =
  "title: w\nlogsource: {product: windows}\ndetection: {s: {a: x}, t: {never: y}, condition: s or t}\n";

/* Status of finishing; facts and errors beside it. */
static sigmac_status finish_with(sigmac_compiler *c, size_t *pipelines, uint32_t *errors) {
  sigmac_str image = {NULL, 0};
  sigmac_rules *rules = NULL;
  sigmac_status status = sigmac_compiler_finish(c, &image);
  *errors = sigmac_compiler_get_summary(c)->errors;
  *pipelines = 0;
  if (status == SIGMAC_OK) {
    cr_assert_eq(sigmac_rules_load(&rules, image, NULL, NULL), SIGMAC_OK);
    *pipelines = sigmac_rules_get_facts(rules)->pipelines.n;
    if (*pipelines) cr_expect(is(sigmac_rules_get_facts(rules)->pipelines.p[0], "small"));
    sigmac_rules_free(rules);
  } else cr_expect(!image.p, "nothing is written");
  sigmac_compiler_free(c);
  return status;
}

Test(api, tuned) {
  sigmac_str plain, tuned;
  sigmac_error error;
  sigmac_compiler *a = compiler_with(windows_rule), *b = compiler_with(windows_rule);
  cr_expect_eq(sigmac_compiler_tune(b, TEXT("{\"Image\": \"x\"}"), NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_tune(b, TEXT("[]"), &error), SIGMAC_BAD_EVENT);
  cr_expect(error.message[0]);
  cr_expect_eq(sigmac_compiler_tune(NULL, TEXT("{}"), &error), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_finish(a, &plain), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_finish(b, &tuned), SIGMAC_OK);
  cr_expect_gt(tuned.n, plain.n);
  cr_expect_eq(sigmac_compiler_tune(b, TEXT("{}"), &error), SIGMAC_MISUSE);
  sigmac_compiler_free(a);
  sigmac_compiler_free(b);
}

Test(api, pipelines) {
  size_t pipelines;
  uint32_t errors;
  cr_expect_eq(finish_with(compiler_with(windows_rule), &pipelines, &errors), SIGMAC_OK);
  cr_expect(pipelines == 0 && errors == 0);

  sigmac_compiler *c = compiler_with(windows_rule); /* before it */
  cr_expect_eq(sigmac_compiler_add_pipeline_text(c, TEXT("p.yml"), str(small_pipeline)), SIGMAC_OK);
  cr_expect_eq(finish_with(c, &pipelines, &errors), SIGMAC_OK);
  cr_expect(pipelines == 1 && errors == 1, "a field that is never there");

  c = compiler_with(NULL);
  cr_expect_eq(sigmac_compiler_add_pipeline_text(c, TEXT("p.yml"), str(small_pipeline)), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_add_text(c, TEXT("r.yml"), str(windows_rule)), SIGMAC_OK); /* behind it */
  cr_expect_eq(sigmac_compiler_set_absent(c, SIGMAC_ABSENT_FALSE), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_set_absent(c, (sigmac_absent)2), SIGMAC_MISUSE);
  cr_expect_eq(finish_with(c, &pipelines, &errors), SIGMAC_OK);
  cr_expect(pipelines == 1 && errors == 0);
}

Test(api, pipelines_with_faults) {
  size_t pipelines;
  uint32_t errors;
  sigmac_compiler *c = compiler_with(windows_rule);
  cr_expect_eq(sigmac_compiler_add_pipeline_text(c, TEXT("p.yml"), TEXT("nome: x\n")), SIGMAC_OK);
  cr_expect_eq(finish_with(c, &pipelines, &errors), SIGMAC_BAD_PIPELINE);
  cr_expect(errors > 0);

  c = compiler_with(windows_rule);
  cr_expect_eq(sigmac_compiler_add_types_text(c, TEXT("t.yml"), TEXT("a: lomg\n")), SIGMAC_OK);
  cr_expect_eq(finish_with(c, &pipelines, &errors), SIGMAC_BAD_PIPELINE);

  c = compiler_with(windows_rule);
  cr_expect_eq(sigmac_compiler_add_pipeline(c, "no/such/pipeline"), SIGMAC_UNREADABLE);
  cr_expect_eq(sigmac_compiler_add_pipeline(c, NULL), SIGMAC_MISUSE);
  cr_expect_eq(finish_with(c, &pipelines, &errors), SIGMAC_BAD_PIPELINE);

  c = compiler_with(windows_rule); /* text has no folder */
  cr_expect_eq(
    sigmac_compiler_add_pipeline_text(c, TEXT("p.yml"), TEXT("name: p\nvars: {sigmac: {target: eql, schema: [Makefile]}}\n")),
    SIGMAC_OK);
  cr_expect_eq(finish_with(c, &pipelines, &errors), SIGMAC_BAD_PIPELINE);
}

/* Rules of a target see events as they are: no shape, no log sources. */
Test(api, events_under_a_pipeline) {
  sigmac_compiler *c = compiler_with("title: w\nlogsource: {product: windows}\ndetection: {s: {a: x}, condition: s}\n");
  sigmac_rules *rules = NULL;
  sigmac_scanner *s = NULL;
  sigmac_str image;
  cr_expect_eq(sigmac_compiler_add_pipeline_text(c, TEXT("p.yml"), str(small_pipeline)), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_finish(c, &image), SIGMAC_OK);
  cr_assert_eq(sigmac_rules_load(&rules, image, NULL, NULL), SIGMAC_OK);
  sigmac_compiler_free(c);
  cr_assert_eq(sigmac_scanner_new(&s, rules, NULL), SIGMAC_OK);
  static const struct {
    const char *event;
    unsigned n;
  } cases[] = {
    {"{\"a\":\"x\"}", 1},
    {"{\"a\":\"x\",\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\"}", 1},
    {"{\"a\":\"x\",\"product\":\"linux\"}", 1},
    {"{\"Event\":{\"EventData\":{\"a\":\"x\"}}}", 0},
    {"{\"winlog\":{\"event_data\":{\"a\":\"x\"}}}", 0},
  };
  for (int round = 0; round < 2; round++) {
    for (size_t i = 0; i < COUNT(cases); i++) {
      unsigned n = 0;
      cr_expect_eq(sigmac_scan_json(s, str(cases[i].event), count_match, &n, NULL), SIGMAC_OK);
      cr_expect_eq(n, cases[i].n, "%s", cases[i].event);
    }
    cr_expect_eq(sigmac_scanner_get_counts(s)->unmapped, 0);
    cr_expect_eq(sigmac_scanner_find_logsources(s), SIGMAC_OK, "changes nothing");
  }
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

Test(api, every_status_has_a_text) {
  for (int s = SIGMAC_OK; s <= SIGMAC_BAD_DATA; s++) cr_expect_str_neq(sigmac_status_text((sigmac_status)s), "unknown status");
  cr_expect_str_eq(sigmac_status_text((sigmac_status)1000), "unknown status");
  cr_expect_str_eq(sigmac_version(), SIGMAC_VERSION);
}

/* --- events -------------------------------------------------------------------------------------------------- */

static sigmac_scanner *scanner_on(const sigmac_rules *rules) {
  sigmac_scanner *s = NULL;
  cr_assert_eq(sigmac_scanner_new(&s, rules, NULL), SIGMAC_OK);
  return s;
}

static unsigned matches(sigmac_scanner *s, const char *event) {
  unsigned n = 0;
  cr_expect_eq(sigmac_scan_json(s, str(event), count_match, &n, NULL), SIGMAC_OK, "%s", event);
  return n;
}

Test(api, choice_of_rules) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  const char *both = "{\"A\":\"x\",\"B\":\"aa\"}";
  sigmac_str none = {NULL, 0};
  cr_expect(matches(s, both) == 2 && sigmac_scanner_active(s) == 2);
  char product[] = "WINDOWS";
  cr_expect_eq(sigmac_scanner_set_logsource(s, none, str(product), none), SIGMAC_OK);
  product[0] = 'x'; /* it has its own */
  cr_expect(matches(s, both) == 1 && sigmac_scanner_active(s) == 1);
  cr_expect_eq(sigmac_scanner_enable(s, 0, false), SIGMAC_OK);
  cr_expect(sigmac_scanner_active(s) == 0 && matches(s, both) == 0);
  cr_expect_eq(sigmac_scanner_set_logsource(s, none, none, none), SIGMAC_OK);
  cr_expect(matches(s, both) == 1);
  cr_expect_eq(sigmac_scanner_enable(s, 0, true), SIGMAC_OK);
  cr_expect_eq(sigmac_scanner_set_index(s, false), SIGMAC_OK);
  cr_expect(matches(s, both) == 2);
  cr_expect_eq(sigmac_scanner_set_index(NULL, true), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_set_form(s, SIGMAC_PLAIN), SIGMAC_OK);
  cr_expect(matches(s, both) == 2);
  cr_expect_eq(sigmac_scanner_enable(s, 2, true), SIGMAC_MISUSE);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

Test(api, log_sources) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  sigmac_str none = {NULL, 0};
  const char *sysmon = "{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"A\":\"x\",\"B\":\"aa\"}";
  cr_expect_eq(matches(s, sysmon), 1, "it is of Windows: the rule for Linux does not see it");
  cr_expect_eq(sigmac_scanner_get_counts(s)->unmapped, 0);
  cr_expect_eq(matches(s, "{\"A\":\"x\",\"B\":\"aa\"}"), 2, "nobody knows what this is");
  cr_expect_eq(sigmac_scanner_get_counts(s)->unmapped, 1);
  cr_expect_eq(sigmac_scanner_set_logsource(s, none, none, none), SIGMAC_OK);
  cr_expect_eq(matches(s, sysmon), 2);
  cr_expect_eq(sigmac_scanner_find_logsources(s), SIGMAC_OK);
  cr_expect_eq(matches(s, sysmon), 1);
  cr_expect_eq(sigmac_scanner_enable(s, 0, false), SIGMAC_OK);
  cr_expect_eq(matches(s, sysmon), 0, "what was known of the row is known no more");
  cr_expect_eq(sigmac_scanner_enable(s, 0, true), SIGMAC_OK);
  cr_expect_eq(matches(s, sysmon), 1);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

static bool stop(void *n, const sigmac_match *m) {
  cr_expect(m->number == 0 && is(m->rule->title, "first"));
  ++*(unsigned *)n;
  return false;
}

static bool misuse(void *scanner, const sigmac_match *m) {
  (void)m;
  sigmac_error error = {.message = ""};
  cr_expect_eq(sigmac_scan_json(scanner, TEXT("{}"), NULL, NULL, &error), SIGMAC_MISUSE);
  cr_expect(error.message[0]);
  cr_expect_eq(sigmac_scanner_enable(scanner, 0, false), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_explain(scanner, 0, TEXT("{}"), 0, SIGMAC_TEXT, collect, NULL, &error), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_set_range(scanner, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_add_time_field(scanner, TEXT("t")), SIGMAC_MISUSE);
  return true;
}

Test(api, callbacks) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  sigmac_str both = TEXT("{\"A\":\"x\",\"B\":\"aa\"}");
  unsigned n = 0;
  cr_expect_eq(sigmac_scan_json(s, both, stop, &n, NULL), SIGMAC_STOPPED);
  cr_expect_eq(n, 1);
  cr_expect_eq(matches(s, both.p), 2, "the next one is complete again");
  cr_expect_eq(sigmac_scan_json(s, both, misuse, s, NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_scan_json(s, both, NULL, NULL, NULL), SIGMAC_OK);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

Test(api, bad_events) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  sigmac_error error;
  unsigned n = 0;
  cr_expect_eq(sigmac_scan_json(s, TEXT("{\"A\": tru}"), count_match, &n, &error), SIGMAC_BAD_EVENT);
  cr_expect_eq(error.offset, 6);
  cr_expect_str_eq(error.message, "a value is expected here");
  cr_expect_eq(sigmac_scan_json(s, TEXT("[]"), count_match, &n, NULL), SIGMAC_BAD_EVENT);
  cr_expect_eq(sigmac_scan_json(s, (sigmac_str){NULL, 0}, count_match, &n, &error), SIGMAC_BAD_EVENT);
  cr_expect_eq(sigmac_scan_json(s, TEXT("{\"A\":\"x\0\"}"), count_match, &n, &error), SIGMAC_BAD_EVENT);
  cr_expect_eq(n, 0);
  cr_expect_eq(sigmac_scan_json(NULL, TEXT("{}"), count_match, &n, &error), SIGMAC_MISUSE);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

Test(api, trees_of_cjson) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  unsigned n = 0;
  cJSON *tree = cJSON_Parse("{\"A\":[\"y\",\"x\"],\"B\":\"aa\"}"), *list = cJSON_Parse("[1]");
  cr_expect_eq(sigmac_scan_cjson(s, tree, count_match, &n, NULL), SIGMAC_OK);
  cr_expect_eq(n, 2);
  cr_expect_eq(sigmac_scan_cjson(s, list, count_match, &n, NULL), SIGMAC_BAD_EVENT);
  cr_expect_eq(sigmac_scan_cjson(s, NULL, count_match, &n, NULL), SIGMAC_MISUSE);
  cJSON_Delete(tree);
  cJSON_Delete(list);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

static bool hear_limit(void *ctx, const sigmac_limit *l) {
  Buf *b = ctx;
  buf_printf(b, "%u " STR_FMT " %.*s %u\n", l->number, (int)l->rule->title.n, l->rule->title.p, (int)l->test.n, l->test.p,
             l->times);
  return true;
}

Test(api, limits) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  Buf heard = {0};
  const char *slow = "{\"A\":1,\"B\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}";
  cr_expect_eq(sigmac_scanner_limits(s, hear_limit, &heard), SIGMAC_OK);
  cr_expect_eq(heard.n, 0);
  cr_expect_eq(matches(s, slow), 0);
  cr_expect_eq(matches(s, slow), 0);
  cr_expect_eq(sigmac_scanner_limits(s, hear_limit, &heard), SIGMAC_OK);
  cr_expect_eq(sigmac_scanner_get_counts(s)->given_up, 2);
  cr_expect(str_is(buf_view(&heard), "1 second B matches \"^(?=a)(a+)+$\" 2\n"), STR_FMT, STR_ARG(buf_view(&heard)));
  buf_free(&heard);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

/* PCRE2 gives up at each of these values; after some of them it is not asked first any more. */
Test(api, slow_portable_patterns_are_decided) {
  sigmac_rules *rules = rules_of("title: slow\nlogsource: {product: linux}\ndetection:\n  s: {B|re: '(a+)+b$'}\n  condition: s\n");
  sigmac_scanner *s = scanner_on(rules);
  for (int i = 0; i < LIMIT_REGEX_HITS + 4; i++) {
    cr_expect_eq(matches(s, "{\"B\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}"), 0);
    cr_expect_eq(matches(s, "{\"B\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!ab\"}"), 1);
    cr_expect_eq(matches(s, "{\"B\":\"ab\"}"), 1);
  }
  cr_expect_eq(sigmac_scanner_get_counts(s)->given_up, 0);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

/* --- times --------------------------------------------------------------------------------------------------- */

static bool has_text(sigmac_time t, const char *expected) {
  char text[SIGMAC_TIME_ROOM];
  return sigmac_time_print(text, t) == strlen(expected) && strcmp(text, expected) == 0;
}

Test(api, texts_of_times) {
  sigmac_time now = {1714521600, 5}, t = {1, 1};
  cr_expect(sigmac_time_read(&t, TEXT("2024-05-01T02:00:00.5+02:00"), NULL) && has_text(t, "2024-05-01T00:00:00.500Z"));
  cr_expect(sigmac_time_read(&t, TEXT("now"), &now) && has_text(t, "2024-05-01T00:00:00.000000005Z"));
  cr_expect(sigmac_time_read(&t, TEXT("-2w"), &now) && t.seconds == now.seconds - 1209600 && t.nanoseconds == 5);
  cr_expect(sigmac_time_read(&t, TEXT("-90s"), &now) && t.seconds == now.seconds - 90);
  t = (sigmac_time){1, 1};
  cr_expect(!sigmac_time_read(&t, TEXT("now"), NULL) && !sigmac_time_read(&t, TEXT("-24h"), NULL));
  cr_expect(!sigmac_time_read(&t, TEXT("-9999999999w"), &now) && !sigmac_time_read(&t, TEXT("-h"), &now));
  cr_expect(!sigmac_time_read(&t, TEXT("-1y"), &now) && !sigmac_time_read(&t, TEXT("soon"), &now));
  cr_expect(!sigmac_time_read(&t, (sigmac_str){NULL, 0}, &now) && !sigmac_time_read(NULL, TEXT("now"), &now));
  cr_expect(t.seconds == 1 && t.nanoseconds == 1, "untouched");
  char text[SIGMAC_TIME_ROOM] = "";
  cr_expect(sigmac_time_print(text, (sigmac_time){0, 1000000000}) == 0 &&
            sigmac_time_print(text, (sigmac_time){INT64_MAX, 0}) == 0);
  cr_expect(sigmac_time_print(NULL, now) == 0 && text[0] == '\0');
}

typedef struct {
  sigmac_scanner *scanner;
  Buf text; /* time and facts of each match */
} Facts;

static bool tell_facts(void *ctx, const sigmac_match *m) {
  Facts *f = ctx;
  sigmac_time t;
  sigmac_str json;
  bool has;
  char text[SIGMAC_TIME_ROOM] = "-";
  (void)m;
  cr_assert_eq(sigmac_scanner_event_time(f->scanner, &has, &t), SIGMAC_OK);
  if (has) sigmac_time_print(text, t);
  cr_assert_eq(sigmac_scanner_matched(f->scanner, &json), SIGMAC_OK);
  buf_printf(&f->text, "%s %.*s\n", text, (int)json.n, json.p);
  return true;
}

static void expect_facts(sigmac_scanner *s, const char *event, const char *expected) {
  Facts f = {.scanner = s};
  cr_expect_eq(sigmac_scan_json(s, str(event), tell_facts, &f, NULL), SIGMAC_OK);
  cr_expect(str_is(buf_view(&f.text), expected), STR_FMT, STR_ARG(buf_view(&f.text)));
  buf_free(&f.text);
}

Test(api, facts_of_a_match) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  expect_facts(s, "{\"A\":\"x\",\"@timestamp\":\"2024-05-01\"}",
               "2024-05-01T00:00:00Z [{\"selection\":\"s\",\"field\":\"A\",\"value\":\"x\",\"line\":11}]\n");
  expect_facts(s, "{\"A\":\"x\",\"t\":\"2024-05-01\"}", "- [{\"selection\":\"s\",\"field\":\"A\",\"value\":\"x\",\"line\":11}]\n");
  char name[] = "t";
  cr_expect_eq(sigmac_scanner_add_time_field(s, str(name)), SIGMAC_OK);
  name[0] = 'x'; /* it has its own */
  cr_expect_eq(sigmac_scanner_add_time_field(s, TEXT("u")), SIGMAC_OK);
  cr_expect_eq(sigmac_scanner_add_time_field(s, TEXT("")), SIGMAC_MISUSE);
  expect_facts(s, "{\"A\":\"x\",\"u\":\"2024-05-02\"}",
               "2024-05-02T00:00:00Z [{\"selection\":\"s\",\"field\":\"A\",\"value\":\"x\",\"line\":11}]\n");
  sigmac_time t;
  sigmac_str json;
  bool has;
  cr_expect_eq(sigmac_scanner_matched(s, &json), SIGMAC_MISUSE, "no match now");
  cr_expect_eq(sigmac_scanner_event_time(s, &has, &t), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_matched(NULL, &json), SIGMAC_MISUSE);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

Test(api, range_of_time) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  sigmac_time from = {1714521600, 0}, to = {1714608000, 0}, none = {0, 1000000000};
  cr_expect_eq(sigmac_scanner_set_range(s, &from, &to), SIGMAC_OK);
  cr_expect_eq(matches(s, "{\"A\":\"x\",\"time\":\"2024-05-01\"}"), 1);
  cr_expect_eq(matches(s, "{\"A\":\"x\",\"time\":\"2024-05-02\"}"), 0);
  cr_expect_eq(matches(s, "{\"A\":\"x\",\"time\":\"2024-04-30T23:59:59.9Z\"}"), 0);
  cr_expect_eq(matches(s, "{\"A\":\"x\"}"), 1);
  cr_expect(sigmac_scanner_get_counts(s)->outside == 2 && sigmac_scanner_get_counts(s)->timeless == 1);
  cr_expect_eq(sigmac_scanner_set_range(s, &to, &from), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_set_range(s, &from, &from), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_set_range(s, &none, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_set_range(NULL, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(matches(s, "{\"A\":\"x\",\"time\":\"2024-05-02\"}"), 0, "untouched");
  cr_expect_eq(sigmac_scanner_set_range(s, NULL, NULL), SIGMAC_OK);
  cr_expect_eq(matches(s, "{\"A\":\"x\",\"time\":\"2024-05-02\"}"), 1);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

/* --- explanations -------------------------------------------------------------------------------------------- */

static bool holds(const Buf *b, const char *text) { return str_find(buf_view(b), str_of(text), 0) != SIZE_MAX; }

static void explain(sigmac_scanner *s, Buf *out, uint32_t rule, sigmac_str event, sigmac_format format) {
  out->n = 0;
  cr_expect_eq(sigmac_scanner_explain(s, rule, event, 7, format, collect, out, NULL), SIGMAC_OK);
}

Test(api, explanations_of_events) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_scanner *s = scanner_on(rules);
  sigmac_str none = {NULL, 0}, event = TEXT("{\"A\":\"x\",\"B\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}");
  sigmac_error error = {.message = ""};
  unsigned calls = 0;
  Buf out = {0};
  sigmac_scanner_enable(s, 0, false);
  explain(s, &out, 0, event, SIGMAC_TEXT);
  cr_expect(holds(&out, "matches event 7") && holds(&out, "not known"), STR_FMT, STR_ARG(buf_view(&out)));
  explain(s, &out, 0, event, SIGMAC_COLOURED_TEXT);
  cr_expect(holds(&out, "\033[1;32mmatches event 7"));
  explain(s, &out, 1, event, SIGMAC_JSON);
  cr_expect(holds(&out, "\"event_index\":7,\"matches\":false") && holds(&out, "\"offered\":true"));
  cr_expect(sigmac_scanner_get_counts(s)->given_up == 0, "nothing is counted");
  sigmac_scanner_set_logsource(s, none, TEXT("Linux"), none);
  explain(s, &out, 0, event, SIGMAC_JSON);
  cr_expect(holds(&out, "\"matches\":false,\"holds\":true,\"offered\":false,\"logsource\":[\"?/Linux/?\"]"), STR_FMT,
            STR_ARG(buf_view(&out)));
  sigmac_scanner_set_logsource(s, none, none, none);
  explain(s, &out, 0, event, SIGMAC_JSON);
  cr_expect(holds(&out, "\"offered\":true,\"logsource\":[]"));
  out.n = 0;
  cr_expect_eq(sigmac_scanner_explain(s, 0, TEXT("{\"A\": tru}"), 0, SIGMAC_TEXT, collect, &out, &error), SIGMAC_BAD_EVENT);
  cr_expect(out.n == 0 && error.offset == 6);
  cr_expect_eq(sigmac_scanner_explain(s, 0, event, 0, SIGMAC_TEXT, refuse, &calls, NULL), SIGMAC_STOPPED);
  cr_expect_eq(calls, 1);
  cr_expect_eq(sigmac_scanner_explain(s, 2, event, 0, SIGMAC_TEXT, collect, &out, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_explain(s, 0, event, 0, SIGMAC_MARKDOWN, collect, &out, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_explain(s, 0, event, 0, SIGMAC_TEXT, NULL, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_explain(NULL, 0, event, 0, SIGMAC_TEXT, collect, &out, NULL), SIGMAC_MISUSE);
  sigmac_scanner_enable(s, 0, true);
  cr_expect_eq(matches(s, "{\"A\":\"x\"}"), 1, "the scanner goes on as ever");
  buf_free(&out);
  sigmac_scanner_free(s);
  sigmac_rules_free(rules);
}

Test(api, explanations_of_rules) {
  sigmac_rules *rules = rules_of(two_rules);
  Buf out = {0};
  unsigned calls = 0;
  cr_expect_eq(sigmac_rules_explain(rules, 0, SIGMAC_TEXT, collect, &out), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&out), STR("rules.yml:1: `first`\n")), STR_FMT, STR_ARG(buf_view(&out)));
  out.n = 0;
  cr_expect_eq(sigmac_rules_explain(rules, 1, SIGMAC_JSON, collect, &out), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&out), STR("{\"rule_id\":null,\"rule_title\":\"second\"")) && str_ends(buf_view(&out), STR("}\n")));
  cr_expect_eq(sigmac_rules_explain(rules, 1, SIGMAC_JSON, refuse, &calls), SIGMAC_STOPPED);
  cr_expect_eq(sigmac_rules_explain(rules, 2, SIGMAC_JSON, collect, &out), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_rules_explain(rules, 1, SIGMAC_MARKDOWN, collect, &out), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_rules_explain(rules, 1, SIGMAC_TEXT, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_rules_explain(NULL, 1, SIGMAC_TEXT, collect, &out), SIGMAC_MISUSE);
  buf_free(&out);
  sigmac_rules_free(rules);
}

/* --- fields -------------------------------------------------------------------------------------------------- */

Test(api, fields) {
  sigmac_rules *rules = rules_of(two_rules);
  sigmac_fields *f = NULL;
  sigmac_error error = {.message = ""};
  unsigned calls = 0;
  Buf out = {0};
  cr_assert_eq(sigmac_fields_new(&f, rules, NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_fields_add(f, TEXT("{\"A\":1,\"b\":2,\"c\":3}"), &error), SIGMAC_OK);
  cr_expect_eq(sigmac_fields_add(f, TEXT("{\"A\":"), &error), SIGMAC_BAD_EVENT);
  cr_expect(error.message[0] && error.offset == 5);
  cr_expect_eq(sigmac_fields_write(f, SIGMAC_TEXT, false, refuse, &calls), SIGMAC_STOPPED);
  cr_expect_eq(sigmac_fields_write(f, SIGMAC_TEXT, false, collect, &out), SIGMAC_OK);
  cr_expect(holds(&out, "fields they need: 2; events: 1,") && holds(&out, "`b` (1 event)") && !holds(&out, "used by no rule"),
            STR_FMT, STR_ARG(buf_view(&out)));
  out.n = 0;
  cr_expect_eq(sigmac_fields_write(f, SIGMAC_JSON, true, collect, &out), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&out), STR("{\"rules\":2,\"events\":1,")) && holds(&out, "\"c\""));
  cr_expect_eq(sigmac_fields_add(f, TEXT("{}"), NULL), SIGMAC_MISUSE, "it was written");
  cr_expect_eq(sigmac_fields_write(f, SIGMAC_MARKDOWN, true, collect, &out), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_fields_write(f, SIGMAC_TEXT, true, NULL, NULL), SIGMAC_MISUSE);
  sigmac_fields_free(f);
  sigmac_rules_free(rules);
  buf_free(&out);
}

Test(api, fields_without_rules) {
  sigmac_fields *f = NULL;
  Buf out = {0};
  cr_assert_eq(sigmac_fields_new(&f, NULL, NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_fields_add(f, TEXT("{\"A\":1}"), NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_fields_add(f, TEXT("{\"A\":\"x\"}"), NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_fields_write(f, SIGMAC_TEXT, true, collect, &out), SIGMAC_OK);
  cr_expect(str_starts(buf_view(&out), STR("events: 2, fields they have: 1\n")) && holds(&out, "number, text"), STR_FMT,
            STR_ARG(buf_view(&out)));
  sigmac_fields_free(f);
  sigmac_fields_free(NULL);
  cr_expect_eq(sigmac_fields_new(NULL, NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_fields_add(NULL, TEXT("{}"), NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_fields_write(NULL, SIGMAC_TEXT, true, collect, &out), SIGMAC_MISUSE);
  buf_free(&out);
}

/* --- misuse -------------------------------------------------------------------------------------------------- */

Test(api, misuse_is_said) {
  sigmac_allocator half = {.allocate = NULL};
  sigmac_compiler *c = NULL;
  sigmac_rules *rules = NULL;
  sigmac_scanner *s = NULL;
  cr_expect_eq(sigmac_compiler_new(NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_new(&c, &half), SIGMAC_MISUSE);
  c = compiler_with(NULL);
  cr_expect_eq(sigmac_compiler_add_path(c, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_finish(c, NULL), SIGMAC_MISUSE);
  sigmac_compiler_free(c);
  cr_expect_eq(sigmac_compiler_finish(NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_rules_load(NULL, TEXT(""), NULL, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_rules_load(&rules, TEXT(""), &half, NULL), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_scanner_new(&s, NULL, NULL), SIGMAC_MISUSE);
  sigmac_compiler_free(NULL);
  sigmac_rules_free(NULL);
  sigmac_scanner_free(NULL);
}

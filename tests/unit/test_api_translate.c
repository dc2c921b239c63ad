/* SPDX-License-Identifier: MIT
 * include/sigmac.h, translating: what its comments promise, whatever the text of queries. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sigmac.h"

#define TEXT(literal) ((sigmac_str){"" literal, sizeof(literal) - 1})

static sigmac_str str(const char *text) { return (sigmac_str){text, strlen(text)}; }

static bool is(sigmac_str s, const char *text) { return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0; }

#define RULE(title, detection) "title: " title "\nlogsource: {product: p}\ndetection:\n  s: " detection "\n  condition: s\n"

static const char five[] = RULE("good", "{A: x}") "---\n" RULE("refused", "[a, b]") "---\n" RULE(
  "broken", "{A|startwith: x}") "---\n"
                                "title: joined\ncorrelation:\n  type: event_count\n  rules: "
                                "[6e1c4c1e-0000-4000-8000-000000000001]\n  group-by: [u]\n"
                                "  timespan: 5m\n  condition: {gte: 3}\n---\n"
                                "id: 6e1c4c1e-0000-4000-8000-000000000001\n" RULE("last", "{B: y}");

typedef struct {
  unsigned n, told; /* translations; diagnostics that were told */
  sigmac_fidelity fidelity[8];
  char error[8][40]; /* id of the first error */
  Buf queries, titles;
  bool stop, gaps;        /* gaps: not every document is told of */
  sigmac_compiler *again; /* to be misused from the callback */
} Heard;

static void on_diagnostic(void *ctx, const sigmac_diagnostic *d) {
  ((Heard *)ctx)->told++;
  cr_expect(d->text.n && d->text.p[d->text.n - 1] == '\n');
}

static bool hear(void *ctx, const sigmac_translation *t) {
  Heard *h = ctx;
  cr_assert(h->gaps ? t->number >= h->n : t->number == h->n);
  cr_expect_str_eq(t->target, "eql");
  h->fidelity[h->n] = t->fidelity;
  bool good = t->fidelity == SIGMAC_EXACT || t->fidelity == SIGMAC_ASSUMED;
  cr_expect_eq(t->query.n > 0, good);
  cr_expect_eq(t->assumptions.n > 0, t->fidelity == SIGMAC_ASSUMED);
  for (uint32_t i = 0; i < t->diagnostics_n; i++)
    if (t->diagnostics[i]->severity == SIGMAC_ERROR && !*h->error[h->n])
      strncpy(h->error[h->n], t->diagnostics[i]->id, sizeof h->error[h->n] - 1);
  cr_expect_eq(*h->error[h->n] != '\0', t->fidelity == SIGMAC_REFUSED || t->fidelity == SIGMAC_BROKEN);
  cr_expect_eq(t->part_of.n > 0, t->fidelity == SIGMAC_PART);
  buf_bytes(&h->queries, t->query.p, t->query.n);
  buf_bytes(&h->titles, t->title.p, t->title.n);
  buf_char(&h->titles, ' ');
  if (h->again) cr_expect_eq(sigmac_compiler_add_text(h->again, TEXT("x"), TEXT("")), SIGMAC_MISUSE);
  h->n++;
  return !h->stop;
}

static void forget(Heard *h, sigmac_compiler *c) {
  buf_free(&h->queries);
  buf_free(&h->titles);
  sigmac_compiler_free(c);
}

static sigmac_compiler *compiler_of(const char *text, Heard *h) {
  sigmac_compiler *c = NULL;
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  sigmac_compiler_on_diagnostic(c, on_diagnostic, h);
  cr_assert_eq(sigmac_compiler_set_target(c, TEXT("eql")), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_add_text(c, TEXT("rules.yml"), str(text)), SIGMAC_OK);
  return c;
}

Test(api_translate, each_document_in_order) {
  Heard h = {0};
  sigmac_compiler *c = compiler_of(five, &h);
  h.again = c;
  cr_assert_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_OK);
  cr_assert_eq(h.n, 5);
  cr_expect(str_is(buf_view(&h.titles), "good refused broken joined last "));
  static const sigmac_fidelity expected[] = {SIGMAC_ASSUMED, SIGMAC_REFUSED, SIGMAC_BROKEN, SIGMAC_ASSUMED, SIGMAC_PART};
  for (int i = 0; i < 5; i++) cr_expect_eq(h.fidelity[i], expected[i], "document %d", i);
  cr_expect_str_eq(h.error[1], "target-keyword");
  cr_expect_str_eq(h.error[2], "unknown-modifier");
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  cr_expect(s->rules == 2 && s->refused == 2 && s->parts == 1 && s->filters == 0 && s->errors == h.told);
  cr_expect_eq(s->elsewhere, 0);
  forget(&h, c);
}

/* A filter is part of the query of its rule; only one that is broken is told of. */
Test(api_translate, filters) {
  static const char rules[] = "name: r\n" RULE(
    "rule", "{A: x}") "---\ntitle: good\nlogsource: {product: p}\nfilter: {rules: any, s: {B: y}, condition: not s}\n"
                      "---\ntitle: bad\nlogsource: {product: p}\nfilter: {rules: any, s: {C|x: y}, condition: not s}\n";
  Heard h = {.gaps = true};
  sigmac_compiler *c = compiler_of(rules, &h);
  cr_expect_eq(
    sigmac_compiler_add_filter_text(
      c, TEXT("f.yml"), TEXT("title: more\nlogsource: {product: p}\nfilter: {rules: any, s: {D: z}, condition: not s}\n")),
    SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_OK);
  cr_expect(str_is(buf_view(&h.titles), "rule bad "), STR_FMT, STR_ARG(buf_view(&h.titles)));
  cr_expect(h.fidelity[0] == SIGMAC_ASSUMED && h.fidelity[1] == SIGMAC_BROKEN);
  cr_expect(str_find(buf_view(&h.queries), STR("?B"), 0) != SIZE_MAX && str_find(buf_view(&h.queries), STR("?D"), 0) != SIZE_MAX &&
            str_find(buf_view(&h.queries), STR("?C"), 0) == SIZE_MAX);
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  cr_expect(s->rules == 1 && s->filters == 2 && s->refused == 1 && s->errors == 1);
  forget(&h, c);
}

Test(api_translate, ends_the_compiler) {
  Heard h = {.stop = true};
  sigmac_str image;
  sigmac_compiler *c = compiler_of(five, &h);
  cr_expect_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_STOPPED);
  cr_expect_eq(h.n, 1);
  cr_expect_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_finish(c, &image), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_set_pretty(c, true), SIGMAC_MISUSE);
  forget(&h, c);
}

Test(api_translate, wants_a_target_and_known_names) {
  Heard h = {0};
  sigmac_compiler *c = NULL;
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_set_target(c, TEXT("spl")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_MISUSE, "still none");
  cr_expect_eq(sigmac_compiler_assume(c, TEXT("the-best")), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_assume(c, TEXT("ascii-fold")), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_set_target(c, TEXT("eql")), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_translate(c, NULL, &h), SIGMAC_MISUSE);
  cr_expect_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_OK, "nothing was added");
  cr_expect_eq(h.n, 0);
  forget(&h, c);
}

static bool expect_reason(void *ctx, const sigmac_translation *t) {
  ((Heard *)ctx)->n++;
  cr_expect(t->fidelity == SIGMAC_REFUSED && t->diagnostics_n == 1 && t->diagnostics[0]->severity == SIGMAC_ERROR);
  return true;
}

/* The limit of diagnostics for a file must not leave a refused rule without its reason. */
Test(api_translate, each_refusal_has_its_reason) {
  Buf text = {0};
  Heard h = {0};
  unsigned n = LIMIT_DIAGS_PER_FILE + 5;
  for (unsigned i = 0; i < n; i++) buf_str(&text, STR("---\n" RULE("t", "[a, b]")));
  buf_char(&text, '\0');
  sigmac_compiler *c = compiler_of(text.p, &h);
  cr_assert_eq(sigmac_compiler_translate(c, expect_reason, &h), SIGMAC_OK);
  cr_expect_eq(h.n, n);
  cr_expect_eq(h.told, n);
  buf_free(&text);
  forget(&h, c);
}

/* What stands in no document is told, in its place, and counted. */
Test(api_translate, errors_elsewhere) {
  Heard h = {0};
  sigmac_compiler *c = compiler_of("--- ]\n---\n" RULE("good", "{A: x}"), &h);
  cr_assert_eq(sigmac_compiler_add_vars_text(c, TEXT("v.yml"), TEXT("vars: 1\n")), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_OK);
  const sigmac_compiler_summary *s = sigmac_compiler_get_summary(c);
  cr_expect(h.n == 1 && s->rules == 1 && s->refused == 1 && s->malformed == 1);
  cr_expect(s->elsewhere == 2 && h.told == 2, "elsewhere %u, told %u", s->elsewhere, h.told);
  forget(&h, c);
}

/* Part of a rule may stand in another document. */
Test(api_translate, error_of_a_global_document) {
  Heard h = {0};
  sigmac_compiler *c = compiler_of("action: global\ntitle: g\nstatus: no-such\ndetection: {condition: s}\n---\n"
                                   "logsource: {product: p}\ndetection:\n  s: {A: x}\n",
                                   &h);
  cr_assert_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_OK);
  cr_expect(h.n == 1 && h.told >= 1);
  forget(&h, c);
}

static bool count_names(void *n, sigmac_str piece) {
  for (size_t i = 0; i < piece.n; i++) *(unsigned *)n += piece.p[i] == '\n';
  return true;
}

Test(api_translate, tables) {
  unsigned backends = 0, assumptions = 0;
  cr_expect_eq(sigmac_list(TEXT("backends"), SIGMAC_TEXT, NULL, count_names, &backends), SIGMAC_OK);
  cr_expect_eq(sigmac_list(TEXT("assumptions"), SIGMAC_TEXT, NULL, count_names, &assumptions), SIGMAC_OK);
  cr_expect(backends >= 2 && assumptions >= 6);
  cr_expect(is(str(sigmac_list_name(0)), "modifiers"));
}

/* --- pipelines and deploy formats ---------------------------------------------------------------------------- */

static const char ours[] = "name: ours\nvars: {sigmac: {target: eql}}\ntransformations:\n"
                           "  - {id: names, type: field_name_mapping, mapping: {A: b.c}}\n"
                           "postprocessing: [{type: embed, prefix: '<', suffix: '>'}]\n"
                           "finalizers: [{type: concat, separator: '|'}]\n";

static bool collect(void *buf, sigmac_str piece) {
  buf_bytes(buf, piece.p, piece.n);
  return true;
}

static bool has(const Buf *b, const char *text) { return str_find(buf_view(b), str_of(text), 0) != SIZE_MAX; }

static sigmac_compiler *with_pipeline(const char *rules, const char *pipeline, Heard *h) {
  sigmac_compiler *c = NULL;
  cr_assert_eq(sigmac_compiler_new(&c, NULL), SIGMAC_OK);
  sigmac_compiler_on_diagnostic(c, on_diagnostic, h);
  cr_assert_eq(sigmac_compiler_add_text(c, TEXT("rules.yml"), str(rules)), SIGMAC_OK);
  cr_assert_eq(sigmac_compiler_add_pipeline_text(c, TEXT("p.yml"), str(pipeline)), SIGMAC_OK);
  return c;
}

Test(api_translate, pipelines_say_the_target_and_finish_queries) {
  Heard h = {0};
  sigmac_compiler *c = with_pipeline(RULE("one", "{A: x}") "---\n" RULE("two", "{A: y}"), ours, &h);
  cr_assert_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_OK);
  cr_expect(has(&h.queries, "b.c") && has(&h.queries, "><"));
  sigmac_str final = sigmac_compiler_get_final(c);
  cr_expect(final.n == h.queries.n + 1 && memchr(final.p, '|', final.n));
  forget(&h, c);
}

Test(api_translate, a_pipeline_for_another_target) {
  Heard h = {0};
  sigmac_compiler *c = with_pipeline(RULE("one", "{A: x}"), ours, &h);
  cr_assert_eq(sigmac_compiler_set_target(c, TEXT("kql")), SIGMAC_OK);
  cr_expect_eq(sigmac_compiler_translate(c, hear, &h), SIGMAC_BAD_PIPELINE);
  cr_expect(h.n == 0 && h.told == 1);
  forget(&h, c);
}

Test(api_translate, shows_what_pipelines_do) {
  static const sigmac_format formats[] = {SIGMAC_TEXT, SIGMAC_COLOURED_TEXT, SIGMAC_JSON};
  for (int i = 0; i < 3; i++) {
    Heard h = {0};
    Buf out = {0};
    sigmac_compiler *c = with_pipeline(RULE("one", "{A: x}") "---\n" RULE("bad", "[a, b]"), ours, &h);
    cr_expect_eq(sigmac_compiler_show_pipelines(c, SIGMAC_MARKDOWN, collect, &out), SIGMAC_MISUSE);
    cr_assert_eq(sigmac_compiler_show_pipelines(c, formats[i], collect, &out), SIGMAC_OK);
    cr_expect(has(&out, "field_name_mapping") && has(&out, "names") && has(&out, "target-keyword"));
    cr_expect_eq(has(&out, "\033["), formats[i] == SIGMAC_COLOURED_TEXT);
    buf_free(&out);
    forget(&h, c);
  }
}

static bool count_documents(void *n, const sigmac_translation *t) {
  *(unsigned *)n += t->document.n > 0;
  return true;
}

Test(api_translate, documents_alone_and_together) {
  for (int together = 0; together < 2; together++) {
    Heard h = {0};
    Buf out = {0};
    unsigned documents = 0;
    sigmac_compiler *c = compiler_of(five, &h);
    cr_expect_eq(sigmac_compiler_set_format(c, TEXT("xml"), NULL, NULL), SIGMAC_MISUSE);
    cr_expect_eq(sigmac_compiler_set_format(c, TEXT("elastic-toml"), collect, &out), SIGMAC_MISUSE, "one rule alone");
    cr_assert_eq(sigmac_compiler_set_format(c, TEXT("sentinel-arm"), NULL, NULL), SIGMAC_OK);
    cr_expect_eq(sigmac_compiler_translate(c, count_documents, &documents), SIGMAC_MISUSE, "for another target");
    cr_assert_eq(sigmac_compiler_set_format(c, TEXT("kibana-ndjson"), together ? collect : NULL, &out), SIGMAC_OK);
    cr_assert_eq(sigmac_compiler_translate(c, count_documents, &documents), SIGMAC_OK);
    cr_expect_eq(documents, 2);
    cr_expect_eq(has(&out, "\"good\"") && has(&out, "\"joined\""), together);
    buf_free(&out);
    forget(&h, c);
  }
}

Test(api_translate, deploy_formats) {
  unsigned n = 0;
  for (const sigmac_query_format *f; (f = sigmac_query_format_get(n)); n++) cr_expect(*f->name && *f->suffix == '.' && *f->target);
  cr_expect(n >= 5);
}

/* SPDX-License-Identifier: MIT
 * Correlations in an image: records, order, what rules know of them, what they mean, what is refused. */
#include <criterion/criterion.h>

#include "base/hash.h"
#include "base/limits.h"
#include "compiler/compile.h"
#include "runtime/correlation_text.h"
#include "runtime/disasm.h"

#define RULE(name, field) \
  "title: " name "\nname: " name "\nlogsource: {category: c}\ndetection: {s: {" field ": 1}, condition: s}\n---\n"
#define CORR(name, more) "title: " name "\nname: " name "\ncorrelation: {timespan: 1m, " more "}\n---\n"
#define COUNT            "type: event_count, condition: {gte: 2}, "

typedef struct {
  Arena arena;
  Compiler compiler;
  Program *program;
} Compiled;

static void compile(Compiled *c, const char *text, const char *more, const char *var) {
  *c = (Compiled){0};
  compiler_init(&c->compiler, &c->arena);
  compiler_add(&c->compiler, STR("t.yml"), str_of(text));
  if (more) compiler_add(&c->compiler, STR("more.yml"), str_of(more));
  if (var) cr_assert(vars_assign(&c->compiler.vars, str_of(var), &c->arena));
  ImageError error;
  c->program = program_open(arena_dup(&c->arena, compiler_finish(&c->compiler)), &c->arena, &error);
  cr_assert(c->program, "%s", error.message);
}

static bool has_error(const Compiled *c, DiagId id) {
  for (uint32_t i = 0; i < c->compiler.diags.list.n; i++)
    if (c->compiler.diags.list.p[i].id == id && c->compiler.diags.list.p[i].severity == SEV_ERROR) return true;
  return false;
}

static Str disasm_of(Compiled *c, uint32_t number) {
  Buf out = {.arena = &c->arena};
  if (number < c->program->n_RULES) disasm_rule(&out, c->program, number, CODE_PLAIN);
  else disasm_correlation(&out, c->program, number, &c->arena);
  return buf_view(&out);
}

static const CorrRec *named(const Compiled *c, const char *title) {
  for (uint32_t i = 0; i < c->program->n_CORRELATIONS; i++)
    if (str_is(program_str(c->program, c->program->CORRELATIONS[i].meta.title), title)) return &c->program->CORRELATIONS[i];
  cr_assert_fail("no correlation %s", title);
  return NULL;
}

/* --- records ------------------------------------------------------------------------------------------------- */

Test(correlate, records) {
  static const struct {
    const char *text, *says; /* says: a part of the disassembly of the last number */
  } cases[] = {
    {RULE("r", "A") CORR("c", COUNT "rules: [r]"),
     "type       event_count\n  timespan   1m\n  ref 0      rule 0 \"r\"\n  condition  gte 2\n  meaning"},
    {RULE("r", "A") CORR("c", COUNT "rules: r, group-by: [U, V]"),
     "\"r\" by U, V\n  group by   \"U\", \"V\"\n  condition  gte 2\n"},
    {RULE("r", "A") CORR("c", "type: value_count, rules: r, group-by: U, condition: {gt: 1, lte: 2.5, field: [X, Y]}"),
     "by U of X, Y\n  group by   \"U\"\n  condition  gt 1, lte 2.5\n"},
    {RULE("r", "A") CORR("c", "type: value_percentile, rules: r, condition: {neq: 0, field: X, percentile: 0.000001}"),
     "type       value_percentile 0.000001\n"},
    {RULE("r", "A") CORR("c", "type: value_percentile, rules: r, condition: {neq: 0, field: X}"),
     "type       value_percentile 50\n"},
    {RULE("r", "A") RULE("s", "B") CORR("c", "type: temporal, rules: [r, s]"), "condition  gte 2\n"},
    {RULE("r", "A") RULE("s", "B") CORR("c", "type: temporal, rules: [s, r, s]"),
     "ref 0      rule 1 \"s\"\n  ref 1      rule 0 \"r\"\n  condition  gte 2\n"},
    {RULE("r", "A") CORR("c", "type: temporal_ordered, rules: [r, r, r]"), "ref 2      rule 0 \"r\"\n  condition  gte 3\n"},
    {RULE("r", "A") RULE("s", "B") CORR("c", "type: temporal, rules: [r, s], condition: not r or not (r or s) and s"),
     "condition  not r or not (r or s) and s\n"},
    {RULE("r", "A") RULE("s", "B") CORR("c", COUNT "rules: [r, s], group-by: [X, V], aliases: {X: {r: F, s: G}, W: {r: V}}"),
     "\"r\" by F, V\n  ref 1      rule 1 \"s\" by G, V\n  group by   \"X\", \"V\"\n"},
    {RULE("r", "A") RULE("s", "B") CORR("c", COUNT "rules: [r, s], group-by: [X], aliases: {X: {r: F}}"),
     "\"r\" by F\n  ref 1      rule 1 \"s\" by X\n"},
    {RULE("r", "A") CORR("c", "type: value_sum, rules: r, condition: {lt: 7, field: X}, aliases: {X: {r: F}}"), "\"r\" of F\n"},
    {RULE("r", "A") CORR("c", "type: event_count, rules: r, condition: {lt: 7, field: X}"),
     "\"r\"\n  condition"}, /* has no meaning there */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Compiled c;
    compile(&c, cases[i].text, NULL, NULL);
    cr_assert_eq(c.program->n_CORRELATIONS, 1, "case %zu", i);
    Str text = disasm_of(&c, c.program->n_RULES);
    cr_expect(str_find(text, str_of(cases[i].says), 0) != SIZE_MAX, "case %zu:\n" STR_FMT, i, STR_ARG(text));
    arena_free(&c.arena);
  }
}

Test(correlate, order_is_behind_references) {
  Compiled c;
  compile(&c,
          CORR("d", COUNT "rules: [b, c]") CORR("c", COUNT "rules: [b]") CORR("x", COUNT "rules: [r]") CORR("b", COUNT "rules: [r]")
            RULE("r", "A") CORR("a", COUNT "rules: [d, r]"),
          NULL, NULL);
  static const char *const want[] = {"b", "c", "d", "x", "a"};
  cr_assert_eq(c.program->n_CORRELATIONS, 5);
  for (uint32_t i = 0; i < 5; i++)
    cr_expect(str_is(program_str(c.program, c.program->CORRELATIONS[i].meta.title), want[i]), "%u", i);
  for (uint32_t i = 0; i < 5; i++)
    for (uint32_t k = 0; k < c.program->CORRELATIONS[i].refs.n; k++)
      cr_expect_lt(c.program->CORRREFS[c.program->CORRELATIONS[i].refs.first + k].number, c.program->n_RULES + i);
  arena_free(&c.arena);
}

/* Silent where any that refers to it does not generate; what a chain needs comes down to the rules. */
Test(correlate, what_rules_know) {
  Compiled c;
  compile(&c,
          RULE("free", "A") RULE("r", "A") RULE("s", "B") CORR("in", COUNT "rules: [r], group-by: [U], generate: true")
            CORR("out", "type: value_count, rules: [in, s], group-by: [V], condition: {gt: 1, field: W}, aliases: {V: {in: I}}"),
          NULL, NULL);
  static const char *const says[] = {"rule 0 \"free\" t.yml:1\n     0", "\n  correlated; needs ", "\n  correlated, silent; needs "};
  for (uint32_t i = 0; i < 3; i++)
    cr_expect(str_find(disasm_of(&c, i), str_of(says[i]), 0) != SIZE_MAX, STR_FMT, STR_ARG(disasm_of(&c, i)));
  const RuleRec *r = &c.program->RULES[1];
  cr_expect_eq(r->needs.n, 3); /* U, I, W */
  cr_expect_eq(c.program->RULES[2].needs.n, 2);
  cr_expect(named(&c, "in")->silent && !named(&c, "out")->silent);
  arena_free(&c.arena);
}

/* --- refused ------------------------------------------------------------------------------------------------- */

#define BROKEN "title: r\nname: r\nlogsource: {category: c}\ndetection: {s: {A|nonsense: 1}, condition: s}\n---\n"

Test(correlate, errors) {
  static const struct {
    const char *text;
    DiagId id;
    uint32_t left; /* correlations */
  } cases[] = {
    {BROKEN CORR("c", COUNT "rules: [r]"), ID_correlation_refused_rule, 0},
    {BROKEN RULE("s", "A") CORR("c", COUNT "rules: [d, s]") CORR("d", COUNT "rules: [r, s]") CORR("e", COUNT "rules: s"),
     ID_correlation_refused_rule, 1},
    {RULE("r", "A") CORR("c", COUNT "rules: [r, d]") CORR("d", COUNT "rules: [c]") CORR("e", COUNT "rules: [c]"),
     ID_correlation_refused_rule, 0},
    {RULE("r", "A") "title: c\ncorrelation: {timespan: 101y, " COUNT "rules: r}\n", ID_correlation_timespan, 0},
    {RULE("r", "A") "title: c\ncorrelation: {timespan: 3155695201s, " COUNT "rules: r}\n", ID_correlation_timespan, 0},
    {RULE("r", "A") CORR("c", "type: value_percentile, rules: r, condition: {gt: 1, field: X, percentile: 1.0000001}"),
     ID_correlation_value_type, 0},
    {RULE("r", "A") CORR("c", "type: value_percentile, rules: r, condition: {gt: 1, field: X, percentile: 100.000001}"),
     ID_correlation_value_type, 0},
    {RULE("r", "A") CORR("c", "type: value_percentile, rules: r, condition: {gt: 1, field: X, percentile: -1}"),
     ID_correlation_value_type, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Compiled c;
    compile(&c, cases[i].text, NULL, NULL);
    cr_expect(has_error(&c, cases[i].id), "case %zu", i);
    cr_expect_eq(c.program->n_CORRELATIONS, cases[i].left, "case %zu", i);
    cr_expect_eq(c.compiler.correlations, cases[i].left, "case %zu", i);
    arena_free(&c.arena);
  }
}

/* n correlations over each other, the first over the rule. */
static Str chain(Arena *a, unsigned n) {
  Buf out = {.arena = a};
  buf_str(&out, STR(RULE("c0", "A")));
  for (unsigned i = 1; i <= n; i++)
    buf_printf(&out, "title: c%u\nname: c%u\ncorrelation: {timespan: 1m, " COUNT "rules: [c%u], group-by: F%u}\n---\n", i, i, i - 1,
               i);
  buf_char(&out, '\0');
  return buf_view(&out);
}

Test(correlate, chains_have_a_limit) {
  Arena a = {0};
  Compiled c;
  compile(&c, chain(&a, LIMIT_CORRELATION_CHAIN).p, NULL, NULL);
  cr_expect_eq(c.program->n_CORRELATIONS, (uint32_t)LIMIT_CORRELATION_CHAIN);
  cr_expect_eq(c.program->RULES[0].needs.n, (uint32_t)LIMIT_CORRELATION_CHAIN);
  arena_free(&c.arena);
  compile(&c, chain(&a, LIMIT_CORRELATION_CHAIN + 3).p, NULL, NULL);
  cr_expect(has_error(&c, ID_correlation_chain) && has_error(&c, ID_correlation_refused_rule));
  cr_expect_eq(c.program->n_CORRELATIONS, (uint32_t)LIMIT_CORRELATION_CHAIN);
  arena_free(&c.arena);
  arena_free(&a);
}

/* `n` fields of group-by in each of `times` correlations over one rule. */
static Str wide(Arena *a, unsigned times, unsigned n) {
  Buf out = {.arena = a};
  buf_str(&out, STR(RULE("r", "A")));
  for (unsigned i = 0; i < times; i++) {
    buf_printf(&out, "title: c%u\ncorrelation: {timespan: 1m, " COUNT "rules: [r], group-by: [", i);
    for (unsigned k = 0; k < n; k++) buf_printf(&out, "%sF%u_%u", k ? ", " : "", i, k);
    buf_str(&out, STR("]}\n---\n"));
  }
  buf_char(&out, '\0');
  return buf_view(&out);
}

Test(correlate, fields_have_limits) {
  Arena a = {0};
  Compiled c;
  const unsigned each = LIMIT_CORRELATION_FIELDS, all = LIMIT_CORRELATION_NEEDS / LIMIT_CORRELATION_FIELDS;
  compile(&c, wide(&a, all, each).p, NULL, NULL);
  cr_expect_eq(c.program->n_CORRELATIONS, all);
  cr_expect_eq(c.program->RULES[0].needs.n, (uint32_t)LIMIT_CORRELATION_NEEDS);
  arena_free(&c.arena);
  compile(&c, wide(&a, all + 1, each).p, NULL, NULL);
  cr_expect(has_error(&c, ID_rule_too_large));
  cr_expect_eq(c.program->n_CORRELATIONS, all);
  arena_free(&c.arena);
  compile(&c, wide(&a, 1, each + 1).p, NULL, NULL);
  cr_expect(has_error(&c, ID_rule_too_large));
  arena_free(&c.arena);
  arena_free(&a);
}

/* --- meaning ------------------------------------------------------------------------------------------------- */

static uint64_t meaning(const char *text, const char *more, const char *var) {
  Compiled c;
  compile(&c, text, more, var);
  const CorrRec *r = named(&c, "c");
  uint64_t out = (uint64_t)r->meaning_high << 32 | r->meaning_low;
  arena_free(&c.arena);
  return out;
}

#define META "title: r\nname: r\nlogsource: {category: c}\n"
#define OVER CORR("c", COUNT "rules: [r]")

Test(correlate, meaning_is_of_all_that_it_rests_on) {
  static const char before[] = META "detection: {s: {A: 1}, condition: s}\n---\n" OVER;
  static const char placeholder[] = META "detection: {s: {A|expand: '%v%'}, condition: s}\n---\n" OVER;
  static const char filter[] = "title: f\nlogsource: {category: c}\nfilter: {rules: any, x: {B: 2}, condition: not x}\n";
  static const char other[] = RULE("other", "Z") CORR("d", COUNT "rules: [other], group-by: Y");
  uint64_t first = meaning(before, NULL, NULL);
  cr_expect_eq(meaning(before, other, NULL), first, "others do not count");
  cr_expect_eq(meaning(META "detection:\n    s:\n        A: 1 # layout\n    condition: s\n---\n" OVER, NULL, NULL), first);
  cr_expect_neq(meaning(META "detection: {s: {A: 2}, condition: s}\n---\n" OVER, NULL, NULL), first, "the rule");
  cr_expect_neq(meaning(META "detection: {s: {A: 1}, condition: s}\n---\n" CORR("c", COUNT "rules: [r], group-by: U"), NULL, NULL),
                first);
  cr_expect_neq(meaning(before, filter, NULL), first, "a filter");
  cr_expect_neq(meaning(placeholder, NULL, "v=x"), meaning(placeholder, NULL, "v=y"), "values of placeholders");
  cr_expect_neq(
    meaning(META "detection: {s: {A: 1}, condition: s}\n---\n" CORR("b", COUNT "rules: r") CORR("c", COUNT "rules: b"), NULL, NULL),
    meaning(META "detection: {s: {A: 2}, condition: s}\n---\n" CORR("b", COUNT "rules: r") CORR("c", COUNT "rules: b"), NULL, NULL),
    "through a chain");
}

/* --- the text of a condition --------------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *state) { return *state = *state * 6364136223846793005u + 1442695040888963407u; }
static unsigned below(uint64_t *state, unsigned n) { return (unsigned)((next_random(state) >> 33) % n); }

static void random_text(Buf *out, uint64_t *state, unsigned depth) {
  unsigned kind = depth ? below(state, 5) : 0;
  if (kind < 2) {
    buf_printf(out, "%c", 'p' + (char)below(state, 4));
  } else if (kind == 2) {
    buf_str(out, STR("not ("));
    random_text(out, state, depth - 1);
    buf_char(out, ')');
  } else {
    buf_char(out, '(');
    random_text(out, state, depth - 1);
    for (unsigned i = 0; i < 1 + below(state, 2); i++) {
      buf_str(out, kind == 3 ? STR(") and (") : STR(") or ("));
      random_text(out, state, depth - 1);
    }
    buf_char(out, ')');
  }
}

/* The truth of postfix code for each of the 16 sets of rules that are present, as bits. */
static uint32_t truths(const Program *p, const CorrRec *c) {
  static const uint32_t ref[4] = {0xAAAA, 0xCCCC, 0xF0F0, 0xFF00};
  uint32_t stack[LIMIT_CODE_DEPTH], n = 0;
  for (uint32_t i = 0; i < c->condition.n; i++) {
    const CorrCodeRec *code = &p->CORRCODE[c->condition.first + i];
    if (code->code == CORR_REF) stack[n++] = ref[code->ref];
    else if (code->code == CORR_NOT) stack[n - 1] ^= 0xFFFF;
    else n--, stack[n - 1] = code->code == CORR_AND ? stack[n - 1] & stack[n] : stack[n - 1] | stack[n];
  }
  return stack[0];
}

static uint32_t compile_condition(Str condition, Buf *printed) {
  Compiled c;
  Arena a = {0};
  Str text = arena_printf(&a,
                          RULE("p", "A") RULE("q", "B") RULE("r", "C")
                            RULE("s", "D") "title: c\ncorrelation:\n  type: temporal\n  timespan: 1m\n"
                                           "  rules: [p, q, r, s]\n  condition: " STR_FMT "\n",
                          STR_ARG(condition));
  compile(&c, arena_cstr(&a, text), NULL, NULL);
  const CorrRec *r = named(&c, "c");
  uint32_t out = truths(c.program, r);
  correlation_condition(printed, c.program, r, &c.arena);
  arena_free(&c.arena);
  arena_free(&a);
  return out;
}

/* What is printed means the same, and is printed the same again. */
Test(correlate, conditions_are_printed_as_they_are) {
  uint64_t state = 20260101;
  for (unsigned i = 0; i < 300; i++) {
    Buf text = {0}, once = {0}, twice = {0};
    random_text(&text, &state, 1 + below(&state, 5));
    buf_str(&text, STR(" or (p and q and r and s)"));
    uint32_t first = compile_condition(buf_view(&text), &once);
    cr_expect_eq(compile_condition(buf_view(&once), &twice), first, STR_FMT, STR_ARG(buf_view(&text)));
    cr_expect(str_eq(buf_view(&once), buf_view(&twice)), STR_FMT, STR_ARG(buf_view(&once)));
    buf_free(&text);
    buf_free(&once);
    buf_free(&twice);
  }
}

/* SPDX-License-Identifier: MIT
 * Facts of two detections: what is said must be true of every event. Lowered by the compiler, judged by the functions of the
 * evaluator (patterns) and by the referee (trees). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "compiler/compile.h"
#include "lint/facts.h"
#include "runtime/event_json.h"
#include "runtime/vm.h"
#include "tests/support/diff.h"
#include "tests/support/gen.h"

/* --- a rule as lowered ----------------------------------------------------------------------------------------- */

typedef struct {
  Arena arena;
  Compiler compiler;
  Lowered rule;
  Facts facts;
} Work;

static bool begin_rule(Work *w, Str text) {
  LintSources sources = {lint_sources, lint_source_count};
  *w = (Work){0};
  compiler_init(&w->compiler, &w->arena);
  w->compiler.keep_ir = true;
  compiler_add(&w->compiler, STR("r.yml"), text);
  compiler_prepare(&w->compiler);
  if (!w->compiler.rules.list.n) return false;
  compiler_begin_rule(&w->compiler, &w->rule, &w->compiler.rules.list.p[0]);
  if (w->rule.broken) return false;
  facts_init(&w->facts, &w->arena, &sources, w->rule.rule);
  return true;
}

/* Two search identifiers of a rule for processes of Windows. */
static void begin(Work *w, const char *a, const char *b) {
  static char text[2048];
  int n = snprintf(text, sizeof text,
                   "title: t\nlogsource: {category: process_creation, product: windows}\n"
                   "detection:\n  a: %s\n  b: %s\n  condition: a or b\n",
                   a, b);
  cr_assert(begin_rule(w, (Str){text, (size_t)n}), "%s, %s", a, b);
}

static void end(Work *w) {
  compiler_end_rule(&w->compiler);
  arena_free(&w->arena);
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *a, *b;
  bool implies, implied, apart, single;
} Case;

static void check(const Case *cases, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const Case *c = &cases[i];
    Work w;
    begin(&w, c->a, c->b);
    const IrNode *a = w.rule.ir.selections[0], *b = w.rule.ir.selections[1];
    cr_expect_eq(facts_implies(&w.facts, a, b), c->implies, "%s => %s", c->a, c->b);
    cr_expect_eq(facts_implies(&w.facts, b, a), c->implied, "%s => %s", c->b, c->a);
    cr_expect_not(w.facts.used_single && !c->apart, "%s, %s", c->a, c->b);
    w.facts.used_single = false;
    cr_expect_eq(facts_disjoint(&w.facts, a, b), c->apart, "%s and %s exclude each other", c->a, c->b);
    cr_expect_eq(w.facts.used_single, c->single, "%s and %s: by the field", c->a, c->b);
    w.facts.row = NULL;
    cr_expect_eq(facts_disjoint(&w.facts, a, b), c->apart && !c->single, "%s and %s with lists", c->a, c->b);
    cr_expect_not(facts_never(&w.facts, a) || facts_always(&w.facts, a), "%s", c->a);
    end(&w);
  }
}
#define CHECK_ALL(cases) check(cases, sizeof(cases) / sizeof *(cases))
/* Image, CommandLine and the like are in the table of fields; Other is not. */
#define NO    false, false, false, false
#define THEN  true, false, false, false
#define BACK  false, true, false, false
#define SAME  true, true, false, false
#define APART false, false, true, true
#define NEVER false, false, true, false

Test(facts, texts) {
  static const Case cases[] = {
    {"{Image: 'a'}", "{Image: 'A'}", SAME},
    {"{Image: 'a'}", "{Image: 'b'}", APART},
    {"{Other: 'a'}", "{Other: 'b'}", NO},
    {"{Image: 'a'}", "{User: 'a'}", NO},
    {"{Image|cased: 'a'}", "{Image: 'A'}", THEN},
    {"{Image|cased: 'a'}", "{Image|cased: 'A'}", APART},
    {"{Image|cased: '1'}", "{Image: '1'}", SAME},
    {"{Image|cased|contains: '-1-'}", "{Image: 'a-1-b'}", BACK},
    {"{Image|endswith: '\\a.exe'}", "{Image|endswith: 'A.EXE'}", THEN},
    {"{Image|endswith: '\\a.exe'}", "{Image|endswith: '\\b.exe'}", APART},
    {"{Image|startswith: 'C:\\a'}", "{Image|startswith: 'C:\\'}", THEN},
    {"{Image|startswith: 'C:\\a'}", "{Image|startswith: 'D:\\'}", APART},
    {"{Image|startswith: 'C:\\a'}", "{Image|endswith: 'a'}", NO},
    {"{Image|contains: 'abc'}", "{Image|contains: 'b'}", THEN},
    {"{Image|contains: 'abc'}", "{Image|contains: 'x'}", NO},
    {"{Image|contains: 'abc'}", "{Image|endswith: 'abc'}", BACK},
    {"{Image|contains: 'abc'}", "{Image: 'xabcx'}", BACK},
    {"{Image|contains: 'abc'}", "{Image: 'ab'}", APART},
    {"{Image: ''}", "{Image|contains: 'a'}", APART},
    {"{Image: ''}", "{Image: '*'}", THEN},
    {"{Image: ''}", "{Image: '?*'}", APART},
    {"{Image: 'a?c'}", "{Image: 'a*c'}", THEN},
    {"{Image: 'a?c'}", "{Image: 'a??c'}", APART},
    {"{Image: 'a*b*c'}", "{Image|contains: 'b'}", THEN},
    {"{Image: '*\\a\\*\\b.exe'}", "{Image|endswith: '\\b.exe'}", THEN},
    {"{Image: '*\\a\\*\\b.exe'}", "{Image|endswith: '\\c.exe'}", APART},
    {"{Image: '*?'}", "{Image: '?*'}", SAME},
    {"{Image: 'K*x'}", "{Image: \"\\u212A*x\"}", APART}, /* the Kelvin sign is no K */
    {"{Image: \"\\u00E4*x\"}", "{Image: \"\\u00C4*X\"}", SAME},
    {"{Image|re: 'a'}", "{Image|re: 'a'}", SAME},
    {"{Image|re: 'a'}", "{Image|re|i: 'a'}", NO},
    {"{Image|re: 'a'}", "{Image: '*'}", THEN},
    {"{Image|re: '^a$'}", "{Image: 'b'}", NO},
    {"{Image|windash|contains: ' -a'}", "{Image|contains: ' /a'}", BACK},
    {"{Image|windash|contains: [' -a', ' -b']}", "{Image|windash|contains: ' -b'}", BACK},
    {"{Image|windash: '-a'}", "{Image: '/a'}", BACK},
    {"{Image|windash: '-a'}", "{Image: '—a'}", BACK},
    {"{Image|windash: '-a'}", "{Image|windash: '/A'}", SAME},
    {"{Image|windash: '-a'}", "{Image: '+a'}", APART},
  };
  CHECK_ALL(cases);
}

Test(facts, other_values) {
  static const Case cases[] = {
    {"{ProcessId: 5}", "{ProcessId: 5.0}", SAME},
    {"{ProcessId: 5}", "{ProcessId: 6}", APART},
    {"{ProcessId: 5}", "{ProcessId: '5'}", BACK}, /* a number is spelled in many ways: 5.0 */
    {"{ProcessId: 5}", "{ProcessId: '6'}", APART},
    {"{ProcessId: 5}", "{ProcessId: '5.0'}", NO},
    {"{ProcessId: 5}", "{ProcessId|contains: 'x'}", APART},
    {"{ProcessId: 5}", "{ProcessId|contains: '5'}", NO},
    {"{ProcessId: 5}", "{ProcessId: '*'}", THEN},
    {"{ProcessId: 1e30}", "{ProcessId: '1e+30'}", NO},
    {"{ProcessId: 5}", "{ProcessId|gt: 4}", THEN},
    {"{ProcessId: 5}", "{ProcessId|gt: 5}", APART},
    {"{ProcessId: '5'}", "{ProcessId|lt: 10}", THEN},
    {"{ProcessId: 'a'}", "{ProcessId|lt: 10}", APART},
    {"{ProcessId|endswith: 'a'}", "{ProcessId|lt: 10}", APART},
    {"{ProcessId|gt: 5}", "{ProcessId|gte: 5}", THEN},
    {"{ProcessId|gt: 5}", "{ProcessId|gt: 4}", THEN},
    {"{ProcessId|gt: 5}", "{ProcessId|lte: 5}", APART},
    {"{ProcessId|gte: 5}", "{ProcessId|lte: 5}", NO},
    {"{ProcessId|gt: 100}", "{ProcessId|lt: 50.5}", APART},
    {"{Image: true}", "{Image: 'TRUE'}", SAME},
    {"{Image: true}", "{Image: false}", APART},
    {"{Image: true}", "{Image|cased: 'true'}", BACK},
    {"{Image: true}", "{Image: 1}", APART},
    {"{Image|cidr: 10.0.0.0/8}", "{Image|cidr: 10.1.0.0/16}", BACK},
    {"{Image|cidr: 10.0.0.0/8}", "{Image|cidr: 11.0.0.0/8}", APART},
    {"{Image|cidr: '::/0'}", "{Image|cidr: 0.0.0.0/0}", APART},
    {"{Image|cidr: 10.0.0.0/8}", "{Image: 10.1.2.3}", BACK},
    {"{Image|cidr: 10.0.0.0/8}", "{Image: 11.1.2.3}", APART},
    {"{Image|cidr: 10.0.0.0/8}", "{Image: '10.*'}", NO},
    {"{Image|cidr: 10.0.0.0/8}", "{Image|endswith: '.local'}", APART},
    {"{Image|cidr: 10.0.0.0/8}", "{Image|gt: 5}", APART},
    {"{UtcTime|hour: 5}", "{UtcTime|hour|lt: 6}", THEN},
    {"{UtcTime|hour: 5}", "{UtcTime|hour|gt: 6}", APART},
    {"{UtcTime|hour: 5}", "{UtcTime|minute|gt: 6}", NO},
    {"{UtcTime|hour: 5}", "{UtcTime: 5}", APART},
    {"{Image: null}", "{Image: 'a'}", NEVER},
    {"{Image: null}", "{Image: '*'}", NEVER},
    {"{Image: null}", "{Image|exists: false}", BACK},
    {"{Image: null}", "{Image|exists: true}", NO},
    {"{Image|exists: true}", "{Image|exists: false}", NEVER},
    {"{Image|exists: true}", "{Image: 'a'}", BACK},
    {"{Image|exists: false}", "{Image|re: 'a'}", NEVER},
    {"{Image|fieldref: User}", "{Image|fieldref: User}", SAME},
    {"{Image|fieldref: User}", "{Image|fieldref|contains: User}", NO},
    {"{Image|fieldref: User}", "{Image|exists: true}", THEN},
    {"{Image|fieldref: User}", "{Image: null}", NEVER},
    {"{Image|exists: false}", "{Image|neq: 'a'}", THEN},
    {"{Image|neq: 'a'}", "{Image: 'A'}", NEVER},
  };
  CHECK_ALL(cases);
}

/* A value that another test excludes is no proof where there may be a list. */
Test(facts, implied_by_the_one_value) {
  Work w;
  begin(&w, "{Image|neq: 'a'}", "{Image: 'ab'}");
  cr_expect(facts_implies(&w.facts, w.rule.ir.selections[1], w.rule.ir.selections[0]) && w.facts.used_single);
  w.facts.row = NULL;
  cr_expect_not(facts_implies(&w.facts, w.rule.ir.selections[1], w.rule.ir.selections[0]));
  end(&w);
}

static bool apart_in(const char *source, const char *a, const char *b) {
  char text[512];
  Work w;
  int n = snprintf(text, sizeof text, "title: t\nlogsource: %s\ndetection:\n  a: %s\n  b: %s\n  condition: a or b\n", source, a, b);
  cr_assert(begin_rule(&w, (Str){text, (size_t)n}), "%s, %s", a, b);
  bool apart = facts_disjoint(&w.facts, w.rule.ir.selections[0], w.rule.ir.selections[1]);
  cr_expect_eq(apart, w.facts.used_single);
  w.facts.all_single = true;
  cr_expect(facts_disjoint(&w.facts, w.rule.ir.selections[0], w.rule.ir.selections[1]));
  end(&w);
  return apart;
}

/* Each event of Windows has one number; the data of an event, and numbers of other systems, are not known. */
Test(facts, fields_of_every_event) {
  const char *security = "{service: security, product: windows}";
  cr_expect(apart_in(security, "{EventID: 4624}", "{EventID: 4625}"));
  cr_expect(apart_in(security, "{Provider_Name: a}", "{Provider_Name: b}"));
  cr_expect(apart_in(security, "{Channel: a}", "{Channel: b}"));
  cr_expect(apart_in(security, "{Computer: a}", "{Computer|startswith: b}"));
  cr_expect_not(apart_in(security, "{Data: a}", "{Data: b}"));
  cr_expect_not(apart_in(security, "{eventid: 1}", "{eventid: 2}"));
  cr_expect_not(apart_in("{service: auditd, product: linux}", "{EventID: 1}", "{EventID: 2}"));
}

Test(facts, trees) {
  static const Case cases[] = {
    {"{Image: [a, b]}", "{Image: [B, A]}", SAME},
    {"{Image: [a, b]}", "{Image: [a, b, c]}", THEN},
    {"{Image: [a, b]}", "{Image: [c, d]}", APART},
    {"{Image: [a, b]}", "{Image: [b, c]}", NO},
    {"{Image|contains|all: [a, b]}", "{Image|contains: b}", THEN},
    {"{Image|contains|all: [a, b]}", "{Image|contains: [a, c]}", THEN},
    {"{Image|contains|all: [ab, b]}", "{Image|contains|all: [b, a]}", THEN},
    {"{Image: a, User: u}", "{Image: a}", THEN},
    {"{Image: a, User: u}", "{User: U, Image: [a, b]}", THEN},
    {"{Image: a, User: u}", "{User: v}", APART},
    {"[{Image: a}, {User: u}]", "{Image: a}", BACK},
    {"[{Image: a}, {User: u}]", "[{User: u}, {Image: a}]", SAME},
    {"[{Image: [a, b], User: u}, {Image: c}]", "{Image: [a, b, c]}", THEN},
    {"[{Image: a, User: u}, {Image: b, User: v}]", "{Image: [a, b], User: [u, v]}", THEN},
    {"[{Image: a, User: u}, {Image: b, User: v}]", "{Image: b, User: u}", APART},
    {"['x', 'y']", "['xx']", BACK},
    {"['x']", "['y']", NO},
    {"{'|all': ['x', 'y']}", "['y']", THEN},
    {"{Image|exists: true}", "{Image|neq: null}", BACK},
    {"{Image|expand: '%x%'}", "{Image|expand: '%x%'}", NO},
    {"{Image|expand: '%x%'}", "{Image: 'x'}", NO},
  };
  CHECK_ALL(cases);
}

/* Whether no event satisfies a condition over a and b, or every one does. */
static void check_whole(const char *a, const char *b, const char *condition, bool never, bool always) {
  Arena arena = {0};
  Work w;
  Str text = arena_printf(&arena,
                          "title: t\nlogsource: {category: process_creation, product: windows}\n"
                          "detection:\n  a: %s\n  b: %s\n  condition: %s\n",
                          a, b, condition);
  cr_assert(begin_rule(&w, text), "%s", condition);
  cr_expect_eq(facts_never(&w.facts, w.rule.ir.root), never, "%s, %s: %s never", a, b, condition);
  cr_expect_eq(facts_always(&w.facts, w.rule.ir.root), always, "%s, %s: %s always", a, b, condition);
  end(&w);
  arena_free(&arena);
}

Test(facts, whole_conditions) {
  check_whole("{Image: a}", "{User: b}", "a and not a", true, false);
  check_whole("{Image: a}", "{User: b}", "a or not a", false, true);
  check_whole("{Image: a}", "{User: b}", "(a or b) and not a and not b", true, false);
  check_whole("{Image: a}", "{User: b}", "(a or b) and not a", false, false);
  check_whole("{Image|contains: a}", "{Image|contains: ab}", "not a and b", true, false);
  check_whole("{Image|contains: a}", "{Image|contains: ab}", "a or not b", false, true);
  check_whole("{ProcessId|gt: 5}", "{ProcessId|lte: 5}", "a and b", true, false);
  check_whole("{ProcessId|gt: 5}", "{ProcessId|lte: 5}", "not a and not b", false, false); /* no number */
  check_whole("{Image|exists: true}", "{Image: null}", "not a and not b", true, false);
  check_whole("{Image|exists: true}", "{Image|exists: false}", "a or b", false, true);
  check_whole("{Image|expand: '%x%'}", "{User: a}", "a and not a", true, false);
}

Test(facts, values_of_an_item) {
  Work w;
  begin(&w, "{Image|contains: [foo, foobar, 5, bar]}", "{Image: [null, 5, '5', true, 'TRUE']}");
  const IrItem *x = w.rule.ir.selections[0]->item, *y = w.rule.ir.selections[1]->item;
  cr_expect(facts_value_implies(&w.facts, x, &x->values[1], &x->values[0]));
  cr_expect_not(facts_value_implies(&w.facts, x, &x->values[0], &x->values[1]));
  cr_expect(facts_value_implies(&w.facts, x, &x->values[1], &x->values[3]));
  cr_expect_not(facts_value_implies(&w.facts, y, &y->values[0], &y->values[1]));
  cr_expect(facts_value_implies(&w.facts, y, &y->values[2], &y->values[1]));
  cr_expect(facts_value_implies(&w.facts, y, &y->values[3], &y->values[4]));
  end(&w);
}

/* --- properties: patterns -------------------------------------------------------------------------------------------- */

static const char *const letters[] = {"a", "b", "A", "-"};
enum { LETTERS = 4, LONGEST = 5, WORDS = 1 + 4 + 16 + 64 + 256 + 1024 };

static Str word(Arena *a, unsigned number) {
  unsigned n = 0, block = 1;
  while (number >= block) {
    number -= block;
    block *= LETTERS;
    n++;
  }
  Str out = STR("");
  for (unsigned i = 0; i < n; i++, number /= LETTERS) out = arena_printf(a, STR_FMT "%s", STR_ARG(out), letters[number % LETTERS]);
  return out;
}

static IrTest random_pattern(Gen *g, Arena *a) {
  PatPart parts[6];
  uint32_t n = gen_below(g, 6);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t what = gen_below(g, 10);
    parts[i] = what < 3   ? (PatPart){.kind = PAT_ANY}
               : what < 4 ? (PatPart){.kind = PAT_ONE}
               : what < 5 ? (PatPart){.kind = PAT_DASH}
                          : (PatPart){PAT_LITERAL, str_of(letters[gen_below(g, LETTERS)])};
  }
  return (IrTest){.pred = PRED_GLOB, .cased = gen_chance(g, 30), .pattern = pattern_of(a, parts, n)};
}

/* As the compiler writes them: literals folded unless letter case counts, one `*` for neighbouring ones. */
static bool fits(const IrTest *t, Str text, Arena *a) {
  PartRec recs[8];
  uint32_t n = 0;
  Buf strings = {.arena = a};
  for (uint32_t i = 0; i < t->pattern.n; i++) {
    static const PartKind kinds[] = {PART_LITERAL, PART_ANY, PART_ONE, PART_DASH};
    PatKind kind = t->pattern.p[i].kind;
    if (kind == PAT_ANY && i && t->pattern.p[i - 1].kind == PAT_ANY) continue;
    Str literal = t->cased ? t->pattern.p[i].text : fold_text(a, t->pattern.p[i].text);
    recs[n++] = (PartRec){kinds[kind], {(uint32_t)strings.n, (uint32_t)literal.n}};
    buf_str(&strings, literal);
  }
  return pred_glob(buf_view(&strings).p, recs, n, t->cased ? text : fold_text(a, text));
}

static void mark_words(bool *marks, const IrTest *t, const Str *words, Arena *a) {
  for (unsigned i = 0; i < WORDS; i++) marks[i] = fits(t, words[i], a);
}

static Str shown(Arena *a, const IrTest *t) {
  return arena_printf(a, STR_FMT "%s", STR_ARG(pattern_print(a, &t->pattern)), t->cased ? " cased" : "");
}

Test(facts, patterns_against_all_words) {
  enum { PATTERNS = 160 };
  static bool marks[PATTERNS][WORDS];
  static IrTest tests[PATTERNS];
  static Str words[WORDS];
  unsigned said[2] = {0}, true_of[2] = {0};
  Arena arena = {0};
  Gen g = gen_seeded(1);
  Facts f = {.arena = &arena, .budget = UINT64_MAX / 128};
  for (unsigned i = 0; i < WORDS; i++) words[i] = word(&arena, i);
  for (unsigned i = 0; i < PATTERNS; i++) {
    tests[i] = random_pattern(&g, &arena);
    mark_words(marks[i], &tests[i], words, &arena);
  }
  IrItem item = {.field = STR("Image"), .n_values = 1};
  static const char *const image[] = {"Image"};
  LintSource row = {.product = "windows", .fields = {image, 1}};
  f.row = &row;
  for (unsigned i = 0; i < PATTERNS; i++) {
    for (unsigned k = 0; k < PATTERNS; k++) {
      bool inside = true, apart = true;
      for (unsigned w = 0; w < WORDS; w++) {
        inside = inside && (!marks[i][w] || marks[k][w]);
        apart = apart && !(marks[i][w] && marks[k][w]);
      }
      IrValue x = {.alts = &tests[i], .n_alts = 1}, y = {.alts = &tests[k], .n_alts = 1};
      IrItem left = item, right = item;
      left.values = &x;
      right.values = &y;
      IrNode p = {.kind = IR_ITEM, .item = &left}, q = {.kind = IR_ITEM, .item = &right};
      bool says_inside = facts_implies(&f, &p, &q), says_apart = facts_disjoint(&f, &p, &q);
      cr_assert(inside || !says_inside, STR_FMT " => " STR_FMT, STR_ARG(shown(&arena, &tests[i])),
                STR_ARG(shown(&arena, &tests[k])));
      cr_assert(apart || !says_apart, STR_FMT " excludes " STR_FMT, STR_ARG(shown(&arena, &tests[i])),
                STR_ARG(shown(&arena, &tests[k])));
      said[0] += says_inside;
      said[1] += says_apart;
      true_of[0] += inside;
      true_of[1] += apart;
    }
  }
  printf("implies: %u of %u, excludes: %u of %u (words up to %d letters)\n", said[0], true_of[0], said[1], true_of[1], LONGEST);
  arena_free(&arena);
}

/* --- properties: trees ------------------------------------------------------------------------------------------------- */

enum { MOST_NODES = 24, EVENTS = 60 };

typedef struct {
  const IrNode *p[MOST_NODES];
  uint32_t n;
} Nodes;

/* With all that stands below, parents first. */
static void collect(Nodes *nodes, const IrNode *n) {
  if (nodes->n == MOST_NODES) return;
  nodes->p[nodes->n++] = n;
  for (uint32_t i = 0; i < n->n_kids; i++) collect(nodes, n->kids[i]);
}

typedef struct {
  bool implies[MOST_NODES][MOST_NODES], apart[MOST_NODES][MOST_NODES], never[MOST_NODES], always[MOST_NODES];
} Claims;

typedef struct {
  unsigned implies, apart, never, always, singles, rules, frozen;
} Counts;

static void claim(Claims *c, Facts *f, const Nodes *nodes, Counts *counts) {
  *c = (Claims){0};
  for (uint32_t i = 0; i < nodes->n; i++) {
    counts->never += c->never[i] = facts_never(f, nodes->p[i]);
    counts->always += c->always[i] = facts_always(f, nodes->p[i]);
    for (uint32_t k = 0; k < nodes->n; k++) {
      counts->implies += (c->implies[i][k] = facts_implies(f, nodes->p[i], nodes->p[k])) && i != k;
      counts->apart += c->apart[i][k] = facts_disjoint(f, nodes->p[i], nodes->p[k]);
    }
  }
  counts->singles += f->used_single;
}

static void judge(const Claims *c, const Nodes *nodes, Str json, Arena *a, Str rule) {
  JsonError error;
  OracleNotes notes = {0};
  bool holds[MOST_NODES];
  const Value *event = event_json_read(json, a, &error);
  if (!event) return;
  for (uint32_t i = 0; i < nodes->n; i++) {
    IrRule whole = {.root = (IrNode *)(uintptr_t)nodes->p[i]};
    holds[i] = oracle_matches(&whole, event, &notes);
  }
  for (uint32_t i = 0; i < nodes->n; i++) {
    cr_assert(!(c->never[i] && holds[i]) && !(c->always[i] && !holds[i]), STR_FMT "\n" STR_FMT, STR_ARG(rule), STR_ARG(json));
    for (uint32_t k = 0; k < nodes->n; k++) {
      cr_assert(!c->implies[i][k] || !holds[i] || holds[k], "part %u implies %u:\n" STR_FMT "\n" STR_FMT, i, k, STR_ARG(rule),
                STR_ARG(json));
      cr_assert(!c->apart[i][k] || !holds[i] || !holds[k], "part %u excludes %u:\n" STR_FMT "\n" STR_FMT, i, k, STR_ARG(rule),
                STR_ARG(json));
    }
  }
}

typedef struct {
  const char **p;
  unsigned n;
} Names;

static int by_name(const void *x, const void *y) { return lint_names_compare(*(const char *const *)x, *(const char *const *)y); }

static void add_field(Names *names, const IrNode *n, Arena *a) {
  if (n->kind != IR_ITEM || n->item->any_field || !n->item->field.n) return;
  LintNames known = {names->p, names->n};
  if (lint_names_have(&known, n->item->field) || names->n == 256) return;
  names->p[names->n++] = arena_cstr(a, n->item->field);
  qsort(names->p, names->n, sizeof *names->p, by_name);
}

/* Rules and events by chance. Every other time all fields are taken to hold one value, and events with lists are left out. */
Test(facts, trees_against_events) {
  enum { ROUNDS = 700 };
  static const char *every[256];
  Counts counts = {0};
  for (unsigned round = 0; round < ROUNDS; round++) {
    DiffRules d;
    DiffStats stats = {0};
    Gen g = gen_seeded(round + 1);
    Arena a = {0};
    Str text = gen_rule(&g, &a, 1);
    if (!diff_open(&d, text, gen_vars, &stats) && d.compiler.ir.n && d.unsimplified[0].root) {
      const IrRule *rule = &d.unsimplified[0];
      Nodes nodes = {0};
      static Claims claims;
      collect(&nodes, rule->root);
      for (uint32_t i = 0; i < rule->rule->n_detections; i++) collect(&nodes, rule->selections[i]);
      Names names = {every, 0};
      for (uint32_t i = 0; i < nodes.n; i++) add_field(&names, nodes.p[i], &a);
      LintSource row = {.product = "windows", .fields = {every, names.n}};
      Facts f = {.arena = &a, .budget = 1000000, .row = round % 2 ? &row : NULL};
      claim(&claims, &f, &nodes, &counts);
      counts.rules++;
      counts.frozen +=
        facts_implies(&f, rule->root, d.compiler.ir.p[0].root) && facts_implies(&f, d.compiler.ir.p[0].root, rule->root);
      for (unsigned i = 0; i < EVENTS; i++) {
        Str event = gen_event(&g, &a, d.compiler.ir.p, d.compiler.ir.n);
        if (round % 2 == 0 || str_find(event, STR("["), 0) == SIZE_MAX) judge(&claims, &nodes, event, &a, text);
      }
    }
    diff_close(&d);
    arena_free(&a);
  }
  printf("%u of %u frozen trees proved to be the same\n", counts.frozen, counts.rules);
  printf("%u implied, %u exclude each other, %u never, %u always; %u rules by fields of one value\n", counts.implies, counts.apart,
         counts.never, counts.always, counts.singles);
  cr_expect(counts.frozen > counts.rules * 9 / 10 && counts.implies > 1000 && counts.apart > 1000 && counts.never > 10 &&
            counts.always > 10 && counts.singles > 10);
}

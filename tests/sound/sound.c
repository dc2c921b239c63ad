/* SPDX-License-Identifier: MIT
 * sound [--seed N] [--rules N] [--events N] [PATH...] | --self-test
 * Lints rule files, or random rules, with every check, and looks for events that contradict a finding. Prints how many findings of each
 * check were tried on how many events, and each contradiction. Exit status 1 where there is one. */
#include <stdio.h>
#include <stdlib.h>

#include "compiler/paths.h"
#include "tests/sound/sound.h"

enum { ID_MOST = 32 };

typedef struct {
  uint64_t findings, events, contradicted, lost, skipped;
} Tally;

typedef struct {
  uint64_t seed;
  uint32_t events;
  bool quiet;
  Tally tally[ID_MOST]; /* by number in claim_ids */
  uint64_t rules;
  OracleNotes notes;
} Run;

static Tally *tally_of(Run *run, const char *id) {
  for (unsigned i = 0; claim_ids[i]; i++)
    if (!strcmp(claim_ids[i], id)) return &run->tally[i];
  return NULL;
}

/* --- one rule ------------------------------------------------------------------------------------------------ */

typedef VEC(Value *) EventList;

typedef struct {
  Run *run;
  Arena *arena;
  Compiler *compiler;
  const IrRule *ir;
  EventList lists, flats;
} Trial;

/* A tree through the passes that follow; NULL: they refuse it, for want of the values of a placeholder. Each has the allowance of the
 * rule. */
static IrNode *frozen(Trial *t, const IrNode *n) {
  IrRule rule = {.rule = t->ir->rule, .root = ir_copy(t->arena, n)};
  Passes *p = &t->compiler->passes;
  budget_close(&p->budget);
  budget_open(&p->budget, rule.rule->at, rule.rule->at.end - rule.rule->at.start);
  return expand_tree(rule.root, p) && simplify_rule(&rule, p) ? rule.root : NULL;
}

static bool holds(Trial *t, IrNode *root, const Value *event) {
  return oracle_matches(&(IrRule){.rule = t->ir->rule, .root = root}, event, &t->run->notes);
}

static bool has_text(const Value *event, Str field) {
  for (const Value *v = event->first; v; v = v->next) {
    if (!str_eq(v->key, field)) continue;
    if (v->kind != VALUE_ARRAY) return value_has_text(v);
    for (const Value *e = v->first; e; e = e->next)
      if (value_has_text(e)) return true;
  }
  return false;
}

static bool contradicts(Trial *t, const Claim *c, IrNode *x, IrNode *y, const Value *event) {
  switch (c->kind) {
  case CLAIM_NEVER: return holds(t, x, event);
  case CLAIM_ALWAYS: return !holds(t, x, event);
  case CLAIM_SAME:
  case CLAIM_CONSTANT: return holds(t, x, event) != holds(t, y, event);
  case CLAIM_TEXT: return has_text(event, c->x->item->field) && !c->x->item->any_field && !holds(t, x, event);
  case CLAIM_NONE:
  case CLAIM_LOST: break;
  }
  return false;
}

static void tell(Trial *t, const Claim *c, const Value *event) {
  Buf b = {.arena = t->arena};
  if (t->run->quiet) return;
  Place at = source_place(&t->compiler->sources, c->at);
  if (event) gen_print_value(&b, event);
  fprintf(stderr, STR_FMT ":%u:%u [%s] %s" STR_FMT "\n", STR_ARG(t->compiler->sources.files.p[c->at.file].path), at.line, at.col,
          c->id, event ? "is contradicted by " : "refers to nothing that is found here", STR_ARG(buf_view(&b)));
}

/* The first event that contradicts; NULL. */
static const Value *refute(Trial *t, const Claim *c, IrNode *x, IrNode *y) {
  const EventList *events = c->flat ? &t->flats : &t->lists;
  Tally *tally = tally_of(t->run, c->id);
  if (c->empty) {
    static const Value nothing = {.kind = VALUE_OBJECT};
    tally->events++;
    return contradicts(t, c, x, y, &nothing) ? &nothing : NULL;
  }
  for (uint32_t i = 0; i < events->n; i++, tally->events++)
    if (contradicts(t, c, x, y, events->p[i])) return events->p[i];
  return NULL;
}

static void judge(Trial *t, const Claim *c, const Value *event) {
  Tally *tally = tally_of(t->run, c->id);
  if (!event) return;
  tally->contradicted++;
  tell(t, c, event);
}

static void try_claim(Trial *t, const Claim *c) {
  IrNode *x = frozen(t, c->x), *y = c->y ? frozen(t, c->y) : NULL;
  if (!x || (c->y && !y)) tally_of(t->run, c->id)->skipped++;
  else judge(t, c, refute(t, c, x, y));
}

/* The rule without the selection, which is false, or else true, from then on; NULL where both change it: *against shows that. */
static IrNode *settled(Trial *t, const Claim *c, IrNode *root, const Value **against) {
  IrNode *x = frozen(t, root);
  for (unsigned truth = 0; truth < 2 && x; truth++) {
    IrNode *without = claim_replaced(t->arena, root, c->x, ir_const(t->arena, c->at, truth)), *y = frozen(t, without);
    *against = y ? refute(t, c, x, y) : NULL;
    if (!*against) return without;
  }
  return NULL;
}

/* Selections that change nothing: each of them in the rule as it is, and one after the other, the last first. */
static void try_constants(Trial *t, Claim *claims, uint32_t n) {
  IrNode *root = t->ir->root;
  for (uint32_t left = n; left > 0; left--) {
    const Value *against = NULL;
    uint32_t k = 0;
    for (uint32_t i = 1; i < left; i++)
      if (claim_order(t->ir, claims[i].x) > claim_order(t->ir, claims[k].x)) k = i;
    Claim c = claims[k];
    claims[k] = claims[left - 1];
    IrNode *without = settled(t, &c, root, &against);
    if (without) root = without;
    if (without && !settled(t, &c, t->ir->root, &against)) without = NULL;
    if (!without) judge(t, &c, against);
  }
}

static void make_events(Trial *t, Lint *lint, Gen *g) {
  SoundEvents e;
  sound_events_init(&e, g, t->arena, &lint->data.sources, t->ir);
  for (uint32_t i = 0; i < t->run->events; i++) {
    *vec_add(t->arena, &t->lists) = sound_event(&e, false);
    *vec_add(t->arena, &t->flats) = sound_event(&e, true);
  }
}

static bool of_rule(const Rule *rule, const Finding *f) {
  return f->at.file == rule->file && rule->at.start <= f->at.start && f->at.start < rule->at.end;
}

/* A finding may name several selections. */
static void add_constants(Trial *t, Claims *out, Claim c, Str message) {
  bool all = !strcmp(c.id, "unreachable-selection");
  uint32_t k = 1;
  do *vec_add(t->arena, out) = c;
  while (all && (c.x = claim_selection(t->ir, message, k++)));
}

static void add_claim(Trial *t, Claims *claims, Claims *constants, const Finding *f) {
  Tally *tally = tally_of(t->run, checks[f->check].id);
  if (!tally || !of_rule(t->ir->rule, f)) return;
  Claim c = claim_of(t->arena, t->ir, f);
  tally->findings++;
  tally->lost += c.kind == CLAIM_LOST;
  if (c.kind == CLAIM_LOST) tell(t, &c, NULL);
  else if (c.kind == CLAIM_CONSTANT) add_constants(t, constants, c, f->message);
  else if (c.kind != CLAIM_NONE) *vec_add(t->arena, claims) = c;
  claims_of_words(t->arena, &t->compiler->sources, t->ir, f, &c, claims);
}

static void try_rule(Trial *t, Lint *lint, Gen *g) {
  Claims claims = {0}, constants = {0};
  for (uint32_t i = 0; i < lint->findings.n; i++) add_claim(t, &claims, &constants, &lint->findings.p[i]);
  t->run->rules++;
  if (!claims.n && !constants.n) return;
  make_events(t, lint, g);
  for (uint32_t i = 0; i < claims.n; i++) try_claim(t, &claims.p[i]);
  try_constants(t, constants.p, constants.n);
}

/* --- one file ------------------------------------------------------------------------------------------------ */

typedef void Tamper(void *ctx, Lint *lint);

/* What lint does not know: any values will do. */
static void add_values(Compiler *c, Gen *g) {
  static const char *const values[] = {"vars: {one: [one, foo, 'b*'], two: []}", "vars: {one: ['*'], two: [two, '%', 'fo?']}",
                                       "vars: {one: [], two: [a, b]}"};
  compiler_add_vars(c, STR("rule.vars.yml"), str_of(GEN_PICK(g, values)), VARS_DEFAULT);
}

static void try_file(Run *run, Str path, Str text, Gen *g, Tamper *tamper, void *ctx) {
  Arena arena = {0};
  Lint lint;
  Compiler c;
  lint_init(&lint, &arena);
  lint.profile = PROFILE_ALL;
  lint_add(&lint, path, text);
  lint_run(&lint);
  if (tamper) tamper(ctx, &lint);
  compiler_init(&c, &arena);
  c.keep_ir = true;
  compiler_add(&c, path, text);
  add_values(&c, g);
  for (uint32_t i = 0; i < c.rules.list.n; i++) {
    Lowered l;
    if (c.rules.list.p[i].kind == DOC_CORRELATION) continue;
    compiler_begin_rule(&c, &l, &c.rules.list.p[i]);
    if (!l.broken) try_rule(&(Trial){.run = run, .arena = &arena, .compiler = &c, .ir = &l.ir}, &lint, g);
    compiler_end_rule(&c);
  }
  arena_free(&arena);
}

static void on_problem(void *ctx, Str path, const char *why) {
  (void)ctx;
  fprintf(stderr, "sound: " STR_FMT ": %s\n", STR_ARG(path), why);
  exit(2);
}

static void try_path(Run *run, Str path) {
  Arena arena = {0};
  PathFiles files;
  Gen g = gen_seeded(run->seed);
  if (!paths_find(&files, &arena, path, on_problem, NULL)) exit(2);
  for (uint32_t i = 0; i < files.rules.n; i++) {
    Str text;
    if (paths_read(&text, &arena, files.rules.p[i], on_problem, NULL)) try_file(run, files.rules.p[i], text, &g, NULL, NULL);
  }
  arena_free(&arena);
}

static void try_random(Run *run, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    Arena arena = {0};
    Gen g = gen_seeded(run->seed * 1000003 + i);
    Str path = arena_printf(&arena, "random-%u.yml", i), text = sound_rule(&g, &arena, i);
    uint64_t before = 0, after = 0;
    for (unsigned k = 0; claim_ids[k]; k++) before += run->tally[k].contradicted + run->tally[k].lost;
    try_file(run, path, text, &g, NULL, NULL);
    for (unsigned k = 0; claim_ids[k]; k++) after += run->tally[k].contradicted + run->tally[k].lost;
    if (after > before && !run->quiet) fprintf(stderr, "--- " STR_FMT "\n" STR_FMT "---\n", STR_ARG(path), STR_ARG(text));
    arena_free(&arena);
  }
}

/* Each finding is a test. */
static bool print_tally(const Run *run) {
  uint64_t good = 0, bad = run->notes.faults;
  printf("%-22s %9s %11s %13s\n", "check", "findings", "events", "contradicted");
  for (unsigned i = 0; claim_ids[i]; i++) {
    const Tally *t = &run->tally[i];
    printf("%-22s %9llu %11llu %13llu", claim_ids[i], (unsigned long long)t->findings, (unsigned long long)t->events,
           (unsigned long long)t->contradicted);
    if (t->lost) printf("  %llu refer to nothing", (unsigned long long)t->lost);
    if (t->skipped) printf("  %llu not evaluated", (unsigned long long)t->skipped);
    printf("\n");
    bad += t->contradicted + t->lost;
    good += t->findings - t->contradicted - t->lost - t->skipped;
  }
  printf("%llu rules\n%llu passed, %llu failed\n", (unsigned long long)run->rules, (unsigned long long)good,
         (unsigned long long)bad);
  return bad == 0;
}

/* --- wrong claims are found ---------------------------------------------------------------------------------- */

typedef struct {
  const char *id, *detection, *at, *message;
  bool right; /* it is true: nothing may contradict it */
} Wrong;

static const Wrong wrongs[] = {
  {"always-false", "  s: {a: x}\n  t: {a: y}\n  condition: s and not s\n", "s and", "`s` and `t` exclude each other, so", false},
  {"always-false", "  s: {a: x}\n  t: {a: y}\n  condition: s and not s\n", "s and", "no event is one of `s` and of `t`", false},
  {"always-false", "  s: {a: x}\n  t: {a: y}\n  condition: s and not s\n", "s and", "no event satisfies both line 4 and line 5",
   false},
  {"always-false", "  s: {a: 1}\n  t: {a: y}\n  condition: s and not s\n", "s and",
   "lines 4 and 5 have no value in common, and `a`", false},
  {"always-false", "  s: {a: x}\n  t: {a: null}\n  condition: s and not s\n", "s and", "no event satisfies both line 4 and line 5",
   true},
  {"filter-swallows", "  s: {a: x}\n  f: {a|contains: ''}\n  condition: s and not f\n", "f\n", "every event of `f` is one of `s`",
   false},
  {"filter-swallows", "  s: {a: x}\n  f: {a|contains: ''}\n  condition: s and not f\n", "f\n", "every event of `s` is one of `f`",
   true},
  {"filter-swallows", "  s: {a: x}\n  f: {a: [x]}\n  condition: s and not f\n", "f\n", "`s` has the events of `f`", true},
  {"filter-swallows", "  s: {a: x}\n  f: {a: '*'}\n  condition: s and not f\n", "f\n", "`s` has the events of `f`", false},
  {"filter-swallows", "  s: {a: x}\n  f: {a: [x, y]}\n  condition: s and not f\n", "f\n", "no event of `s` is one of `f`", false},
  {"always-false", "  s: {a: x}\n  condition: s\n", "s\n", "", false},
  {"always-false", "  s: {a: x}\n  condition: s and not s\n", "s and", "", true},
  {"always-true", "  s: {a: x}\n  condition: not s\n", "not s", "", false},
  {"always-true", "  s: {a: x}\n  condition: s or not s\n", "s or", "", true},
  {"filter-swallows", "  s: {a: foo}\n  f: {a|contains: foob}\n  condition: s and not f\n", "f\n", "`f`", false},
  {"filter-swallows", "  s: {a: foo}\n  f: {a|contains: fo}\n  condition: s and not f\n", "f\n", "`f`", true},
  {"numeric-range-empty", "  s: {a|gt: 2, a|lt: 3}\n  condition: s\n", "lt: 3", "", false},
  {"numeric-range-empty", "  s: {a|gt: 3, a|lt: 3}\n  condition: s\n", "lt: 3", "", true},
  {"all-without-contains", "  s: {a|startswith|all: [x, xy]}\n  condition: s\n", "all:", "", false},
  {"all-without-contains", "  s: {a|all: [x, y]}\n  condition: s\n", "all:", "", true},
  {"unreachable-selection", "  s: {a: x}\n  t: {b: y}\n  condition: s or t\n", "t\n", "`t`", false},
  {"unreachable-selection", "  s: {a: x}\n  t: {b: y}\n  condition: s or (s and t)\n", "t)", "`t`", true},
  {"unreachable-selection", "  s: {a|exists: false, b: x}\n  t: {b: y}\n  condition: s or t\n", "a|", "`s`", false},
  {"selection-subsumed", "  s: {a|startswith: x}\n  t: {a|endswith: x}\n  condition: s or t\n", "t\n", "`t`", false},
  {"selection-subsumed", "  s: {a|startswith: x}\n  t: {a: x}\n  condition: s or t\n", "t\n", "`t`", true},
  {"selection-subsumed", "  s:\n    - a: x\n    - a|cased: x\n  condition: s\n", "a: x", "", false},
  {"selection-subsumed", "  s:\n    - a: x\n    - a|cased: x\n  condition: s\n", "a|", "", true},
  {"filter-no-effect", "  s: {a|contains: foo}\n  f: {a: bar}\n  condition: s and not f\n", "f\n", "`f`", false},
  {"filter-no-effect", "  s: {a|exists: false}\n  f: {a: bar}\n  condition: s and not f\n", "f\n", "`f`", true},
  {"duplicate-selection", "  s: {a: x}\n  t: {a|cased: x}\n  condition: s or t\n", "t:", "`t` says the same as `s`", false},
  {"duplicate-selection", "  s: {a: x}\n  t: {a: X}\n  condition: s or t\n", "t:", "`t` says the same as `s`", true},
  {"value-subsumed", "  s: {a|contains: [foo, bar]}\n  condition: s\n", "bar", "", false},
  {"value-subsumed", "  s: {a|contains: [foo, foobar]}\n  condition: s\n", "foobar", "", true},
  {"cidr-overlap", "  s: {a|cidr: [10.0.0.0/8, 11.0.0.0/8]}\n  condition: s\n", "11.", "", false},
  {"cidr-overlap", "  s: {a|cidr: [10.0.0.0/8, 10.1.0.0/16]}\n  condition: s\n", "10.1", "", true},
  {"regex-always-matches", "  s: {a|re: 'x+'}\n  condition: s\n", "'x", "", false},
  {"regex-always-matches", "  s: {a|re: 'x*'}\n  condition: s\n", "'x", "", true},
  {"fieldref-self", "  s: {a|fieldref: b}\n  condition: s\n", "b}", "", false},
  {"fieldref-self", "  s: {a|fieldref: a}\n  condition: s\n", "a}", "", true},
  {"negative-only", "  s: {a: x}\n  condition: s\n", "s\n", "", false},
  {"negative-only", "  s: {a: x}\n  condition: not s\n", "not", "", true},
  {"value-subsumed", "  s: {a|contains: [foo, bar]}\n  condition: s\n", "condition", "", false},
};

typedef struct {
  const Wrong *wrong;
  Str text;
} Claimed;

/* In the place of what lint found, the finding of the table: behind the last `at` of the text. */
static void put_claim(void *ctx, Lint *lint) {
  const Claimed *c = ctx;
  size_t at = SIZE_MAX;
  for (size_t i = 0; (i = str_find(c->text, str_of(c->wrong->at), i)) != SIZE_MAX; i++) at = i;
  Finding f = {.check = check_find(str_of(c->wrong->id)),
               .at = {0, (uint32_t)at, (uint32_t)at + 1},
               .severity = SEV_WARNING,
               .message = str_of(c->wrong->message)};
  lint->findings.n = 0;
  if (f.check != CHECK_COUNT) *vec_add(lint->arena, &lint->findings) = f;
}

static bool self_test(void) {
  unsigned good = 0, bad = 0, absent = 0;
  for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
    const Wrong *w = &wrongs[i];
    Arena arena = {0};
    Run run = {.events = 2000, .quiet = true};
    Gen g = gen_seeded(i);
    Claimed c = {w, arena_printf(&arena, "title: T\nlogsource: {category: test}\ndetection:\n%s", w->detection)};
    try_file(&run, STR("rule.yml"), c.text, &g, put_claim, &c);
    const Tally *t = tally_of(&run, w->id);
    bool caught = t->contradicted + t->lost > 0;
    if (!t->findings) absent++;
    else if (caught != w->right) good++;
    else {
      bad++;
      printf("%s: %s\n%s", w->id, w->right ? "a true claim is contradicted" : "a wrong claim is not found", w->detection);
    }
    arena_free(&arena);
  }
  if (absent) printf("%u claims are of checks that there are not\n", absent);
  printf("%u passed, %u failed\n", good, bad);
  return bad == 0;
}

/* --- the program --------------------------------------------------------------------------------------------- */

static void usage(void) {
  fprintf(stderr, "usage: sound [--seed N] [--rules N] [--events N] [PATH...] | --self-test\n");
  exit(2);
}

int main(int argc, char **argv) {
  Run run = {.seed = 1, .events = 300};
  unsigned rules = 0;
  int i = 1;
  if (argc == 2 && !strcmp(argv[1], "--self-test")) return self_test() ? 0 : 1;
  for (; i < argc && argv[i][0] == '-'; i += 2) {
    if (i + 1 == argc) usage();
    unsigned long n = strtoul(argv[i + 1], NULL, 10);
    if (!strcmp(argv[i], "--seed")) run.seed = n;
    else if (!strcmp(argv[i], "--rules")) rules = (unsigned)n;
    else if (!strcmp(argv[i], "--events")) run.events = (uint32_t)n;
    else usage();
  }
  if (i == argc && !rules) usage();
  try_random(&run, rules);
  for (; i < argc; i++) try_path(&run, str_of(argv[i]));
  return print_tally(&run) ? 0 : 1;
}

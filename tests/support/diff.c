/* SPDX-License-Identifier: MIT */
#include "tests/support/diff.h"

#include <stdio.h>

#include "runtime/shape.h"
#include "tests/support/gen.h"

/* --- rules ------------------------------------------------------------------------------------------------- */

/* The rules once more, without the last pass: simplifying must not change what they mean. */
static void lower_again(DiffRules *d) {
  Compiler *c = &d->compiler;
  Diags unheard = {.arena = &d->arena};
  Passes passes;
  passes_init(&passes, &c->vars, &d->arena, &unheard);
  d->unsimplified = arena_array(&d->arena, IrRule, c->ir.n);
  if (c->pipelines) return; /* they change what a rule says */
  for (uint32_t i = 0; i < c->ir.n; i++) {
    IrRule ir;
    budget_open(&passes.budget, c->ir.p[i].rule->at, c->ir.p[i].rule->at.end - c->ir.p[i].rule->at.start);
    const Rule *rule = c->ir.p[i].rule;
    if (lower_rule(&ir, rule, &passes) && expand_rule(&ir, &passes) && filters_apply(c->filter_pass, rule, &ir, &passes))
      d->unsimplified[i] = ir;
  }
}

static bool make_trees(DiffRules *d) {
  d->trees = arena_array(&d->arena, TreeNode *, d->program->n_RULES);
  for (uint32_t i = 0; i < d->program->n_RULES; i++) {
    d->trees[i] = tree_of_rule(d->program, i, &d->arena);
    if (d->trees[i]->kind == TREE_FLAT) return false;
  }
  return true;
}

void diff_begin(DiffRules *d) {
  *d = (DiffRules){0};
  compiler_init(&d->compiler, &d->arena);
  d->compiler.keep_ir = true;
}

const char *diff_ready(DiffRules *d, DiffStats *stats) {
  Str image = compiler_finish(&d->compiler);
  ImageError *error = arena_new(&d->arena, ImageError);
  d->program = program_open(image, &d->arena, error);
  if (!d->program) return error->message;
  lower_again(d);
  vm_init(&d->vm, d->program, &d->arena, &d->scratch);
  scanner_init(&d->scanner, d->program, &d->arena);
  scanner_init(&d->every, d->program, &d->arena);
  scanner_set_index(&d->every, false);
  d->scanned = arena_array(&d->arena, uint8_t, d->program->n_RULES);
  d->ran = arena_array(&d->arena, uint8_t, d->program->n_RULES);
  stats->rules += d->compiler.ir.n;
  stats->refused += d->compiler.refused;
  if (d->program->n_RULES != d->compiler.ir.n) return "not one rule of the image per frozen rule";
  return make_trees(d) ? NULL : "code of the compiler that is no tree";
}

const char *diff_open(DiffRules *d, Str rules, const char *const *vars, DiffStats *stats) {
  diff_begin(d);
  for (; vars && *vars; vars++) vars_assign(&d->compiler.vars, str_of(*vars), &d->arena);
  compiler_add(&d->compiler, STR("rules.yml"), rules);
  return diff_ready(d, stats);
}

void diff_close(DiffRules *d) {
  if (d->program) {
    scanner_free(&d->scanner);
    scanner_free(&d->every);
  }
  arena_free(&d->scratch);
  arena_free(&d->arena);
}

/* --- one event --------------------------------------------------------------------------------------------- */

static void note_match(void *matched, uint32_t rule) { ((uint8_t *)matched)[rule] = 1; }

static bool scan(const DiffRules *d, Scanner *s, uint8_t *matched, Str event, JsonError *error) {
  memset(matched, 0, d->program->n_RULES);
  return scan_text(s, event, note_match, matched, error);
}

/* Searches that hit the match limit, in all machines. */
static uint64_t limit_hits(const DiffRules *d) {
  uint64_t n = 0;
  for (uint32_t i = 0; i < d->program->n_TESTS; i++)
    n += d->vm.limit_hits[i] + d->scanner.vm.limit_hits[i] + d->every.vm.limit_hits[i];
  return n;
}

static void print_mismatch(const DiffRules *d, uint32_t rule, Str event, const Verdicts *v) {
  Buf tree = {0};
  ir_print(&tree, d->compiler.ir.p[rule].root);
  fprintf(stderr,
          "\nMISMATCH: referee %d, before simplify %d, plain %d, fused %d, tree %d, by witness %d, scanner %d\nrule %u \"" STR_FMT
          "\"\n" STR_FMT "\nevent: " STR_FMT "\n",
          v->referee, v->unsimplified, v->plain, v->fused, v->tree, v->witnessed, v->scanned, rule,
          STR_ARG(d->compiler.ir.p[rule].rule->title.text), STR_ARG(tree), STR_ARG(event));
  buf_free(&tree);
}

static bool witness_holds(Vm *vm, uint32_t rule) {
  ListRef w = vm->program->RULES[rule].witness;
  for (uint32_t i = 0; i < w.n; i++) {
    const PredRec *pred = &vm->program->PREDS[vm->program->WITNESSES[w.first + i]];
    if (pred_holds(vm, pred->field, pred->test)) return true;
  }
  return !w.n;
}

static Verdicts judge(DiffRules *d, uint32_t rule, const Value *event, OracleNotes *notes) {
  OracleNotes again = {0};
  const IrRule *before = &d->unsimplified[rule];
  Verdicts v = {.referee = oracle_matches(&d->compiler.ir.p[rule], event, notes)};
  v.unsimplified = before->root ? oracle_matches(before, event, &again) : v.referee;
  v.plain = vm_run(&d->vm, rule, CODE_PLAIN);
  v.fused = vm_run(&d->vm, rule, CODE_FUSED);
  v.tree = tree_eval(d->trees[rule], &d->vm, rule);
  v.witnessed = witness_holds(&d->vm, rule) && v.fused;
  v.scanned = d->scanned[rule];
  v.ran = d->ran[rule];
  notes->undecided += again.undecided;
  notes->faults += again.faults;
  return v;
}

bool diff_event(DiffRules *d, Str event, Verdicts *verdicts, DiffStats *stats) {
  JsonError error;
  bool agree = true;
  uint64_t hits = limit_hits(d);
  if (!scan(d, &d->scanner, d->scanned, event, &error) || !scan(d, &d->every, d->ran, event, &error)) {
    fprintf(stderr, "\nnot an event: %s at byte %zu: " STR_FMT "\n", error.message, error.offset, STR_ARG(event));
    return false;
  }
  arena_reset(&d->scratch);
  Value *root = event_json_read(event, &d->scratch, &error);
  keys_number(d->scanner.vm.keys, root);
  if (d->scanner.shaper) root = event_shape(d->scanner.shaper, root, &d->scratch);
  vm_event(&d->vm, root);
  for (uint32_t i = 0; i < d->program->n_RULES; i++) {
    uint64_t undecided = stats->notes.undecided;
    Verdicts v = judge(d, i, root, &stats->notes);
    if (verdicts) verdicts[i] = v;
    stats->pairs++;
    stats->matches += v.referee;
    if (verdicts_agree(&v)) continue;
    if (stats->notes.undecided != undecided || limit_hits(d) != hits) {
      stats->undecided++;
      continue;
    }
    agree = false;
    stats->mismatches++;
    if (!d->quiet) print_mismatch(d, i, event, &v);
  }
  return agree;
}

/* --- shrinking --------------------------------------------------------------------------------------------- */

/* Whether some rule of the text still has a mismatch on the event. */
static bool still_differs(Str rules, const char *const *vars, Str event) {
  DiffRules d;
  DiffStats stats = {0};
  bool differs = false;
  if (!diff_open(&d, rules, vars, &stats)) {
    d.quiet = true;
    diff_event(&d, event, NULL, &stats);
    differs = stats.mismatches > 0;
  }
  diff_close(&d);
  return differs;
}

/* Bytes [from, to) out of a text. */
static Str without(Arena *a, Str s, size_t from, size_t to) {
  return arena_printf(a, STR_FMT STR_FMT, STR_ARG(str_sub(s, 0, from)), STR_ARG(str_from(s, to)));
}

static size_t behind(Str s, char end, size_t i) {
  size_t at = str_find(s, (Str){&end, 1}, i);
  return at == SIZE_MAX ? s.n : at + 1;
}

/* Drops runs of `run` pieces, each up to its `end`, wherever there is still a mismatch without them. */
static Str fewer(Arena *a, Str rules, char end, int run, const char *const *vars, Str event) {
  for (size_t i = 0; i < rules.n;) {
    size_t to = i;
    for (int k = 0; k < run; k++) to = behind(rules, end, to);
    Str less = without(a, rules, i, to);
    if (still_differs(less, vars, event)) rules = less;
    else i = behind(rules, end, i);
  }
  return rules;
}

/* Lines, and words of what is left. */
static Str shrunk_rules(Arena *a, Str rules, const char *const *vars, Str event) {
  for (size_t before = SIZE_MAX; rules.n < before;) {
    before = rules.n;
    for (int run = 16; run > 0; run /= 2) rules = fewer(a, rules, '\n', run, vars, event);
    for (int run = 4; run > 0; run /= 2) rules = fewer(a, rules, ' ', run, vars, event);
  }
  return rules;
}

typedef enum { SHRINK_DROP, SHRINK_FRONT, SHRINK_BACK, SHRINK_WAYS } ShrinkWay;

/* The half of a text from or up to the middle, between characters. */
static Str half(Str s, ShrinkWay way) {
  size_t middle = s.n / 2;
  while (middle < s.n && ((unsigned char)s.p[middle] & 0xC0) == 0x80) middle++;
  return way == SHRINK_FRONT ? str_from(s, middle) : str_sub(s, 0, middle);
}

/* Makes value number *n below v smaller; counts *n down on the way to it. False where that value is not there, or
 * cannot be made smaller so. */
static bool shrink_value(Value *v, unsigned *n, ShrinkWay way) {
  for (Value **at = &v->first; *at; at = &(*at)->next) {
    if ((*n)-- == 0) {
      Value *it = *at;
      if (way == SHRINK_DROP) *at = it->next;
      else if (it->kind == VALUE_TEXT && it->text.n > 1) it->text = half(it->text, way);
      else return false;
      return true;
    }
    if (shrink_value(*at, n, way)) return true;
    if (*n == UINT32_MAX) return false;
  }
  return false;
}

static unsigned count_values(const Value *v) {
  unsigned n = 0;
  for (const Value *e = v->first; e; e = e->next) n += 1 + count_values(e);
  return n;
}

static Str smaller_event(Arena *a, Str event, unsigned n, ShrinkWay way) {
  JsonError error;
  Buf out = {0};
  Value *root = event_json_read(event, a, &error);
  if (!root || !shrink_value(root, &n, way)) return event;
  gen_print_value(&out, root);
  event = arena_dup(a, buf_view(&out));
  buf_free(&out);
  return event;
}

static Str shrunk_event(Arena *a, Str rules, const char *const *vars, Str event) {
  JsonError error;
  for (bool again = true; again;) {
    again = false;
    Value *root = event_json_read(event, a, &error);
    for (unsigned n = root ? count_values(root) : 0; n-- > 0;) {
      for (int way = 0; way < SHRINK_WAYS; way++) {
        Str less = smaller_event(a, event, n, (ShrinkWay)way);
        if (less.n >= event.n || !still_differs(rules, vars, less)) continue;
        event = less;
        again = true;
        break;
      }
    }
  }
  return event;
}

void diff_shrink(Str rules, const char *const *vars, Str event) {
  Arena a = {0};
  rules = shrunk_rules(&a, rules, vars, event);
  event = shrunk_event(&a, rules, vars, event);
  rules = shrunk_rules(&a, rules, vars, event);
  fprintf(stderr, "\nSMALLEST:\n" STR_FMT "\n" STR_FMT "\n", STR_ARG(rules), STR_ARG(event));
  arena_free(&a);
}

/* --- rounds ------------------------------------------------------------------------------------------------ */

/* Most rounds are small; in some, rules are many, so that they share much. */
enum { FEW_RULES = 4, MANY_RULES = 40, EVENTS = 10 };

bool diff_round(uint64_t seed, DiffStats *stats) {
  Arena a = {0};
  Gen g = gen_seeded(seed);
  DiffRules d;
  Buf rules = {0};
  bool agree = true;
  uint32_t n = gen_chance(&g, 1) ? MANY_RULES : 1 + gen_below(&g, FEW_RULES);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_str(&rules, STR("---\n"));
    buf_str(&rules, gen_rule(&g, &a, i));
  }
  for (uint32_t i = gen_chance(&g, 25) ? 1 + gen_below(&g, 2) : 0; i > 0; i--) {
    buf_str(&rules, STR("---\n"));
    buf_str(&rules, gen_filter(&g, &a, i));
  }
  const char *wrong = diff_open(&d, buf_view(&rules), gen_vars, stats);
  if (wrong) fprintf(stderr, "\nimage refused: %s\n", wrong);
  for (int i = 0; i < EVENTS && !wrong && agree && d.compiler.ir.n; i++) {
    Str event = gen_event(&g, &a, d.compiler.ir.p, d.compiler.ir.n);
    if (gen_chance(&g, 30)) event = gen_respell(&g, &a, event);
    agree = diff_event(&d, event, NULL, stats);
    if (!agree) diff_shrink(buf_view(&rules), gen_vars, event);
  }
  if (!agree || wrong) fprintf(stderr, "seed %llu, rules:\n" STR_FMT "\n", (unsigned long long)seed, STR_ARG(buf_view(&rules)));
  diff_close(&d);
  buf_free(&rules);
  arena_free(&a);
  return agree && !wrong;
}

static double percent(uint64_t part, uint64_t whole) { return whole ? 100.0 * (double)part / (double)whole : 0.0; }

void diff_print_stats(const DiffStats *s) {
  fprintf(stderr, "%llu rules (%llu refused), %llu pairs, %.1f %% match, %llu undecided, %llu mismatches\n",
          (unsigned long long)s->rules, (unsigned long long)s->refused, (unsigned long long)s->pairs, percent(s->matches, s->pairs),
          (unsigned long long)s->undecided, (unsigned long long)s->mismatches);
  for (int k = 0; k < PRED_COUNT; k++) {
    uint64_t all = s->notes.tests[k][0] + s->notes.tests[k][1];
    fprintf(stderr, "  %-9s %9llu tests, %5.1f %% hold\n", pred_info[k].name, (unsigned long long)all,
            percent(s->notes.tests[k][1], all));
  }
}

/* SPDX-License-Identifier: MIT */
#include "tests/support/anchor_check.h"

#include <stdio.h>

#include "base/utf8.h"
#include "tests/support/regex_gen.h"

/* --- form ---------------------------------------------------------------------------------------------------- */

static bool form_fails(const Program *p, uint32_t test, const char *what) {
  fprintf(stderr, "anchors of test %u (%s \"" STR_FMT "\"): %s\n", test, pred_info[p->TESTS[test].kind].name,
          STR_ARG(program_str(p, p->TESTS[test].text)), what);
  return false;
}

static const char *wrong_anchor(const Anchor *x, Arena *a) {
  if (x->kind == ANCHOR_PRESENT) return x->text.n ? "a text that is not looked for" : NULL;
  if (!x->text.n) return "an empty text";
  if (!utf8_valid(x->text)) return "a part of a character";
  return str_eq(fold_text(a, x->text), x->text) ? NULL : "a text that is not folded";
}

bool anchor_check_form(const Program *p, uint32_t test, Arena *a) {
  const TestRec *t = &p->TESTS[test];
  AnchorSets sets = anchors_all(p, test, a);
  Anchors first = anchors_of(p, test, a);
  bool none = t->kind == PRED_IS_NULL || (t->kind == PRED_EXISTS && !t->a);
  if (none) return (!sets.n && !first.n) || form_fails(p, test, "it holds for absent fields");
  if (!sets.n || sets.n > MOST_ANCHOR_SETS || sets.p[0].n != first.n) return form_fails(p, test, "sets");
  for (uint32_t i = 0; i < sets.n; i++) {
    if (!sets.p[i].n || sets.p[i].n > MOST_ANCHORS) return form_fails(p, test, "number of anchors");
    for (uint32_t k = 0; k < sets.p[i].n; k++) {
      const char *wrong = wrong_anchor(&sets.p[i].p[k], a);
      if (wrong) return form_fails(p, test, wrong);
    }
  }
  return true;
}

/* --- texts near an operand ----------------------------------------------------------------------------------- */

static const char *const bits[] = {"",
                                   "",
                                   "",
                                   " ",
                                   "x",
                                   "K",
                                   "s",
                                   "\xC3\xA9",
                                   "\xCE\xA3",
                                   "\n",
                                   "*",
                                   "\\",
                                   "-",
                                   "\xE2\x80\x93",
                                   "\xE2\x84\xAA",
                                   "1",
                                   "\xC5\xBF",
                                   "?",
                                   "\xC8\xBA",
                                   "\xF0\x9F\x98\x80"};

static void put_bits(Gen *g, Buf *out) {
  if (gen_chance(g, 2)) buf_char(out, '\0');
  if (gen_chance(g, 1))
    for (int i = 0; i < 3000; i++) buf_str(out, STR("Long "));
  for (uint32_t n = gen_below(g, 3); n; n--) buf_str(out, str_of(GEN_PICK(g, bits)));
}

static void put_parts(Gen *g, Buf *out, const Program *p, const TestRec *t) {
  for (uint32_t i = 0; i < t->b; i++) {
    const PartRec *part = &p->PARTS[t->a + i];
    if (part->kind == PART_LITERAL) buf_str(out, program_str(p, part->text));
    else if (part->kind == PART_ANY) put_bits(g, out);
    else if (part->kind == PART_ONE) buf_str(out, str_of(GEN_PICK(g, bits)));
    else buf_str(out, GEN_PICK(g, dash_variants));
  }
}

static void put_regex(Gen *g, Buf *out, const Program *p, const TestRec *t, Arena *a) {
  RegexTree tree;
  Str pattern = program_str(p, t->text);
  if (regex_parse(&tree, pattern, t->a, a)) regex_gen_text(g, out, tree.root);
  else buf_str(out, gen_regex_subject(g, pattern));
}

static void put_number(Gen *g, Buf *out, Str number) {
  static const char *const tails[] = {"", "", "", ".0", "e0", ".00E+0", "0", "e1", ".5"};
  buf_str(out, number);
  buf_str(out, str_of(GEN_PICK(g, tails)));
}

static void put_near(Gen *g, Buf *out, const Program *p, const TestRec *t, Arena *a) {
  switch ((PredKind)t->kind) {
  case PRED_GLOB: put_parts(g, out, p, t); return;
  case PRED_RE: put_regex(g, out, p, t, a); return;
  case PRED_NUMBER:
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE: put_number(g, out, program_str(p, t->text)); return;
  case PRED_BOOL: buf_str(out, t->a ? STR("true") : STR("false")); return;
  case PRED_EQ:
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS:
  case PRED_TIME:
  case PRED_CIDR:
  case PRED_IS_NULL:
  case PRED_EXISTS:
  case PRED_FIELDREF:
  case PRED_COUNT: break;
  }
  Str text = program_str(p, t->text);
  if (utf8_valid(text)) buf_str(out, text);
}

/* Other letters that fold to the same, or that some other folding takes for the same. */
static uint32_t other_letter(Gen *g, uint32_t cp) {
  uint32_t same[4];
  if (gen_chance(g, 60)) return cp;
  if ((cp | 0x20) == 'k' && gen_chance(g, 20)) return 0x212A;
  if ((cp | 0x20) == 's' && gen_chance(g, 20)) return 0x17F;
  return same[gen_below(g, fold_class(cp, same))];
}

static Str changed(Gen *g, Str s, Arena *a) {
  Buf out = {.arena = a};
  bool letters = gen_chance(g, 40);
  size_t drop = gen_chance(g, 10) && s.n ? gen_below(g, (uint32_t)s.n) : SIZE_MAX;
  uint32_t cp;
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n)
    if (drop < i || drop >= i + n) gen_put(&out, letters ? other_letter(g, cp) : cp);
  return buf_view(&out);
}

static ValueKind kind_of(Gen *g, Str text) {
  Decimal d;
  if (decimal_parse(&d, text) && gen_chance(g, 60)) return VALUE_NUMBER;
  if ((str_is(text, "true") || str_is(text, "false")) && gen_chance(g, 60)) return VALUE_BOOL;
  return gen_chance(g, 1) ? VALUE_NULL : VALUE_TEXT;
}

static Value *near_value(Gen *g, const Program *p, const TestRec *t, Arena *a) {
  Buf out = {.arena = a};
  if (gen_chance(g, 25)) put_bits(g, &out);
  if (!gen_chance(g, 4)) put_near(g, &out, p, t, a);
  if (gen_chance(g, 25)) put_bits(g, &out);
  Value *v = arena_new(a, Value);
  v->text = changed(g, buf_view(&out), a);
  v->kind = kind_of(g, v->text);
  return v;
}

/* --- judging ------------------------------------------------------------------------------------------------- */

static bool set_fits(Anchors set, Value *v, Arena *a) {
  for (uint32_t i = 0; i < set.n; i++)
    if (anchor_fits(&set.p[i], v, a)) return true;
  return false;
}

/* As the index will look numbers up. */
static bool hash_agrees(Anchors set, const Value *v, Arena *a) {
  for (uint32_t i = 0; i < set.n && v->kind == VALUE_NUMBER; i++) {
    Value number = {.kind = VALUE_NUMBER, .text = v->text};
    bool fits = set.p[i].kind == ANCHOR_NUMBER && anchor_fits(&set.p[i], &number, a);
    if (fits && anchor_number_hash(set.p[i].text) != anchor_number_hash(v->text)) return false;
  }
  return true;
}

static bool value_fails(const Program *p, uint32_t test, Anchors set, const Value *v) {
  const TestRec *t = &p->TESTS[test];
  fprintf(stderr, "test %u (%s \"" STR_FMT "\", flags %u) holds for \"" STR_FMT "\", which fits no anchor of\n", test,
          pred_info[t->kind].name, STR_ARG(program_str(p, t->text)), t->a, STR_ARG(v->text));
  for (uint32_t i = 0; i < set.n; i++) fprintf(stderr, "  %d \"" STR_FMT "\"\n", set.p[i].kind, STR_ARG(set.p[i].text));
  return false;
}

bool anchor_check_value(Vm *vm, uint32_t test, AnchorSets sets, Value *v, AnchorStats *stats) {
  bool holds = pred_holds_value(vm, test, v), fits = true;
  stats->values++;
  stats->held += holds;
  for (uint32_t i = 0; i < sets.n; i++) {
    bool one = set_fits(sets.p[i], v, vm->scratch);
    fits = fits && one;
    if ((holds && !one) || !hash_agrees(sets.p[i], v, vm->scratch)) return value_fails(vm->program, test, sets.p[i], v);
  }
  stats->rejected += !fits;
  return true;
}

bool anchor_check_values(Gen *g, Vm *vm, uint32_t test, unsigned values, AnchorStats *stats) {
  Arena a = {0};
  bool good = true;
  AnchorSets sets = anchors_all(vm->program, test, &a);
  for (unsigned i = 0; i < values && good && sets.n; i++) {
    arena_reset(vm->scratch);
    good = anchor_check_value(vm, test, sets, near_value(g, vm->program, &vm->program->TESTS[test], vm->scratch), stats);
  }
  arena_free(&a);
  return good;
}

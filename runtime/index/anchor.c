/* SPDX-License-Identifier: MIT */
#include "runtime/index/anchor.h"

#include "base/utf8.h"
#include "runtime/index/anchor_regex.h"

/* --- sets of one --------------------------------------------------------------------------------------------- */

static AnchorSets one_set(const Anchor *anchor, Arena *a) {
  Anchors *set = arena_new(a, Anchors);
  *set = (Anchors){anchor, 1};
  return (AnchorSets){set, 1};
}

/* ANCHOR_PRESENT for an empty text. */
static AnchorSets one_anchor(AnchorKind kind, Str text, Arena *a) {
  Anchor *anchor = arena_new(a, Anchor);
  if (text.n) *anchor = (Anchor){kind, text};
  return one_set(anchor, a);
}

/* --- by kind of test ----------------------------------------------------------------------------------------- */

/* ASCII without capital letters, as nearly all are: well-formed, and folded. */
static bool is_folded_ascii(Str text) {
  bool plain = true;
  for (size_t i = 0; i < text.n; i++) plain &= (unsigned char)text.p[i] < 0x80 && (text.p[i] < 'A' || text.p[i] > 'Z');
  return plain;
}

/* Values are well-formed: a text that is not so, which no compiler writes, could only be part of a character in them. What is
 * found letter by letter is found when both are folded, since folding goes by characters. */
static AnchorSets anchors_text(AnchorKind kind, const TestRec *t, Str text, Arena *a) {
  if (is_folded_ascii(text)) return one_anchor(kind, text, a);
  if (!utf8_valid(text)) return one_anchor(ANCHOR_PRESENT, STR(""), a);
  Str folded = fold_text(a, text);
  if (!t->cased && !str_eq(folded, text)) return one_anchor(ANCHOR_PRESENT, STR(""), a); /* it never holds */
  return one_anchor(kind, folded, a);
}

/* One of the dashes. None of them has another letter case. */
static void add_dash(AnchorRun *r) {
  Piece dashes[DASH_VARIANTS];
  for (int i = 0; i < DASH_VARIANTS; i++) dashes[i] = (Piece){.text = dash_variants[i]};
  run_add(r, (Pieces){dashes, DASH_VARIANTS});
}

static void add_parts(AnchorRun *r, const Program *p, const TestRec *t, Arena *scratch) {
  run_add_border(r, true);
  for (uint32_t i = 0; i < t->b; i++) {
    const PartRec *part = &p->PARTS[t->a + i];
    switch ((PartKind)part->kind) {
    case PART_LITERAL: run_add_text(r, fold_text(scratch, program_str(p, part->text))); break;
    case PART_DASH: add_dash(r); break;
    case PART_ANY:
    case PART_ONE:
    case PART_COUNT: run_break(r); break;
    }
  }
  run_add_border(r, false);
}

static AnchorSets anchors_pattern(const Program *p, const TestRec *t, Arena *a) {
  Arena *scratch = arena_sub(a);
  AnchorRun *r = arena_new(scratch, AnchorRun);
  run_begin(r, scratch);
  if (t->kind == PRED_GLOB) add_parts(r, p, t, scratch);
  else anchor_regex(r, program_str(p, t->text), t->a);
  AnchorSets sets = run_done(r, a);
  arena_sub_done(scratch);
  return sets;
}

static bool canonical(Str *out, Str text, Arena *scratch) {
  return decimal_canonical_int(out, text, scratch) || decimal_canonical_float(out, text, scratch);
}

/* The number of a test is in canonical form, unless no compiler wrote it. */
static AnchorSets anchors_number(Str text, Arena *a) {
  Str out;
  Arena *scratch = arena_sub(a);
  bool good = canonical(&out, text, scratch) && str_eq(out, text) && str_eq(fold_text(scratch, text), text);
  arena_sub_done(scratch);
  return one_anchor(ANCHOR_NUMBER, good ? text : STR(""), a);
}

AnchorSets anchors_all(const Program *p, uint32_t test, Arena *a) {
  const TestRec *t = &p->TESTS[test];
  switch ((PredKind)t->kind) {
  case PRED_EQ: return anchors_text(ANCHOR_WHOLE, t, program_str(p, t->text), a);
  case PRED_PREFIX: return anchors_text(ANCHOR_PREFIX, t, program_str(p, t->text), a);
  case PRED_SUFFIX: return anchors_text(ANCHOR_SUFFIX, t, program_str(p, t->text), a);
  case PRED_CONTAINS: return anchors_text(ANCHOR_INSIDE, t, program_str(p, t->text), a);
  case PRED_GLOB:
  case PRED_RE: return anchors_pattern(p, t, a);
  case PRED_NUMBER: return anchors_number(program_str(p, t->text), a);
  case PRED_BOOL: return one_anchor(ANCHOR_WHOLE, t->a ? STR("true") : STR("false"), a);
  case PRED_IS_NULL: return (AnchorSets){NULL, 0};
  case PRED_EXISTS:
    if (!t->a) return (AnchorSets){NULL, 0};
    break;
  case PRED_CIDR:
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE:
  case PRED_TIME:
  case PRED_FIELDREF:
  case PRED_COUNT: break;
  }
  return one_anchor(ANCHOR_PRESENT, STR(""), a);
}

Anchors anchors_of(const Program *p, uint32_t test, Arena *a) {
  AnchorSets sets = anchors_all(p, test, a);
  return sets.n ? sets.p[0] : (Anchors){NULL, 0};
}

/* --- judging ------------------------------------------------------------------------------------------------- */

static bool number_fits(Str number, const Value *v) {
  Decimal a, b;
  return v->kind == VALUE_NUMBER && decimal_parse(&a, number) && decimal_parse(&b, v->text) && decimal_cmp(&a, &b) == 0;
}

bool anchor_fits(const Anchor *anchor, Value *v, Arena *scratch) {
  if (anchor->kind == ANCHOR_PRESENT) return true;
  if (!value_has_text(v)) return false;
  Str text = value_folded(v, scratch);
  switch (anchor->kind) {
  case ANCHOR_PRESENT: break;
  case ANCHOR_WHOLE: return str_eq(text, anchor->text);
  case ANCHOR_NUMBER: return str_eq(text, anchor->text) || number_fits(anchor->text, v);
  case ANCHOR_PREFIX: return str_starts(text, anchor->text);
  case ANCHOR_SUFFIX: return str_ends(text, anchor->text);
  case ANCHOR_INSIDE: return str_find(text, anchor->text, 0) != SIZE_MAX;
  }
  return true;
}

uint64_t anchor_number_hash(Str number) {
  Decimal d;
  if (!decimal_parse(&d, number) || !d.n) return 0;
  uint64_t h = hash_bytes(HASH_SEED + d.negative, &d.exp, sizeof d.exp);
  for (uint32_t i = 0; i < d.n; i++)
    if (d.p[i] != '.') h = hash_bytes(h, &d.p[i], 1);
  return h;
}

/* SPDX-License-Identifier: MIT */
#include "compiler/parts.h"

#include "compiler/modifiers.h"

typedef VEC(IrNode *) Nodes;
typedef VEC(IrValue) Values;

typedef struct {
  Passes *passes;
  Arena *arena;
  const ModelStep *step;
  const IrNode *node;
  const IrItem *item;
  const IrValue *value; /* at work */
  /* What the alternatives of a value, or of all values where any is enough, become: tests of one part, and others. */
  Values first, last;
  Nodes others;
} Split;

static IrNode *refuse(Split *s, Span at, const char *what) {
  diag_error(s->passes->diags, ID_target_field, at, "`" STR_FMT "` is kept in two fields, `" STR_FMT "` and `" STR_FMT "`: %s",
             STR_ARG(s->item->field), STR_ARG(s->step->first), STR_ARG(s->step->last), what);
  return NULL;
}

static bool pay(Split *s, const IrTest *t) {
  return budget_take(&s->passes->budget, COST_NODE + modifier_cost(t) + sizeof(IrValue) + sizeof(IrItem));
}

static void add_value(Split *s, Values *to, const IrTest *test) {
  IrValue *v = vec_add(s->arena, to);
  *v = *s->value;
  v->alts = arena_new(s->arena, IrTest);
  v->n_alts = 1;
  *v->alts = *test;
}

/* An item on one of the parts. */
static IrNode *part_node(Split *s, Str field, Values values) {
  IrItem *item = arena_new(s->arena, IrItem);
  *item = (IrItem){
    .field = field, .at = s->item->at, .field_at = s->item->field_at, .values = values.p, .n_values = values.n, .settled = true};
  IrNode *n = ir_item(s->arena, s->node->at, item);
  n->selection = s->node->selection;
  return n;
}

static IrNode *join(Split *s, IrKind kind, Nodes kids) {
  IrNode *n = ir_join(s->arena, s->node->at, kind, kids.p, kids.n);
  n->selection = s->node->selection;
  return n;
}

/* --- patterns -------------------------------------------------------------------------------------------------- */

/* Says nothing of a part that is there. */
static bool is_open(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind != PAT_ANY) return false;
  return p->n > 0;
}

static void add_pair(Split *s, const IrTest *test, Pattern left, Pattern right) {
  IrTest x = *test, y = *test;
  x.pattern = left;
  y.pattern = right;
  if (!pay(s, &x) || !pay(s, &y)) return;
  if (is_open(&left)) { /* where the whole is there, both are: the last part tells */
    add_value(s, &s->last, &y);
    return;
  }
  if (is_open(&right)) {
    add_value(s, &s->first, &x);
    return;
  }
  Values one = {0}, two = {0};
  Nodes both = {0};
  add_value(s, &one, &x);
  add_value(s, &two, &y);
  *vec_add(s->arena, &both) = part_node(s, s->step->first, one);
  *vec_add(s->arena, &both) = part_node(s, s->step->last, two);
  *vec_add(s->arena, &s->others) = join(s, IR_AND, both);
}

typedef struct {
  uint32_t n, part; /* how many, and the part that has the first ... */
  size_t at;        /* ... and where in it */
} Literals;

static Literals find_literals(const Pattern *p, char by) {
  Literals l = {0};
  for (uint32_t i = 0; i < p->n; i++)
    for (size_t k = 0; p->p[i].kind == PAT_LITERAL && k < p->p[i].text.n; k++) {
      if (p->p[i].text.p[k] != by) continue;
      if (!l.n++) {
        l.part = i;
        l.at = k;
      }
    }
  return l;
}

static void split_literal(Split *s, const IrTest *t, Literals l) {
  const Pattern *p = &t->pattern;
  Str text = p->p[l.part].text;
  PatPart before = {PAT_LITERAL, str_sub(text, 0, l.at)}, after = {PAT_LITERAL, str_from(text, l.at + 1)};
  Pattern left = pattern_join(s->arena, (Pattern){p->p, l.part}, pattern_of(s->arena, &before, 1));
  Pattern right = pattern_join(s->arena, pattern_of(s->arena, &after, 1), (Pattern){p->p + l.part + 1, p->n - l.part - 1});
  add_pair(s, t, left, right);
}

/* The pieces share their parts with the pattern: `*` stays on both sides, `?` on neither. */
static void split_wildcards(Split *s, const IrTest *t) {
  const Pattern *p = &t->pattern;
  for (uint32_t i = 0; i < p->n && !s->passes->budget.told; i++) {
    PatKind kind = p->p[i].kind;
    if (kind != PAT_ANY && kind != PAT_ONE) continue;
    if (kind == PAT_ANY && i && p->p[i - 1].kind == PAT_ANY) continue; /* `**` is `*` */
    uint32_t star = kind == PAT_ANY;
    add_pair(s, t, (Pattern){p->p, i + star}, (Pattern){p->p + i + 1 - star, p->n - i - 1 + star});
  }
}

static bool has_dash(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind == PAT_DASH) return true;
  return false;
}

static bool split_pattern(Split *s, const IrTest *t) {
  Literals l = find_literals(&t->pattern, s->step->by);
  if (!budget_take(&s->passes->budget, modifier_cost(t))) return false;
  if (has_dash(&t->pattern) && (s->step->by == '-' || s->step->by == '/'))
    return refuse(s, s->value->at, "a dash may be what stands between them"), false;
  if (l.n > 1) return refuse(s, s->value->at, "the value has what stands between them more than once"), false;
  if (l.n) split_literal(s, t, l);
  else split_wildcards(s, t);
  return !s->passes->budget.told;
}

/* --- items ----------------------------------------------------------------------------------------------------- */

static bool split_test(Split *s, const IrTest *t) {
  switch (t->pred) {
  case PRED_EQ:
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS: break; /* not before the last pass */
  case PRED_GLOB: return split_pattern(s, t);
  case PRED_IS_NULL:
  case PRED_EXISTS: add_value(s, &s->last, t); return pay(s, t);
  case PRED_NUMBER:
  case PRED_BOOL: return true; /* a number is no text with such a character in it: it never holds */
  case PRED_RE: return refuse(s, s->value->at, "a regular expression cannot be split between them"), false;
  case PRED_CIDR:
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE:
  case PRED_TIME:
  case PRED_FIELDREF: return refuse(s, s->value->at, "only texts can be tested"), false;
  case PRED_COUNT: break;
  }
  return false;
}

/* What the alternatives so far are, by or. */
static IrNode *collect(Split *s) {
  Nodes kids = {0};
  if (s->first.n) *vec_add(s->arena, &kids) = part_node(s, s->step->first, s->first);
  if (s->last.n) *vec_add(s->arena, &kids) = part_node(s, s->step->last, s->last);
  for (uint32_t i = 0; i < s->others.n; i++) *vec_add(s->arena, &kids) = s->others.p[i];
  s->first = s->last = (Values){0};
  s->others = (Nodes){0};
  if (kids.n) return join(s, IR_OR, kids);
  IrNode *never = ir_const(s->arena, s->node->at, false);
  never->selection = s->node->selection;
  return never;
}

IrNode *parts_rewrite(const IrNode *node, const ModelStep *step, Passes *passes) {
  Split s = {.passes = passes, .arena = passes->arena, .step = step, .node = node, .item = node->item};
  Nodes all = {0};
  bool ok = true;
  for (uint32_t i = 0; i < s.item->n_values; i++) {
    s.value = &s.item->values[i];
    for (uint32_t k = 0; k < s.value->n_alts; k++) ok = split_test(&s, &s.value->alts[k]) && ok;
    if (passes->budget.told) return NULL;
    if (s.item->all) *vec_add(s.arena, &all) = collect(&s);
  }
  if (!ok) return NULL;
  return s.item->all ? join(&s, IR_AND, all) : collect(&s);
}

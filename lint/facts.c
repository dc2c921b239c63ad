/* SPDX-License-Identifier: MIT
 * Trees. Every question is one: that no event satisfies some parts of trees together, each as it is or negated (`a` implies `b` where no
 * event satisfies `a` and not `b`). Parts that all must hold are taken apart down to tests; two of these that contradict each other
 * are the proof. Of a part that holds if one of its kids does, the kids that contradict a test fall away; where several are left, each is
 * tried. */
#include "lint/facts.h"

#include "lint/facts_internal.h"

enum { BUDGET = 400000, MOST_TRIALS_DEEP = 24 };

void facts_init(Facts *f, Arena *arena, const LintSources *sources, const Rule *rule) {
  *f = (Facts){.arena = arena, .budget = BUDGET, .row = lint_source_find(sources, &rule->logsource)};
}

/* What each event of Windows has once, whoever writes it. */
static bool of_every_event(const LintSource *row, Str field) {
  static const char *const names[] = {"EventID", "Channel", "Provider_Name", "Computer"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_is(field, names[i])) return !strcmp(row->product, "windows");
  return false;
}

/* Events of these systems are flat; what a table of another one lists may hold lists. */
bool facts_single(const Facts *f, const IrItem *item) {
  static const char *const flat[] = {"windows", "linux", "macos"};
  if (item->any_field) return false;
  if (f->all_single) return true;
  if (!f->row) return false;
  if (of_every_event(f->row, item->field)) return true;
  for (size_t i = 0; i < sizeof flat / sizeof *flat; i++)
    if (!strcmp(f->row->product, flat[i]))
      return lint_names_have(&f->row->fields, item->field) || lint_names_have(&f->row->redundant, item->field);
  return false;
}

/* --- parts of trees -------------------------------------------------------------------------------------------------- */

/* A node; or an item; or a value of one with its alternatives; or a test. */
typedef struct {
  const IrNode *node;
  const IrItem *item;
  const IrValue *value;
  const IrTest *test;
  bool negated;
  bool goal; /* of what is to be shown */
} Part;

typedef enum { FORM_TRUE, FORM_FALSE, FORM_LEAF, FORM_ALL, FORM_SOME } Form;

static Part part_of_test(const IrItem *item, const IrTest *t, bool negated) {
  static const IrTest exists[] = {{.pred = PRED_EXISTS}, {.pred = PRED_EXISTS, .truth = true}};
  if (t->pred == PRED_EXISTS) return (Part){.item = item, .test = &exists[t->truth != negated]};
  return (Part){.item = item, .test = t, .negated = negated};
}

static Part part_of_value(const IrItem *item, const IrValue *v, bool negated) {
  if (v->n_alts == 1) return part_of_test(item, &v->alts[0], negated);
  return (Part){.item = item, .value = v, .negated = negated};
}

static Part part_of_node(const IrNode *n, bool negated) {
  while (n->kind == IR_NOT || ((n->kind == IR_AND || n->kind == IR_OR) && n->n_kids == 1)) {
    negated ^= n->kind == IR_NOT;
    n = n->kids[0];
  }
  if (n->kind != IR_ITEM) return (Part){.node = n, .negated = negated};
  if (n->item->n_values == 1 && !n->item->open) return part_of_value(n->item, &n->item->values[0], negated);
  return (Part){.item = n->item, .negated = negated};
}

static Form form_of(const Part *p) {
  if (p->test || (!p->node && !p->value && p->item->open)) return FORM_LEAF;
  if (p->node && p->node->kind == IR_CONST) return p->node->truth != p->negated ? FORM_TRUE : FORM_FALSE;
  bool all = p->node ? p->node->kind == IR_AND : !p->value && p->item->all;
  return all != p->negated ? FORM_ALL : FORM_SOME;
}

static uint32_t kids_of(const Part *p) { return p->node ? p->node->n_kids : p->value ? p->value->n_alts : p->item->n_values; }

static Part kid_of(const Part *p, uint32_t i) {
  Part kid = p->node    ? part_of_node(p->node->kids[i], p->negated)
             : p->value ? part_of_test(p->item, &p->value->alts[i], p->negated)
                        : part_of_value(p->item, &p->item->values[i], p->negated);
  kid.goal = p->goal;
  return kid;
}

/* --- proofs ------------------------------------------------------------------------------------------------------------- */

typedef VEC(Part) Parts;

typedef struct {
  Facts *f;
  Arena *arena;
  Parts yes, no; /* tests that hold, and that do not */
  Parts some;    /* of each of these some kid holds */
  unsigned deep;
  bool singles; /* that a field holds one value may be used ... */
  bool used;    /* ... and was */
} Proof;

static bool same_field(const IrItem *x, const IrItem *y) {
  return x == y || (x->any_field == y->any_field && str_eq(x->field, y->field));
}

/* Two tests that hold cannot. Keywords look at all values of an event. */
static bool both_contradict(Proof *p, const Part *x, const Part *y) {
  if (!x->test || !y->test || x->item->any_field) return false;
  Apart apart = facts_test_apart(p->f, x->test, y->test);
  if (apart != APART_VALUE) return apart == APART_FIELD;
  if (!p->singles || !facts_single(p->f, x->item)) return false;
  return p->used = true;
}

static bool contradict(Proof *p, const Part *x, const Part *y) {
  if (x->negated && y->negated) return false;
  if (!same_field(x->item, y->item)) return false;
  if (!x->negated && !y->negated) return both_contradict(p, x, y);
  const Part *yes = x->negated ? y : x, *no = x->negated ? x : y;
  if (!yes->test || !no->test) return yes->item == no->item && !yes->test && !no->test;
  return facts_test_implies(p->f, yes->test, no->test);
}

/* A comparison of names is cheap, and a map may have as many as a file can hold. */
enum { NAMES_FOR_ONE = 64 };

static bool leaf_dead(Proof *p, const Part *leaf) {
  if (!facts_pay(p->f, (p->yes.n + p->no.n) / NAMES_FOR_ONE)) return false;
  for (uint32_t i = 0; i < p->yes.n; i++)
    if (contradict(p, leaf, &p->yes.p[i])) return true;
  for (uint32_t i = 0; !leaf->negated && i < p->no.n; i++)
    if (contradict(p, leaf, &p->no.p[i])) return true;
  return false;
}

/* It cannot hold beside the tests. */
static bool dead(Proof *p, const Part *part) {
  Form form = form_of(part);
  if (form == FORM_TRUE || !facts_pay(p->f, 1)) return false;
  if (form == FORM_LEAF) return leaf_dead(p, part);
  for (uint32_t i = 0; form != FORM_FALSE && i < kids_of(part); i++) {
    Part kid = kid_of(part, i);
    if (dead(p, &kid) == (form == FORM_ALL)) return form == FORM_ALL;
  }
  return form != FORM_ALL;
}

/* The part holds. True: that contradicts what else does. */
static bool enter(Proof *p, const Part *part) {
  Form form = form_of(part);
  if (form == FORM_TRUE || !facts_pay(p->f, 1)) return false;
  if (form == FORM_LEAF) {
    bool closed = leaf_dead(p, part);
    *vec_add(p->arena, part->negated ? &p->no : &p->yes) = *part;
    return closed;
  }
  if (form == FORM_SOME) *vec_add(p->arena, &p->some) = *part;
  for (uint32_t i = 0; form == FORM_ALL && i < kids_of(part); i++) {
    Part kid = kid_of(part, i);
    if (enter(p, &kid)) return true;
  }
  return form == FORM_FALSE;
}

/* How many kids are left, up to two, and the last of these. */
static unsigned kids_left(Proof *p, const Part *part, Part *last) {
  unsigned left = 0;
  for (uint32_t i = 0; left < 2 && i < kids_of(part); i++) {
    Part kid = kid_of(part, i);
    if (dead(p, &kid)) continue;
    *last = kid;
    left++;
  }
  return left;
}

static bool settle(Proof *p);

static bool try_each(Proof *p, uint32_t which) {
  Part part = p->some.p[which];
  uint32_t yes = p->yes.n, no = p->no.n, n = p->some.n - 1;
  p->some.p[which] = p->some.p[n];
  const Part *rest = p->some.p;
  bool closed = p->deep < MOST_TRIALS_DEEP;
  p->deep++;
  for (uint32_t i = 0; closed && i < kids_of(&part); i++) {
    Part kid = kid_of(&part, i);
    p->yes.n = yes;
    p->no.n = no;
    p->some = (Parts){.p = arena_array(p->arena, Part, n + 1), .n = n, .cap = n + 1};
    if (n) memcpy(p->some.p, rest, n * sizeof *rest);
    closed = facts_pay(p->f, 1 + n) && (enter(p, &kid) || settle(p));
  }
  p->deep--;
  return closed;
}

/* Of what is to be shown and what is known the side with fewer choices: it leads to what is needed of the other. On a side what is not so
 * tells most, and then what has few kids. */
static uint32_t choose(const Proof *p) {
  uint32_t goals = 0, best = UINT32_MAX;
  for (uint32_t i = 0; i < p->some.n; i++) goals += p->some.p[i].goal;
  bool goal = goals && 2 * goals <= p->some.n;
  for (uint32_t i = 0; i < p->some.n; i++) {
    const Part *x = &p->some.p[i], *y = &p->some.p[best == UINT32_MAX ? i : best];
    if (x->goal != goal && goals != p->some.n) continue;
    if (best == UINT32_MAX || (x->negated != y->negated ? x->negated : kids_of(x) < kids_of(y))) best = i;
  }
  return best;
}

/* Takes of each that has one kid left that one, until nothing changes. Then one is tried. */
static bool settle(Proof *p) {
  for (uint32_t i = 0; i < p->some.n; i++) {
    Part last;
    unsigned left = kids_left(p, &p->some.p[i], &last);
    if (!left) return p->f->budget > 0;
    if (left > 1) continue;
    p->some.p[i] = vec_last(&p->some);
    p->some.n--;
    if (enter(p, &last)) return true;
    i = UINT32_MAX; /* from the first one again */
  }
  return p->some.n && p->f->budget && try_each(p, choose(p));
}

static bool prove(Facts *f, const Part *parts, uint32_t n, bool singles, bool *used) {
  Proof p = {.f = f, .arena = arena_sub(f->arena), .singles = singles};
  bool closed = false;
  for (uint32_t i = 0; !closed && i < n; i++) closed = enter(&p, &parts[i]);
  closed = (closed || settle(&p)) && f->budget;
  arena_sub_done(p.arena);
  *used = p.used;
  return closed;
}

/* No event satisfies the parts together. What is also true of lists of values is not noted. */
static bool refuted(Facts *f, const Part *parts, uint32_t n) {
  bool used;
  if (!prove(f, parts, n, f->row || f->all_single, &used)) return false;
  if (used) f->used_single |= !prove(f, parts, n, false, &used);
  return true;
}

/* --- questions ---------------------------------------------------------------------------------------------------------- */

bool facts_implies(Facts *f, const IrNode *a, const IrNode *b) {
  Part parts[] = {part_of_node(a, false), part_of_node(b, true)};
  parts[1].goal = true;
  return a == b || refuted(f, parts, 2);
}

bool facts_disjoint(Facts *f, const IrNode *a, const IrNode *b) {
  Part parts[] = {part_of_node(a, false), part_of_node(b, false)};
  return refuted(f, parts, 2);
}

bool facts_never(Facts *f, const IrNode *n) {
  Part part = part_of_node(n, false);
  return refuted(f, &part, 1);
}

bool facts_always(Facts *f, const IrNode *n) {
  Part part = part_of_node(n, true);
  return refuted(f, &part, 1);
}

bool facts_value_implies(Facts *f, const IrItem *item, const IrValue *a, const IrValue *b) {
  if (a == b) return true;
  if (item->open) return false;
  for (uint32_t i = 0; i < a->n_alts; i++) {
    uint32_t k = 0;
    while (k < b->n_alts && !facts_test_implies(f, &a->alts[i], &b->alts[k])) k++;
    if (k == b->n_alts) return false;
  }
  return f->budget > 0;
}

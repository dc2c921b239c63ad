/* SPDX-License-Identifier: MIT */
#include "compiler/filter.h"

#include <stdlib.h>

typedef struct {
  Rule *rule;
  IrNode *root;        /* copied for each rule */
  uint32_t met, taken; /* rules that it is for; those of them that are not refused */
  bool resolved;       /* one of its references is a detection rule */
} OneFilter;

typedef VEC(uint32_t) Numbers;

struct Filters {
  RuleSet *rules;
  Arena *arena;
  VEC(OneFilter) list; /* those that are good, in the order of documents */
  Numbers *of_rule;    /* by number of a rule: filters that name it and cover it */
  Intern keys;         /* log sources of filters for any rule ... */
  VEC(Numbers) of_key; /* ... and these filters */
  Numbers now;         /* of the last rule */
  uint32_t n_rules;    /* detection rules that came by */
};

/* --- which filters are for a rule -------------------------------------------------------------------------- */

enum { PARTS = 3 };

static void parts_of(const Logsource *l, Str parts[PARTS]) {
  parts[0] = l->category.text;
  parts[1] = l->product.text;
  parts[2] = l->service.text;
}

bool filter_covers(const Logsource *filter, const Logsource *rule) {
  Str wanted[PARTS], is[PARTS];
  parts_of(filter, wanted);
  parts_of(rule, is);
  for (int i = 0; i < PARTS; i++)
    if (wanted[i].n && !str_eq_nocase(wanted[i], is[i])) return false;
  return true;
}

/* The parts that `some` has a bit for, in lower case; the text of one is not part of the next, whatever it holds. */
static Str key_of(const Logsource *l, unsigned some, Arena *a) {
  Str parts[PARTS];
  Buf out = {.arena = a};
  parts_of(l, parts);
  for (unsigned i = 0; i < PARTS; i++) {
    bool has = (some >> i & 1) && parts[i].n;
    buf_printf(&out, "%zu:", has ? parts[i].n : 0);
    for (size_t k = 0; has && k < parts[i].n; k++) buf_char(&out, ascii_lower(parts[i].p[k]));
  }
  return buf_view(&out);
}

static unsigned named(const Logsource *l) {
  Str parts[PARTS];
  unsigned some = 0;
  parts_of(l, parts);
  for (unsigned i = 0; i < PARTS; i++) some |= (unsigned)(parts[i].n > 0) << i;
  return some;
}

static int by_number(const void *x, const void *y) {
  uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
  return (a > b) - (a < b);
}

static void add_all(Filters *f, const Numbers *more) {
  for (uint32_t i = 0; i < more->n; i++) *vec_add(f->arena, &f->now) = more->p[i];
}

/* Those that name the rule are each there once. Of those for any rule, a log source is that of the filter where some parts are
 * left out, so that it takes eight questions, however many filters there are. */
static void find_filters(Filters *f, const Rule *rule) {
  unsigned all = named(&rule->logsource);
  Arena *scratch = arena_sub(f->arena);
  f->now.n = 0;
  add_all(f, &f->of_rule[rule - f->rules->list.p]);
  for (unsigned some = 0; f->keys.names.n && some <= all; some++) {
    if (some & ~all) continue;
    uint32_t key = intern_find(&f->keys, key_of(&rule->logsource, some, scratch));
    if (key != INTERN_NONE) add_all(f, &f->of_key.p[key]);
  }
  arena_sub_done(scratch);
  if (f->now.n) qsort(f->now.p, f->now.n, sizeof *f->now.p, by_number);
}

/* --- filters ----------------------------------------------------------------------------------------------- */

static void add_any(Filters *f, uint32_t number) {
  const Logsource *l = &f->list.p[number].rule->logsource;
  uint32_t known = f->keys.names.n, key = intern_id(&f->keys, key_of(l, named(l), f->arena));
  if (key == known) *vec_add(f->arena, &f->of_key) = (Numbers){0};
  *vec_add(f->arena, &f->of_key.p[key]) = number;
}

static void add_named(Filters *f, uint32_t number) {
  OneFilter *one = &f->list.p[number];
  for (uint32_t i = 0; i < one->rule->filter.rules.n; i++) {
    const Rule *to = rules_find(f->rules, one->rule->filter.rules.p[i].text);
    if (!to || to->kind != DOC_RULE) continue;
    one->resolved = true;
    if (!filter_covers(&one->rule->logsource, &to->logsource)) continue;
    Numbers *of = &f->of_rule[to - f->rules->list.p];
    if (!of->n || vec_last(of) != number) *vec_add(f->arena, of) = number; /* by id and by name it is one */
  }
}

static void set_selection(void *ctx, IrNode *n) { n->selection = *(const Str *)ctx; }

static void name_selections(const IrRule *ir, Arena *a) {
  for (uint32_t i = 0; i < ir->rule->n_detections; i++) {
    Str name = arena_printf(a, "filter " STR_FMT "/" STR_FMT, STR_ARG(ir->rule->title.text), STR_ARG(ir->rule->detections[i].name));
    ir_walk(ir->selections[i], set_selection, &name);
  }
}

/* Pipelines see placeholders as they are; what values would be is tried on copies. */
static bool give_values(IrRule *ir, Passes *passes, FilterValues values) {
  bool good = values != VALUES_NOW || expand_rule(ir, passes);
  for (uint32_t i = 0; values == VALUES_LATER && i < ir->rule->n_detections; i++) {
    IrNode *copy = passes_copy(passes, ir->selections[i]);
    good = copy && expand_tree(copy, passes) && good;
  }
  return good;
}

static void add_filter(Filters *f, Rule *rule, Passes *passes, FilterValues values) {
  IrRule ir;
  budget_open(&passes->budget, rule->at, rule->at.end - rule->at.start);
  bool good = lower_rule(&ir, rule, passes) && give_values(&ir, passes, values) && !rule->broken;
  budget_close(&passes->budget);
  rule->broken = !good;
  if (!good) return;
  name_selections(&ir, f->arena);
  *vec_add(f->arena, &f->list) = (OneFilter){.rule = rule, .root = ir.root};
  if (rule->filter.any) add_any(f, f->list.n - 1);
  else add_named(f, f->list.n - 1);
}

Filters *filters_new(RuleSet *rules, Passes *passes, FilterValues values) {
  Filters *f = arena_new(passes->arena, Filters);
  f->rules = rules;
  f->arena = passes->arena;
  f->of_rule = arena_array(f->arena, Numbers, rules->list.n);
  intern_init(&f->keys, f->arena);
  for (uint32_t i = 0; i < rules->list.n; i++)
    if (rules->list.p[i].kind == DOC_FILTER) add_filter(f, &rules->list.p[i], passes, values);
  return f;
}

/* --- rules ------------------------------------------------------------------------------------------------- */

bool filters_apply(Filters *f, const Rule *rule, IrRule *ir, Passes *passes) {
  find_filters(f, rule);
  f->n_rules++;
  for (uint32_t i = 0; i < f->now.n; i++) f->list.p[f->now.p[i]].met++;
  if (!ir || !f->now.n) return true;
  IrNode **kids = arena_array(passes->arena, IrNode *, f->now.n + 1);
  kids[0] = ir->root;
  for (uint32_t i = 0; i < f->now.n; i++) {
    kids[i + 1] = passes_copy(passes, f->list.p[f->now.p[i]].root);
    if (!kids[i + 1]) return false;
  }
  ir->root = ir_join(passes->arena, ir->root->at, IR_AND, kids, f->now.n + 1);
  return true;
}

void filters_taken(Filters *f) {
  for (uint32_t i = 0; i < f->now.n; i++) f->list.p[f->now.p[i]].taken++;
}

const Rule *filters_last(const Filters *f, uint32_t i, const IrNode **root) {
  if (i >= f->now.n) return NULL;
  *root = f->list.p[f->now.p[i]].root;
  return f->list.p[f->now.p[i]].rule;
}

/* --- those that change nothing ----------------------------------------------------------------------------- */

static void tell_unused(const Filters *f, const OneFilter *one, Diags *diags) {
  const Rule *r = one->rule;
  Span at = r->filter.at;
  if (one->met) {
    diag_warning(diags, ID_filter_unused, at, "the filter changes no rule: %s refused",
                 one->met > 1 ? "all that it is for are" : "the one that it is for is");
    return;
  }
  if (r->filter.any) {
    diag_warning(diags, ID_filter_unused, at, "the filter changes no rule: %s",
                 f->n_rules ? "its log source covers none of those that are loaded" : "none is loaded");
  } else if (one->resolved) {
    diag_warning(diags, ID_filter_logsource_mismatch, at,
                 "the filter changes no rule: its log source covers none of those that it names");
  } else {
    return; /* each of its references was a warning */
  }
  if (f->n_rules)
    diag_hint(diags, "each attribute of its `logsource` must be that of the rule; what it does not name does not matter");
}

uint32_t filters_finish(Filters *f, Diags *diags) {
  uint32_t used = 0;
  for (uint32_t i = 0; i < f->list.n; i++) {
    used += f->list.p[i].taken > 0;
    if (!f->list.p[i].taken) tell_unused(f, &f->list.p[i], diags);
  }
  return used;
}

/* SPDX-License-Identifier: MIT */
#include "runtime/fields.h"

#include "base/limits.h"
#include "runtime/fields_internal.h"

/* --- what rules need ---------------------------------------------------------------------------------------- */

static void add_category(const Program *p, Need *n, StrRef category) {
  if (!category.len) return;
  for (uint32_t i = 0; i < n->n_categories && i < MOST_CATEGORIES; i++)
    if (str_eq(program_str(p, n->categories[i]), program_str(p, category))) return;
  if (n->n_categories < MOST_CATEGORIES) n->categories[n->n_categories] = category;
  n->n_categories++; /* beyond those that are kept, one may be counted again */
}

static StrRef most_telling(const RuleRec *r) {
  return r->meta.category.len ? r->meta.category : r->meta.service.len ? r->meta.service : r->meta.product;
}

static void need(FieldReport *r, Need *by_field, uint32_t field, uint32_t rule) {
  Need *n = &by_field[field];
  if (n->last_rule == rule + 1) return;
  n->last_rule = rule + 1;
  n->rules++;
  add_category(r->p, n, most_telling(&r->p->RULES[rule]));
}

static void collect_needs(FieldReport *r) {
  const Program *p = r->p;
  Need *by_field = arena_array(r->owner, Need, p->n_FIELDS);
  for (uint32_t i = 0; i < p->n_RULES; i++) {
    for (uint32_t k = 0; k < p->RULES[i].n_plain; k++) {
      uint32_t word = p->PLAIN[p->RULES[i].plain + k], arg = insn_arg(word);
      const PredRec *pred = insn_op(word) == OP_PRED ? &p->PREDS[arg] : NULL;
      const TestRec *t = pred ? &p->TESTS[pred->test] : insn_op(word) == OP_TEST ? &p->TESTS[arg] : NULL;
      if (insn_op(word) == OP_FIELD) need(r, by_field, arg, i);
      if (pred) need(r, by_field, pred->field, i);
      if (t && t->kind == PRED_FIELDREF) need(r, by_field, t->a, i);
    }
    for (uint32_t k = 0; k < p->RULES[i].needs.n; k++) need(r, by_field, p->FIELDIDS[p->RULES[i].needs.first + k], i);
  }
  r->keyword_rules = by_field[FIELD_ANY].rules;
  for (uint32_t f = 1; f < p->n_FIELDS; f++) {
    if (!by_field[f].rules) continue;
    by_field[f].field = f;
    *vec_add(r->owner, &r->needs) = by_field[f];
  }
}

FieldReport *fields_new(const Program *p, Arena *owner) {
  FieldReport *r = arena_new(owner, FieldReport);
  *r = (FieldReport){.p = p, .owner = owner};
  intern_init(&r->names, owner);
  if (p) collect_needs(r);
  return r;
}

/* --- what events have --------------------------------------------------------------------------------------- */

static Seen *seen_at(FieldReport *r, Str path) {
  uint32_t id = intern_find(&r->names, path);
  if (id != INTERN_NONE) return &r->seen.p[id];
  if (r->seen.n == LIMIT_FIELD_NAMES) {
    r->cut = true;
    return NULL;
  }
  Str kept = arena_dup(r->owner, path);
  intern_id(&r->names, kept);
  Seen *s = vec_add(r->owner, &r->seen);
  s->path = kept;
  return s;
}

static void count_names(FieldReport *r, Value *root, Arena *scratch) {
  NamedValues names;
  names_of(&names, root, scratch);
  r->cut = r->cut || names.cut;
  for (uint32_t i = 0; i < names.list.n; i++) {
    Seen *s = seen_at(r, names.list.p[i].path);
    if (!s) continue;
    s->events += s->last_event != r->events;
    s->last_event = r->events;
    s->kinds |= 1u << names.list.p[i].value->kind;
  }
}

/* As the VM finds fields. */
static void count_needs(FieldReport *r, Vm *vm) {
  enum { MOST_VALUES = 64 };
  for (uint32_t i = 0; i < r->needs.n; i++) {
    Need *n = &r->needs.p[i];
    const FieldValues *f = event_field(&vm->event, n->field);
    if (!f->found || n->last_event == r->events) continue;
    n->last_event = r->events;
    n->events++;
    for (uint32_t k = 0; k < f->n && k < MOST_VALUES; k++) n->kinds |= 1u << f->values[k]->kind;
  }
}

void fields_event(FieldReport *r, Vm *vm, Value *root, Arena *scratch) {
  r->events++;
  count_names(r, root, scratch);
  if (vm) count_needs(r, vm);
}

void fields_view(FieldReport *r, Vm *vm) { count_needs(r, vm); }

/* --- what is alike ------------------------------------------------------------------------------------------ */

const char *const alike_word[] = {"spelling", "place", "similar"};

/* Numbers of the names that have the same plain text, as lists in two arrays. */
typedef struct {
  Intern texts;
  VEC(uint32_t) first; /* by text: a name */
  uint32_t *next;      /* by name: another one */
} Groups;

static void group(FieldReport *r, Groups *g, uint32_t name, Str plain) {
  uint32_t id = intern_id(&g->texts, plain);
  if (id == g->first.n) *vec_add(r->owner, &g->first) = NONE;
  g->next[name] = g->first.p[id];
  g->first.p[id] = name;
}

/* The names with most events are kept, in that order. */
static void suggest(const FieldReport *r, Need *n, uint32_t name, Alike alike) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < n->n_suggestions; i++)
    if (n->suggestions[i].seen == name) return;
  while (at < n->n_suggestions &&
         (n->suggestions[at].alike < alike || r->seen.p[n->suggestions[at].seen].events >= r->seen.p[name].events))
    at++;
  if (at == MOST_SUGGESTIONS) return;
  if (n->n_suggestions < MOST_SUGGESTIONS) n->n_suggestions++;
  for (uint32_t i = n->n_suggestions - 1; i > at; i--) n->suggestions[i] = n->suggestions[i - 1];
  n->suggestions[at] = (Suggestion){name, alike};
}

static void suggest_group(const FieldReport *r, const Groups *g, Need *n, Str plain, Alike alike) {
  enum { MOST_TRIED = 1000 };
  uint32_t id = plain.n ? intern_find(&g->texts, plain) : INTERN_NONE, tries = 0;
  for (uint32_t name = id == INTERN_NONE ? NONE : g->first.p[id]; name != NONE && tries++ < MOST_TRIED; name = g->next[name])
    if (!r->seen.p[name].needed) suggest(r, n, name, alike);
}

static void suggest_similar(FieldReport *r, Need *n, Str plain, const Str *plains, uint32_t *pairs) {
  enum { LONG_ENOUGH = 6, LONG = 10, LONGEST = 64 };
  unsigned most = plain.n < LONG ? 1 : 2;
  if (plain.n < LONG_ENOUGH || plain.n > LONGEST) return;
  for (uint32_t i = 0; i < r->seen.n; i++) {
    if (plains[i].n + most < plain.n || plains[i].n > plain.n + most || r->seen.p[i].needed) continue;
    if (++*pairs > LIMIT_NAME_PAIRS) {
      r->unpaired = true;
      return;
    }
    if (str_distance(plain, plains[i], most) <= most) suggest(r, n, i, ALIKE_LETTERS);
  }
}

static void mark_needed(FieldReport *r) {
  for (uint32_t i = 0; i < r->needs.n; i++) {
    uint32_t id = intern_find(&r->names, program_str(r->p, r->p->FIELDS[r->needs.p[i].field]));
    if (id != INTERN_NONE) r->seen.p[id].needed = true;
  }
}

/* A field that the events have is only compared with other spellings of itself. */
void fields_suggest(FieldReport *r) {
  Groups whole = {.next = arena_array(r->owner, uint32_t, r->seen.n)}, last = {.next = arena_array(r->owner, uint32_t, r->seen.n)};
  Str *plains = arena_array(r->owner, Str, r->seen.n);
  uint32_t pairs = 0;
  if (r->suggested || !r->p) return;
  r->suggested = true;
  intern_init(&whole.texts, r->owner);
  intern_init(&last.texts, r->owner);
  mark_needed(r);
  for (uint32_t i = 0; i < r->seen.n; i++) {
    plains[i] = name_plain(r->owner, r->seen.p[i].path);
    group(r, &whole, i, plains[i]);
    group(r, &last, i, name_plain(r->owner, name_last(r->seen.p[i].path)));
  }
  for (uint32_t i = 0; i < r->needs.n; i++) {
    Need *n = &r->needs.p[i];
    Str path = program_str(r->p, r->p->FIELDS[n->field]), plain = name_plain(r->owner, path);
    suggest_group(r, &whole, n, plain, ALIKE_SPELLING);
    if (n->events) continue;
    suggest_group(r, &last, n, name_plain(r->owner, name_last(path)), ALIKE_PLACE);
    if (!n->n_suggestions) suggest_similar(r, n, plain, plains, &pairs);
  }
}

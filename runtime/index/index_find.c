/* SPDX-License-Identifier: MIT
 * From an event to the rules that can match. A text that is found is a hint: its predicate is evaluated, once, and where it
 * holds, its rules are candidates. */
#include "runtime/index/index_internal.h"

enum { WORD_BITS = 64 };

/* Stamps are valid where they are the epoch. */
struct IndexScan {
  uint32_t epoch;  /* of this event and index; never 0 */
  uint32_t *hit;   /* stamp by predicate: it was evaluated */
  uint32_t *seen;  /* stamp by field: its values were looked at ... */
  uint32_t *tried; /* ... and its numbers tried */
  uint32_t gate;   /* stamp: a field with `gate` was found */
  bool open;       /* the last call was left before its end: there was no memory */
  uint64_t *bits;  /* by place: candidates; all zero between calls but after such a one */
  uint64_t *words; /* a bit for each word of bits that is not 0 */
  uint32_t *out;
  uint32_t *guards; /* by rule: its guard, and 1; 0: not looked for yet */
  Arena *scratch;
  IndexMemo *memo;
  uint32_t n_hit, n_seen, n_words;
};

typedef struct {
  const Index *x;
  IndexScan *s;
  Vm *vm;
  MemoSlot *slot; /* of the value that is looked at; NULL for none */
} Find;

IndexScan *index_scan_new(const Program *p, Arena *owner) {
  IndexScan *s = arena_new(owner, IndexScan);
  size_t words = p->n_RULES / WORD_BITS + 1;
  s->n_hit = p->n_PREDS;
  s->n_seen = p->n_FIELDS;
  s->n_words = (uint32_t)words;
  s->hit = arena_array(owner, uint32_t, s->n_hit);
  s->seen = arena_array(owner, uint32_t, s->n_seen);
  s->tried = arena_array(owner, uint32_t, s->n_seen);
  s->bits = arena_array(owner, uint64_t, words);
  s->words = arena_array(owner, uint64_t, words / WORD_BITS + 1);
  s->out = arena_array(owner, uint32_t, p->n_RULES);
  s->guards = arena_array(owner, uint32_t, p->n_RULES);
  s->scratch = arena_sub(owner);
  s->memo = index_memo_new(owner);
  return s;
}

static void begin(IndexScan *s) {
  if (s->open) {
    memset(s->bits, 0, s->n_words * sizeof *s->bits);
    memset(s->words, 0, (s->n_words / WORD_BITS + 1) * sizeof *s->words);
  }
  s->open = true;
  if (++s->epoch) return;
  memset(s->hit, 0, s->n_hit * sizeof *s->hit);
  memset(s->seen, 0, s->n_seen * sizeof *s->seen);
  memset(s->tried, 0, s->n_seen * sizeof *s->tried);
  s->gate = 0;
  s->epoch = 1;
}

/* --- candidates ---------------------------------------------------------------------------------------------- */

static void add_places(IndexScan *s, const uint32_t *places, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    uint32_t word = places[i] / WORD_BITS;
    s->bits[word] |= 1ull << places[i] % WORD_BITS;
    s->words[word / WORD_BITS] |= 1ull << word % WORD_BITS;
  }
}

static uint32_t lowest(uint64_t bits) { return (uint32_t)__builtin_ctzll(bits); }

static void find_guard(const Find *f, uint32_t rule) {
  f->s->guards[rule] = 1 + index_guard(f->vm->program, f->x->stats, rule, f->s->scratch);
  arena_reset(f->s->scratch);
}

/* Most rules that say `and not` do so of something common: where it is there, they need not run. Few rules are ever candidates,
 * so that guards are looked for when they are. */
static bool is_ruled_out(const Find *f, uint32_t rule) {
  if (!f->s->guards[rule]) find_guard(f, rule);
  uint32_t guard = f->s->guards[rule] - 1;
  return guard != INDEX_NO_GUARD && vm_pred(f->vm, guard);
}

/* The places of a word of bits; the word is zero after it. */
static uint32_t take_word(const Find *f, uint32_t word, uint32_t n) {
  IndexScan *s = f->s;
  uint64_t bits = s->bits[word];
  s->bits[word] = 0;
  for (; bits; bits &= bits - 1) {
    uint32_t rule = f->x->rules[word * WORD_BITS + lowest(bits)];
    if (!is_ruled_out(f, rule)) s->out[n++] = rule;
  }
  return n;
}

/* In their order; the bits are zero again after it. */
static uint32_t take_candidates(const Find *f) {
  IndexScan *s = f->s;
  uint32_t n = 0;
  for (uint32_t w = 0; w <= f->x->n_rules / WORD_BITS / WORD_BITS; w++) {
    uint64_t words = s->words[w];
    s->words[w] = 0;
    for (; words; words &= words - 1) n = take_word(f, w * WORD_BITS + lowest(words), n);
  }
  s->open = false;
  return n;
}

/* --- hints --------------------------------------------------------------------------------------------------- */

static void hint(void *ctx, uint32_t pred) {
  Find *f = ctx;
  if (f->s->hit[pred] == f->s->epoch) return;
  f->s->hit[pred] = f->s->epoch;
  const IndexPred *p = &f->x->preds[pred];
  if (vm_pred(f->vm, p->pred)) add_places(f->s, f->x->places + p->first, p->n);
}

static void hint_all(Find *f, Numbers preds) {
  for (uint32_t i = 0; i < preds.n; i++) hint(f, preds.p[i]);
}

bool index_plain_number(Str t) {
  enum { MOST_DIGITS = 15 };
  size_t i = t.n && t.p[0] == '-', digits = t.n - i;
  if (!digits || digits > MOST_DIGITS || (t.p[i] == '0' && t.n > 1)) return false;
  while (i < t.n && ascii_digit(t.p[i])) i++;
  return i == t.n;
}

/* The number may be the one that a predicate compares with, spelled otherwise. One try is for all values of the field. */
static void try_numbers(Find *f, const IndexField *field, const Value *v) {
  uint32_t *tried = &f->s->tried[field - f->x->fields];
  if (*tried == f->s->epoch || (!field->odd && index_plain_number(v->text))) return;
  *tried = f->s->epoch;
  hint_all(f, field->numbers);
}

static void found_in_value(void *ctx, uint32_t pred) {
  Find *f = ctx;
  if (f->slot) index_memo_add(f->slot, pred);
  hint(f, pred);
}

static void look_at_text(Find *f, const IndexField *field, Str text) {
  for (int kind = TABLE_WHOLE; kind <= TABLE_SUFFIX; kind++)
    if (field->tables[kind].lengths) table_find(&field->tables[kind], (TableKind)kind, text, found_in_value, f);
  if (field->inside) literals_find(field->inside, text, found_in_value, f);
}

static void look_at_value(Find *f, const IndexField *field, Value *v) {
  bool known;
  if (!value_has_text(v)) return;
  f->slot = index_memo(f->s->memo, field, v, &known);
  if (known) hint_all(f, (Numbers){f->slot->preds, f->slot->n_preds});
  else look_at_text(f, field, value_folded(v, f->vm->scratch));
  if (!known && f->slot) index_memo_done(f->slot, field);
  if (v->kind == VALUE_NUMBER && field->numbers.n) try_numbers(f, field, v);
}

static void look_at_field(Find *f, uint32_t number) {
  const IndexField *field = &f->x->fields[number];
  if (f->s->seen[number] == f->s->epoch) return;
  f->s->seen[number] = f->s->epoch;
  const FieldValues *values = event_field(&f->vm->event, field->field);
  if (!values->found) return;
  if (field->gate) f->s->gate = f->s->epoch;
  add_places(f->s, field->places.p, field->places.n);
  hint_all(f, field->present);
  for (uint32_t i = 0; i < values->n; i++) look_at_value(f, field, values->values[i]);
}

/* --- one event ----------------------------------------------------------------------------------------------- */

static void look_at_members(Find *f) {
  const Index *x = f->x;
  for (const Value *m = f->vm->event.root->first; m; m = m->next) {
    if (m->key_id >= x->n_keys) continue;
    KeyFields fields = x->by_key[m->key_id];
    for (uint32_t i = fields.first; i < fields.first + fields.n; i++) look_at_field(f, x->beginning[i]);
  }
  for (uint32_t i = 0; i < x->deep.n; i++) look_at_field(f, x->deep.p[i]);
}

static bool is_in(Str line, Str text) {
  uintptr_t from = (uintptr_t)line.p, at = (uintptr_t)text.p;
  return at >= from && at - from <= line.n && text.n <= line.n - (at - from);
}

/* Values with texts of their own. */
static void look_at_others(Find *f, Str line) {
  const IndexField *any = &f->x->fields[f->x->line.field];
  const FieldValues *values = event_field(&f->vm->event, FIELD_ANY);
  for (uint32_t i = 0; i < values->n; i++)
    if (!is_in(line, values->values[i]->text)) look_at_value(f, any, values->values[i]);
}

static void look_for_keywords(Find *f, EventLine line) {
  const IndexLine *l = &f->x->line;
  if (l->field == UINT32_MAX) return;
  if (!line.text.n || line.spelling.odd) {
    look_at_field(f, l->field);
    return;
  }
  if (l->literals) literals_find(l->literals, line.text, hint, f);
  if (l->shorter) literals_find(l->shorter, line.text, hint, f);
  if (l->gated && f->s->gate == f->s->epoch) literals_find(l->gated, line.text, hint, f);
  if (line.spelling.wide) hint_all(f, l->wide);
  hint_all(f, l->rest);
  if (line.others) look_at_others(f, line.text);
}

uint32_t index_find(const Index *x, IndexScan *s, Vm *vm, EventLine line, const uint32_t **out) {
  Find f = {.x = x, .s = s, .vm = vm};
  begin(s);
  vm->absent = NULL;
  add_places(s, x->always.p, x->always.n);
  look_at_members(&f);
  look_for_keywords(&f, line);
  vm->absent = x->absent;
  *out = s->out;
  return take_candidates(&f);
}

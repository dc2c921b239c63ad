/* SPDX-License-Identifier: MIT
 * Alias views: an event in the words of a category. */
#include "runtime/logsource_internal.h"

static Value *single_text(LogsourceFinder *l, uint32_t path) {
  const FieldValues *f = event_field(&l->event, path);
  return f->n == 1 && value_has_text(f->values[0]) && f->values[0]->text.n ? f->values[0] : NULL;
}

/* One after another; the last one itself where that is all. */
static Str concat(Arena *a, Str x, Str between, Str y) {
  size_t n = x.n + between.n;
  if (!n) return y;
  char *p = arena_alloc(a, n + y.n);
  if (x.n) memcpy(p, x.p, x.n);
  if (between.n) memcpy(p + x.n, between.p, between.n);
  if (y.n) memcpy(p + n, y.p, y.n);
  return (Str){p, n + y.n};
}

/* Ends before the first field that is not there, and then without the text in front of it. */
static Value *join(LogsourceFinder *l, const Alias *a) {
  Str out = {0}, between = {0};
  for (uint32_t i = 0; i < a->n_sources; i++) {
    const Source *s = &table_sources[a->source + i];
    Value *v = s->path ? single_text(l, s->path) : NULL;
    if (!s->path) between = s->text;
    else if (v) out = concat(l->scratch, out, between, value_text(v, l->scratch));
    else break;
  }
  if (!out.n) return NULL;
  Value *made = arena_new(l->scratch, Value);
  *made = (Value){.kind = VALUE_TEXT, .text = out};
  return made;
}

static Value *copy(LogsourceFinder *l, const Value *v) {
  Value *made = arena_new(l->scratch, Value);
  *made = *v;
  made->next = NULL;
  return made;
}

/* Several values stay several: an array of them. */
static Value *first_found(LogsourceFinder *l, const Alias *a) {
  for (uint32_t i = 0; i < a->n_sources; i++) {
    const FieldValues *f = event_field(&l->event, table_sources[a->source + i].path);
    if (!f->n || (f->n == 1 && f->values[0]->kind == VALUE_NULL)) continue;
    if (f->n == 1) return copy(l, f->values[0]);
    Value *array = arena_new(l->scratch, Value), **end = &array->first;
    array->kind = VALUE_ARRAY;
    for (uint32_t k = 0; k < f->n; k++, end = &(*end)->next) *end = copy(l, f->values[k]);
    return array;
  }
  return NULL;
}

static void set_text(Value *v, ValueKind kind, Str text) {
  v->kind = kind;
  v->text = text;
  v->folded = (Str){0};
}

static Str decimal(Arena *a, uint64_t n) {
  enum { MOST_DIGITS = 20 };
  char *p = arena_alloc(a, MOST_DIGITS);
  size_t at = MOST_DIGITS;
  do p[--at] = (char)('0' + n % 10);
  while (n /= 10);
  return (Str){p + at, MOST_DIGITS - at};
}

/* 0x1f4 as the number 500, as far as 64 bits go. */
static void from_hex(LogsourceFinder *l, Value *v) {
  Str t = v->text;
  uint64_t n = 0;
  if (t.n < 3 || t.n > 18 || t.p[0] != '0' || ascii_lower(t.p[1]) != 'x') return;
  for (size_t i = 2; i < t.n; i++) {
    if (ascii_hex(t.p[i]) > 15) return;
    n = n << 4 | ascii_hex(t.p[i]);
  }
  set_text(v, VALUE_NUMBER, decimal(l->scratch, n));
}

static void rewrite(LogsourceFinder *l, const Alias *a, Value *v) {
  if (!value_has_text(v)) return;
  (void)value_text(v, l->scratch); /* from here on without escapes */
  if (a->hex) from_hex(l, v);
  for (uint32_t i = 0; i < a->n_values; i++)
    if (str_eq_nocase(table_pairs[a->value + i].from, v->text)) {
      set_text(v, VALUE_TEXT, table_pairs[a->value + i].to);
      return;
    }
  for (uint32_t i = 0; i < a->n_prefixes; i++) {
    const Pair *p = &table_pairs[a->prefix + i];
    if (v->text.n < p->from.n || !str_eq_nocase(str_sub(v->text, 0, p->from.n), p->from)) continue;
    Str rest = str_from(v->text, p->from.n);
    set_text(v, VALUE_TEXT, concat(l->scratch, p->to, STR(""), rest));
    return;
  }
}

static Value *alias_value(LogsourceFinder *l, const Alias *a) {
  if (a->fill && event_field(&l->event, a->target)->found) return NULL;
  Value *v = a->join ? join(l, a) : first_found(l, a);
  if (!v) return NULL;
  v->key = table_paths[a->target];
  v->key_id = l->target[a - table_aliases];
  rewrite(l, a, v);
  return v;
}

/* The members of the event that have no alias, in one block. Returns where the list ends. */
static Value **add_members(LogsourceFinder *l, Value *object) {
  Value *block = arena_room(l->scratch, l->members * sizeof(Value)), **end = &object->first;
  for (const Value *m = l->event.root->first; m; m = m->next) {
    if (m->key_id < l->n_keys && l->hidden[m->key_id] == l->view) continue;
    *block = *m;
    *end = block;
    end = &block++->next;
  }
  return end;
}

static void next_view(LogsourceFinder *l) {
  if (++l->view) return;
  /* Wrapped around: aliases of 2^32 views ago would hide members. */
  memset(l->hidden, 0, l->n_keys * sizeof *l->hidden);
  l->view = 1;
}

Value *logsource_view(LogsourceFinder *l, uint32_t view) {
  const View *w = &table_views[view];
  Value *seen = arena_new(l->scratch, Value), *aliases = NULL, **end = &aliases;
  seen->kind = VALUE_OBJECT;
  next_view(l);
  for (uint32_t i = 0; i < w->n_aliases; i++) {
    Value *v = alias_value(l, &table_aliases[w->alias + i]);
    if (!v) continue;
    l->hidden[v->key_id] = l->view;
    *end = v;
    end = &v->next;
  }
  *add_members(l, seen) = aliases;
  return seen;
}

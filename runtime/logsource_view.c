/* SPDX-License-Identifier: MIT
 * Alias views: an event in the words of a category. */
#include "runtime/logsource_table.h"

static Value *single_text(LogsourceFinder *l, uint32_t path) {
  const FieldValues *f = event_field(&l->event, path);
  return f->n == 1 && value_has_text(f->values[0]) && f->values[0]->text.n ? f->values[0] : NULL;
}

static Str concat(Arena *a, Str x, Str y) {
  char *p = arena_alloc(a, x.n + y.n);
  if (x.n) memcpy(p, x.p, x.n);
  if (y.n) memcpy(p + x.n, y.p, y.n);
  return (Str){p, x.n + y.n};
}

/* Ends before the first field that is not there, and then without the text in front of it. */
static Value *join(LogsourceFinder *l, const Alias *a) {
  Str out = {0}, between = {0};
  for (uint32_t i = 0; i < a->n_sources; i++) {
    const Source *s = &table_sources[a->source + i];
    Value *v = s->path ? single_text(l, s->path) : NULL;
    if (!s->path) between = s->text;
    else if (v) out = concat(l->scratch, concat(l->scratch, out, between), value_text(v, l->scratch));
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

/* 0x1f4 as the number 500, as far as 64 bits go. */
static void from_hex(LogsourceFinder *l, Value *v) {
  Str t = v->text;
  uint64_t n = 0;
  if (t.n < 3 || t.n > 18 || t.p[0] != '0' || ascii_lower(t.p[1]) != 'x') return;
  for (size_t i = 2; i < t.n; i++) {
    if (ascii_hex(t.p[i]) > 15) return;
    n = n << 4 | ascii_hex(t.p[i]);
  }
  v->kind = VALUE_NUMBER;
  v->text = arena_printf(l->scratch, "%llu", (unsigned long long)n);
}

static void set_text(Value *v, Str text) {
  v->kind = VALUE_TEXT;
  v->text = text;
  v->folded = (Str){0};
}

static void rewrite(LogsourceFinder *l, const Alias *a, Value *v) {
  if (!value_has_text(v)) return;
  (void)value_text(v, l->scratch); /* from here on without escapes */
  if (a->hex) from_hex(l, v);
  for (uint32_t i = 0; i < a->n_values; i++)
    if (str_eq_nocase(table_pairs[a->value + i].from, v->text)) {
      set_text(v, table_pairs[a->value + i].to);
      return;
    }
  for (uint32_t i = 0; i < a->n_prefixes; i++) {
    const Pair *p = &table_pairs[a->prefix + i];
    if (v->text.n < p->from.n || !str_eq_nocase(str_sub(v->text, 0, p->from.n), p->from)) continue;
    Str rest = str_from(v->text, p->from.n);
    set_text(v, concat(l->scratch, p->to, rest));
    return;
  }
}

static Value *alias_value(LogsourceFinder *l, const Alias *a) {
  if (a->fill && event_field(&l->event, a->target)->found) return NULL;
  Value *v = a->join ? join(l, a) : first_found(l, a);
  if (!v) return NULL;
  v->key = table_paths[a->target];
  rewrite(l, a, v);
  return v;
}

Value *logsource_view(LogsourceFinder *l, uint32_t view) {
  const View *w = &table_views[view];
  const Value *root = l->event.root;
  Value *seen = arena_new(l->scratch, Value), *aliases = NULL, **end = &aliases;
  seen->kind = VALUE_OBJECT;
  for (uint32_t i = 0; i < w->n_aliases; i++)
    if ((*end = alias_value(l, &table_aliases[w->alias + i]))) end = &(*end)->next;
  end = &seen->first;
  for (const Value *m = root->first; m; m = m->next) {
    const Value *a = aliases;
    while (a && !str_eq(a->key, m->key)) a = a->next;
    if (a) continue;
    *end = copy(l, m);
    end = &(*end)->next;
  }
  *end = aliases;
  return seen;
}

/* SPDX-License-Identifier: MIT */
#include "runtime/logsource.h"

#include "base/decimal.h"
#include "base/intern.h"
#include "runtime/logsource_table.h"

#include "runtime/logsource_table.inc"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LONGEST_TEXT = 128, KEY_PREFIX = 1 };

uint32_t logsource_rows(void) { return COUNT(table_rows); }

/* --- making one -------------------------------------------------------------------------------------------- */

static Str exact_key(char *buffer, size_t section, Str text) {
  buffer[0] = (char)section;
  for (size_t i = 0; i < text.n; i++) buffer[KEY_PREFIX + i] = ascii_lower(text.p[i]);
  return (Str){buffer, KEY_PREFIX + text.n};
}

LogsourceFinder *logsource_new(Arena *owner, Arena *scratch) {
  LogsourceFinder *l = arena_new(owner, LogsourceFinder);
  l->scratch = scratch;
  event_init(&l->event, table_paths, COUNT(table_paths), owner, scratch);
  intern_init(&l->exact, owner);
  l->entry = arena_array(owner, uint32_t, COUNT(table_entries));
  for (size_t s = 0; s < COUNT(table_sections); s++) {
    const Section *section = &table_sections[s];
    for (uint32_t e = section->entry; e < section->entry + (uint32_t)section->n_exact; e++) {
      char buffer[KEY_PREFIX + LONGEST_TEXT];
      uint32_t id = intern_id(&l->exact, arena_dup(owner, exact_key(buffer, s, table_entries[e].text.text)));
      l->entry[id] = e;
    }
  }
  return l;
}

/* --- labels and rules -------------------------------------------------------------------------------------- */

static bool known(const Str *names, size_t n, Str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eq_nocase(names[i], name)) return true;
  return false;
}

static bool part_fits(const LabelPart *part, Str named, const Str *names, size_t n) {
  if (!named.n) return true;
  switch (part->kind) {
  case LABEL_UNKNOWN: return true;
  case LABEL_NAME: return str_eq_nocase(part->name, named);
  case LABEL_NONE: return false;
  case LABEL_OTHER: return !known(names, n, named);
  }
  return true;
}

bool label_fits(const Label *label, Str category, Str product, Str service) {
  return part_fits(&label->category, category, table_category_names, COUNT(table_category_names)) &&
         part_fits(&label->product, product, table_product_names, COUNT(table_product_names)) &&
         part_fits(&label->service, service, table_service_names, COUNT(table_service_names));
}

/* --- finding a row ----------------------------------------------------------------------------------------- */

static bool text_fits(const TextMatch *m, Str text) {
  size_t n = m->text.n;
  switch (m->kind) {
  case TEXT_ANY: return true;
  case TEXT_EXACT: return str_eq_nocase(text, m->text);
  case TEXT_PREFIX: return text.n >= n && str_eq_nocase(str_sub(text, 0, n), m->text);
  case TEXT_SUFFIX: return text.n >= n && str_eq_nocase(str_from(text, text.n - n), m->text);
  }
  return false;
}

static bool some_value_fits(const FieldValues *f, const Condition *c) {
  for (uint32_t i = 0; i < f->n; i++)
    for (uint32_t t = c->text; value_has_text(f->values[i]) && t < c->text + (uint32_t)c->n_texts; t++)
      if (text_fits(&table_texts[t], f->values[i]->text)) return true;
  return false;
}

static bool condition_holds(LogsourceFinder *l, const Condition *c) {
  const FieldValues *f = event_field(&l->event, c->path);
  switch (c->kind) {
  case WHEN_TEXT: return some_value_fits(f, c);
  case WHEN_PRESENT: return f->found;
  case WHEN_ABSENT: return !f->found;
  }
  return false;
}

static bool row_fits(LogsourceFinder *l, const Row *r) {
  for (uint32_t i = 0; i < r->n_conditions; i++)
    if (!condition_holds(l, &table_conditions[r->condition + i])) return false;
  return true;
}

static const Row *row_of_entry(LogsourceFinder *l, const Entry *e) {
  for (uint32_t i = 0; i < e->n_rows; i++)
    if (row_fits(l, &table_rows[e->row + i])) return &table_rows[e->row + i];
  return NULL;
}

static const Row *row_of_text(LogsourceFinder *l, size_t s, Str text) {
  const Section *section = &table_sections[s];
  const Row *row = NULL;
  if (section->n_exact && text.n <= LONGEST_TEXT) {
    char buffer[KEY_PREFIX + LONGEST_TEXT];
    uint32_t id = intern_find(&l->exact, exact_key(buffer, s, text));
    if (id != INTERN_NONE) row = row_of_entry(l, &table_entries[l->entry[id]]);
  }
  for (uint32_t i = 0; !row && i < section->n_patterns; i++) {
    const Entry *e = &table_entries[section->entry + section->n_exact + i];
    if (text_fits(&e->text, text)) row = row_of_entry(l, e);
  }
  return row;
}

/* A field with many values is not what a section looks for. */
enum { MOST_VALUES = 8 };

static const Row *find_row(LogsourceFinder *l) {
  for (size_t s = 0; s < COUNT(table_sections); s++) {
    const FieldValues *f = event_field(&l->event, table_sections[s].path);
    for (uint32_t i = 0; i < f->n && i < MOST_VALUES; i++) {
      const Row *row = value_has_text(f->values[i]) ? row_of_text(l, s, f->values[i]->text) : NULL;
      if (row) return row;
    }
  }
  return NULL;
}

/* --- labels of an event ------------------------------------------------------------------------------------ */

/* The text of a top-level field of this name, or unknown. */
static LabelPart said(const Value *root, const char *key) {
  for (const Value *m = root->first; m; m = m->next)
    if (m->kind == VALUE_TEXT && m->text.n && str_is(m->key, key)) return (LabelPart){LABEL_NAME, m->text};
  return (LabelPart){0};
}

Labels logsource_find(LogsourceFinder *l, Value *root) {
  event_set(&l->event, root);
  const Row *row = find_row(l);
  if (!row) return (Labels){0};
  if (!row->says) return (Labels){&table_labels[row->label], row->n_labels, (uint32_t)(row - table_rows)};
  l->own = (Label){said(root, "category"), said(root, "product"), said(root, "service"), 0};
  return (Labels){&l->own, 1, LOGSOURCE_OWN};
}

/* --- views ------------------------------------------------------------------------------------------------- */

static const Value *single_text(LogsourceFinder *l, uint32_t path) {
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
    const Value *v = s->path ? single_text(l, s->path) : NULL;
    if (!s->path) between = s->text;
    else if (v) out = concat(l->scratch, concat(l->scratch, out, between), v->text);
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

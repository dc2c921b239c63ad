/* SPDX-License-Identifier: MIT */
#include "runtime/logsource.h"

#include "runtime/logsource_table.h"

enum { LONGEST_TEXT = 128, KEY_PREFIX = 1 };

uint32_t logsource_rows(void) { return n_table_rows; }

/* --- making one -------------------------------------------------------------------------------------------- */

static Str exact_key(char *buffer, size_t section, Str text) {
  buffer[0] = (char)section;
  for (size_t i = 0; i < text.n; i++) buffer[KEY_PREFIX + i] = ascii_lower(text.p[i]);
  return (Str){buffer, KEY_PREFIX + text.n};
}

LogsourceFinder *logsource_new(KeyTable *keys, Arena *owner, Arena *scratch) {
  LogsourceFinder *l = arena_new(owner, LogsourceFinder);
  l->scratch = scratch;
  l->keys = keys;
  event_init(&l->event, keys, table_paths, n_table_paths, owner, scratch);
  intern_init(&l->exact, owner);
  l->entry = arena_array(owner, uint32_t, n_table_entries);
  for (size_t s = 0; s < n_table_sections; s++) {
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
  return part_fits(&label->category, category, table_category_names, n_table_category_names) &&
         part_fits(&label->product, product, table_product_names, n_table_product_names) &&
         part_fits(&label->service, service, table_service_names, n_table_service_names);
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

static bool some_value_fits(LogsourceFinder *l, const FieldValues *f, const Condition *c) {
  for (uint32_t i = 0; i < f->n; i++)
    for (uint32_t t = c->text; value_has_text(f->values[i]) && t < c->text + (uint32_t)c->n_texts; t++)
      if (text_fits(&table_texts[t], value_text(f->values[i], l->scratch))) return true;
  return false;
}

static bool condition_holds(LogsourceFinder *l, const Condition *c) {
  const FieldValues *f = event_field(&l->event, c->path);
  switch (c->kind) {
  case WHEN_TEXT: return some_value_fits(l, f, c);
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
  for (size_t s = 0; s < n_table_sections; s++) {
    const FieldValues *f = event_field(&l->event, table_sections[s].path);
    for (uint32_t i = 0; i < f->n && i < MOST_VALUES; i++) {
      const Row *row = value_has_text(f->values[i]) ? row_of_text(l, s, value_text(f->values[i], l->scratch)) : NULL;
      if (row) return row;
    }
  }
  return NULL;
}

/* --- labels of an event ------------------------------------------------------------------------------------ */

/* What a top-level field of this name says, if the table knows the word: others mean something else in other logs. */
static LabelPart said(LogsourceFinder *l, const Value *root, const char *key, const Str *names, size_t n) {
  for (Value *m = root->first; m; m = m->next)
    if (m->kind == VALUE_TEXT && str_is(m->key, key) && known(names, n, value_text(m, l->scratch)))
      return (LabelPart){LABEL_NAME, m->text};
  return (LabelPart){0};
}

Labels logsource_find(LogsourceFinder *l, Value *root) {
  event_set(&l->event, root);
  const Row *row = find_row(l);
  if (!row) return (Labels){0};
  if (!row->says) return (Labels){&table_labels[row->label], row->n_labels, (uint32_t)(row - table_rows)};
  l->own = (Label){.category = said(l, root, "category", table_category_names, n_table_category_names),
                   .product = said(l, root, "product", table_product_names, n_table_product_names),
                   .service = said(l, root, "service", table_service_names, n_table_service_names)};
  return (Labels){&l->own, 1, LOGSOURCE_OWN};
}

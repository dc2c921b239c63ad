/* SPDX-License-Identifier: MIT */
#include "runtime/logsource.h"

#include "runtime/logsource_internal.h"

uint32_t logsource_rows(void) { return n_table_rows; }

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

/* The letter at one end is compared first: beginnings of names are much the same. */
static bool is_prefix(Str text, Str lower) {
  size_t n = lower.n;
  return text.n >= n && (!n || ascii_lower(text.p[n - 1]) == lower.p[n - 1]) && str_eq_nocase(str_sub(text, 0, n), lower);
}

static bool text_fits(const TextMatch *m, Str text) {
  size_t n = m->text.n;
  switch (m->kind) {
  case TEXT_ANY: return true;
  case TEXT_EXACT: return str_eq_nocase(text, m->text);
  case TEXT_PREFIX: return is_prefix(text, m->text);
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

/* Which rows are left, by the field that tells them apart; NULL where that is no single text. */
static const LeftRows *rows_left(LogsourceFinder *l, const Entry *e) {
  const Choice *choice = &l->choices[e - table_entries];
  Value *v = choice->path ? logsource_single(l, choice->path) : NULL;
  if (!v || !value_has_text(v)) return NULL;
  uint32_t list = TEXT_NONE;
  if (choice->asks) {
    LowerText text;
    if (!lower_text(&text, value_text(v, l->scratch))) return NULL;
    list = texts_find(&l->texts, logsource_room(e), &text);
  }
  return &l->lists.p[list == TEXT_NONE ? choice->other : list];
}

static const Row *row_of_entry(LogsourceFinder *l, const Entry *e) {
  const LeftRows *left = rows_left(l, e);
  for (uint32_t i = 0; left && i < left->n; i++) {
    const Left *row = &l->left.p[left->first + i];
    if (row->sure || row_fits(l, &table_rows[row->row])) return &table_rows[row->row];
  }
  for (uint32_t i = 0; !left && i < e->n_rows; i++)
    if (row_fits(l, &table_rows[e->row + i])) return &table_rows[e->row + i];
  return NULL;
}

static const Row *row_of_text(LogsourceFinder *l, uint32_t s, Str text) {
  const Section *section = &table_sections[s];
  const Row *row = NULL;
  LowerText lower;
  if (section->n_exact && lower_text(&lower, text)) {
    uint32_t entry = texts_find(&l->texts, ROOM_SECTIONS + s, &lower);
    if (entry != TEXT_NONE) row = row_of_entry(l, &table_entries[entry]);
  }
  for (uint32_t i = 0; !row && i < section->n_patterns; i++) {
    const Entry *e = &table_entries[section->entry + section->n_exact + i];
    if (text_fits(&e->text, text)) row = row_of_entry(l, e);
  }
  return row;
}

/* A field with many values is not what a section looks for. */
enum { MOST_VALUES = 8 };

static const Row *row_of_section(LogsourceFinder *l, uint32_t s) {
  Value *single = logsource_single(l, table_sections[s].path);
  FieldValues one = {true, 1, &single};
  const FieldValues *f = single ? &one : event_field(&l->event, table_sections[s].path);
  for (uint32_t i = 0; i < f->n && i < MOST_VALUES; i++) {
    Value *v = f->values[i];
    const Row *row = value_has_text(v) ? row_of_text(l, s, value_text(v, l->scratch)) : NULL;
    if (row) return row;
  }
  return NULL;
}

static const Row *find_row(LogsourceFinder *l) {
  const Row *row = NULL;
  for (uint64_t left = l->sections; left && !row; left &= left - 1) row = row_of_section(l, (uint32_t)__builtin_ctzll(left));
  for (uint32_t s = SECTION_BITS; s < n_table_sections && !row; s++) row = row_of_section(l, s);
  return row;
}

/* --- labels of an event ------------------------------------------------------------------------------------ */

/* What a top-level field says, if the table knows the word: others mean something else in other logs. */
static LabelPart said(LogsourceFinder *l, uint8_t mark, uint32_t room) {
  const Marked *m = &l->marked[mark];
  LowerText lower;
  if (m->at != l->event.epoch || m->value->kind != VALUE_TEXT) return (LabelPart){0};
  Str text = value_text(m->value, l->scratch);
  if (!lower_text(&lower, text) || texts_find(&l->texts, room, &lower) == TEXT_NONE) return (LabelPart){0};
  return (LabelPart){LABEL_NAME, text};
}

/* Notes the members that the table asks for. */
static void begin(LogsourceFinder *l, Value *root) {
  event_set(&l->event, root);
  if (l->event.epoch == 1)
    for (uint32_t i = 0; i <= l->n_marked; i++) l->marked[i].at = 0; /* of an event 2^32 events ago, perhaps */
  const uint8_t *marks = l->mark;
  uint32_t n_keys = l->n_keys, members = 0;
  uint64_t sections = l->always;
  for (Value *m = root->first; m; m = m->next, members++) {
    uint8_t mark = m->key_id < n_keys ? marks[m->key_id] : 0;
    if (!mark) continue;
    l->marked[mark].value = m;
    l->marked[mark].at = l->event.epoch;
    sections |= l->marked[mark].sections;
  }
  l->members = members;
  l->sections = sections;
}

Labels logsource_find(LogsourceFinder *l, Value *root) {
  begin(l, root);
  const Row *row = find_row(l);
  if (!row) return (Labels){0};
  if (!row->says) return (Labels){&table_labels[row->label], row->n_labels, (uint32_t)(row - table_rows)};
  l->own = (Label){.category = said(l, l->category, ROOM_CATEGORIES),
                   .product = said(l, l->product, ROOM_PRODUCTS),
                   .service = said(l, l->service, ROOM_SERVICES)};
  return (Labels){&l->own, 1, LOGSOURCE_OWN};
}

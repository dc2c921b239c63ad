/* SPDX-License-Identifier: MIT
 * Makes what runs the table of log sources. */
#include "runtime/logsource_internal.h"

/* --- members that are asked for ----------------------------------------------------------------------------- */

/* 0 where there are too many. */
static uint8_t mark_key(LogsourceFinder *l, uint32_t key) {
  if (!l->mark[key] && l->n_marked < MOST_MARKS) l->mark[key] = (uint8_t)++l->n_marked;
  return l->mark[key];
}

static uint8_t mark_path(LogsourceFinder *l, uint32_t path) {
  uint32_t n;
  const uint32_t *heads = event_heads(&l->event, path, &n);
  if (heads) l->path_mark[path] = mark_key(l, heads[0]);
  return l->path_mark[path];
}

static void mark_section(LogsourceFinder *l, uint32_t s) {
  uint32_t n;
  const uint32_t *heads = event_heads(&l->event, table_sections[s].path, &n);
  uint64_t bit = 1ull << s;
  if (!heads) l->always |= bit;
  mark_path(l, table_sections[s].path);
  for (uint32_t i = 0; i < n; i++) {
    uint8_t mark = mark_key(l, heads[i]);
    if (mark) l->marked[mark].sections |= bit;
    else l->always |= bit;
  }
}

/* --- choices ----------------------------------------------------------------------------------------------- */

typedef enum { NO, PERHAPS, SURE } Verdict;

/* Of a condition where the field is there and its only value has this text; NULL: one that no row asks for. */
static Verdict judge_texts(const Condition *c, const LowerText *text) {
  Verdict v = NO;
  for (uint32_t i = c->text; i < c->text + (uint32_t)c->n_texts; i++) {
    const TextMatch *m = &table_texts[i];
    bool exact = m->kind == TEXT_EXACT;
    if (m->kind == TEXT_ANY || (exact && text && str_eq(m->text, (Str){text->p, text->n}))) return SURE;
    if (!exact) v = PERHAPS;
  }
  return v;
}

static Verdict judge_row(const Row *r, uint32_t path, const LowerText *text) {
  Verdict all = SURE;
  for (uint32_t i = 0; i < r->n_conditions; i++) {
    const Condition *c = &table_conditions[r->condition + i];
    Verdict v = PERHAPS;
    if (c->path == path) v = c->kind == WHEN_PRESENT ? SURE : c->kind == WHEN_ABSENT ? NO : judge_texts(c, text);
    if (v < all) all = v;
  }
  return all;
}

static uint32_t add_list(LogsourceFinder *l, const Entry *e, uint32_t path, const LowerText *text) {
  LeftRows *list = vec_add(l->owner, &l->lists);
  Verdict v = NO;
  list->first = l->left.n;
  for (uint16_t i = 0; i < e->n_rows && v != SURE; i++) {
    v = judge_row(&table_rows[e->row + i], path, text);
    if (v != NO) *vec_add(l->owner, &l->left) = (Left){(uint16_t)(e->row + i), v == SURE};
  }
  list->n = l->left.n - list->first;
  return l->lists.n - 1;
}

/* The field of the first condition. */
static uint32_t path_of_choice(const Entry *e) {
  for (uint32_t i = 0; i < e->n_rows; i++) {
    const Row *r = &table_rows[e->row + i];
    if (r->n_conditions) return table_conditions[r->condition].path;
  }
  return 0;
}

static void add_texts(LogsourceFinder *l, const Entry *e, Choice *choice, const Condition *c) {
  for (uint32_t i = c->text; i < c->text + (uint32_t)c->n_texts; i++) {
    LowerText text;
    if (table_texts[i].kind != TEXT_EXACT || !lower_text(&text, table_texts[i].text)) continue;
    choice->asks = true;
    uint32_t room = logsource_room(e);
    if (texts_find(&l->texts, room, &text) == TEXT_NONE)
      texts_add(&l->texts, room, table_texts[i].text, add_list(l, e, choice->path, &text));
  }
}

static void make_choice(LogsourceFinder *l, const Entry *e) {
  Choice *choice = &l->choices[e - table_entries];
  uint32_t path = path_of_choice(e);
  if (!path || !mark_path(l, path)) return;
  *choice = (Choice){.path = (uint16_t)path, .other = add_list(l, e, path, NULL)};
  for (uint32_t i = 0; i < e->n_rows; i++)
    for (uint32_t k = 0; k < table_rows[e->row + i].n_conditions; k++) {
      const Condition *c = &table_conditions[table_rows[e->row + i].condition + k];
      if (c->path == path && c->kind == WHEN_TEXT) add_texts(l, e, choice, c);
    }
}

/* --- all ---------------------------------------------------------------------------------------------------- */

static void add_names(LogsourceFinder *l, uint32_t room, const Str *names, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) texts_add(&l->texts, room, names[i], i);
}

static void make_texts(LogsourceFinder *l) {
  texts_new(&l->texts, n_table_entries + n_table_texts + n_table_category_names + n_table_product_names + n_table_service_names,
            l->owner);
  add_names(l, ROOM_CATEGORIES, table_category_names, n_table_category_names);
  add_names(l, ROOM_PRODUCTS, table_product_names, n_table_product_names);
  add_names(l, ROOM_SERVICES, table_service_names, n_table_service_names);
  for (uint32_t s = 0; s < n_table_sections; s++)
    for (uint32_t e = 0; e < table_sections[s].n_exact; e++) {
      uint32_t entry = table_sections[s].entry + e;
      texts_add(&l->texts, ROOM_SECTIONS + s, table_entries[entry].text.text, entry);
    }
}

/* All keys are asked for before tables are made for them. */
static void ask_keys(LogsourceFinder *l) {
  static const char *const own[] = {"category", "product", "service"};
  uint32_t keys[3];
  for (int i = 0; i < 3; i++) keys[i] = keys_add(l->keys, str_of(own[i]));
  l->target = arena_array(l->owner, uint32_t, n_table_aliases);
  for (uint32_t i = 0; i < n_table_aliases; i++) l->target[i] = keys_add(l->keys, table_paths[table_aliases[i].target]);
  l->n_keys = keys_count(l->keys);
  l->mark = arena_array(l->owner, uint8_t, l->n_keys);
  l->hidden = arena_array(l->owner, uint32_t, l->n_keys);
  l->path_mark = arena_array(l->owner, uint8_t, n_table_paths);
  l->category = mark_key(l, keys[0]);
  l->product = mark_key(l, keys[1]);
  l->service = mark_key(l, keys[2]);
}

LogsourceFinder *logsource_new(KeyTable *keys, Arena *owner, Arena *scratch) {
  LogsourceFinder *l = arena_new(owner, LogsourceFinder);
  l->owner = owner;
  l->scratch = scratch;
  l->keys = keys;
  event_init(&l->event, keys, table_paths, n_table_paths, owner, scratch);
  ask_keys(l);
  make_texts(l);
  for (uint32_t s = 0; s < n_table_sections && s < SECTION_BITS; s++) mark_section(l, s);
  l->choices = arena_array(owner, Choice, n_table_entries);
  for (uint32_t e = 0; e < n_table_entries; e++) make_choice(l, &table_entries[e]);
  return l;
}

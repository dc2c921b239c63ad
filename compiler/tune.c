/* SPDX-License-Identifier: MIT */
#include "compiler/tune.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/intern.h"
#include "base/limits.h"
#include "runtime/shape.h"

enum { VALUE_SLOTS = 1 << 16, /* of 22 bits */ MOST_VALUE_BYTES = 16384 };

typedef struct {
  uint64_t n;
  uint32_t event; /* the last one that it was counted in */
  StatsFamily family;
} FieldCount;

/* The commonest of the values that fall on a slot: each other one takes away from it. */
typedef struct {
  uint32_t key, field;
  uint64_t n;
} ValueCount;

struct Tune {
  Arena *owner;
  KeyTable *keys;
  Shaper *shaper; /* NULL: events stay as they are */
  uint64_t events;
  uint32_t event, value; /* numbers of the present ones, from 1 */
  uint32_t weight;       /* of the present event */
  Intern names;          /* of fields: paths */
  VEC(FieldCount) fields;
  ValueCount *values;
  uint64_t n_values[FAMILY_COUNT];
  uint64_t *grams[FAMILY_COUNT]; /* by key */
  uint32_t *in_value, *in_event; /* by key: the last one that it was counted in */
};

Tune *tune_new(bool as_is, Arena *owner) {
  Tune *t = arena_new(owner, Tune);
  t->owner = owner;
  t->keys = keys_new(owner);
  if (!as_is) t->shaper = shaper_new(t->keys, owner);
  intern_init(&t->names, owner);
  t->values = arena_array(owner, ValueCount, VALUE_SLOTS);
  t->in_value = arena_array(owner, uint32_t, GRAM_KEYS);
  t->in_event = arena_array(owner, uint32_t, GRAM_KEYS);
  for (int f = 0; f < FAMILY_COUNT; f++) t->grams[f] = arena_array(owner, uint64_t, GRAM_KEYS);
  return t;
}

const TuneSize tune_size = {.fields = 2000,
                            .values = 8000,
                            .least_value = 500,
                            .least_family = 1000,
                            .grams = {[FAMILY_OTHER] = 2000,
                                      [FAMILY_PATH] = 6000,
                                      [FAMILY_COMMAND] = 10000,
                                      [FAMILY_REGISTRY] = 4000,
                                      [FAMILY_SCRIPT] = 10000,
                                      [FAMILY_WEB] = 4000,
                                      [FAMILY_USER] = 1000,
                                      [FAMILY_ANY] = 8000}};

/* --- counting ------------------------------------------------------------------------------------------------ */

static void count_value(Tune *t, uint32_t field, StatsPart part, Str text) {
  uint32_t key = stats_value_key(t->names.names.p[field], part, text);
  ValueCount *v = &t->values[key >> 6];
  if (v->key == key) v->n += t->weight;
  else if (v->n >= t->weight) v->n -= t->weight;
  else *v = (ValueCount){key, field, t->weight};
}

/* Each gram once in a value, and once in an event. Values too short for one do not count: nobody looks for grams in them. */
static void count_grams(Tune *t, StatsFamily family, Str text) {
  size_t n = text.n < MOST_VALUE_BYTES ? text.n : MOST_VALUE_BYTES;
  if (n < GRAM_BYTES) return;
  t->value++;
  t->n_values[family] += t->weight;
  for (size_t i = 0; i + GRAM_BYTES <= n; i++) {
    uint32_t key = stats_gram_key(text.p + i);
    if (t->in_value[key] == t->value) continue;
    t->in_value[key] = t->value;
    t->grams[family][key] += t->weight;
    if (t->in_event[key] == t->event) continue;
    t->in_event[key] = t->event;
    t->grams[FAMILY_ANY][key] += t->weight;
  }
}

/* False where there is no room for another name. */
static bool field_of(Tune *t, Str path, uint32_t *field) {
  if (path.n > LIMIT_PATH_BYTES || !path.n) return false; /* first: a long one would be read for each value below it */
  *field = intern_find(&t->names, path);
  if (*field != INTERN_NONE) return true;
  if (t->names.names.n >= LIMIT_FIELD_NAMES) return false;
  *field = intern_id(&t->names, arena_dup(t->owner, path));
  *vec_add(t->owner, &t->fields) = (FieldCount){.family = stats_family(path)};
  return true;
}

static void count_leaf(Tune *t, Str path, Value *v, Arena *scratch) {
  uint32_t field;
  if (!value_has_text(v) || !field_of(t, path, &field)) return;
  FieldCount *f = &t->fields.p[field];
  Str text = value_folded(v, scratch);
  if (f->event != t->event) f->n += t->weight;
  f->event = t->event;
  count_grams(t, f->family, text);
  count_value(t, field, STATS_WHOLE, text);
  if (text.n >= END_BYTES && stats_has_ends(f->family)) count_value(t, field, STATS_END, str_from(text, text.n - END_BYTES));
}

/* Down the tree, no deeper than LIMIT_EVENT_DEPTH. `path` holds the names up to v. */
static void walk(Tune *t, Buf *path, Value *v, Arena *scratch) {
  size_t n = path->n;
  for (Value *kid = v->first; kid; kid = kid->next) {
    if (v->kind == VALUE_OBJECT) {
      if (n) buf_char(path, '.');
      buf_str(path, kid->key);
    }
    if (kid->kind == VALUE_OBJECT || kid->kind == VALUE_ARRAY) walk(t, path, kid, scratch);
    else count_leaf(t, buf_view(path), kid, scratch);
    path->n = n;
  }
}

void tune_event(Tune *t, Value *root, uint32_t weight, Arena *scratch) {
  Buf path = {.arena = scratch};
  t->event++;
  t->events += weight;
  t->weight = weight;
  t->n_values[FAMILY_ANY] += weight;
  keys_number(t->keys, root);
  walk(t, &path, t->shaper ? event_shape(t->shaper, root, scratch) : root, scratch);
}

/* --- what is kept -------------------------------------------------------------------------------------------- */

typedef struct {
  uint64_t n;
  uint32_t id;
} Ranked;

static int by_count(const void *x, const void *y) {
  const Ranked *a = x, *b = y;
  if (a->n != b->n) return a->n < b->n ? 1 : -1;
  return (a->id > b->id) - (a->id < b->id);
}

static int by_id(const void *x, const void *y) {
  const Ranked *a = x, *b = y;
  return (a->id > b->id) - (a->id < b->id);
}

/* The `most` commonest ones in the order of their ids. What is left out is rarer than `rest`. */
static uint32_t keep(Ranked *list, uint32_t n, uint32_t most, uint64_t *rest) {
  if (n) qsort(list, n, sizeof *list, by_count);
  *rest = n > most ? list[most].n : 1;
  if (n > most) n = most;
  if (n) qsort(list, n, sizeof *list, by_id);
  return n;
}

static int by_name(const void *x, const void *y) { return str_cmp(((const TunedField *)x)->name, ((const TunedField *)y)->name); }

/* Returns which fields are kept. */
static const bool *finish_fields(const Tune *t, Tuned *out, uint32_t most, Arena *a) {
  bool *kept = arena_array(a, bool, t->fields.n);
  Ranked *list = arena_array(a, Ranked, t->fields.n);
  uint64_t rest;
  for (uint32_t i = 0; i < t->fields.n; i++) list[i] = (Ranked){t->fields.p[i].n, i};
  uint32_t n = keep(list, t->fields.n, most < LIMIT_STAT_FIELDS ? most : LIMIT_STAT_FIELDS - 1, &rest);
  TunedField *fields = arena_array(a, TunedField, n + 1);
  fields[0].level = stats_level(rest, t->events * 2);
  for (uint32_t i = 0; i < n; i++) {
    fields[i + 1] = (TunedField){t->names.names.p[list[i].id], stats_level(list[i].n, t->events)};
    kept[list[i].id] = true;
  }
  if (n) qsort(fields + 1, n, sizeof *fields, by_name);
  out->fields = fields;
  out->n_fields = n + 1;
  return kept;
}

/* A value is as good to know as it is common among those of its field, and somewhat better where many events have the field. */
static uint64_t score(const Tune *t, const ValueCount *v) {
  uint64_t of_field = (v->n << 20) / t->fields.p[v->field].n, of_all = (v->n << 20) / t->events;
  return of_field + of_all;
}

static int by_number(const void *x, const void *y) {
  uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
  return (a > b) - (a < b);
}

static void finish_values(const Tune *t, Tuned *out, TuneSize size, const bool *kept, Arena *a) {
  Ranked *list = arena_array(a, Ranked, VALUE_SLOTS);
  uint32_t n = 0;
  uint64_t rest;
  for (uint32_t i = 0; i < VALUE_SLOTS; i++) {
    const ValueCount *v = &t->values[i];
    if (v->n && kept[v->field] && v->n * size.least_value >= t->fields.p[v->field].n) list[n++] = (Ranked){score(t, v), i};
  }
  n = keep(list, n, size.values, &rest);
  uint32_t *values = arena_array(a, uint32_t, n);
  for (uint32_t i = 0; i < n; i++) {
    const ValueCount *v = &t->values[list[i].id];
    values[i] = v->key << 8 | stats_level(v->n, t->fields.p[v->field].n);
  }
  if (n) qsort(values, n, sizeof *values, by_number);
  out->values = values;
  out->n_values = n;
}

static void finish_grams(const Tune *t, Tuned *out, const uint32_t most[FAMILY_COUNT], uint32_t least, Arena *a) {
  Ranked *list = arena_array(a, Ranked, GRAM_KEYS);
  VEC(uint32_t) grams = {0};
  for (int f = 0; f < FAMILY_COUNT; f++) vec_add(a, &grams);
  for (int f = 0; f < FAMILY_COUNT; f++) {
    uint32_t n = 0;
    uint64_t rest;
    if (t->n_values[f] < least) continue;
    for (uint32_t key = 0; key < GRAM_KEYS; key++)
      if (t->grams[f][key]) list[n++] = (Ranked){t->grams[f][key], key};
    n = keep(list, n, most[f], &rest);
    grams.p[f] = stats_level(rest, t->n_values[f] * 2);
    if (!grams.p[f]) grams.p[f] = 1; /* 0: nothing is known of the family */
    for (uint32_t i = 0; i < n; i++)
      *vec_add(a, &grams) = stats_gram_record((StatsFamily)f, list[i].id, stats_level(list[i].n, t->n_values[f]));
  }
  out->grams = grams.p;
  out->n_grams = grams.n;
}

Tuned tune_finish(const Tune *t, TuneSize size, Arena *a) {
  Tuned out = {0};
  const bool *kept = finish_fields(t, &out, size.fields, a);
  finish_values(t, &out, size, kept, a);
  finish_grams(t, &out, size.grams, size.least_family, a);
  return out;
}

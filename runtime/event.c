/* SPDX-License-Identifier: MIT */
#include "runtime/event.h"

#include "base/vec.h"

/* A path can begin with the key `a`, `a.b` or `a.b.c`: its heads. The heads of all fields are known before the first
 * event, and the reader has numbered the keys, so a field costs no comparison of names at the top of an event. */
struct Heads {
  uint32_t *of;    /* heads of all fields by number of the key, field by field, the longest first */
  uint32_t *start; /* by field: its first in `of`; one more at the end */
  uint32_t n_keys; /* keys that are heads have smaller numbers */
  Value **value;   /* by key: the top-level value, valid where `at` says so */
  uint32_t *at;    /* epoch of each value */
  size_t *length;  /* of each key */
  uint32_t epoch;  /* of the event whose keys were looked up */
};

/* Paths with more heads are rare enough for a scan of the keys, and would make the table grow with their square. */
enum { MOST_HEADS = 16 };

typedef struct {
  Arena *scratch;
  VEC(Value *) list;
} Leaves;

/* --- tables ------------------------------------------------------------------------------------------------- */

static uint32_t count_heads(Str path) {
  uint32_t n = 1;
  for (size_t i = 0; i < path.n; i++) n += path.p[i] == '.';
  return n <= MOST_HEADS ? n : 0;
}

/* Longest first: the whole path, then up to each dot from right to left. */
static void add_heads(struct Heads *h, KeyTable *keys, uint32_t at, Str path) {
  h->of[at++] = keys_add(keys, path);
  for (size_t i = path.n; i-- > 0;)
    if (path.p[i] == '.') h->of[at++] = keys_add(keys, str_sub(path, 0, i));
}

static struct Heads *heads_new(KeyTable *keys, const Str *fields, uint32_t n_fields, Arena *owner) {
  struct Heads *h = arena_new(owner, struct Heads);
  h->start = arena_array(owner, uint32_t, n_fields + 1);
  h->start[1] = 0;
  for (uint32_t f = 1; f < n_fields; f++) h->start[f + 1] = h->start[f] + count_heads(fields[f]);
  h->of = arena_array(owner, uint32_t, h->start[n_fields]);
  for (uint32_t f = 1; f < n_fields; f++)
    if (h->start[f] != h->start[f + 1]) add_heads(h, keys, h->start[f], fields[f]);
  h->n_keys = keys_count(keys);
  h->value = arena_array(owner, Value *, h->n_keys);
  h->at = arena_array(owner, uint32_t, h->n_keys);
  h->length = arena_array(owner, size_t, h->n_keys);
  for (uint32_t id = 1; id < h->n_keys; id++) h->length[id] = keys_name(keys, id).n;
  return h;
}

void event_init(Event *e, KeyTable *keys, const Str *fields, uint32_t n_fields, Arena *owner, Arena *scratch) {
  *e = (Event){.fields = fields, .n_fields = n_fields, .scratch = scratch};
  e->cache = arena_array(owner, FieldValues, n_fields);
  e->cached_at = arena_array(owner, uint32_t, n_fields);
  e->heads = heads_new(keys, fields, n_fields, owner);
}

const uint32_t *event_heads(const Event *e, uint32_t field, uint32_t *n) {
  const struct Heads *h = e->heads;
  *n = field == FIELD_ANY ? 0 : h->start[field + 1] - h->start[field];
  return *n ? h->of + h->start[field] : NULL;
}

void event_set(Event *e, Value *root) {
  e->root = root;
  if (++e->epoch) return;
  /* Wrapped around: what was found 2^32 events ago would look fresh. */
  memset(e->cached_at, 0, e->n_fields * sizeof *e->cached_at);
  memset(e->heads->at, 0, e->heads->n_keys * sizeof *e->heads->at);
  e->heads->epoch = 0;
  e->epoch = 1;
}

/* --- look-up below the top ---------------------------------------------------------------------------------- */

/* Recursion goes down the tree, whose depth the readers limit. */
static void add_leaves(Leaves *out, Value *v) {
  if (v->kind != VALUE_ARRAY) {
    *vec_add(out->scratch, &out->list) = v;
    return;
  }
  for (Value *kid = v->first; kid; kid = kid->next) add_leaves(out, kid);
}

/* The member with the longest key that is the path or stands before a dot of it, shorter than `below`. */
static Value *longest_head(const Value *object, Str path, size_t below) {
  Value *best = NULL;
  for (Value *m = object->first; m; m = m->next) {
    size_t n = m->key.n;
    if (n >= below || (best && n < best->key.n)) continue;
    if ((n == path.n || path.p[n] == '.') && str_starts(path, m->key)) best = m;
  }
  return best;
}

/* Semantics 7.2 and 7.3. Every value is visited at most once: the keys on the way to it fix what of the path is left. */
static bool find(Leaves *out, Value *v, Str path) {
  bool found = false;
  if (v->kind == VALUE_ARRAY)
    for (Value *kid = v->first; kid; kid = kid->next) found |= find(out, kid, path);
  if (v->kind != VALUE_OBJECT) return found;
  for (size_t below = path.n + 1; !found;) {
    Value *m = longest_head(v, path, below);
    if (!m) break;
    below = m->key.n;
    if (below == path.n) {
      add_leaves(out, m);
      return true;
    }
    found = find(out, m, str_from(path, below + 1));
  }
  return found;
}

/* --- look-up at the top ------------------------------------------------------------------------------------- */

static void look_up_keys(Event *e) {
  struct Heads *h = e->heads;
  h->epoch = e->epoch;
  for (Value *m = e->root->first; m; m = m->next) {
    uint32_t id = m->key_id;
    if (id >= h->n_keys) continue;
    h->value[id] = m;
    h->at[id] = e->epoch;
  }
}

static FieldValues of_leaves(bool found, const Leaves *leaves) {
  return (FieldValues){.found = found, .n = leaves->list.n, .values = leaves->list.p};
}

static FieldValues whole_value(Event *e, Value **slot) {
  /* Nearly every value is a single leaf: its slot is the list, valid as long as this event. */
  if ((*slot)->kind != VALUE_ARRAY) return (FieldValues){.found = true, .n = 1, .values = slot};
  Leaves leaves = {.scratch = e->scratch};
  add_leaves(&leaves, *slot);
  return of_leaves(true, &leaves);
}

FieldValues event_path(Value *root, Str path, Arena *scratch) {
  Leaves leaves = {.scratch = scratch};
  bool found = find(&leaves, root, path);
  return of_leaves(found, &leaves);
}

static FieldValues find_field(Event *e, uint32_t field) {
  struct Heads *h = e->heads;
  Str path = e->fields[field];
  Leaves leaves = {.scratch = e->scratch};
  if (h->start[field] == h->start[field + 1]) return event_path(e->root, path, e->scratch);
  if (h->epoch != e->epoch) look_up_keys(e);
  for (uint32_t i = h->start[field]; i < h->start[field + 1]; i++) {
    uint32_t id = h->of[i];
    if (h->at[id] != e->epoch) continue;
    size_t n = h->length[id];
    if (n == path.n) return whole_value(e, &h->value[id]);
    if (find(&leaves, h->value[id], str_from(path, n + 1))) return of_leaves(true, &leaves);
  }
  return (FieldValues){0};
}

static void add_texts(Leaves *out, Value *v) {
  if (value_has_text(v)) *vec_add(out->scratch, &out->list) = v;
  for (Value *kid = v->first; kid; kid = kid->next) add_texts(out, kid);
}

static FieldValues any_value(Event *e) {
  Leaves leaves = {.scratch = e->scratch};
  add_texts(&leaves, e->root);
  return of_leaves(leaves.list.n > 0, &leaves);
}

const FieldValues *event_field(Event *e, uint32_t field) {
  FieldValues *f = &e->cache[field];
  if (e->cached_at[field] == e->epoch) return f;
  *f = field == FIELD_ANY ? any_value(e) : find_field(e, field);
  e->cached_at[field] = e->epoch;
  return f;
}

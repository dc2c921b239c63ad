/* SPDX-License-Identifier: MIT */
#include "runtime/event.h"

#include "base/vec.h"

/* A path can begin with the key `a`, `a.b` or `a.b.c`: its heads. What is left of it behind the shorter ones, `b.c` and `c`,
 * has heads of its own. All of them are known before the first event, and the reader has numbered the keys, so no names are
 * compared. */
typedef struct {
  Value *value; /* of the member at the top with this key ... */
  uint32_t at;  /* ... of the event of this epoch */
} Top;

struct Heads {
  uint32_t *of;    /* keys, field by field: the heads of the path, the longest first; then those of the path without its first
                      part, of that without its first part, and so on */
  uint32_t n_keys; /* keys that can be heads at the top have smaller numbers */
  Top *top;        /* by key */
  uint32_t epoch;  /* of the event whose keys were looked up */
};

/* Paths of more parts are rare, and all their heads would be the square of that. */
enum { MOST_PARTS = 8 };

typedef struct {
  Arena *scratch;
  VEC(Value *) list;
} Leaves;

/* --- tables ------------------------------------------------------------------------------------------------- */

static uint8_t count_parts(Str path) {
  uint32_t n = 1;
  for (size_t i = 0; i < path.n; i++) n += path.p[i] == '.';
  return n <= MOST_PARTS ? (uint8_t)n : 0;
}

/* Longest first: the whole path, then up to each dot from right to left. Returns how many. */
static uint32_t add_heads(uint32_t *of, KeyTable *keys, Str path) {
  uint32_t n = 0;
  of[n++] = keys_add(keys, path);
  for (size_t i = path.n; i-- > 0;)
    if (path.p[i] == '.') of[n++] = keys_add(keys, str_sub(path, 0, i));
  return n;
}

static void add_rests(uint32_t *of, KeyTable *keys, Str path) {
  for (size_t i = 0; i < path.n; i++)
    if (path.p[i] == '.') of += add_heads(of, keys, str_from(path, i + 1));
}

/* The keys at the top get the smallest numbers. */
static struct Heads *heads_new(KeyTable *keys, const Event *e, Arena *owner) {
  struct Heads *h = arena_new(owner, struct Heads);
  uint32_t n = 0;
  for (uint32_t i = 1; i < e->n_fields; i++) {
    EventField *f = &e->by_field[i];
    f->heads = n;
    f->parts = count_parts(e->fields[i]);
    n += f->parts * (f->parts + 1u) / 2;
  }
  h->of = arena_array(owner, uint32_t, n);
  for (uint32_t i = 1; i < e->n_fields; i++) {
    EventField *f = &e->by_field[i];
    if (f->parts) add_heads(h->of + f->heads, keys, e->fields[i]);
    if (f->parts) f->whole = h->of[f->heads];
  }
  h->n_keys = keys_count(keys);
  h->top = arena_array(owner, Top, h->n_keys);
  for (uint32_t i = 1; i < e->n_fields; i++) {
    const EventField *f = &e->by_field[i];
    if (f->parts > 1) add_rests(h->of + f->heads + f->parts, keys, e->fields[i]);
  }
  return h;
}

void event_init(Event *e, KeyTable *keys, const Str *fields, uint32_t n_fields, Arena *owner, Arena *scratch) {
  *e = (Event){.fields = fields, .n_fields = n_fields, .scratch = scratch};
  e->by_field = arena_array(owner, EventField, n_fields);
  e->heads = heads_new(keys, e, owner);
}

const uint32_t *event_heads(const Event *e, uint32_t field, uint32_t *n) {
  *n = e->by_field[field].parts;
  return *n ? e->heads->of + e->by_field[field].heads : NULL;
}

void event_set(Event *e, Value *root) {
  e->root = root;
  if (++e->epoch) return;
  /* Wrapped around: what was found 2^32 events ago would look fresh. */
  for (uint32_t i = 0; i < e->n_fields; i++) e->by_field[i].at = 0;
  memset(e->heads->top, 0, e->heads->n_keys * sizeof *e->heads->top);
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

/* The heads of the path that is left when `left` of n parts are, from those with n. */
static const uint32_t *heads_of_rest(const uint32_t *heads, uint32_t n, uint32_t left) {
  return heads + (n * (n + 1) - left * (left + 1)) / 2;
}

/* Semantics 7.2 and 7.3, for a path of n parts. Every value is visited at most once: the keys on the way to it fix what of
 * the path is left. */
static bool find(Leaves *out, Value *v, const uint32_t *heads, uint32_t n) {
  bool found = false;
  if (v->kind == VALUE_ARRAY)
    for (Value *kid = v->first; kid; kid = kid->next) found |= find(out, kid, heads, n);
  if (v->kind != VALUE_OBJECT) return found;
  Value *at[MOST_PARTS] = {0};
  for (Value *m = v->first; m; m = m->next)
    for (uint32_t i = 0; i < n; i++)
      if (m->key_id == heads[i]) at[i] = m;
  if (at[0]) add_leaves(out, at[0]);
  found = at[0];
  for (uint32_t left = 1; left < n && !found; left++)
    if (at[left]) found = find(out, at[left], heads_of_rest(heads, n, left), left);
  return found;
}

/* --- look-up by text ---------------------------------------------------------------------------------------- */

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

static bool find_text(Leaves *out, Value *v, Str path) {
  bool found = false;
  if (v->kind == VALUE_ARRAY)
    for (Value *kid = v->first; kid; kid = kid->next) found |= find_text(out, kid, path);
  if (v->kind != VALUE_OBJECT) return found;
  for (size_t below = path.n + 1; !found;) {
    Value *m = longest_head(v, path, below);
    if (!m) break;
    below = m->key.n;
    if (below == path.n) {
      add_leaves(out, m);
      return true;
    }
    found = find_text(out, m, str_from(path, below + 1));
  }
  return found;
}

/* --- look-up at the top ------------------------------------------------------------------------------------- */

static void look_up_keys(Event *e) {
  struct Heads *h = e->heads;
  h->epoch = e->epoch;
  for (Value *m = e->root->first; m; m = m->next)
    if (m->key_id < h->n_keys) h->top[m->key_id] = (Top){m, e->epoch};
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
  bool found = find_text(&leaves, root, path);
  return of_leaves(found, &leaves);
}

static FieldValues find_deep(Event *e, const EventField *f) {
  const uint32_t *heads = e->heads->of + f->heads;
  Leaves leaves = {.scratch = e->scratch};
  for (uint32_t left = 1; left < f->parts; left++) {
    const Top *top = &e->heads->top[heads[left]];
    if (top->at == e->epoch && find(&leaves, top->value, heads_of_rest(heads, f->parts, left), left))
      return of_leaves(true, &leaves);
  }
  return (FieldValues){0};
}

static FieldValues find_field(Event *e, uint32_t field) {
  struct Heads *h = e->heads;
  const EventField *f = &e->by_field[field];
  if (!f->parts) return event_path(e->root, e->fields[field], e->scratch);
  if (h->epoch != e->epoch) look_up_keys(e);
  Top *top = &h->top[f->whole];
  return top->at == e->epoch ? whole_value(e, &top->value) : find_deep(e, f);
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

static __attribute__((noinline)) const FieldValues *find_otherwise(Event *e, uint32_t field) {
  EventField *f = &e->by_field[field];
  f->values = field == FIELD_ANY ? any_value(e) : find_field(e, field);
  f->at = e->epoch;
  return &f->values;
}

/* Nearly always the path is a key, and its value a single leaf. */
const FieldValues *event_field_find(Event *e, uint32_t field) {
  EventField *f = &e->by_field[field];
  struct Heads *h = e->heads;
  if (!f->parts || h->epoch != e->epoch) return find_otherwise(e, field);
  Top *top = &h->top[f->whole];
  if (top->at != e->epoch || top->value->kind == VALUE_ARRAY) return find_otherwise(e, field);
  f->values = (FieldValues){.found = true, .n = 1, .values = &top->value};
  f->at = e->epoch;
  return &f->values;
}

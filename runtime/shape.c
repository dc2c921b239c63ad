/* SPDX-License-Identifier: MIT
 * Which shape an event has. */
#include "runtime/shape.h"

#include "runtime/shape_internal.h"

static const Str texts[] = {
  STR_INIT(""),
#define NAME(id, text) STR_INIT(text),
#include "runtime/shape_names.def"
#undef NAME
};

/* --- names ------------------------------------------------------------------------------------------------- */

Name shape_name(const Shaper *s, NameNumber number) { return (Name){texts[number], s->ids[number]}; }
Name shape_find_name(const Shaper *s, Str text) { return (Name){text, keys_find(s->keys, text)}; }

static bool is_below(Str key, Str place) { return key.n > place.n + 1 && str_starts(key, place) && key.p[place.n] == '.'; }

static Mark mark_of_text(Str name) {
  uint32_t m = 0;
  if (name.n && memchr(name.p, ' ', name.n)) m |= MARK_BLANK;
  if (str_starts(name, STR("winlog."))) m |= MARK_WINLOG;
  if (str_starts(name, STR("param"))) m |= MARK_PARAM;
  if (str_starts(name, STR("xmlns")) || str_starts(name, STR("@xmlns"))) m |= MARK_XMLNS;
  for (uint32_t i = 0; shape_lifted[i] != NAME_NONE; i++)
    if (is_below(name, texts[shape_lifted[i]])) m |= (i + 1) * MARK_LIFTED_UNIT;
  return (Mark)m;
}

void shape_learn_marks(Shaper *s) {
  uint32_t n = keys_count(s->keys);
  while (s->seen.n < n) (void)vec_add(s->owner, &s->seen);
  while (s->marks.n < n) {
    Mark m = mark_of_text(s->marks.n == KEY_UNKNOWN ? STR("") : keys_name(s->keys, s->marks.n));
    *vec_add(s->owner, &s->marks) = m;
  }
}

Mark shape_learn_mark(Shaper *s, const Str *text, uint32_t id) {
  if (id == KEY_UNKNOWN) return mark_of_text(*text);
  shape_learn_marks(s);
  return s->marks.p[id];
}

Shaper *shaper_new(KeyTable *keys, Arena *owner) {
  Shaper *s = arena_new(owner, Shaper);
  s->keys = keys;
  s->owner = owner;
  for (uint32_t i = 1; i < NAME_COUNT; i++) s->ids[i] = keys_add(keys, texts[i]);
  shape_learn_marks(s);
  for (uint32_t i = 1; i < NAME_COUNT; i++) s->marks.p[s->ids[i]] |= (Mark)i;
  return s;
}

void shape_members(Shaper *s, Members *out, const Value *object) {
  *out = (Members){0};
  for (Value *m = object->first; m; m = m->next) {
    uint32_t name = shape_mark_of(s, m) & MARK_NAME;
    if (name != NAME_NONE && !out->at[name]) out->at[name] = m;
  }
}

/* --- the object that is made -------------------------------------------------------------------------------- */

void shape_begin(Builder *b, Shaper *s, Arena *scratch) {
  *b = (Builder){.shaper = s, .scratch = scratch, .object = arena_new(scratch, Value)};
  b->object->kind = VALUE_OBJECT;
  b->end = &b->object->first;
  if (++s->epoch) return;
  /* Wrapped around: names of 2^32 objects ago would look as if they were there. */
  memset(s->seen.p, 0, s->seen.n * sizeof *s->seen.p);
  s->epoch = 1;
}

static Seen *seen_unknown(Builder *b, Str name) {
  if (!b->unknown.arena) intern_init(&b->unknown, b->scratch);
  uint32_t id = intern_id(&b->unknown, name);
  return id < b->seen_unknown.n ? &b->seen_unknown.p[id] : vec_add(b->scratch, &b->seen_unknown);
}

Seen *shape_seen(Builder *b, Str text, uint32_t id) {
  Shaper *s = b->shaper;
  if (id == KEY_UNKNOWN) return seen_unknown(b, text);
  if (id >= s->seen.n) shape_learn_marks(s);
  Seen *seen = &s->seen.p[id];
  if (seen->epoch != s->epoch) *seen = (Seen){.epoch = s->epoch};
  return seen;
}

bool shape_add_as(Builder *b, Str text, uint32_t id, const Value *v) {
  Seen *seen = shape_seen(b, text, id);
  if (seen->times) return false;
  seen->times = 1;
  seen->system = b->system;
  Value *m = arena_room(b->scratch, sizeof *m);
  *m = *v;
  m->key = text;
  m->key_id = id;
  m->next = NULL;
  *b->end = m;
  b->end = &m->next;
  return true;
}

Name shape_strip_blanks(Builder *b, Str text) {
  char *p = arena_room(b->scratch, text.n);
  size_t n = 0;
  for (size_t i = 0; i < text.n; i++)
    if (text.p[i] != ' ') p[n++] = text.p[i];
  return shape_find_name(b->shaper, (Str){p, n});
}

/* --- which ------------------------------------------------------------------------------------------------- */

typedef struct {
  Value *at[NAME_TOP_END]; /* members of the root */
  uint32_t all;            /* marks of all of them */
} Look;

/* Most events need nothing else: a few instructions for each member. */
static void look(Shaper *s, Look *out, const Value *root) {
  for (Value *v = root->first; v; v = v->next) {
    uint32_t mark = shape_mark_of(s, v), name = mark & MARK_NAME;
    out->all |= mark;
    if (name && name < NAME_TOP_END) out->at[name] = v;
  }
}

static const Value *object_at(const Look *l, NameNumber name) {
  return l->at[name] && l->at[name]->kind == VALUE_OBJECT ? l->at[name] : NULL;
}

static bool is_system(const Shaper *s, const Value *system) {
  return shape_member(s, system, NAME_EVENT_ID) || shape_member(s, system, NAME_CHANNEL) || shape_member(s, system, NAME_PROVIDER);
}

static bool is_collected(const Look *l) {
  if (l->all & MARK_WINLOG || l->at[NAME_WINLOG] || (object_at(l, NAME_event_data) && l->at[NAME_event_id])) return true;
  if (!l->at[NAME_CHANNEL] || !l->at[NAME_EVENT_ID]) return false;
  return l->all & MARK_BLANK || !l->at[NAME_PROVIDER_NAME] || object_at(l, NAME_EVENT_DATA) || object_at(l, NAME_USER_DATA);
}

Value *event_shape(Shaper *s, Value *root, Arena *scratch) {
  Look l = {0};
  look(s, &l, root);
  const Value *event = object_at(&l, NAME_EVENT), *system = object_at(&l, NAME_SYSTEM);
  const Value *inner = event ? shape_member(s, event, NAME_SYSTEM) : NULL;
  if (inner && is_system(s, inner)) return shape_from_evtx(s, root, event, inner, scratch);
  if (system && is_system(s, system)) return shape_from_evtx(s, root, root, system, scratch);
  return is_collected(&l) ? shape_from_collector(s, root, scratch) : root;
}

/* SPDX-License-Identifier: MIT
 * What the parts of shape.c share: names by number, and the object that is made. */
#ifndef SIGMAC_RUNTIME_SHAPE_INTERNAL_H
#define SIGMAC_RUNTIME_SHAPE_INTERNAL_H

#include "base/intern.h"
#include "runtime/shape.h"

typedef enum {
  NAME_NONE,
#define NAME(id, text) NAME_##id,
#include "runtime/shape_names.def"
#undef NAME
  NAME_COUNT,
  NAME_TOP_END = NAME_WINLOG + 1
} NameNumber;

/* What is known of a name: which one of those above it is, and what stands in it. 0 for most. */
typedef uint16_t Mark;
enum {
  MARK_NAME = 0x7F, /* NameNumber */
  MARK_BLANK = 0x80,
  MARK_LIFTED = 0x700, /* 1 + the number of a place that is lifted (shape_collector.c): it begins with `PLACE.` */
  MARK_WINLOG = 0x800, /* it begins with `winlog.` ... */
  MARK_PARAM = 0x1000, /* ... `param` ... */
  MARK_XMLNS = 0x2000, /* ... `xmlns` or `@xmlns` */
  MARK_LIFTED_UNIT = 0x100
};
_Static_assert(NAME_COUNT <= MARK_NAME + 1, "names fit into a mark");

/* Of the object that is made: whether it has a name. */
typedef struct {
  uint32_t epoch; /* of the object that this is about */
  uint32_t times; /* how often the name was asked for; 0: it is not there */
  bool system;    /* it is a field of System */
} Seen;

struct Shaper {
  KeyTable *keys;
  Arena *owner;
  uint32_t ids[NAME_COUNT]; /* keys */
  VEC(Mark) marks;          /* by key; made when a key is first seen */
  VEC(Seen) seen;           /* by key */
  uint32_t epoch;           /* of the object that is being made */
};

/* A name and its key. It is too large for registers: functions that are called often take it apart. */
typedef struct {
  Str text;
  uint32_t id;
} Name;

static inline Name name_of_member(const Value *m) { return (Name){m->key, m->key_id}; }
Name shape_name(const Shaper *s, NameNumber number);
Name shape_find_name(const Shaper *s, Str text);

/* Makes marks for the keys that have none yet. */
void shape_learn_marks(Shaper *s);
/* The long way, of a name that has no mark yet. */
Mark shape_learn_mark(Shaper *s, const Str *text, uint32_t id);

static inline Mark shape_mark(Shaper *s, const Str *text, uint32_t id) {
  if (id != KEY_UNKNOWN && id < s->marks.n) return s->marks.p[id];
  return shape_learn_mark(s, text, id);
}
static inline Mark shape_mark_of(Shaper *s, const Value *member) { return shape_mark(s, &member->key, member->key_id); }

/* NULL where it is no object, or has no such member. */
static inline Value *shape_member(const Shaper *s, const Value *object, NameNumber name) {
  if (!object || object->kind != VALUE_OBJECT) return NULL;
  for (Value *m = object->first; m; m = m->next)
    if (m->key_id == s->ids[name]) return m;
  return NULL;
}

/* The members of an object by their names. */
typedef struct {
  Value *at[NAME_COUNT];
} Members;
void shape_members(Shaper *s, Members *out, const Value *object);

/* The object that is made. */
typedef struct {
  Shaper *shaper;
  Arena *scratch;
  Value *object, **end;
  bool system;    /* what is added is a field of System */
  Intern unknown; /* names that are no keys: an event may have very many */
  VEC(Seen) seen_unknown;
} Builder;

void shape_begin(Builder *b, Shaper *s, Arena *scratch);
Seen *shape_seen(Builder *b, Str text, uint32_t id);
bool shape_add_as(Builder *b, Str text, uint32_t id, const Value *v);
/* False where the name is there already. */
static inline bool shape_add(Builder *b, Name name, const Value *v) { return shape_add_as(b, name.text, name.id, v); }

Name shape_strip_blanks(Builder *b, Str text);
static inline Name shape_without_blanks(Builder *b, Name name) {
  return shape_mark(b->shaper, &name.text, name.id) & MARK_BLANK ? shape_strip_blanks(b, name.text) : name;
}

/* {"Event":{"System":..}}; `event` is the root itself where there is no `Event`. */
Value *shape_from_evtx(Shaper *s, const Value *root, const Value *event, const Value *system, Arena *scratch);
/* Events of a collector. */
Value *shape_from_collector(Shaper *s, const Value *root, Arena *scratch);
/* The places whose members are lifted to the top; NAME_NONE behind the last. */
extern const NameNumber shape_lifted[];

#endif

/* SPDX-License-Identifier: MIT
 * Fields of an event. A field is looked up by its path at most once per event (semantics 7):
 *   - a key equal to the whole path wins; else, for each dot from right to left, the head is a key and the tail is
 *     looked up in its value; the first split that finds something decides;
 *   - in an array a step applies to every element that is an object or array; the results are joined;
 *   - an array stands for its elements, recursively.
 * Field 0 is "any value": every value that has text, at any depth (keywords, semantics 8).
 * One Event per thread; event_init once, event_set per event. Members are told by their key_id: the tree must be numbered. */
#ifndef SIGMAC_RUNTIME_EVENT_H
#define SIGMAC_RUNTIME_EVENT_H

#include "runtime/keys.h"

enum { FIELD_ANY = 0 };

typedef struct {
  bool found; /* the path leads somewhere, be it to null, "", [] or {} */
  uint32_t n; /* leaf values: text, number, boolean, null, object */
  Value **values;
} FieldValues;

/* What is needed of a field for an event, in 32 bytes. */
typedef struct {
  FieldValues values; /* valid where `at` says so */
  uint32_t at;        /* epoch of the event */
  uint32_t whole;     /* the key that is the whole path */
  uint32_t heads;     /* the first of its heads (event.c) */
  uint8_t parts;      /* of its path; so many heads it has. 0: too many, it is looked for by its text */
} EventField;

typedef struct {
  const Str *fields; /* paths by id; [0] is unused (FIELD_ANY); borrowed from the program */
  uint32_t n_fields;
  uint32_t epoch;       /* of this event; never 0 */
  EventField *by_field; /* by id */
  Value *root;          /* the object */
  Arena *scratch;       /* per event, owned by the caller, who resets it */
  struct Heads *heads;  /* the keys that paths can begin with (event.c) */
} Event;

/* Tables in `owner`; n_fields >= 1. Asks `keys` for the names that paths can begin with. */
void event_init(Event *e, KeyTable *keys, const Str *fields, uint32_t n_fields, Arena *owner, Arena *scratch);
/* The keys at the top of an event that a field can be found under, the longest first: its whole path, then up to each dot from
 * right to left. NULL for a path with too many dots, which is looked for among all keys, and for FIELD_ANY. */
const uint32_t *event_heads(const Event *e, uint32_t field, uint32_t *n);
/* Begins an event; root is an object in scratch whose members are numbered (by the reader, or keys_number). */
void event_set(Event *e, Value *root);
static inline const FieldValues *event_field(Event *e, uint32_t field);
/* The same for a path that is no field of the tables; takes longer. */
FieldValues event_path(Value *root, Str path, Arena *scratch);

/* What event_field does on first use. */
const FieldValues *event_field_find(Event *e, uint32_t field);
static inline const FieldValues *event_field(Event *e, uint32_t field) {
  const EventField *f = &e->by_field[field];
  return f->at == e->epoch ? &f->values : event_field_find(e, field);
}

#endif

/* SPDX-License-Identifier: MIT
 * The strict reader of events: RFC 8259 text to a tree of values. Numbers keep their spelling, \u0000 is a character
 * like others, of a duplicate key the last value counts (semantics 7.6), nesting and the number of values are limited
 * (LIMIT_EVENT_DEPTH, LIMIT_EVENT_VALUES), the text must be UTF-8; an unpaired surrogate escape becomes U+FFFD. No
 * recursion. */
#ifndef SIGMAC_RUNTIME_EVENT_JSON_H
#define SIGMAC_RUNTIME_EVENT_JSON_H

#include "runtime/value.h"

typedef struct {
  const char *message; /* constant text */
  size_t offset;       /* byte in the text */
} JsonError;

/* The value that text holds, with optional white space around it and nothing else; NULL with *error set otherwise.
 * The tree is in scratch and may point into text. */
Value *json_read(Str text, Arena *scratch, JsonError *error);
/* The same, but only an object is an event. */
Value *event_json_read(Str text, Arena *scratch, JsonError *error);

/* Keeps the last of members with the same key, in the place of the last. For readers that build objects. */
void object_keep_last(Value *object, Arena *scratch);

#endif

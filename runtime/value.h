/* SPDX-License-Identifier: MIT
 * A typed value of an event, as a tree. Made by a reader (event_json, event_cjson) in a scratch arena and valid
 * until that is reset; the bytes of texts may also lie in the input, which must live as long. */
#ifndef SIGMAC_RUNTIME_VALUE_H
#define SIGMAC_RUNTIME_VALUE_H

#include "base/arena.h"

typedef enum { VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_TEXT, VALUE_OBJECT, VALUE_ARRAY } ValueKind;

typedef struct Value Value;
struct Value {
  ValueKind kind;
  Str text;     /* TEXT: the characters, unescaped, well-formed UTF-8; NUMBER: its JSON spelling; BOOL: true or false */
  Str key;      /* the name, where the parent is an object */
  Value *first; /* OBJECT, ARRAY: the members or elements, in order */
  Value *next;  /* the next one of the same parent */
  Str folded;   /* text folded, made on first use by value_folded; p == NULL before */
};

static inline bool value_has_text(const Value *v) {
  return v->kind == VALUE_TEXT || v->kind == VALUE_NUMBER || v->kind == VALUE_BOOL;
}

/* The text with letter case folded (base/utf8.h). Only for values that have text. */
Str value_folded(Value *v, Arena *scratch);

#endif

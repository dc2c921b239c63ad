/* SPDX-License-Identifier: MIT
 * A typed value of an event, as a tree. Made by a reader (reader, event_json, event_cjson) and valid until its scratch
 * arena is reset; the bytes of texts may also lie in the input, which must live as long. */
#ifndef SIGMAC_RUNTIME_VALUE_H
#define SIGMAC_RUNTIME_VALUE_H

#include "base/arena.h"

typedef enum __attribute__((packed)) { VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_TEXT, VALUE_OBJECT, VALUE_ARRAY } ValueKind;

typedef struct Value Value;
struct Value {
  ValueKind kind;
  bool raw;        /* TEXT: `text` is as the event spells it, with escapes: it is read by value_text */
  uint32_t key_id; /* of the key, in the table of the reader (runtime/keys.h); KEY_UNKNOWN where it is not in there */
  Str text;        /* TEXT: the characters, well-formed UTF-8; NUMBER: its JSON spelling; BOOL: true or false */
  Str key;         /* the name, where the parent is an object */
  Value *first;    /* OBJECT, ARRAY: the members or elements, in order */
  Value *next;     /* the next one of the same parent */
  Str folded;      /* text folded, made on first use by value_folded; p == NULL before */
};

static inline bool value_has_text(const Value *v) {
  return v->kind == VALUE_TEXT || v->kind == VALUE_NUMBER || v->kind == VALUE_BOOL;
}

/* The text without escapes, made on first use and kept: scratch must live as long as the value. */
static inline Str value_text(Value *v, Arena *scratch);
/* The same for a value that stays as it is; made each time. */
Str value_unescaped(const Value *v, Arena *scratch);
/* The text with letter case folded (base/utf8.h). Only for values that have text. */
static inline Str value_folded(Value *v, Arena *scratch);

/* What these two do on first use. */
Str value_text_make(Value *v, Arena *scratch);
Str value_folded_make(Value *v, Arena *scratch);
static inline Str value_text(Value *v, Arena *scratch) { return v->raw ? value_text_make(v, scratch) : v->text; }
static inline Str value_folded(Value *v, Arena *scratch) { return v->folded.p ? v->folded : value_folded_make(v, scratch); }

#endif

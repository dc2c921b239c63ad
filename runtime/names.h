/* SPDX-License-Identifier: MIT
 * Names of an event's fields, and when two of them are one name spelled in two ways. */
#ifndef SIGMAC_RUNTIME_NAMES_H
#define SIGMAC_RUNTIME_NAMES_H

#include "base/vec.h"
#include "runtime/value.h"

typedef struct {
  Str path;     /* keys joined by dots; arrays add nothing */
  Str plain;    /* by names_add_plain: name_plain of the path ... */
  Str last;     /* ... and of what stands behind its last dot */
  Value *value; /* text, number, boolean, null, or an object without members */
} NamedValue;

typedef struct {
  VEC(NamedValue) list;
  bool cut; /* there are more than LIMIT_NAMED_VALUES, or a path is longer than LIMIT_PATH_BYTES */
} NamedValues;

/* The leaf values below an object, in order, in the arena. */
void names_of(NamedValues *out, Value *root, Arena *a);

/* Fills `plain` and `last` in. */
void names_add_plain(NamedValues *names, Arena *a);
/* The path of a value; empty where it is not among them. */
Str names_path(const NamedValues *names, const Value *v);

/* A name without what spellings differ in: letter case, blanks, `_ - . @`. */
Str name_plain(Arena *a, Str name);
/* What stands behind the last dot. */
Str name_last(Str path);

#endif

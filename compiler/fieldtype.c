/* SPDX-License-Identifier: MIT */
#include "compiler/fieldtype.h"

static const struct {
  const char *name;
  FieldType type;
} names[] = {
#define FIELD_TYPE(spelling, kind) {spelling, FIELD_##kind},
#include "compiler/fieldtype.def"
#undef FIELD_TYPE
};

bool field_type_find(Str name, FieldType *out) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!str_is(name, names[i].name)) continue;
    *out = names[i].type;
    return true;
  }
  return false;
}

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
    if (!str_eq_nocase(name, str_of(names[i].name))) continue;
    *out = names[i].type;
    return true;
  }
  return false;
}

const char *field_type_nearest(Str name) {
  const char *best = NULL;
  unsigned least = name.n < 4 ? (unsigned)name.n : 4; /* something must be the same */
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    unsigned d = str_distance(name, str_of(names[i].name), 3);
    if (d >= least) continue;
    least = d;
    best = names[i].name;
  }
  return best;
}

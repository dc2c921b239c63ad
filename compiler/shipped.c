/* SPDX-License-Identifier: MIT */
#include "compiler/shipped.h"

const ShippedFile *shipped_find(Str name) {
  for (unsigned i = 0; i < shipped_count; i++)
    if (str_eq(shipped_files[i].name, name)) return &shipped_files[i];
  return NULL;
}

bool shipped_is_pipeline(const ShippedFile *file) { return str_find(file->name, STR("/"), 0) == SIZE_MAX; }

static Str without_end(Str name) { return str_ends(name, STR(".yml")) ? str_sub(name, 0, name.n - 4) : name; }

Str shipped_name(const ShippedFile *file) { return without_end(file->name); }

const ShippedFile *shipped_pipeline(Str name) {
  for (unsigned i = 0; i < shipped_count; i++)
    if (shipped_is_pipeline(&shipped_files[i]) && str_eq(without_end(shipped_files[i].name), without_end(name)))
      return &shipped_files[i];
  return NULL;
}

Str shipped_nearest(Str name) {
  Str best = {0}, like = without_end(name);
  unsigned least = 4;
  for (unsigned i = 0; i < shipped_count; i++) {
    Str known = without_end(shipped_files[i].name);
    unsigned d = shipped_is_pipeline(&shipped_files[i]) ? str_distance(like, known, 3) : 4;
    if (d >= least) continue;
    least = d;
    best = known;
  }
  return best;
}

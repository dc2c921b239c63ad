/* SPDX-License-Identifier: MIT
 * Any bytes as a file of placeholder values, read as a default and once more as an addition: nothing crashes, every error
 * has a place inside of the file, every name is found again, and the second reading adds what the first one took. */
#include <stdlib.h>

#include "compiler/vars.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
  if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena arena = {0};
  Sources sources = {.arena = &arena};
  Diags diags = {.arena = &arena};
  Vars vars = {0};
  uint32_t file = source_add(&sources, STR("x.vars.yml"), (Str){(const char *)data, size});
  bool ok = vars_read(&vars, &sources, file, VARS_DEFAULT, &arena, &diags);
  require(ok == !diags.errors);
  for (uint32_t i = 0; i < diags.list.n; i++) {
    const Diag *d = &diags.list.p[i];
    require(d->id < ID_COUNT && d->msg.n > 0 && d->at.start <= d->at.end && d->at.end <= size);
  }
  uint32_t names = vars.list.n, *before = arena_array(&arena, uint32_t, names);
  for (uint32_t i = 0; i < names; i++) {
    require(vars_find(&vars, vars.list.p[i].name) == &vars.list.p[i]);
    before[i] = vars.list.p[i].values.n;
  }
  vars_read(&vars, &sources, file, VARS_MORE, &arena, &diags);
  if (ok) require(vars.list.n == names);
  for (uint32_t i = 0; ok && i < names; i++) require(vars.list.p[i].values.n == 2 * before[i]);
  arena_free(&arena);
  return 0;
}

/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

#include <stdlib.h>

void *vec_grow(Arena *a, const void *old, uint32_t n, uint32_t *cap, size_t size) {
  if (*cap > UINT32_MAX / 2) {
    arena_oom_hook(SIZE_MAX);
    abort();
  }
  *cap = *cap ? *cap * 2 : 4;
  void *p = arena_alloc_array(a, *cap, size);
  if (n) memcpy(p, old, (size_t)n * size);
  return p;
}

/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

void *vec_grow(Arena *a, const void *old, uint32_t n, uint32_t *cap, size_t size) {
  if (*cap > UINT32_MAX / 2) heap_exhausted(a->heap, SIZE_MAX);
  void *p = arena_alloc_array(a, *cap ? *cap * 2 : 4, size);
  *cap = *cap ? *cap * 2 : 4; /* not before there is memory: the array stays as it was where there is none */
  if (n) memcpy(p, old, (size_t)n * size);
  return p;
}

/* SPDX-License-Identifier: MIT */
#include "base/vec.h"

void *vec_grow(Arena *a, void *old, uint32_t n, uint32_t *cap, size_t size) {
  if (*cap > UINT32_MAX / 2) heap_exhausted(a->heap, SIZE_MAX);
  uint32_t more = *cap ? *cap * 2 : 4;
  if (size && more > SIZE_MAX / size) heap_exhausted(a->heap, SIZE_MAX);
  void *p = arena_grow(a, old, n * size, *cap * size, more * size);
  *cap = more; /* not before there is memory: the array stays as it was where there is none */
  return p;
}

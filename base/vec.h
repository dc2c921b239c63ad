/* SPDX-License-Identifier: MIT
 * Typed growing arrays on an arena:  VEC(Diag) list = {0};  *vec_add(arena, &list) = diag;
 * Growth may move the array (arena_grow), so pointers into a vec do not survive vec_add. */
#ifndef SIGMAC_BASE_VEC_H
#define SIGMAC_BASE_VEC_H

#include "base/arena.h"

#define VEC(T)       \
  struct {           \
    T *p;            \
    uint32_t n, cap; \
  }

/* Pointer to a new zeroed element at the end. */
#define vec_add(a, v)                                                                                                \
  ((void)((v)->n == (v)->cap ? (void)((v)->p = vec_grow((a), (v)->p, (v)->n, &(v)->cap, sizeof *(v)->p)) : (void)0), \
   (void)memset((void *)((v)->p + (v)->n), 0, sizeof *(v)->p), (v)->p + (v)->n++)
#define vec_last(v) ((v)->p[(v)->n - 1])

/* The array with more room, which is not zeroed. */
void *vec_grow(Arena *a, void *old, uint32_t n, uint32_t *cap, size_t size);

#endif

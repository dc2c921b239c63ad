/* SPDX-License-Identifier: MIT
 * Where memory comes from, and what happens when there is none. A Heap is an allocator and a way out: whoever needs
 * memory gets it or does not return, so no caller checks. The way out is, of these, the first that there is:
 *   - back to the innermost heap_run of this heap, which returns false;
 *   - `exhausted`, which must not return (a program: print and exit);
 *   - abort().
 * A jump passes over whatever was going on, so what it leaves behind must belong to someone: memory of arenas does, and
 * objects of other libraries do by arena_defer. No call of another library may be on the way (callbacks of PCRE2).
 *
 * One heap, one thread at a time. There is no global one: where a pointer to a heap is NULL, heap_libc is meant, which
 * is constant. */
#ifndef SIGMAC_BASE_HEAP_H
#define SIGMAC_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Heap Heap;
struct Heap {
  void *(*alloc)(void *ctx, size_t bytes); /* aligned as malloc's; NULL where there is none */
  void *(*resize)(void *ctx, void *p, size_t bytes);
  void (*release)(void *ctx, void *p); /* p may be NULL */
  void *ctx;
  void (*exhausted)(const Heap *h, size_t bytes); /* may be NULL */
  struct HeapRun *run;                            /* innermost heap_run; NULL outside of one */
};

void *heap_libc_alloc(void *ctx, size_t bytes);
void *heap_libc_resize(void *ctx, void *p, size_t bytes);
void heap_libc_release(void *ctx, void *p);
/* malloc, realloc and free, with another way out than abort(). */
#define HEAP_OF_LIBC(way_out) \
  { .alloc = heap_libc_alloc, .resize = heap_libc_resize, .release = heap_libc_release, .exhausted = (way_out) }
extern const Heap heap_libc;

/* Never NULL. */
void *heap_alloc(const Heap *h, size_t bytes);
void *heap_resize(const Heap *h, void *p, size_t bytes);
void heap_release(const Heap *h, void *p);
/* NULL where there is none: for libraries that take an allocator and report by themselves. */
void *heap_ask(const Heap *h, size_t bytes);

/* Memory is exhausted: so many bytes more were needed (0 for not known). */
_Noreturn void heap_exhausted(const Heap *h, size_t bytes);

/* Does the work; false where it was left because memory was exhausted. May be nested. */
bool heap_run(Heap *h, void (*work)(void *ctx), void *ctx);

#endif

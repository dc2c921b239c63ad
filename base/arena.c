/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALIGN = 16, FIRST_PAGE = 4096, LARGEST_PAGE = 1 << 20 };

struct ArenaPage {
  ArenaPage *next;
  size_t used, size;
  _Alignas(ALIGN) unsigned char bytes[];
};

struct ArenaDefer {
  ArenaDefer *next;
  void (*fn)(void *);
  void *object;
};

static void oom_abort(size_t bytes) {
  (void)bytes;
  abort();
}

void (*arena_oom_hook)(size_t bytes) = oom_abort;

static ArenaPage *page_new(Arena *a, size_t need) {
  size_t size = a->next_page ? a->next_page : FIRST_PAGE;
  if (size < need) size = need;
  ArenaPage *p = size <= SIZE_MAX - sizeof *p ? malloc(sizeof *p + size) : NULL;
  if (!p) {
    arena_oom_hook(need);
    abort();
  }
  p->used = 0;
  p->size = size;
  p->next = a->pages;
  a->pages = p;
  size_t grown = (a->next_page ? a->next_page : FIRST_PAGE) * 2;
  a->next_page = grown < LARGEST_PAGE ? grown : LARGEST_PAGE;
  return p;
}

void *arena_alloc(Arena *a, size_t bytes) {
  if (bytes > SIZE_MAX - ALIGN) {
    arena_oom_hook(bytes);
    abort();
  }
  size_t need = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
  ArenaPage *p = a->pages;
  if (!p || p->size - p->used < need) p = page_new(a, need);
  void *out = p->bytes + p->used;
  p->used += need;
  if (need) memset(out, 0, need);
  return out;
}

void *arena_alloc_array(Arena *a, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) {
    arena_oom_hook(SIZE_MAX);
    abort();
  }
  return arena_alloc(a, count * size);
}

Str arena_dup(Arena *a, Str s) {
  char *p = arena_alloc(a, s.n + 1);
  if (s.n) memcpy(p, s.p, s.n);
  return (Str){p, s.n};
}

const char *arena_cstr(Arena *a, Str s) { return arena_dup(a, s).p; }

Str arena_printf(Arena *a, const char *fmt, ...) {
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  if (n < 0) n = 0;
  char *p = arena_alloc(a, (size_t)n + 1);
  vsnprintf(p, (size_t)n + 1, fmt, again);
  va_end(again);
  return (Str){p, (size_t)n};
}

void arena_defer(Arena *a, void (*fn)(void *), void *object) {
  ArenaDefer *d = arena_new(a, ArenaDefer);
  *d = (ArenaDefer){a->defers, fn, object};
  a->defers = d;
}

static void run_defers(Arena *a) {
  /* A deferred call may read arena memory (the defer nodes live there too), so pages go last. */
  for (ArenaDefer *d = a->defers; d; d = d->next) d->fn(d->object);
  a->defers = NULL;
}

void arena_free(Arena *a) {
  run_defers(a);
  for (ArenaPage *p = a->pages, *next; p; p = next) {
    next = p->next;
    free(p);
  }
  *a = (Arena){0};
}

void arena_reset(Arena *a) {
  run_defers(a);
  if (!a->pages) return;
  /* Keep the newest page: it is the largest of the ordinary ones. One that was made for a giant is not worth keeping. */
  ArenaPage *keep = a->pages->size <= LARGEST_PAGE ? a->pages : NULL;
  for (ArenaPage *p = keep ? keep->next : a->pages, *next; p; p = next) {
    next = p->next;
    free(p);
  }
  a->pages = keep;
  if (keep) {
    keep->used = 0;
    keep->next = NULL;
  }
}

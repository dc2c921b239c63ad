/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>

enum { ALIGN = 16, FIRST_PAGE = 4096, LARGEST_PAGE = 1 << 20, LARGE_BLOCK = LARGEST_PAGE / 8 };

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

struct ArenaSub {
  Arena arena;
  ArenaSub *next;
  bool used; /* by someone who has not called arena_sub_done yet */
};

static ArenaPage *page_of(Arena *a, size_t size) {
  if (size > SIZE_MAX - sizeof(ArenaPage)) heap_exhausted(a->heap, size);
  ArenaPage *p = heap_alloc(a->heap, sizeof *p + size);
  p->used = 0;
  p->size = size;
  return p;
}

static ArenaPage *page_new(Arena *a, size_t need) {
  size_t size = a->next_page ? a->next_page : FIRST_PAGE;
  ArenaPage *p = page_of(a, size < need ? need : size);
  p->next = a->pages;
  a->pages = p;
  size_t grown = size * 2;
  a->next_page = grown < LARGEST_PAGE ? grown : LARGEST_PAGE;
  return p;
}

/* A large block is alone in its page, and behind the newest, which goes on to be filled. */
static ArenaPage *page_alone(Arena *a, size_t need) {
  ArenaPage *p = page_of(a, need);
  p->next = a->pages->next;
  a->pages->next = p;
  return p;
}

static size_t rounded(const Arena *a, size_t bytes) {
  if (bytes > SIZE_MAX - ALIGN) heap_exhausted(a->heap, bytes);
  return (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static void *take(Arena *a, size_t need) {
  ArenaPage *p = a->pages;
  if (p && need >= LARGE_BLOCK) p = page_alone(a, need);
  else if (!p || p->size - p->used < need) p = page_new(a, need);
  void *out = p->bytes + p->used;
  p->used += need;
  return out;
}

void *arena_room(Arena *a, size_t bytes) { return take(a, rounded(a, bytes)); }

void *arena_alloc(Arena *a, size_t bytes) {
  void *out = arena_room(a, bytes);
  if (bytes) memset(out, 0, bytes);
  return out;
}

/* The link to the page that holds nothing but this block; NULL where there is none. */
static ArenaPage **page_with_only(Arena *a, const void *block, size_t need) {
  ArenaPage **link = &a->pages;
  if (need < LARGE_BLOCK) return NULL;
  while (*link && (*link)->bytes != block) link = &(*link)->next;
  return *link && (*link)->used == need ? link : NULL;
}

static void *resized(Arena *a, ArenaPage **link, size_t need) {
  if (need > SIZE_MAX - sizeof(ArenaPage)) heap_exhausted(a->heap, need);
  ArenaPage *p = heap_resize(a->heap, *link, sizeof *p + need);
  p->used = p->size = need;
  *link = p;
  return p->bytes;
}

static bool is_newest(const ArenaPage *p, const void *block, size_t need) {
  return p && need <= p->used && block == p->bytes + (p->used - need);
}

void *arena_grow(Arena *a, void *old, size_t used, size_t bytes, size_t new_bytes) {
  size_t had = rounded(a, bytes), need = rounded(a, new_bytes);
  ArenaPage *p = a->pages, **alone;
  if (old && is_newest(p, old, had) && p->size - p->used >= need - had) {
    p->used += need - had;
    return old;
  }
  if (old && (alone = page_with_only(a, old, had)) != NULL) return resized(a, alone, need);
  void *out = take(a, need);
  if (used) memcpy(out, old, used);
  return out;
}

void *arena_alloc_array(Arena *a, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) heap_exhausted(a->heap, SIZE_MAX);
  return arena_alloc(a, count * size);
}

Str arena_copy(Arena *a, Str s) {
  char *p = take(a, rounded(a, s.n));
  if (s.n) memcpy(p, s.p, s.n);
  return (Str){p, s.n};
}

Str arena_dup(Arena *a, Str s) {
  if (s.n == SIZE_MAX) heap_exhausted(a->heap, s.n);
  char *p = take(a, rounded(a, s.n + 1));
  if (s.n) memcpy(p, s.p, s.n);
  p[s.n] = '\0';
  return (Str){p, s.n};
}

const char *arena_cstr(Arena *a, Str s) { return arena_dup(a, s).p; }

Str arena_printf(Arena *a, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  if (n < 0) n = 0;
  char *p = arena_alloc(a, (size_t)n + 1);
  va_start(args, fmt);
  vsnprintf(p, (size_t)n + 1, fmt, args);
  va_end(args);
  return (Str){p, (size_t)n};
}

void arena_defer(Arena *a, void (*fn)(void *), void *object) {
  ArenaDefer *d = arena_new(a, ArenaDefer);
  *d = (ArenaDefer){a->defers, fn, object};
  a->defers = d;
}

Arena *arena_sub(Arena *owner) {
  ArenaSub *s = owner->subs;
  while (s && s->used) s = s->next;
  if (!s) {
    s = arena_new(owner, ArenaSub);
    *s = (ArenaSub){.arena = {.heap = owner->heap}, .next = owner->subs};
    owner->subs = s;
  }
  s->used = true;
  return &s->arena;
}

void arena_sub_done(Arena *sub) {
  arena_reset(sub);
  ((ArenaSub *)sub)->used = false; /* the arena is its first member */
}

size_t arena_used(const Arena *a) {
  size_t n = 0;
  for (const ArenaPage *p = a->pages; p; p = p->next) n += p->used;
  return n;
}

/* Inner arenas and deferred calls may read memory of the arena, where they live themselves, so pages go last. */
static void run_ends(Arena *a) {
  for (ArenaSub *s = a->subs; s; s = s->next) arena_free(&s->arena);
  a->subs = NULL;
  for (ArenaDefer *d = a->defers; d; d = d->next) d->fn(d->object);
  a->defers = NULL;
}

void arena_free(Arena *a) {
  run_ends(a);
  for (ArenaPage *p = a->pages, *next; p; p = next) {
    next = p->next;
    heap_release(a->heap, p);
  }
  *a = (Arena){.heap = a->heap};
}

void arena_reset(Arena *a) {
  run_ends(a);
  if (!a->pages) return;
  /* Keep the newest page: it is the largest of the ordinary ones. One that was made for a giant is not worth keeping. */
  ArenaPage *keep = a->pages->size <= LARGEST_PAGE ? a->pages : NULL;
  for (ArenaPage *p = keep ? keep->next : a->pages, *next; p; p = next) {
    next = p->next;
    heap_release(a->heap, p);
  }
  a->pages = keep;
  if (keep) {
    keep->used = 0;
    keep->next = NULL;
  }
}

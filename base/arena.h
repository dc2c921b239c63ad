/* SPDX-License-Identifier: MIT
 * An arena owns everything of one unit of work: memory from pages, and foreign objects by deferred calls.
 * Nothing in it is freed alone. Not thread-safe: one arena, one thread.
 * Allocation never returns NULL: it does not return where memory is exhausted (base/heap.h). The arena stays whole then,
 * and its owner frees it as ever. An arena on the stack of a function that a jump passes would be lost: such functions
 * take arena_sub. */
#ifndef SIGMAC_BASE_ARENA_H
#define SIGMAC_BASE_ARENA_H

#include "base/heap.h"
#include "base/str.h"

typedef struct ArenaPage ArenaPage;
typedef struct ArenaDefer ArenaDefer;
typedef struct ArenaSub ArenaSub;

typedef struct {
  ArenaPage *pages;   /* newest first */
  ArenaDefer *defers; /* newest first */
  ArenaSub *subs;     /* all that were ever made */
  size_t next_page;   /* bytes of the next page; grows */
  const Heap *heap;   /* where the pages come from; NULL: heap_libc */
} Arena;              /* all zero is an empty arena */

/* Zeroed memory, aligned for any type. Lives until arena_free or arena_reset. */
void *arena_alloc(Arena *a, size_t bytes);
/* The same with whatever stood there: for what is written at once. */
void *arena_room(Arena *a, size_t bytes);
void *arena_alloc_array(Arena *a, size_t count, size_t size); /* checks count * size for overflow */
#define arena_new(a, T)      ((T *)arena_alloc((a), sizeof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc_array((a), (n), sizeof(T)))

/* More room for a block of this arena: its first `used` bytes are kept, what is behind them is not set. The block grows in
 * place where it is the newest, or large enough to have pages of its own; else it is copied, and the old one is left behind.
 * `old` may be NULL with 0 bytes. */
void *arena_grow(Arena *a, void *old, size_t used, size_t bytes, size_t new_bytes);

Str arena_copy(Arena *a, Str s);         /* the bytes, aligned as all blocks are; nothing behind them */
Str arena_dup(Arena *a, Str s);          /* a copy, with a NUL after it */
const char *arena_cstr(Arena *a, Str s); /* the same, as a C string */
Str arena_printf(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Calls fn(object) when the arena is freed or reset; newest first. */
void arena_defer(Arena *a, void (*fn)(void *), void *object);

/* An arena for a part of the work, inside of another: arena_sub_done ends it, and keeps it for the next who asks. What is
 * left of it, since the work was left, ends with its owner. */
Arena *arena_sub(Arena *owner);
void arena_sub_done(Arena *sub);

/* Bytes that it has handed out, without those of arena_sub. */
size_t arena_used(const Arena *a);

/* Runs the defers and frees all pages. The arena is empty and may be used again. */
void arena_free(Arena *a);
/* Runs the defers and keeps one page: for per-event scratch. */
void arena_reset(Arena *a);

#endif

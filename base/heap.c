/* SPDX-License-Identifier: MIT */
#include "base/heap.h"

#include <setjmp.h>
#include <stdlib.h>

struct HeapRun {
  jmp_buf back;
};

void *heap_libc_alloc(void *ctx, size_t bytes) {
  (void)ctx;
  return malloc(bytes);
}

void *heap_libc_resize(void *ctx, void *p, size_t bytes) {
  (void)ctx;
  return realloc(p, bytes);
}

void heap_libc_release(void *ctx, void *p) {
  (void)ctx;
  free(p);
}

const Heap heap_libc = HEAP_OF_LIBC(NULL);

static const Heap *or_libc(const Heap *h) { return h ? h : &heap_libc; }

void *heap_ask(const Heap *h, size_t bytes) {
  h = or_libc(h);
  return h->alloc(h->ctx, bytes);
}

void *heap_alloc(const Heap *h, size_t bytes) {
  void *p = heap_ask(h, bytes);
  if (!p) heap_exhausted(h, bytes);
  return p;
}

void *heap_resize(const Heap *h, void *p, size_t bytes) {
  h = or_libc(h);
  p = h->resize(h->ctx, p, bytes);
  if (!p) heap_exhausted(h, bytes);
  return p;
}

void heap_release(const Heap *h, void *p) {
  h = or_libc(h);
  h->release(h->ctx, p);
}

void heap_exhausted(const Heap *h, size_t bytes) {
  h = or_libc(h);
  if (h->run) longjmp(h->run->back, 1);
  if (h->exhausted) h->exhausted(h, bytes);
  abort();
}

bool heap_run(Heap *h, void (*work)(void *ctx), void *ctx) {
  struct HeapRun run, *before = h->run;
  bool left = setjmp(run.back) != 0;
  if (!left) {
    h->run = &run;
    work(ctx);
  }
  h->run = before;
  return !left;
}

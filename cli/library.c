/* SPDX-License-Identifier: MIT */
#include "cli/library.h"

#include <stdio.h>

#include "base/buf.h"
#include "cli/memory.h"

static void *allocate(void *ctx, size_t bytes) {
  (void)ctx;
  return heap_alloc(&cli_heap, bytes);
}

static void *reallocate(void *ctx, void *block, size_t bytes) {
  (void)ctx;
  return heap_resize(&cli_heap, block, bytes);
}

static void release(void *ctx, void *block) {
  (void)ctx;
  heap_release(&cli_heap, block);
}

const sigmac_allocator cli_allocator = {allocate, reallocate, release, NULL};

sigmac_status checked(sigmac_status status) {
  if (status == SIGMAC_NO_MEMORY) heap_exhausted(&cli_heap, 0);
  return status;
}

bool write_to_buf(void *ctx, sigmac_str piece) {
  buf_str(ctx, str_in(piece));
  return true;
}

/* Whether it went out is seen at the end of the program. */
bool write_to_stdout(void *ctx, sigmac_str piece) {
  (void)ctx;
  if (piece.n) fwrite(piece.p, 1, piece.n, stdout);
  return true;
}

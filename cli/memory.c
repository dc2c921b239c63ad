/* SPDX-License-Identifier: MIT */
#include "cli/memory.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/options.h"

/* What was found so far may be in buffers: it is lost, and the status says that the run is not complete. */
static void exhausted(const Heap *h, size_t bytes) {
  (void)h;
  char text[80] = "sigmac: error: out of memory\n";
  if (bytes) snprintf(text, sizeof text, "sigmac: error: out of memory (%zu bytes more are needed)\n", bytes);
  (void)!write(STDERR_FILENO, text, strlen(text));
  _exit(EXIT_BAD_INPUT);
}

const Heap cli_heap = HEAP_OF_LIBC(exhausted);

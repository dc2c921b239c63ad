/* SPDX-License-Identifier: MIT
 * Any bytes as input of events: read with tiny blocks and with large ones the splitter gives the same events, lines and
 * faults, and it ends. The first byte settles the tiny size. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

static int file_of(const uint8_t *data, size_t size) {
  int fd = memfd_create("input", 0);
  demand(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
  return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  Input tiny = {.block = 1 + data[0] % 7}, large = {0};
  int fds[2] = {file_of(data + 1, size - 1), file_of(data + 1, size - 1)};
  input_open(&tiny, fds[0]);
  input_open(&large, fds[1]);
  InputResult r = INPUT_EVENT;
  for (size_t n = 0; r != INPUT_DONE; n++) {
    Str x, y;
    r = input_next(&tiny, &x);
    demand(input_next(&large, &y) == r && str_eq(x, y) && tiny.line == large.line);
    demand(n <= size); /* each event takes a byte at least */
  }
  demand((tiny.fault == NULL) == (large.fault == NULL) && (!tiny.fault || strcmp(tiny.fault, large.fault) == 0));
  demand(tiny.bytes == large.bytes);
  input_free(&tiny);
  input_free(&large);
  close(fds[0]);
  close(fds[1]);
  return 0;
}

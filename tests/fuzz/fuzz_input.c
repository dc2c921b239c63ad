/* SPDX-License-Identifier: MIT
 * Any bytes as input of events: read with tiny blocks and with large ones the splitter gives the same events, lines and
 * faults, and it ends; packed they give the same events too. The first byte settles the tiny size, how large an event may be, and the packing. Bytes
 * that begin as packed data do go through the decoders. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/input.h"
#include "tests/support/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

static int file_of(Str text) {
  int fd = memfd_create("input", 0);
  demand(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && lseek(fd, 0, SEEK_SET) == 0);
  return fd;
}

/* `most`: so many events there may be; the text behind them shrinks with each. */
static void demand_same(Str one, Str other, size_t block, size_t limit, size_t most, bool same_bytes) {
  Input tiny = {.block = block, .limit = limit}, large = {.block = 1 << 16, .limit = limit};
  int fds[2] = {file_of(one), file_of(other)};
  input_open(&tiny, fds[0]);
  input_open(&large, fds[1]);
  InputResult r = INPUT_EVENT;
  for (size_t n = 0; r != INPUT_DONE; n++) {
    Str x, y;
    r = input_next(&tiny, &x);
    demand(input_next(&large, &y) == r && str_eq(x, y) && tiny.line == large.line);
    demand(x.n <= limit && n <= most); /* each event takes a byte at least */
  }
  demand(tiny.faults == large.faults && tiny.fault_line == large.fault_line);
  demand((tiny.fault == NULL) == (large.fault == NULL) && (!tiny.fault || strcmp(tiny.fault, large.fault) == 0));
  bool all_read = !tiny.fault || tiny.fault_line; /* what is foreign or damaged is not read to its end */
  demand(!same_bytes || !all_read || (tiny.bytes == large.bytes && tiny.bytes_text == large.bytes_text));
  input_free(&tiny);
  input_free(&large);
  close(fds[0]);
  close(fds[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const size_t limits[] = {1 << 20, 5, 30, 100};
  enum { MOST_UNPACKED = 1 << 24 };
  if (!size) return 0;
  Str text = {(const char *)data + 1, size - 1};
  size_t block = 1 + data[0] % 7, limit = limits[data[0] / 7 % 4];
  Codec codec = codec_of(text);
  demand_same(text, text, block, limit, codec ? MOST_UNPACKED : size, true);
  Codec packing = data[0] >= 0xF0 ? CODEC_ZSTD : data[0] >= 0xE0 ? CODEC_GZIP : CODEC_NONE;
  if (!codec && packing && can_pack(packing)) {
    Buf packed = {0};
    pack(&packed, packing, text);
    demand_same(buf_view(&packed), text, block, limit, size, false);
    buf_free(&packed);
  }
  return 0;
}

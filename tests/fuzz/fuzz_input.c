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

typedef struct {
  Buf events; /* result, line and text of each */
  const char *fault;
  uint64_t fault_line, faults, bytes, bytes_text;
} Seen;

/* `most`: so many events there may be, since each takes a byte of the text at least. */
static Seen read_all(Str text, size_t block, size_t limit, size_t most) {
  Input in = {.block = block, .limit = limit};
  Seen seen = {0};
  int fd = file_of(text);
  Str event;
  size_t n = 0;
  input_open(&in, fd);
  for (InputResult r; (r = input_next(&in, &event)) != INPUT_DONE;) {
    demand(event.n <= limit && ++n <= most);
    buf_printf(&seen.events, "%d %llu %zu ", (int)r, (unsigned long long)in.line, event.n);
    buf_str(&seen.events, event);
  }
  seen.fault = in.fault;
  seen.fault_line = in.fault_line;
  seen.faults = in.faults;
  seen.bytes = in.bytes;
  seen.bytes_text = in.bytes_text;
  input_free(&in);
  close(fd);
  return seen;
}

static void demand_same(Str one, Str other, size_t block, size_t limit, size_t most) {
  Seen x = read_all(one, block, limit, most), y = read_all(other, 1 << 16, limit, most);
  /* How much of damaged packed data can be unpacked, and whether libzstd tells, depends on the pieces. */
  if (!codec_of(one) || (!x.fault && !y.fault)) {
    demand(str_eq(buf_view(&x.events), buf_view(&y.events)));
    demand(x.fault == y.fault && x.fault_line == y.fault_line && x.faults == y.faults);
    if (!x.fault) demand(x.bytes_text == y.bytes_text && (one.p != other.p || x.bytes == y.bytes));
  }
  buf_free(&x.events);
  buf_free(&y.events);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const size_t limits[] = {1 << 20, 5, 30, 100};
  enum { MOST_UNPACKED = 1 << 24 };
  if (!size) return 0;
  Str text = {(const char *)data + 1, size - 1};
  size_t block = 1 + data[0] % 7, limit = limits[data[0] / 7 % 4];
  Codec codec = codec_of(text);
  demand_same(text, text, block, limit, codec ? MOST_UNPACKED : size);
  Codec packing = data[0] >= 0xF0 ? CODEC_ZSTD : data[0] >= 0xE0 ? CODEC_GZIP : CODEC_NONE;
  if (!codec && packing && can_pack(packing)) {
    Buf packed = {0};
    pack(&packed, packing, text);
    demand_same(buf_view(&packed), text, block, limit, size);
    buf_free(&packed);
  }
  return 0;
}

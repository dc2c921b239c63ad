/* SPDX-License-Identifier: MIT
 * Packed inputs: the same events as the text has, and damaged data is told, behind all events in front of the damage. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/input.h"
#include "tests/support/pack.h"

/* The events, one a line, and the fault. */
static void describe(Buf *out, Str packed, size_t block) {
  int fd = memfd_create("input", 0);
  Input in = {.block = block};
  Str event;
  cr_assert(fd >= 0 && write(fd, packed.p, packed.n) == (ssize_t)packed.n && lseek(fd, 0, SEEK_SET) == 0);
  input_open(&in, fd);
  for (InputResult r; (r = input_next(&in, &event)) != INPUT_DONE;) {
    buf_str(out, r == INPUT_TOO_LARGE ? STR("too large") : event);
    buf_char(out, '\n');
  }
  cr_expect(in.bytes == packed.n || in.fault);
  if (in.fault) buf_printf(out, "! %s\n", in.fault);
  input_free(&in);
  close(fd);
}

static void expect(Str packed, const char *events) {
  static const size_t blocks[] = {1, 2, 7, 100, 0};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    Buf got = {0};
    describe(&got, packed, blocks[i]);
    cr_expect(str_is(buf_view(&got), events), "blocks of %zu: expected\n%sgot\n%.*s", blocks[i], events, STR_ARG(buf_view(&got)));
    buf_free(&got);
  }
}

static const Str text = STR_INIT("{\"a\":1}\n{\"b\":2}\n");
#define EVENTS "{\"a\":1}\n{\"b\":2}\n"

static const Codec codecs[] = {CODEC_GZIP, CODEC_ZSTD};
static const char *const names[] = {"gzip", "zstd"};

/* Each codec that the tests are built with. */
#define FOR_CODECS(c)            \
  for (size_t c = 0; c < 2; c++) \
    if (can_pack(codecs[c]))

Test(decompress, members_and_what_follows_them) {
  FOR_CODECS(c) {
    Buf b = {0};
    char fault[200];
    pack(&b, codecs[c], text);
    expect(buf_view(&b), EVENTS);
    pack(&b, codecs[c], STR(""));
    pack(&b, codecs[c], text);
    expect(buf_view(&b), EVENTS EVENTS);
    size_t n = b.n;
    buf_str(&b, STR("garbage"));
    snprintf(fault, sizeof fault, EVENTS EVENTS "! what follows the %s data is no %s data\n", names[c], names[c]);
    expect(buf_view(&b), fault);
    b.n = n;
    buf_bytes(&b, (char[100]){0}, 100);
    if (codecs[c] == CODEC_GZIP) expect(buf_view(&b), EVENTS EVENTS);
    buf_free(&b);
  }
}

Test(decompress, packed_twice) {
  FOR_CODECS(c) {
    Buf once = {0}, twice = {0};
    char fault[200];
    pack(&once, codecs[c], text);
    pack(&twice, codecs[c], buf_view(&once));
    snprintf(fault, sizeof fault, "! it is compressed twice: unpack it, as in `%s -dc FILE | sigmac eval ...`\n", names[c]);
    expect(buf_view(&twice), fault);
    buf_free(&once);
    buf_free(&twice);
  }
}

Test(decompress, zstd_skippable_frame_first) {
  if (!can_pack(CODEC_ZSTD)) return;
  Buf b = {0};
  buf_str(&b, STR("\x5A\x2A\x4D\x18\x03\0\0\0xyz"));
  pack(&b, CODEC_ZSTD, text);
  expect(buf_view(&b), EVENTS);
  buf_free(&b);
}

/* Cut off at each byte: what is given out is a beginning of the events, and the last of it may be a bad one. */
Test(decompress, cut_off) {
  FOR_CODECS(c) {
    Buf b = {0};
    pack(&b, codecs[c], text);
    for (size_t n = CODEC_MAGIC; n < b.n; n++) {
      Buf got = {0};
      char fault[100];
      int len = snprintf(fault, sizeof fault, "! the %s data is cut off\n", names[c]);
      describe(&got, str_sub(buf_view(&b), 0, n), n % 3 ? 1 : 0);
      Str all = buf_view(&got);
      cr_assert(str_ends(all, (Str){fault, (size_t)len}), "%s, %zu bytes: %.*s", names[c], n, STR_ARG(all));
      Str events = str_sub(all, 0, all.n - (size_t)len);
      if (events.n) cr_expect(str_starts(str_of(EVENTS), str_sub(events, 0, events.n - 1)), "%zu: %.*s", n, STR_ARG(all));
      buf_free(&got);
    }
    buf_free(&b);
  }
}

/* A byte changed: never a crash, and the checksum of gzip tells each change of the text. */
Test(decompress, damaged) {
  FOR_CODECS(c) {
    Buf b = {0};
    pack(&b, codecs[c], text);
    for (size_t i = 0; i < b.n; i++) {
      for (int bit = 0; bit < 8; bit++) {
        Buf got = {0};
        b.p[i] ^= (char)(1 << bit);
        describe(&got, buf_view(&b), 0);
        bool same = str_is(buf_view(&got), EVENTS), told = str_find(buf_view(&got), STR("! "), 0) != SIZE_MAX;
        if (codecs[c] == CODEC_GZIP && i > 1) cr_expect(same || told, "byte %zu: %.*s", i, STR_ARG(buf_view(&got)));
        b.p[i] ^= (char)(1 << bit);
        buf_free(&got);
      }
    }
    buf_free(&b);
  }
}

/* What stands in front of the damage is not lost with it, neither blocks nor what has only a wrong checksum. */
Test(decompress, damage_behind_the_events) {
  FOR_CODECS(c) {
    Buf long_text = {0}, b = {0}, got = {0};
    for (unsigned i = 0; i < 50000; i++) buf_printf(&long_text, "{\"a\":%u,\"b\":%u}\n", i, i * 2654435761u);
    pack(&b, codecs[c], buf_view(&long_text));
    b.p[b.n - 2] ^= 1; /* gzip: the length, zstd: the checksum */
    describe(&got, buf_view(&b), 0);
    buf_printf(&long_text, "! the %s data is damaged\n", names[c]);
    cr_expect(str_eq(buf_view(&got), buf_view(&long_text)), "%s: %zu bytes of %zu", names[c], got.n, long_text.n);
    buf_free(&long_text);
    buf_free(&b);
    buf_free(&got);
  }
}

Test(decompress, bomb_in_bounded_memory) {
  FOR_CODECS(c) {
    Buf b = {0}, got = {0};
    pack_zeros(&b, codecs[c], (size_t)200 << 20);
    cr_expect(b.n < 1 << 20);
    describe(&got, buf_view(&b), 0);
    cr_expect(str_is(buf_view(&got), "too large\n"), "%.*s", STR_ARG(buf_view(&got)));
    buf_free(&b);
    buf_free(&got);
  }
}

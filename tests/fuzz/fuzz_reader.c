/* SPDX-License-Identifier: MIT
 * Any bytes as an event: the fast reader, by words and by SIMD, makes the tree of the plain one, or has the same error. Also
 * with the bytes further behind, where the parts and blocks of the text that it looks at end in other places. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tests/support/reader_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(ReaderCheck *c, Str text) {
  const char *why = reader_check(c, text);
  if (!why) return;
  fprintf(stderr, "the readers differ: %s\n", why);
  abort();
}

/* A byte of the input chooses how far: to around the end of a block, or of a part. */
static void check_behind(ReaderCheck *c, Str text) {
  static const size_t ends[] = {64, 4096, 8192};
  size_t seed = (unsigned char)text.p[text.n / 2], end = ends[seed % 3], back = seed / 3 % 80;
  Buf b = {0};
  while (b.n + back < end) buf_char(&b, ' ');
  buf_str(&b, text);
  check(c, buf_view(&b));
  buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena owner = {0}, scratch = {0};
  ReaderCheck c = reader_check_new(&owner, &scratch);
  Str text = {(const char *)data, size};
  check(&c, text);
  check(&c, text); /* all its names are known by now */
  if (size) check_behind(&c, text);
  arena_free(&scratch);
  arena_free(&owner);
  return 0;
}

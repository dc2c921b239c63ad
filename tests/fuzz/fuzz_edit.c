/* SPDX-License-Identifier: MIT
 * Any bytes as YAML: each edit of lint/edit.h of each node either is refused, or makes a text whose tree differs by just that. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/edits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 120 }; /* every edit reads the text twice */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Buf fault = {0};
  if (size > LONGEST) return 0;
  try_all((Str){(const char *)data, size}, &fault);
  if (fault.n) {
    fprintf(stderr, STR_FMT, STR_ARG(buf_view(&fault)));
    abort();
  }
  buf_free(&fault);
  return 0;
}

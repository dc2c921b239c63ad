/* SPDX-License-Identifier: MIT
 * Any bytes as a rule file: nothing crashes, every error has a place inside of the file, the image holds the rules that
 * are good and passes the verifier, and what was compiled means the same to the referee and the virtual machine. */
#include <stdlib.h>

#include "tests/support/diff.h"
#include "tests/support/gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const events[] = {
  "{}",
  "{\"A\":\"foo\",\"B\":[1,null,\"bar\"],\"a\":{\"b\":\"x -enc "
  "y\"},\"sel\":true,\"F\":\"10.0.0.1\",\"Ts\":\"2024-03-07T23:45:10Z\"}",
};

static void require(bool holds) {
  if (!holds) abort();
}

static void check_places(const Compiler *c, size_t size) {
  for (uint32_t i = 0; i < c->diags.list.n; i++) {
    const Diag *d = &c->diags.list.p[i];
    require(d->id < ID_COUNT && d->msg.n > 0);
    require(d->at.start <= d->at.end && d->at.end <= size);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  DiffRules d;
  DiffStats stats = {0};
  require(!diff_open(&d, (Str){(const char *)data, size}, gen_vars, &stats));
  check_places(&d.compiler, size);
  for (size_t i = 0; i < sizeof events / sizeof *events; i++) require(diff_event(&d, str_of(events[i]), NULL, &stats));
  require(stats.notes.faults == 0);
  diff_close(&d);
  return 0;
}

/* SPDX-License-Identifier: MIT
 * Any bytes as a pipeline, a file of types and rules, with 0x1E between them: nothing crashes, every error has a place inside of
 * its file, and what the pipeline makes of the rules is an image that the verifier accepts, and means the same to the referee
 * and the virtual machine. */
#include <stdlib.h>

#include "tests/support/diff.h"
#include "tests/support/gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEPARATOR = 0x1E };

static const char *const events[] = {
  "{}",
  "{\"A\":\"foo\",\"B\":[1,null,\"bar\"],\"a\":{\"b\":\"x -enc "
  "y\"},\"_table\":\"T\",\"D\":\"x\",\"N\":\"y\",\"event.category\":\"process\"}",
};

static void require(bool holds) {
  if (!holds) abort();
}

static Str next_piece(Str *rest) {
  size_t n = 0;
  while (n < rest->n && rest->p[n] != SEPARATOR) n++;
  Str piece = str_sub(*rest, 0, n);
  *rest = str_from(*rest, n + (n < rest->n));
  return piece;
}

static void check_places(const Compiler *c) {
  for (uint32_t i = 0; i < c->diags.list.n; i++) {
    const Diag *d = &c->diags.list.p[i];
    require(d->id < ID_COUNT && d->msg.n > 0 && d->at.file < c->sources.files.n);
    require(d->at.start <= d->at.end && d->at.end <= c->sources.files.p[d->at.file].text.n);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str rest = {(const char *)data, size}, pipeline = next_piece(&rest), types = next_piece(&rest);
  DiffRules d;
  DiffStats stats = {0};
  diff_begin(&d);
  for (const char *const *v = gen_vars; *v; v++) vars_assign(&d.compiler.vars, str_of(*v), &d.arena);
  d.compiler.absent = size % 2 ? ABSENT_FALSE : ABSENT_REFUSE;
  compiler_add_pipeline(&d.compiler, STR("p.yml"), STR(""), pipeline);
  if (types.n) compiler_add_types(&d.compiler, STR("t.yml"), types);
  compiler_add(&d.compiler, STR("r.yml"), rest);
  if (compiler_prepare(&d.compiler)) {
    require(!diff_ready(&d, &stats));
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) require(diff_event(&d, str_of(events[i]), NULL, &stats));
    require(stats.notes.faults == 0);
  } else {
    require(d.compiler.diags.errors > 0 && !compiler_finish(&d.compiler).n);
  }
  check_places(&d.compiler);
  diff_close(&d);
  return 0;
}

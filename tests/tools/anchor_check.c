/* SPDX-License-Identifier: MIT
 * anchor-check [--seed N] [--values N] IMAGE...
 * Tries values on every test of images: whatever satisfies a test must fit its anchors, which an index looks for instead.
 * Exit status 1 where one does not, 2 for wrong usage or an unreadable image. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/anchor_check.h"

typedef struct {
  uint64_t seed;
  unsigned values;
  unsigned failures;
  uint32_t present; /* tests of which no more is known than that the field must be there */
  uint32_t tests;
  AnchorStats stats;
} Run;

static void die(const char *what, const char *why) {
  fprintf(stderr, "anchor-check: %s: %s\n", what, why);
  exit(2);
}

static Str read_path(Arena *a, const char *path) {
  Buf b = {.arena = a};
  FILE *f = fopen(path, "rb");
  if (!f) die(path, "cannot be read");
  for (size_t n = 1; n;) {
    buf_reserve(&b, 1 << 16);
    n = fread(b.p + b.n, 1, 1 << 16, f);
    b.n += n;
  }
  fclose(f);
  return buf_view(&b);
}

static void check_test(Run *r, Gen *g, Vm *vm, uint32_t test) {
  Arena a = {0};
  Anchors first = anchors_of(vm->program, test, &a);
  r->tests++;
  r->present += first.n && first.p[0].kind == ANCHOR_PRESENT;
  r->failures += !anchor_check_form(vm->program, test, &a) || !anchor_check_values(g, vm, test, r->values, &r->stats);
  arena_free(&a);
}

static void check_image(Run *r, const char *path) {
  Arena a = {0}, scratch = {0};
  ImageError error;
  Vm vm;
  Gen g = gen_seeded(r->seed);
  const Program *p = program_open(read_path(&a, path), &a, &error);
  if (!p) die(path, error.message);
  vm_init(&vm, p, &a, &scratch);
  for (uint32_t i = 0; i < p->n_TESTS; i++) check_test(r, &g, &vm, i);
  arena_free(&scratch);
  arena_free(&a);
}

int main(int argc, char **argv) {
  Run r = {.seed = 1, .values = 20};
  int i = 1;
  for (; i + 1 < argc && !strncmp(argv[i], "--", 2); i += 2) {
    if (!strcmp(argv[i], "--seed")) r.seed = strtoull(argv[i + 1], NULL, 10);
    else if (!strcmp(argv[i], "--values")) r.values = (unsigned)strtoul(argv[i + 1], NULL, 10);
    else die(argv[i], "no such option");
  }
  if (i == argc) die("usage", "anchor-check [--seed N] [--values N] IMAGE...");
  for (; i < argc; i++) check_image(&r, argv[i]);
  printf("%u tests, %u without a text; %llu values, %llu satisfy their test, %llu fit no anchor; %u failures\n", r.tests, r.present,
         (unsigned long long)r.stats.values, (unsigned long long)r.stats.held, (unsigned long long)r.stats.rejected, r.failures);
  return r.failures > 0;
}

/* SPDX-License-Identifier: MIT */
#include "tests/oom/failing_malloc.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static long countdown = -1, failures, live;
static bool for_good;

void failing_malloc_arm(long n, bool onwards) {
  countdown = n;
  for_good = onwards;
  if (n >= 0) failures = 0;
}

long failing_malloc_failures(void) { return failures; }
long failing_malloc_live(void) { return live; }

__attribute__((constructor)) static void arm_by_environment(void) {
  const char *n = getenv("FAIL_MALLOC");
  if (n) failing_malloc_arm(strtol(n, NULL, 10), strchr(n, '+') != NULL);
}

static bool fails(void) {
  if (countdown < 0 || countdown-- > 0) return false;
  if (for_good) countdown = 0;
  failures++;
  errno = ENOMEM;
  return true;
}

static void *counted(void *p) {
  live += p != NULL;
  return p;
}

/* Seen by the libraries, too. */
#pragma GCC visibility push(default)

void *malloc(size_t n) { return fails() ? NULL : counted(__libc_malloc(n)); }
void *calloc(size_t n, size_t size) { return fails() ? NULL : counted(__libc_calloc(n, size)); }

void *realloc(void *p, size_t n) {
  if (fails()) return NULL;
  void *q = __libc_realloc(p, n);
  live += !p && q;
  return q;
}

void free(void *p) {
  live -= p != NULL;
  __libc_free(p);
}

#pragma GCC visibility pop

/* SPDX-License-Identifier: MIT
 * malloc, calloc, realloc and free of the whole process, libraries included, that fail when they are told to. Linked into a
 * test, or preloaded: then FAIL_MALLOC=N lets allocation number N fail (from 0), FAIL_MALLOC=N+ also all behind it. glibc;
 * one thread. */
#ifndef SIGMAC_TESTS_FAILING_MALLOC_H
#define SIGMAC_TESTS_FAILING_MALLOC_H

#include <stdbool.h>

/* Counts from here; allocation number n fails, and `onwards` all behind it. n < 0: none fails. */
void failing_malloc_arm(long n, bool onwards);
/* How many have failed since it was told that one should. */
long failing_malloc_failures(void);
/* Blocks that are not freed, of the whole process. */
long failing_malloc_live(void);

#endif

/* SPDX-License-Identifier: MIT
 * One look at a line of events: where it ends, and whether it may hold more than one object. */
#ifndef SIGMAC_CLI_LINE_SCAN_H
#define SIGMAC_CLI_LINE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  size_t n;  /* of bytes before the first line end; of all where there is none */
  bool pair; /* among them may be a `}` that white space, and then a `{` or byte EF, follows; false: there is none */
} LineScan;

LineScan line_scan(const char *p, size_t n);
/* The same without instructions that not every processor has: for tests. */
LineScan line_scan_portable(const char *p, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 * Where matches go: their texts (cli/format.h) one behind another to standard output, with what stands around and between
 * them. Output is collected and written in blocks; a closed pipe ends it quietly, and after an interrupt a reader that takes
 * nothing more does. */
#ifndef SIGMAC_CLI_OUTPUT_H
#define SIGMAC_CLI_OUTPUT_H

#include "cli/format.h"

typedef struct {
  Look look;
  void (*before_write)(void *ctx); /* called before something goes out; NULL for none */
  void *ctx;
  Buf buf;
  uint64_t matches;
  bool closed;       /* nobody reads any more */
  size_t lost;       /* bytes that nobody took after an interrupt */
  const char *fault; /* writing failed; NULL for no */
} Output;

void output_begin(Output *o);
void output_match(Output *o, Str text);
void output_flush(Output *o);
void output_end(Output *o);
/* Nothing can be written any more. */
static inline bool output_over(const Output *o) { return o->closed || o->fault; }

#endif

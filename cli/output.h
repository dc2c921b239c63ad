/* SPDX-License-Identifier: MIT
 * Writers of matches: ndjson, json, csv and a table. Output is collected and written in blocks; a closed pipe ends it
 * quietly. */
#ifndef SIGMAC_CLI_OUTPUT_H
#define SIGMAC_CLI_OUTPUT_H

#include "base/buf.h"
#include "runtime/program.h"

typedef enum { FORMAT_NDJSON, FORMAT_JSON, FORMAT_TABLE, FORMAT_CSV, FORMAT_COUNT } OutputFormat;
extern const char *const output_format_name[FORMAT_COUNT];

typedef struct {
  OutputFormat format;
  bool colour;
  bool include_event;
  Buf buf;
  uint64_t matches;
  bool closed;       /* nobody reads any more */
  const char *fault; /* writing failed; NULL for no */
} Output;

void output_begin(Output *o);
void output_match(Output *o, const Program *p, uint32_t rule, uint64_t event_index, Str event);
void output_flush(Output *o);
void output_end(Output *o);

#endif

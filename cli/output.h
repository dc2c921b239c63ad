/* SPDX-License-Identifier: MIT
 * Writers of matches: ndjson, json, csv and a table. Output is collected and written in blocks; a closed pipe ends it
 * quietly, and after an interrupt a reader that takes nothing more does. */
#ifndef SIGMAC_CLI_OUTPUT_H
#define SIGMAC_CLI_OUTPUT_H

#include "base/buf.h"
#include "runtime/eventtime.h"
#include "runtime/explain.h"

typedef enum { FORMAT_NDJSON, FORMAT_JSON, FORMAT_TABLE, FORMAT_CSV, FORMAT_COUNT } OutputFormat;
extern const char *const output_format_name[FORMAT_COUNT];

typedef struct {
  OutputFormat format;
  bool colour;
  bool include_event;
  void (*before_write)(void *ctx); /* called before something goes out; NULL for none */
  void *ctx;
  unsigned width;   /* of the terminal that shows a table; 0 for none */
  Matcher *matcher; /* ndjson, json: prints the facts of a match; NULL for none */
  Buf buf;
  uint64_t matches;
  bool closed;       /* nobody reads any more */
  size_t lost;       /* bytes that nobody took after an interrupt */
  const char *fault; /* writing failed; NULL for no */
} Output;

void output_begin(Output *o);
/* `time` is NULL where the event has none. */
void output_match(Output *o, const Program *p, uint32_t rule, uint64_t event_index, const EventTime *time, Str event);
void output_flush(Output *o);
void output_end(Output *o);

#endif

/* SPDX-License-Identifier: MIT
 * Writers of matches: ndjson, json, csv and a table. Output is collected and written in blocks; a closed pipe ends it
 * quietly, and after an interrupt a reader that takes nothing more does. */
#ifndef SIGMAC_CLI_OUTPUT_H
#define SIGMAC_CLI_OUTPUT_H

#include "base/buf.h"
#include "cli/library.h"

typedef enum { FORMAT_NDJSON, FORMAT_JSON, FORMAT_TABLE, FORMAT_CSV, FORMAT_COUNT } OutputFormat;
extern const char *const output_format_name[FORMAT_COUNT];

typedef struct {
  OutputFormat format;
  bool colour;
  bool include_event;
  void (*before_write)(void *ctx); /* called before something goes out; NULL for none */
  void *ctx;
  unsigned width; /* of the terminal that shows a table; 0 for none */
  Buf buf;
  uint64_t matches;
  bool closed;       /* nobody reads any more */
  size_t lost;       /* bytes that nobody took after an interrupt */
  const char *fault; /* writing failed; NULL for no */
} Output;

typedef struct {
  const sigmac_rule *rule;
  uint64_t event_index;
  const sigmac_time *time; /* NULL where the event has none */
  sigmac_str matched;      /* ndjson, json: the facts of the match as JSON; empty for none */
  Str event;
} OutputMatch;

void output_begin(Output *o);
void output_match(Output *o, const OutputMatch *m);
void output_flush(Output *o);
void output_end(Output *o);

#endif

/* SPDX-License-Identifier: MIT
 * The text of a match or an alert: ndjson, json, csv, or a row of a table. What is the same for all matches of a rule is
 * written once and kept. One formatter is used by one thread at a time. */
#ifndef SIGMAC_CLI_FORMAT_H
#define SIGMAC_CLI_FORMAT_H

#include "base/buf.h"
#include "cli/library.h"

typedef enum { FORMAT_NDJSON, FORMAT_JSON, FORMAT_TABLE, FORMAT_CSV, FORMAT_COUNT } OutputFormat;
extern const char *const output_format_name[FORMAT_COUNT];

typedef struct {
  OutputFormat format;
  bool colour;
  bool include_event;
  bool over_time;   /* there are correlations: csv has columns for them */
  sigmac_keep keep; /* what alerts tell of their events */
  unsigned width;   /* of the terminal that shows a table; 0 for none */
} Look;

typedef struct {
  Look look;
  Arena arena;  /* of the texts */
  Str *of_rule; /* by number, correlations too; empty: not written yet */
} Formatter;

typedef struct {
  const sigmac_match *match;
  uint64_t event_index;
  const sigmac_time *time; /* NULL where the event has none */
  sigmac_str matched;      /* ndjson, json: the facts of the match as JSON; empty for none */
  Str event;
} FormatMatch;

void formatter_begin(Formatter *f, const Look *look, uint32_t n_rules);
void formatter_end(Formatter *f);
/* Adds the text of a match to a buffer. */
void format_match(Formatter *f, Buf *out, const FormatMatch *m);
/* That of an alert. */
void format_alert(Formatter *f, Buf *out, const sigmac_alert *alert);
/* The line above a table, and that above csv. */
void format_table_head(Buf *out, const Look *look);
void format_csv_head(Buf *out, const Look *look);

#endif

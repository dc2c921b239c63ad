/* SPDX-License-Identifier: MIT
 * What the texts of matches and alerts share (format.c, format_alert.c). */
#ifndef SIGMAC_CLI_FORMAT_INTERNAL_H
#define SIGMAC_CLI_FORMAT_INTERNAL_H

#include "cli/format.h"
#include "cli/memory.h"

void put_time(Buf *b, sigmac_time time);
void put_number(Buf *b, uint64_t n);
/* The bytes of an event on one line, as a value of JSON. */
void put_event(Buf *b, Str event);

/* What is the same for all matches of a rule: as JSON from `{` to `"event_index":`, and as cells of csv. */
void json_rule(Buf *b, const sigmac_rule *r);
void csv_rule(Buf *b, const sigmac_rule *r);
/* Such a text, written once. */
Str text_of_rule(Formatter *f, uint32_t number, const sigmac_rule *rule, void (*write)(Buf *b, const sigmac_rule *r));

/* In quotes, and no formula. */
void csv_cell(Buf *b, Str s);

typedef struct {
  const sigmac_rule *rule;
  uint64_t event_index;
  const sigmac_time *time; /* NULL for none */
  Str title;
} TableRow;
void table_row(const Look *look, Buf *b, const TableRow *row);

#endif

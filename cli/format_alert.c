/* SPDX-License-Identifier: MIT
 * The text of an alert. */
#include "cli/format_internal.h"

/* --- ndjson, json ------------------------------------------------------------------------------------------ */

static void json_time(Buf *b, const char *key, sigmac_time time) {
  buf_str(b, str_of(key));
  buf_char(b, '"');
  put_time(b, time);
  buf_char(b, '"');
}

static void json_group(Buf *b, const sigmac_alert *a) {
  buf_str(b, STR(",\"group\":{"));
  for (size_t i = 0; i < a->group.n; i++) {
    if (i) buf_char(b, ',');
    buf_json(b, str_in(a->rule->group_by.p[i]));
    buf_char(b, ':');
    buf_json(b, str_in(a->group.p[i]));
  }
  buf_char(b, '}');
}

static void json_events(Buf *b, const sigmac_alert *a) {
  buf_char(b, '[');
  for (size_t i = 0; i < a->events_n; i++) {
    const sigmac_alert_event *e = &a->events[i];
    buf_str(b, i ? STR(",{\"event_index\":") : STR("{\"event_index\":"));
    put_number(b, e->index);
    json_time(b, ",\"timestamp\":", e->time);
    if (e->text.n) {
      buf_str(b, STR(",\"event\":"));
      put_event(b, str_in(e->text));
    }
    buf_char(b, '}');
  }
  buf_char(b, ']');
}

static void json_alert(Formatter *f, Buf *b, const sigmac_alert *a) {
  buf_str(b, STR("{\"type\":\"correlation\","));
  buf_str(b, str_from(text_of_rule(f, a->number, a->rule, json_rule), 1));
  put_number(b, a->event_index);
  json_time(b, ",\"timestamp\":", a->time);
  json_group(b, a);
  buf_str(b, STR(",\"value\":"));
  buf_str(b, str_in(a->value));
  json_time(b, ",\"window\":{\"start\":", a->start);
  json_time(b, ",\"end\":", a->end);
  buf_str(b, STR("},\"alert_id\":\""));
  buf_str(b, str_of(a->id));
  buf_char(b, '"');
  if (f->look.keep != SIGMAC_KEEP_NONE) {
    buf_str(b, STR(",\"events\":"));
    json_events(b, a);
  }
  buf_char(b, '}');
}

/* --- csv ----------------------------------------------------------------------------------------------------- */

/* For people: NAME=VALUE, NAME=VALUE. */
static void put_group(Buf *b, const sigmac_alert *a) {
  for (size_t i = 0; i < a->group.n; i++) {
    if (i) buf_str(b, STR(", "));
    buf_str(b, str_in(a->rule->group_by.p[i]));
    buf_char(b, '=');
    buf_str(b, str_in(a->group.p[i]));
  }
}

static void csv_written(Buf *b, const sigmac_alert *a, void (*write)(Buf *b, const sigmac_alert *a)) {
  Buf text = {.heap = &cli_heap};
  write(&text, a);
  csv_cell(b, buf_view(&text));
  buf_free(&text);
}

static void csv_over_time(const Look *look, Buf *b, const sigmac_alert *a) {
  buf_str(b, STR(",correlation,"));
  csv_written(b, a, put_group);
  buf_char(b, ',');
  buf_str(b, str_in(a->value));
  buf_char(b, ',');
  put_time(b, a->start);
  buf_char(b, ',');
  put_time(b, a->end);
  buf_char(b, ',');
  buf_str(b, str_of(a->id));
  if (look->keep == SIGMAC_KEEP_NONE) return;
  buf_char(b, ',');
  csv_written(b, a, json_events);
}

static void csv_alert(Formatter *f, Buf *b, const sigmac_alert *a) {
  put_number(b, a->event_index);
  buf_char(b, ',');
  put_time(b, a->time);
  buf_str(b, text_of_rule(f, a->number, a->rule, csv_rule));
  if (f->look.include_event) buf_char(b, ',');
  if (f->look.over_time) csv_over_time(&f->look, b, a);
  buf_str(b, STR("\r\n"));
}

/* --- table --------------------------------------------------------------------------------------------------- */

static void table_alert(const Look *look, Buf *b, const sigmac_alert *a) {
  Buf title = {.heap = &cli_heap};
  buf_str(&title, str_in(a->rule->title));
  buf_str(&title, STR(": "));
  buf_str(&title, str_in(a->value));
  if (a->group.n) buf_str(&title, STR(", "));
  put_group(&title, a);
  table_row(look, b, &(TableRow){a->rule, a->event_index, &a->time, buf_view(&title)});
  buf_free(&title);
}

/* --- all ----------------------------------------------------------------------------------------------------- */

void format_alert(Formatter *f, Buf *out, const sigmac_alert *a) {
  switch (f->look.format) {
  case FORMAT_NDJSON:
    json_alert(f, out, a);
    buf_char(out, '\n');
    break;
  case FORMAT_JSON: json_alert(f, out, a); break;
  case FORMAT_CSV: csv_alert(f, out, a); break;
  case FORMAT_TABLE: table_alert(&f->look, out, a); break;
  case FORMAT_COUNT: break;
  }
}

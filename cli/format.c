/* SPDX-License-Identifier: MIT */
#include "cli/format_internal.h"
#include "cli/level.h"
#include "cli/terminal.h"

const char *const output_format_name[FORMAT_COUNT] = {"ndjson", "json", "table", "csv"};

void put_time(Buf *b, sigmac_time time) {
  char text[SIGMAC_TIME_ROOM];
  buf_bytes(b, text, sigmac_time_print(text, time));
}

void put_number(Buf *b, uint64_t n) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + n % 10);
  while (n /= 10);
  buf_bytes(b, digits + at, sizeof digits - at);
}

/* --- what is the same for all matches of a rule --------------------------------------------------------------- */

static void json_or_null(Buf *b, Str s) {
  if (s.n) buf_json(b, s);
  else buf_str(b, STR("null"));
}

void json_rule(Buf *b, const sigmac_rule *r) {
  buf_str(b, STR("{\"rule_id\":"));
  json_or_null(b, str_in(r->id));
  buf_str(b, STR(",\"rule_title\":"));
  buf_json(b, str_in(r->title));
  buf_str(b, STR(",\"level\":"));
  json_or_null(b, str_in(r->level));
  buf_str(b, STR(",\"tags\":["));
  for (size_t i = 0; i < r->tags.n; i++) {
    if (i) buf_char(b, ',');
    buf_json(b, str_in(r->tags.p[i]));
  }
  buf_str(b, STR("],\"path\":"));
  buf_json(b, str_in(r->path));
  buf_str(b, STR(",\"event_index\":"));
}

/* A spreadsheet takes what begins so for a formula, and rules and events may come from anyone: an apostrophe makes it text. */
static bool formula(Str s) { return s.n && memchr("=+-@\t\r", s.p[0], 6); }

void csv_cell(Buf *b, Str s) {
  buf_char(b, '"');
  if (formula(s)) buf_char(b, '\'');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_char(b, '"');
    buf_char(b, s.p[i]);
  }
  buf_char(b, '"');
}

void csv_rule(Buf *b, const sigmac_rule *r) {
  const sigmac_str cells[] = {r->level, r->id, r->title, r->path};
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    buf_char(b, ',');
    csv_cell(b, str_in(cells[i]));
  }
}

Str text_of_rule(Formatter *f, uint32_t number, const sigmac_rule *rule, void (*write)(Buf *b, const sigmac_rule *r)) {
  Str *text = &f->of_rule[number];
  if (text->n) return *text;
  Buf b = {.heap = &cli_heap};
  write(&b, rule);
  *text = arena_dup(&f->arena, buf_view(&b));
  buf_free(&b);
  return *text;
}

/* --- ndjson, json ------------------------------------------------------------------------------------------ */

/* The bytes of the event on one line; a line end in JSON is white space or was an error. A byte order mark, which may
 * stand before an event, may not stand inside of another JSON text. */
void put_event(Buf *b, Str event) {
  if (str_starts(event, STR("\xEF\xBB\xBF"))) event = str_from(event, 3);
  size_t begin = b->n;
  buf_str(b, event);
  if (!event.n || (!memchr(event.p, '\n', event.n) && !memchr(event.p, '\r', event.n))) return;
  for (char *p = b->p + begin; p < b->p + b->n; p++)
    if (*p == '\n' || *p == '\r') *p = ' ';
}

static void json_match(Formatter *f, Buf *b, const FormatMatch *m) {
  buf_str(b, text_of_rule(f, m->match->number, m->match->rule, json_rule));
  put_number(b, m->event_index);
  if (m->time) {
    buf_str(b, STR(",\"timestamp\":\""));
    put_time(b, *m->time);
    buf_char(b, '"');
  }
  if (m->matched.n) {
    buf_str(b, STR(",\"matched\":"));
    buf_str(b, str_in(m->matched));
  }
  if (f->look.include_event) {
    buf_str(b, STR(",\"event\":"));
    put_event(b, m->event);
  }
  buf_char(b, '}');
}

/* --- csv (RFC 4180) ---------------------------------------------------------------------------------------- */

void format_csv_head(Buf *out, const Look *look) {
  buf_printf(out, "event_index,timestamp,level,rule_id,rule_title,path%s%s%s\r\n", look->include_event ? ",event" : "",
             look->over_time ? ",type,group,value,window_start,window_end,alert_id" : "",
             look->over_time && look->keep != SIGMAC_KEEP_NONE ? ",events" : "");
}

static void csv_match(Formatter *f, Buf *b, const FormatMatch *m) {
  put_number(b, m->event_index);
  buf_char(b, ',');
  if (m->time) put_time(b, *m->time);
  buf_str(b, text_of_rule(f, m->match->number, m->match->rule, csv_rule));
  if (f->look.include_event) {
    buf_char(b, ',');
    csv_cell(b, m->event);
  }
  if (f->look.over_time) buf_str(b, f->look.keep == SIGMAC_KEEP_NONE ? STR(",,,,,,") : STR(",,,,,,,"));
  buf_str(b, STR("\r\n"));
}

/* --- table ------------------------------------------------------------------------------------------------- */

enum {
  LEVEL_WIDTH = 13,
  EVENT_WIDTH = 9,
  TIME_WIDTH = 20,
  ID_WIDTH = 36,
  GAP = 2,
  TITLE_WIDTH = 60,
  LEAST_TITLE = 30,
  TITLE_ALONE = 16
};

/* What of the columns fits the terminal: first the id goes, then the time. */
typedef struct {
  unsigned title;
  bool time, id;
} Columns;

static Columns table_columns(unsigned width) {
  unsigned fixed = LEVEL_WIDTH + 1 + EVENT_WIDTH + GAP;
  Columns c = {.title = TITLE_WIDTH, .time = true, .id = true};
  if (!width) return c;
  c.id = width >= fixed + TIME_WIDTH + GAP + LEAST_TITLE + GAP + ID_WIDTH;
  c.time = width >= fixed + TIME_WIDTH + GAP + TITLE_ALONE;
  if (c.time) fixed += TIME_WIDTH + GAP;
  if (c.id) fixed += GAP + ID_WIDTH;
  c.title = width > fixed + TITLE_ALONE ? width - fixed : TITLE_ALONE;
  return c;
}

void format_table_head(Buf *out, const Look *look) {
  Columns c = table_columns(look->width);
  buf_printf(out, "%-*s %*s  ", LEVEL_WIDTH, "LEVEL", EVENT_WIDTH, "EVENT");
  if (c.time) buf_printf(out, "%-*s  ", TIME_WIDTH, "TIME");
  if (c.id) buf_printf(out, "%-*s  ID\n", (int)c.title, "RULE");
  else buf_str(out, STR("RULE\n"));
}

/* To the second: what is finer is in the other formats. */
static void table_time(Buf *b, const sigmac_time *time) {
  if (time) put_time(b, (sigmac_time){time->seconds, 0});
  buf_printf(b, "%*s", (time ? 0 : TIME_WIDTH) + GAP, "");
}

void table_row(const Look *look, Buf *b, const TableRow *row) {
  const sigmac_rule *r = row->rule;
  Columns c = table_columns(look->width);
  Str level = str_in(r->level), id = str_in(r->id);
  const char *colour = look->colour ? level_info[level_of(level)].colour : "";
  buf_str(b, str_of(colour));
  put_columns(b, level.n ? level : STR("-"), LEVEL_WIDTH);
  if (*colour) buf_str(b, STR(COLOUR_OFF));
  buf_printf(b, " %*llu  ", EVENT_WIDTH, (unsigned long long)row->event_index);
  if (c.time) table_time(b, row->time);
  put_columns(b, row->title, c.title);
  if (c.id) {
    buf_str(b, STR("  "));
    buf_safe(b, id.n ? id : STR("-"));
  }
  buf_char(b, '\n');
}

static void table_match(const Look *look, Buf *b, const FormatMatch *m) {
  table_row(look, b, &(TableRow){m->match->rule, m->event_index, m->time, str_in(m->match->rule->title)});
}

/* --- all --------------------------------------------------------------------------------------------------- */

void formatter_begin(Formatter *f, const Look *look, uint32_t n_rules) {
  *f = (Formatter){.look = *look, .arena.heap = &cli_heap};
  f->of_rule = arena_array(&f->arena, Str, n_rules);
}

void formatter_end(Formatter *f) { arena_free(&f->arena); }

void format_match(Formatter *f, Buf *out, const FormatMatch *m) {
  switch (f->look.format) {
  case FORMAT_NDJSON:
    json_match(f, out, m);
    buf_char(out, '\n');
    break;
  case FORMAT_JSON: json_match(f, out, m); break;
  case FORMAT_CSV: csv_match(f, out, m); break;
  case FORMAT_TABLE: table_match(&f->look, out, m); break;
  case FORMAT_COUNT: break;
  }
}

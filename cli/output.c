/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/level.h"
#include "cli/terminal.h"

const char *const output_format_name[FORMAT_COUNT] = {"ndjson", "json", "table", "csv"};

enum { FLUSH_AT = 1 << 16, PATIENCE = 1000 /* milliseconds */ };

/* How much to write at once; 0: give it up. After an interrupt it may be that nobody takes the rest, and a write must not
 * wait for ever: what poll promises is that a pipe has room for PIPE_BUF bytes. */
static size_t portion(size_t n) {
  if (!interrupted) return n;
  struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
  int ready = 0;
  do ready = poll(&out, 1, PATIENCE);
  while (ready < 0 && errno == EINTR);
  if (ready <= 0) return 0;
  return n < PIPE_BUF ? n : PIPE_BUF;
}

void output_flush(Output *o) {
  size_t done = 0;
  if (o->buf.n && o->before_write) o->before_write(o->ctx);
  while (done < o->buf.n && !o->closed && !o->fault && !o->lost) {
    size_t some = portion(o->buf.n - done);
    ssize_t n = some ? write(STDOUT_FILENO, o->buf.p + done, some) : 0;
    if (!some) o->lost = o->buf.n - done;
    else if (n >= 0) done += (size_t)n;
    else if (errno == EPIPE) o->closed = true;
    else if (errno != EINTR) o->fault = strerror(errno);
  }
  o->buf.n = 0;
}

static void put_time(Buf *b, sigmac_time time) {
  char text[SIGMAC_TIME_ROOM];
  buf_bytes(b, text, sigmac_time_print(text, time));
}

/* --- ndjson, json ------------------------------------------------------------------------------------------ */

static void json_or_null(Buf *b, Str s) {
  if (s.n) buf_json(b, s);
  else buf_str(b, STR("null"));
}

/* The bytes of the event on one line; a line end in JSON is white space or was an error. A byte order mark, which may
 * stand before an event, may not stand inside of another JSON text. */
static void event_bytes(Buf *b, Str event) {
  if (str_starts(event, STR("\xEF\xBB\xBF"))) event = str_from(event, 3);
  for (size_t i = 0; i < event.n; i++) buf_char(b, event.p[i] == '\n' || event.p[i] == '\r' ? ' ' : event.p[i]);
}

static void json_match(Output *o, const OutputMatch *m) {
  const sigmac_rule *r = m->rule;
  Buf *b = &o->buf;
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
  buf_printf(b, ",\"event_index\":%llu", (unsigned long long)m->event_index);
  if (m->time) {
    buf_str(b, STR(",\"timestamp\":\""));
    put_time(b, *m->time);
    buf_char(b, '"');
  }
  if (m->matched.n) {
    buf_str(b, STR(",\"matched\":"));
    buf_str(b, str_in(m->matched));
  }
  if (o->include_event) {
    buf_str(b, STR(",\"event\":"));
    event_bytes(b, m->event);
  }
  buf_char(b, '}');
}

/* --- csv (RFC 4180) ---------------------------------------------------------------------------------------- */

/* A spreadsheet takes what begins so for a formula, and rules and events may come from anyone: an apostrophe makes it text. */
static bool formula(Str s) { return s.n && memchr("=+-@\t\r", s.p[0], 6); }

static void csv_cell(Buf *b, Str s) {
  buf_char(b, '"');
  if (formula(s)) buf_char(b, '\'');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_char(b, '"');
    buf_char(b, s.p[i]);
  }
  buf_char(b, '"');
}

static void csv_match(Output *o, const OutputMatch *m) {
  const sigmac_rule *r = m->rule;
  const sigmac_str cells[] = {r->level, r->id, r->title, r->path};
  buf_printf(&o->buf, "%llu,", (unsigned long long)m->event_index);
  if (m->time) put_time(&o->buf, *m->time);
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    buf_char(&o->buf, ',');
    csv_cell(&o->buf, str_in(cells[i]));
  }
  if (o->include_event) {
    buf_char(&o->buf, ',');
    csv_cell(&o->buf, m->event);
  }
  buf_str(&o->buf, STR("\r\n"));
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

static void table_head(Output *o) {
  Columns c = table_columns(o->width);
  buf_printf(&o->buf, "%-*s %*s  ", LEVEL_WIDTH, "LEVEL", EVENT_WIDTH, "EVENT");
  if (c.time) buf_printf(&o->buf, "%-*s  ", TIME_WIDTH, "TIME");
  if (c.id) buf_printf(&o->buf, "%-*s  ID\n", (int)c.title, "RULE");
  else buf_str(&o->buf, STR("RULE\n"));
}

/* To the second: what is finer is in the other formats. */
static void table_time(Buf *b, const sigmac_time *time) {
  if (time) put_time(b, (sigmac_time){time->seconds, 0});
  buf_printf(b, "%*s", (time ? 0 : TIME_WIDTH) + GAP, "");
}

static void table_match(Output *o, const OutputMatch *m) {
  const sigmac_rule *r = m->rule;
  Columns c = table_columns(o->width);
  Str level = str_in(r->level), id = str_in(r->id);
  const char *colour = o->colour ? level_info[level_of(level)].colour : "";
  buf_str(&o->buf, str_of(colour));
  put_columns(&o->buf, level.n ? level : STR("-"), LEVEL_WIDTH);
  if (*colour) buf_str(&o->buf, STR(COLOUR_OFF));
  buf_printf(&o->buf, " %*llu  ", EVENT_WIDTH, (unsigned long long)m->event_index);
  if (c.time) table_time(&o->buf, m->time);
  put_columns(&o->buf, str_in(r->title), c.title);
  if (c.id) {
    buf_str(&o->buf, STR("  "));
    buf_safe(&o->buf, id.n ? id : STR("-"));
  }
  buf_char(&o->buf, '\n');
}

/* --- all --------------------------------------------------------------------------------------------------- */

void output_begin(Output *o) {
  if (o->format == FORMAT_JSON) buf_char(&o->buf, '[');
  if (o->format == FORMAT_CSV)
    buf_printf(&o->buf, "event_index,timestamp,level,rule_id,rule_title,path%s\r\n", o->include_event ? ",event" : "");
}

void output_match(Output *o, const OutputMatch *m) {
  if (!o->matches && o->format == FORMAT_TABLE) table_head(o);
  switch (o->format) {
  case FORMAT_NDJSON:
    json_match(o, m);
    buf_char(&o->buf, '\n');
    break;
  case FORMAT_JSON:
    buf_str(&o->buf, o->matches ? STR(",\n") : STR("\n"));
    json_match(o, m);
    break;
  case FORMAT_CSV: csv_match(o, m); break;
  case FORMAT_TABLE: table_match(o, m); break;
  case FORMAT_COUNT: break;
  }
  o->matches++;
  if (o->buf.n >= FLUSH_AT) output_flush(o);
}

void output_end(Output *o) {
  if (o->format == FORMAT_JSON) buf_str(&o->buf, STR("\n]\n"));
  output_flush(o);
  buf_free(&o->buf);
}

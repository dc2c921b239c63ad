/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <unistd.h>

#include "base/utf8.h"

const char *const output_format_name[FORMAT_COUNT] = {"ndjson", "json", "table", "csv"};

enum { FLUSH_AT = 1 << 16 };

void output_flush(Output *o) {
  size_t done = 0;
  while (done < o->buf.n && !o->closed && !o->fault) {
    ssize_t n = write(STDOUT_FILENO, o->buf.p + done, o->buf.n - done);
    if (n >= 0) done += (size_t)n;
    else if (errno == EPIPE) o->closed = true;
    else if (errno != EINTR) o->fault = strerror(errno);
  }
  o->buf.n = 0;
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

static void json_match(Output *o, const Program *p, const RuleRec *r, uint64_t index, Str event) {
  Buf *b = &o->buf;
  buf_str(b, STR("{\"rule_id\":"));
  json_or_null(b, program_str(p, r->id));
  buf_str(b, STR(",\"rule_title\":"));
  buf_json(b, program_str(p, r->title));
  buf_str(b, STR(",\"level\":"));
  json_or_null(b, program_str(p, r->level));
  buf_str(b, STR(",\"tags\":["));
  for (uint32_t i = 0; i < r->tags.n; i++) {
    if (i) buf_char(b, ',');
    buf_json(b, program_list(p, r->tags, i));
  }
  buf_str(b, STR("],\"path\":"));
  buf_json(b, program_str(p, r->path));
  buf_printf(b, ",\"event_index\":%llu", (unsigned long long)index);
  if (o->include_event) {
    buf_str(b, STR(",\"event\":"));
    event_bytes(b, event);
  }
  buf_char(b, '}');
}

/* --- csv (RFC 4180) ---------------------------------------------------------------------------------------- */

static void csv_cell(Buf *b, Str s) {
  buf_char(b, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_char(b, '"');
    buf_char(b, s.p[i]);
  }
  buf_char(b, '"');
}

static void csv_match(Output *o, const Program *p, const RuleRec *r, uint64_t index, Str event) {
  const StrRef cells[] = {r->level, r->id, r->title, r->path};
  buf_printf(&o->buf, "%llu", (unsigned long long)index);
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    buf_char(&o->buf, ',');
    csv_cell(&o->buf, program_str(p, cells[i]));
  }
  if (o->include_event) {
    buf_char(&o->buf, ',');
    csv_cell(&o->buf, event);
  }
  buf_str(&o->buf, STR("\r\n"));
}

/* --- table ------------------------------------------------------------------------------------------------- */

/* Exactly `width` characters. */
static void pad(Buf *b, Str s, size_t width) {
  size_t n = 0, end = 0;
  for (uint32_t cp; end < s.n && n < width; n++) {
    size_t len = utf8_decode(s, end, &cp);
    end += len ? len : 1;
  }
  buf_safe(b, str_sub(s, 0, end));
  for (; n < width; n++) buf_char(b, ' ');
}

static const char *level_colour(Str level) {
  if (str_is(level, "critical")) return "\033[1;31m";
  if (str_is(level, "high")) return "\033[31m";
  if (str_is(level, "medium")) return "\033[33m";
  return "";
}

static void table_match(Output *o, const Program *p, const RuleRec *r, uint64_t index) {
  Str level = program_str(p, r->level);
  const char *colour = o->colour ? level_colour(level) : "";
  buf_str(&o->buf, str_of(colour));
  pad(&o->buf, level.n ? level : STR("-"), 13);
  if (*colour) buf_str(&o->buf, STR("\033[0m"));
  buf_printf(&o->buf, " %9llu  ", (unsigned long long)index);
  pad(&o->buf, program_str(p, r->title), 60);
  buf_str(&o->buf, STR("  "));
  Str id = program_str(p, r->id);
  buf_safe(&o->buf, id.n ? id : STR("-"));
  buf_char(&o->buf, '\n');
}

/* --- all --------------------------------------------------------------------------------------------------- */

void output_begin(Output *o) {
  if (o->format == FORMAT_JSON) buf_char(&o->buf, '[');
  if (o->format == FORMAT_CSV)
    buf_printf(&o->buf, "event_index,level,rule_id,rule_title,path%s\r\n", o->include_event ? ",event" : "");
}

void output_match(Output *o, const Program *p, uint32_t rule, uint64_t index, Str event) {
  const RuleRec *r = &p->RULES[rule];
  if (!o->matches && o->format == FORMAT_TABLE) buf_printf(&o->buf, "%-13s %9s  %-60s  %s\n", "LEVEL", "EVENT", "RULE", "ID");
  switch (o->format) {
  case FORMAT_NDJSON:
    json_match(o, p, r, index, event);
    buf_char(&o->buf, '\n');
    break;
  case FORMAT_JSON:
    buf_str(&o->buf, o->matches ? STR(",\n") : STR("\n"));
    json_match(o, p, r, index, event);
    break;
  case FORMAT_CSV: csv_match(o, p, r, index, event); break;
  case FORMAT_TABLE: table_match(o, p, r, index); break;
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

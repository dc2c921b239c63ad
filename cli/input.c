/* SPDX-License-Identifier: MIT */
#include "cli/input.h"

#include <unistd.h>

#include "base/limits.h"
#include "cli/input_bytes.h"
#include "cli/input_object.h"
#include "cli/line_scan.h"

enum { BLOCK = 1 << 20 };

void input_open(Input *in, int fd) {
  Buf buf = in->buf, packed = in->packed;
  size_t block = in->block ? in->block : BLOCK, limit = in->limit ? in->limit : LIMIT_EVENT_BYTES;
  uint64_t bytes = in->bytes, bytes_text = in->bytes_text;
  buf.n = packed.n = 0;
  decoder_free(in->decoder);
  *in = (Input){.fd = fd,
                .buf = buf,
                .packed = packed,
                .block = block,
                .limit = limit,
                .next_line = 1,
                .leading = true,
                .bytes = bytes,
                .bytes_text = bytes_text,
                .idle = in->idle,
                .idle_ctx = in->idle_ctx,
                .stop = in->stop,
                .wake = in->wake};
}

void input_free(Input *in) {
  buf_free(&in->buf);
  buf_free(&in->packed);
  decoder_free(in->decoder);
  in->decoder = NULL;
}

/* --- going on ---------------------------------------------------------------------------------------------- */

InputPlace input_place(const Input *in) {
  return (InputPlace){.offset = in->offset,
                      .line = in->next_line,
                      .column = in->column,
                      .indent = in->indent,
                      .guessed = in->guessed,
                      .looked = in->looked,
                      .leading = in->leading,
                      .seek = in->mode == INPUT_SEQUENCE && !in->decoder && !in->faults};
}

bool input_go_on(Input *in, const InputPlace *place) {
  if (!place->seek || place->offset > INT64_MAX || lseek(in->fd, (off_t)place->offset, SEEK_SET) < 0) return false;
  in->mode = INPUT_SEQUENCE;
  in->begun = true;
  in->offset = place->offset;
  in->next_line = place->line;
  in->column = (size_t)place->column;
  in->indent = (size_t)place->indent;
  in->guessed = place->guessed;
  in->looked = place->looked;
  in->leading = place->leading;
  return true;
}

/* --- the beginning ----------------------------------------------------------------------------------------- */

/* What is no UTF-8 text: said once, with what to do, instead of once per line. */
static const struct {
  Str magic;
  const char *what;
} foreign[] = {
  {STR_INIT("\xFF\xFE"), "the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16 -t UTF-8 FILE | "
                         "sigmac eval ...`, or write it with `Out-File -Encoding utf8`"},
  {STR_INIT("\xFE\xFF"), "the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16 -t UTF-8 FILE | "
                         "sigmac eval ...`"},
  {STR_INIT("{\0"), "the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16LE -t UTF-8 FILE | "
                    "sigmac eval ...`"},
  {STR_INIT("[\0"), "the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16LE -t UTF-8 FILE | "
                    "sigmac eval ...`"},
  {STR_INIT("\0{"), "the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16BE -t UTF-8 FILE | "
                    "sigmac eval ...`"},
  {STR_INIT("\0["), "the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16BE -t UTF-8 FILE | "
                    "sigmac eval ...`"},
  {STR_INIT("SIGMAC\x1A"), "it is a program image, events are read as JSON: images come behind -r"},
  {STR_INIT("ElfFile\0"), "it is a Windows event log: convert it, as in `evtx_dump -o jsonl FILE | sigmac eval ...`"},
  {STR_INIT("<?xml"), "it is XML, events are read as JSON"},
  {STR_INIT("<Event"), "it is XML, events are read as JSON"},
  {STR_INIT("BZh"), "it is compressed with bzip2: unpack it, as in `bzip2 -dc FILE | sigmac eval ...`"},
  {STR_INIT("\xFD"
            "7zXZ"),
   "it is compressed with xz: unpack it, as in `xz -dc FILE | sigmac eval ...`"},
  {STR_INIT("PK\x03\x04"), "it is a zip archive: unpack it, as in `unzip -p FILE | sigmac eval ...`"},
  {STR_INIT("\x1F\x8B"), "it is compressed twice: unpack it, as in `gzip -dc FILE | sigmac eval ...`"},
  {STR_INIT("\x28\xB5\x2F\xFD"), "it is compressed twice: unpack it, as in `zstd -dc FILE | sigmac eval ...`"},
};

static bool begin(Input *in) {
  if (!input_unpack(in)) return false;
  for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
    if (input_starts(in, foreign[i].magic)) return input_fault_at(in, foreign[i].what, 0), false;
  in->mode = INPUT_SEQUENCE;
  return true;
}

/* --- a sequence of objects --------------------------------------------------------------------------------- */

/* Most inputs are NDJSON: a line that begins with `{` and ends with `}`, has no `}` that a `{` follows, and is followed by a line
 * that begins with `{`, is one object, or a broken one that ends there by the rules of input_object.h. */
static bool has_pair(const char *p, const char *end) {
  for (const char *b = p; (b = memchr(b, '}', (size_t)(end - b)));) {
    for (b++; b < end && input_white((unsigned char)*b);) b++;
    if (b < end && (*b == '{' || *b == '\xEF')) return true;
  }
  return false;
}

static bool whole_line(Input *in, Str *text) {
  const char *p = in->buf.p + in->at;
  size_t have = in->buf.n - in->at;
  size_t searched = in->lines_end > in->offset ? (size_t)(in->lines_end - in->offset) : 0;
  if (searched > have) searched = have;
  LineScan scan = line_scan(p + searched, have - searched);
  const char *line_end = p + searched + scan.n, *end = line_end;
  in->lines_end = in->offset + (size_t)(end - p);
  if (end == p + have || end + 1 == p + have || end[1] != '{') return false;
  while (input_white((unsigned char)end[-1])) end--;
  if (end[-1] != '}' || (size_t)(line_end - p) >= in->limit) return false;
  if ((searched || scan.pair) && has_pair(p, end)) return false;
  *text = (Str){p, (size_t)(end - p)};
  size_t n = (size_t)(line_end - p) + 1;
  in->at += n;
  in->offset += n;
  in->next_line++;
  in->column = in->indent = 0;
  in->leading = true;
  return true;
}

/* White space, byte order marks, and lines of evtx_dump. */
static int skip_between(Input *in) {
  for (;;) {
    int c = input_skip_white(in);
    if (c == 0xEF && input_starts(in, STR("\xEF\xBB\xBF"))) {
      bool leading = in->leading;
      input_advance(in, 3);
      if (leading) in->column = in->indent, in->leading = true;
    } else if (c == 'R' && in->leading && !in->indent && input_record_line(in, 0)) {
      input_skip_line(in);
    } else {
      return c;
    }
  }
}

static bool array_opens(Input *in) {
  size_t i = 1;
  int c;
  if (!in->begun) return true;
  while (i < INPUT_LOOK && input_white(c = input_peek(in, i))) i++;
  return i < INPUT_LOOK && ((c = input_peek(in, i)) == '{' || c == ']');
}

static void open_array(Input *in, size_t n, Wrapper wrapper) {
  in->mode = INPUT_ARRAY;
  in->element = NO_ELEMENT;
  in->comma_missed = false;
  in->array_line = in->next_line;
  in->wrapper = wrapper;
  in->wrappers = wrapper_depth(wrapper);
  input_advance(in, n);
}

static InputResult bad_line(Input *in, Str *text) {
  size_t n = input_line_end(in, 0);
  if (n == SIZE_MAX) {
    input_skip_line(in);
    return INPUT_TOO_LARGE;
  }
  *text = input_text(in, n);
  input_advance(in, n);
  return INPUT_EVENT;
}

/* False where there is no event yet. */
static bool next_in_sequence(Input *in, Str *text, InputResult *result) {
  Wrapper wrapper = WRAPPER_NONE;
  int c = skip_between(in);
  in->line = in->next_line;
  *result = INPUT_DONE;
  if (c < 0) return true;
  size_t opens = c == '{' ? wrapper_opens(in, &wrapper) : c == '[' && array_opens(in);
  in->begun = true;
  if (opens) {
    open_array(in, opens, wrapper);
    return false;
  }
  if (c != '{') *result = bad_line(in, text);
  else *result = whole_line(in, text) ? INPUT_EVENT : input_object(in, text);
  return true;
}

/* --- arrays ------------------------------------------------------------------------------------------------ */

static void array_not_closed(Input *in) {
  input_fault_at(in, "the JSON array that begins here is not closed", in->array_line);
  in->mode = INPUT_SEQUENCE;
}

typedef struct {
  bool open, escaped;
} Quoted;

/* Whether c belongs to a string, its quotes too. */
static bool quoted(Quoted *q, int c) {
  if (!q->open) return q->open = c == '"';
  q->open = q->escaped || c != '"';
  q->escaped = !q->escaped && c == '\\';
  return true;
}

/* An element that is no object: strings and brackets are followed. It ends with its line where a string does not. */
static InputResult odd_element(Input *in, Str *text) {
  size_t n = 0, depth = 0;
  Quoted q = {0};
  bool large = false;
  for (int c; (c = input_peek(in, n)) >= 0; n++) {
    if (n > in->limit) {
      large = true;
      input_advance(in, n);
      n = 0;
    }
    if (q.open && c == '\n') break;
    if (quoted(&q, c)) continue;
    if (c == '\n' && !depth) break;
    if (c == '[' || c == '{') depth++;
    if ((c == ']' || c == '}') && depth) {
      depth--;
      continue;
    }
    if (c == '}') n += !n; /* a bracket that nothing opened is an element of its own, and a bad one */
    if (c == ']' || c == '}' || (c == ',' && !depth)) break;
  }
  in->element = q.open ? BROKEN_ELEMENT : WHOLE_ELEMENT;
  *text = input_text(in, n);
  input_advance(in, n);
  return large || n > in->limit ? INPUT_TOO_LARGE : INPUT_EVENT;
}

/* Whether the array was cut off, and another begins: where a comma should be, or, since an array is no event, in a line. */
static bool another_opens(Input *in, int c) {
  Wrapper wrapper;
  if (c == '[') return (in->element != NO_ELEMENT || in->leading) && array_opens(in);
  return c == '{' && in->element != NO_ELEMENT && in->wrappers && wrapper_opens(in, &wrapper);
}

static void comma_missed(Input *in) {
  if (!in->comma_missed) input_fault_at(in, "a comma is missing in the JSON array", in->next_line);
  in->comma_missed = true;
}

static bool next_in_array(Input *in, Str *text, InputResult *result) {
  int c = input_skip_white(in);
  if (in->element != NO_ELEMENT && c == ',') {
    input_advance(in, 1);
    c = input_skip_white(in);
    in->element = NO_ELEMENT;
    if (c == ']') input_fault_at(in, "a comma before the end of the JSON array", in->next_line);
  }
  in->line = in->next_line;
  if (c < 0 || another_opens(in, c)) {
    array_not_closed(in);
    return false;
  }
  if (c == ']') {
    input_advance(in, 1);
    in->mode = INPUT_BEHIND_ARRAY;
    return false;
  }
  if (in->element == WHOLE_ELEMENT) comma_missed(in);
  *result = c == '{' ? input_object(in, text) : odd_element(in, text);
  return true;
}

/* --- behind an array in a wrapper -------------------------------------------------------------------------- */

/* To the end of a string, number or word, or of what a bracket opens. */
static void skip_value(Input *in) {
  size_t n = 0, depth = 0;
  Quoted q = {0};
  for (int c; (c = input_peek(in, n)) >= 0; n++) {
    if (n >= INPUT_LOOK) {
      input_advance(in, n);
      n = 0;
    }
    if (q.open && c == '\n') break;
    if (quoted(&q, c)) continue;
    if (!depth && (c == ',' || c == '}' || c == ']')) break;
    depth += c == '[' || c == '{';
    depth -= c == ']' || c == '}';
  }
  input_advance(in, n);
}

static void wrapper_member(Input *in) {
  char name[32];
  size_t n = 0;
  for (int c; n < sizeof name && (c = input_peek(in, n + 1)) >= 0 && c != '"' && c != '\n'; n++) name[n] = (char)c;
  if (!wrapper_knows(in->wrapper, in->wrappers, (Str){name, n}))
    input_fault_at(in, "the object around the JSON array has members that no known one has; they are not evaluated", in->next_line);
  skip_value(in);
}

/* What follows in the objects around an array is read over. Where elements follow, the bracket was one too many. */
static bool next_behind_array(Input *in) {
  for (;;) {
    int c = input_skip_white(in);
    bool comma = c == ',';
    if (c == '}' && in->wrappers) {
      input_advance(in, 1);
      in->wrappers--;
      continue;
    }
    if (comma) {
      input_advance(in, 1);
      c = input_skip_white(in);
    }
    if (c == '"' && in->wrappers) {
      wrapper_member(in);
      continue;
    }
    bool goes_on = comma || c == '}' || c == ']';
    in->mode = goes_on ? INPUT_ARRAY : INPUT_SEQUENCE;
    in->element = NO_ELEMENT;
    if (goes_on) input_fault_at(in, "the JSON array goes on behind its end", in->next_line);
    else if (in->wrappers) input_fault_at(in, "the object around the JSON array that begins here is not closed", in->array_line);
    return false;
  }
}

/* --- all --------------------------------------------------------------------------------------------------- */

/* The event in a document of Elasticsearch. */
static void unwrap(Input *in, Str *text) {
  Str event = wrapper_source(*text);
  for (const char *p = text->p; p < event.p; p++) in->line += *p == '\n';
  *text = event;
}

InputResult input_next(Input *in, Str *text) {
  InputResult result = INPUT_DONE;
  *text = STR("");
  if (in->mode == INPUT_START && !begin(in)) {
    in->eof = true;
    in->at = in->buf.n = 0;
    in->mode = INPUT_SEQUENCE;
    return INPUT_DONE;
  }
  for (bool found = false; !found;) switch (in->mode) {
    case INPUT_START:
    case INPUT_SEQUENCE: found = next_in_sequence(in, text, &result); break;
    case INPUT_ARRAY: found = next_in_array(in, text, &result); break;
    case INPUT_BEHIND_ARRAY: found = next_behind_array(in); break;
    }
  if (result == INPUT_EVENT) unwrap(in, text);
  if (result == INPUT_TOO_LARGE) *text = STR("");
  return result;
}

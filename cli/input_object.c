/* SPDX-License-Identifier: MIT */
#include "cli/input_object.h"

#include "base/limits.h"
#include "cli/input_bytes.h"

enum { NOWHERE = 0 };

typedef struct {
  Input *in;
  size_t n;              /* looked at so far, from the beginning of the object, or, when it is large, of what is left of it */
  size_t column, indent; /* of its beginning, and of the line of it */
  size_t line_indent;    /* of the present line */
  size_t guess;          /* where it ends if it is not closed; NOWHERE for no such place */
  uint64_t lists[(LIMIT_EVENT_DEPTH + 63) / 64]; /* which of the open brackets are `[` */
  size_t depth;                                  /* also beyond the limit, where the kind is not known */
  char last;                                     /* last byte that is no white space, outside of strings */
  bool mismatch;                                 /* a bracket was closed by one of the other kind, or by none */
  bool laid_out;                                 /* it has a line that is indented more than its first one */
  bool one_line;                                 /* its first line has more than the `{` */
  bool line;                                     /* an element that begins a line, and may be all of it */
  bool string, first_line, broken, large, array;
} Object;

/* --- brackets ---------------------------------------------------------------------------------------------- */

static bool is_list(const Object *o, size_t level) { return o->lists[level / 64] >> level % 64 & 1; }

static void open_bracket(Object *o, bool list) {
  size_t level = o->depth++;
  if (level >= LIMIT_EVENT_DEPTH) return;
  o->lists[level / 64] &= ~(1ull << level % 64);
  o->lists[level / 64] |= (uint64_t)list << level % 64;
}

static void close_bracket(Object *o, bool list) {
  if (o->depth > LIMIT_EVENT_DEPTH) {
    o->depth--;
    return;
  }
  size_t level = o->depth;
  while (level && is_list(o, level - 1) != list) level--;
  o->mismatch = o->mismatch || level != o->depth;
  if (level) o->depth = level - 1;
}

/* Whether JSON allows a value here. */
static bool value_may_follow(const Object *o) {
  return o->last == ':' || o->last == '[' ||
         (o->last == ',' && o->depth && o->depth <= LIMIT_EVENT_DEPTH && is_list(o, o->depth - 1));
}

/* --- the end ----------------------------------------------------------------------------------------------- */

/* Keeps memory bounded: what is there of a large object is let go. */
static void let_go(Object *o) {
  o->large = true;
  input_advance(o->in, o->n);
  o->n = 0;
}

/* The object ends at n, and it is not closed. */
static bool cut(Object *o, size_t n) {
  Input *in = o->in;
  if (o->guess) {
    in->guessed += (n < in->limit ? n : in->limit) - o->guess;
    n = o->guess;
  }
  o->n = n;
  in->element = BROKEN_ELEMENT;
  return true;
}

static size_t skip_blanks(Input *in, size_t from) {
  size_t i = from;
  for (int c; i - from < INPUT_LOOK && ((c = input_peek(in, i)) == ' ' || c == '\t' || c == '\r');) i++;
  return i;
}

/* Whether the line has nothing more than what may stand between elements, and behind the last one. */
static bool line_ends(Input *in, size_t at) {
  size_t i = at;
  for (int c; i - at < INPUT_LOOK && (c = input_peek(in, i)) >= 0 && c != '\n'; i++)
    if (!c || !strchr(" \t\r,]}", c)) return false;
  return true;
}

static bool may_follow(Object *o, size_t at) {
  Input *in = o->in;
  if (o->line && o->mismatch) return line_ends(in, at);
  int c = input_peek(in, at);
  if (c < 0 || c == '\n' || c == '{') return true;
  if (c == 0xEF && input_peek(in, at + 1) == 0xBB && input_peek(in, at + 2) == 0xBF) return true;
  return o->array && (c == ',' || c == ']');
}

/* The object is closed at n; with what must not follow it in the line it is a bad one. */
static bool closed(Object *o, size_t n) {
  Input *in = o->in;
  if (o->guess && (o->mismatch || n > in->limit)) return cut(o, n);
  o->n = n;
  in->element = WHOLE_ELEMENT;
  size_t i = skip_blanks(in, n);
  if (i - n >= INPUT_LOOK || may_follow(o, i)) return true;
  o->n = i;
  o->string = false;
  for (int c; (c = input_peek(in, o->n)) >= 0 && c != '\n' && !(o->array && !o->line && !o->depth && (c == ',' || c == ']'));) {
    if (o->n > in->limit) let_go(o);
    if (c == '\\' && o->string && input_peek(in, o->n + 1) == '"') o->n++;
    else if (c == '"') o->string = !o->string;
    if (!o->string && (c == '[' || c == '{')) o->depth++;
    if (!o->string && (c == ']' || c == '}') && o->depth) o->depth--;
    o->n++;
  }
  return true;
}

/* --- lines ------------------------------------------------------------------------------------------------- */

static bool may_guess(const Object *o) {
  return !o->large && !(o->array && o->one_line) && o->depth <= LIMIT_EVENT_DEPTH &&
         o->in->guessed <= o->in->offset + INPUT_ALLOWANCE;
}

static bool record_begins(Object *o, size_t at, size_t indent) {
  return !indent && input_peek(o->in, at) == 'R' && input_record_line(o->in, at) && cut(o, o->n);
}

/* A line begins at n. True when the object ends here. */
static bool line_begins(Object *o) {
  Input *in = o->in;
  if (o->n > in->limit) {
    if (o->guess) return cut(o, o->n);
    let_go(o);
  }
  size_t i = skip_blanks(in, o->n), indent = i - o->n;
  int c = input_peek(in, i);
  if (o->first_line) o->one_line = o->last != '{' || o->depth > 1;
  o->line_indent = indent;
  o->line = false;
  o->first_line = false;
  if (indent >= INPUT_LOOK) return false;
  if (indent > o->indent && c != '\n') o->laid_out = true;
  if ((o->broken || o->laid_out) && indent <= o->indent && c == '{') return cut(o, o->n);
  if (o->broken && indent <= o->indent && c == ']' && o->array) return cut(o, o->n);
  if (o->broken) return c == '}' && indent <= o->indent ? o->depth = 0, closed(o, i + 1) : record_begins(o, i, indent);
  if (indent <= o->column && (c == '{' || c == '[')) {
    if (!value_may_follow(o) || (!o->guess && !may_guess(o))) return cut(o, o->n);
    if (!o->guess) o->guess = o->n;
  }
  if (o->laid_out && indent <= o->indent && c == '}' && o->depth > 1 && !o->guess && may_guess(o)) o->guess = i + 1;
  if (o->guess && o->depth > LIMIT_EVENT_DEPTH) return cut(o, o->n);
  return record_begins(o, i, indent);
}

/* A line ends inside of a string. The first one may be all of the object, or its lines may be indented. */
static bool string_broken(Object *o) {
  size_t next = o->n + 1;
  if (o->guess || (o->first_line && skip_blanks(o->in, next) - next <= o->column)) return cut(o, o->n);
  o->string = false;
  o->broken = true;
  return false;
}

/* --- bytes ------------------------------------------------------------------------------------------------- */

typedef enum { PLAIN, WHITE, LINE_END, QUOTE, OPEN, CLOSE } ByteKind;
static const uint8_t kind_of[256] = {[' '] = WHITE, ['\t'] = WHITE, ['\r'] = WHITE, ['\n'] = LINE_END, ['"'] = QUOTE,
                                     ['{'] = OPEN,  ['['] = OPEN,   ['}'] = CLOSE,  [']'] = CLOSE};

/* Words of eight bytes without what ends a run in a string are passed over at once. */
static size_t string_words(const char *p, size_t have) {
  const uint64_t ones = UINT64_MAX / 255, tops = ones << 7;
  size_t i = 0;
  for (uint64_t w; have - i >= sizeof w; i += sizeof w) {
    memcpy(&w, p + i, sizeof w);
    uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\'), end = w ^ (ones * '\n');
    if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((end - ones) & ~end)) & tops) break;
  }
  return i;
}

/* Goes over the rest of a string, as far as it is there. */
static bool string_bytes(Object *o, const char *p, size_t have) {
  size_t i = string_words(p, have);
  while (i < have && p[i] != '"' && p[i] != '\\' && p[i] != '\n') i++;
  o->n += i;
  if (i == have) return false;
  if (p[i] == '\n') return string_broken(o);
  o->n++;
  o->string = p[i] != '"';
  if (p[i] == '\\') {
    int c = input_peek(o->in, o->n);
    o->n += c >= 0 && c != '\n';
  }
  return false;
}

static bool plain_bytes(Object *o, const char *p, size_t have) {
  size_t i = 0;
  ByteKind kind = PLAIN;
  for (; i < have && (kind = kind_of[(unsigned char)p[i]]) <= WHITE; i++)
    if (kind == PLAIN) o->last = p[i];
  o->n += i;
  if (i == have) return false;
  o->n++;
  if (kind == LINE_END) return line_begins(o);
  if (kind == OPEN && o->guess && !value_may_follow(o)) return cut(o, o->n);
  o->last = p[i];
  if (kind == QUOTE) o->string = true;
  if (kind == OPEN) open_bracket(o, p[i] == '[');
  if (kind == CLOSE) close_bracket(o, p[i] == ']');
  if (o->depth) return false;
  o->broken = o->mismatch && o->laid_out && !o->guess && o->line_indent > o->indent;
  return !o->broken && closed(o, o->n);
}

/* To the next line. */
static bool broken_bytes(Object *o, const char *p, size_t have) {
  const char *end = memchr(p, '\n', have);
  o->n += end ? (size_t)(end - p) + 1 : have;
  return end && line_begins(o);
}

static void find_end(Object *o) {
  Input *in = o->in;
  for (bool end = false; !end;) {
    size_t have = in->buf.n - in->at - o->n;
    if (o->n > in->limit) {
      if (o->guess) {
        cut(o, o->n);
        return;
      }
      let_go(o);
    } else if (!have) {
      end = !input_fill(in) && cut(o, o->n);
    } else {
      const char *p = in->buf.p + in->at + o->n;
      end = o->broken ? broken_bytes(o, p, have) : o->string ? string_bytes(o, p, have) : plain_bytes(o, p, have);
    }
  }
}

InputResult input_object(Input *in, Str *text) {
  Object o = {.in = in, .column = in->column, .indent = in->indent, .first_line = true, .array = in->mode == INPUT_ARRAY};
  o.line = o.array && in->leading;
  find_end(&o);
  if (o.n > in->limit) let_go(&o);
  if (o.large) {
    input_advance(in, o.n);
    return INPUT_TOO_LARGE;
  }
  *text = input_text(in, o.n);
  input_advance(in, o.n);
  return INPUT_EVENT;
}

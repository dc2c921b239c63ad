/* SPDX-License-Identifier: MIT */
#include "cli/input.h"

#include <errno.h>
#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/interrupt.h"

enum { BLOCK = 1 << 20 };

void input_open(Input *in, int fd) {
  Buf buf = in->buf;
  size_t block = in->block ? in->block : BLOCK;
  uint64_t bytes = in->bytes;
  buf.n = 0;
  *in = (Input){.fd = fd,
                .buf = buf,
                .block = block,
                .next_line = 1,
                .bytes = bytes,
                .idle = in->idle,
                .idle_ctx = in->idle_ctx,
                .stop = in->stop};
}

void input_free(Input *in) { buf_free(&in->buf); }

static bool would_wait(int fd) {
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, 0) == 0;
}

/* Waits until there is something to read, or a signal came, also one that came a moment ago: the wait is what lets it in. */
static void wait_for_input(const Input *in) {
  sigset_t interrupts, before;
  fd_set fds;
  if (in->fd >= FD_SETSIZE) return;
  FD_ZERO(&fds);
  FD_SET(in->fd, &fds);
  sigemptyset(&interrupts);
  interrupt_signals(&interrupts);
  sigprocmask(SIG_BLOCK, &interrupts, &before);
  if (!*in->stop) (void)!pselect(in->fd + 1, &fds, NULL, NULL, NULL, &before);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Reads one more block behind what is there; what was given out already makes room. False at the end. */
static bool fill(Input *in) {
  if (in->eof) return false;
  if (in->at) {
    memmove(in->buf.p, in->buf.p + in->at, in->buf.n - in->at);
    in->buf.n -= in->at;
    in->at = 0;
  }
  buf_reserve(&in->buf, in->block);
  if (in->idle && would_wait(in->fd)) {
    in->idle(in->idle_ctx);
    if (in->stop) wait_for_input(in);
  }
  if (in->stop && *in->stop) return false;
  ssize_t n;
  do n = read(in->fd, in->buf.p + in->buf.n, in->block);
  while (n < 0 && errno == EINTR && !(in->stop && *in->stop));
  if (n < 0 && errno != EINTR) in->error = errno;
  in->eof = n <= 0;
  if (n > 0) {
    in->buf.n += (size_t)n;
    in->bytes += (uint64_t)n;
  }
  return n > 0;
}

/* The byte `ahead` places on, or -1 at the end. */
static int peek(Input *in, size_t ahead) {
  while (in->buf.n - in->at <= ahead)
    if (!fill(in)) return -1;
  return (unsigned char)in->buf.p[in->at + ahead];
}

static void advance(Input *in, size_t n) {
  for (size_t i = 0; i < n; i++) in->next_line += in->buf.p[in->at + i] == '\n';
  in->at += n;
}

static bool white(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static int skip_white(Input *in) {
  int c;
  while (white(c = peek(in, 0))) advance(in, 1);
  return c;
}

/* --- lines ------------------------------------------------------------------------------------------------- */

/* Length of the line at `at` without its end, or SIZE_MAX where it is above the limit. */
static size_t line_length(Input *in) {
  size_t seen = 0;
  for (;;) {
    const char *from = in->buf.p ? in->buf.p + in->at : "";
    size_t have = in->buf.n - in->at;
    const char *end = have > seen ? memchr(from + seen, '\n', have - seen) : NULL;
    size_t n = end ? (size_t)(end - from) : have;
    if (n > LIMIT_EVENT_BYTES) return SIZE_MAX;
    if (end || !fill(in)) return end ? n : in->buf.n - in->at;
    seen = have;
  }
}

/* Drops the rest of a line that is too large, a block at a time. */
static void skip_line(Input *in) {
  for (;;) {
    size_t have = in->buf.n - in->at;
    const char *end = have ? memchr(in->buf.p + in->at, '\n', have) : NULL;
    advance(in, end ? (size_t)(end - (in->buf.p + in->at)) + 1 : have);
    if (end || !fill(in)) return;
  }
}

static InputResult next_line(Input *in, Str *text) {
  for (;;) {
    size_t n = line_length(in);
    in->line = in->next_line;
    if (n == SIZE_MAX) {
      skip_line(in);
      return INPUT_TOO_LARGE;
    }
    if (n == 0 && in->at == in->buf.n) return INPUT_DONE;
    *text = (Str){in->buf.p + in->at, n};
    bool blank = true;
    for (size_t i = 0; i < n && blank; i++) blank = white(text->p[i]);
    advance(in, n + (in->at + n < in->buf.n));
    if (!blank) return INPUT_EVENT;
  }
}

/* --- arrays ------------------------------------------------------------------------------------------------ */

/* Where an element is: strings and brackets are followed, nothing is judged; that is for the reader of events. */
typedef struct {
  size_t n; /* bytes so far */
  size_t depth;
  bool string, escaped;
} Element;

/* Takes one byte; false when the element ended before it. */
static bool element_byte(Element *e, int c) {
  if (e->string) {
    e->string = e->escaped || c != '"';
    e->escaped = !e->escaped && c == '\\';
    return true;
  }
  if (c == '"') e->string = true;
  if (c == '[' || c == '{') e->depth++;
  if (c == ']' || c == '}') {
    if (!e->depth) return false;
    e->depth--;
  }
  return e->depth || c != ',';
}

static InputResult read_element(Input *in, Str *text) {
  Element e = {0};
  bool large = false;
  int c;
  while ((c = peek(in, e.n)) >= 0 && element_byte(&e, c)) {
    e.n++;
    if (e.n <= LIMIT_EVENT_BYTES) continue;
    large = true; /* let go of what is there, and go on to the end of the element */
    advance(in, e.n);
    e.n = 0;
  }
  if (!e.n && c == '}') e.n = 1; /* a bracket that nothing opened is an element of its own, and a bad one */
  *text = (Str){in->buf.p + in->at, e.n};
  if (c < 0) in->fault = "the JSON array is not closed";
  advance(in, e.n);
  while (text->n && white((unsigned char)text->p[text->n - 1])) text->n--;
  in->after_element = true;
  return large ? INPUT_TOO_LARGE : INPUT_EVENT;
}

static InputResult next_element(Input *in, Str *text) {
  int c = skip_white(in);
  if (in->after_element && c == ',') {
    advance(in, 1);
    c = skip_white(in);
    in->after_element = false;
    if (c == ']') in->fault = "a comma before the end of the JSON array";
  }
  if (c < 0) {
    in->fault = "the JSON array is not closed";
    return INPUT_DONE;
  }
  if (c == ']') {
    advance(in, 1);
    in->mode = INPUT_AFTER_ARRAY;
    return input_next(in, text);
  }
  in->line = in->next_line;
  return read_element(in, text);
}

/* --- both -------------------------------------------------------------------------------------------------- */

static void begin(Input *in) {
  if (peek(in, 0) == 0xEF && peek(in, 1) == 0xBB && peek(in, 2) == 0xBF) in->at += 3;
  in->mode = skip_white(in) == '[' ? INPUT_ARRAY : INPUT_LINES;
  if (in->mode == INPUT_ARRAY) advance(in, 1);
}

InputResult input_next(Input *in, Str *text) {
  *text = STR("");
  if (in->mode == INPUT_START) begin(in);
  switch (in->mode) {
  case INPUT_START:
  case INPUT_LINES:
  case INPUT_AFTER_ARRAY: return next_line(in, text); /* behind an array other events may follow, a line each */
  case INPUT_ARRAY: return next_element(in, text);
  }
  return INPUT_DONE;
}

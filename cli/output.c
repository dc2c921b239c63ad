/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "cli/interrupt.h"

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

void output_begin(Output *o) {
  if (o->look.format == FORMAT_JSON) buf_char(&o->buf, '[');
  if (o->look.format == FORMAT_CSV) format_csv_head(&o->buf, &o->look);
}

void output_match(Output *o, Str text) {
  if (!o->matches && o->look.format == FORMAT_TABLE) format_table_head(&o->buf, &o->look);
  if (o->look.format == FORMAT_JSON) buf_str(&o->buf, o->matches ? STR(",\n") : STR("\n"));
  buf_str(&o->buf, text);
  o->matches++;
  if (o->buf.n >= FLUSH_AT) output_flush(o);
}

void output_end(Output *o) {
  if (o->look.format == FORMAT_JSON) buf_str(&o->buf, STR("\n]\n"));
  output_flush(o);
  buf_free(&o->buf);
}

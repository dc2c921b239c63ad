/* SPDX-License-Identifier: MIT */
#include "cli/input_bytes.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <unistd.h>

#include "cli/interrupt.h"

void input_fault_at(Input *in, const char *fault, uint64_t line) {
  if (!in->faults++) in->fault = fault, in->fault_line = line;
}

/* --- reading ----------------------------------------------------------------------------------------------- */

static bool would_wait(int fd) {
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, 0) == 0;
}

/* Waits until there is something to read, or a signal came, also one that came a moment ago: the wait is what lets it in.
 * False where it came to wake. */
static bool wait_for_input(const Input *in) {
  sigset_t before;
  fd_set fds;
  bool woken = false;
  if (in->fd >= FD_SETSIZE) return true;
  FD_ZERO(&fds);
  FD_SET(in->fd, &fds);
  interrupt_block(&before);
  if (in->wake && *in->wake) woken = true;
  else if (!*in->stop) woken = pselect(in->fd + 1, &fds, NULL, NULL, NULL, &before) < 0 && in->wake && *in->wake;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return !woken || *in->stop;
}

/* Reads one more block behind what is there. False at the end. */
static bool read_block(Input *in, Buf *into, bool *eof) {
  if (*eof) return false;
  buf_reserve(into, in->block);
  while (in->idle && would_wait(in->fd)) {
    in->idle(in->idle_ctx);
    if (!in->stop || wait_for_input(in)) break;
  }
  if (in->stop && *in->stop) return false;
  ssize_t n;
  do n = read(in->fd, into->p + into->n, in->block);
  while (n < 0 && errno == EINTR && !(in->stop && *in->stop));
  if (n < 0 && errno != EINTR) in->error = errno;
  *eof = n <= 0;
  if (n > 0) {
    into->n += (size_t)n;
    in->bytes += (uint64_t)n;
  }
  return n > 0;
}

/* Reads and unpacks until there is at least a byte more. */
static bool unpack_block(Input *in) {
  for (;;) {
    const char *fault;
    Str packed = {in->packed.p + in->packed_at, in->packed.n - in->packed_at};
    buf_reserve(&in->buf, in->block);
    size_t n = decoder_run(in->decoder, &packed, in->buf.p + in->buf.n, in->block, &fault);
    in->packed_at = in->packed.n - packed.n;
    in->buf.n += n;
    in->bytes_text += n;
    if (n) return true;
    if (!fault) {
      in->packed.n = in->packed_at = 0; /* all of it was taken */
      if (read_block(in, &in->packed, &in->packed_eof)) continue;
      if (in->stop && *in->stop) return false;
      if (!in->error) fault = decoder_end(in->decoder);
    }
    if (fault) input_fault_at(in, fault, 0);
    in->eof = true;
    return false;
  }
}

bool input_fill(Input *in) {
  if (in->eof) return false;
  if (in->at) { /* what was given out makes room */
    memmove(in->buf.p, in->buf.p + in->at, in->buf.n - in->at);
    in->buf.n -= in->at;
    in->at = 0;
  }
  if (in->decoder) return unpack_block(in);
  size_t before = in->buf.n;
  bool more = read_block(in, &in->buf, &in->eof);
  in->bytes_text += in->buf.n - before;
  return more;
}

bool input_unpack(Input *in) {
  /* Only what looks like packed data is waited for. */
  size_t n = 0;
  int c = input_peek(in, 0), second = c == 0x1F ? 0x8B : c == 0x28 ? 0xB5 : (c & ~0x0F) == 0x50 ? 0x2A : -2;
  if (second >= 0 && input_peek(in, 1) == second)
    while (n < CODEC_MAGIC && input_peek(in, n) >= 0) n++;
  Codec codec = n ? codec_of((Str){in->buf.p + in->at, n}) : CODEC_NONE;
  if (codec == CODEC_NONE) return true;
  const char *why;
  in->decoder = decoder_new(codec, &why);
  if (!in->decoder) return input_fault_at(in, why, 0), false;
  in->packed.n = in->packed_at = 0;
  buf_bytes(&in->packed, in->buf.p + in->at, in->buf.n - in->at);
  in->bytes_text -= in->buf.n - in->at;
  in->buf.n = in->at = 0;
  in->packed_eof = in->eof;
  in->eof = false;
  return true;
}

/* --- the window -------------------------------------------------------------------------------------------- */

void input_advance(Input *in, size_t n) {
  const char *p = in->buf.p ? in->buf.p + in->at : "", *end = p + n, *line = p;
  for (const char *nl; (nl = memchr(line, '\n', (size_t)(end - line)));) {
    line = nl + 1;
    in->next_line++;
    in->column = in->indent = 0;
    in->leading = true;
  }
  in->column += (size_t)(end - line);
  for (; in->leading && line < end; line++) {
    in->leading = *line == ' ' || *line == '\t';
    in->indent += in->leading;
  }
  in->at += n;
  in->offset += n;
}

bool input_starts(Input *in, Str bytes) {
  for (size_t i = 0; i < bytes.n; i++)
    if (input_peek(in, i) != (unsigned char)bytes.p[i]) return false;
  return true;
}

int input_skip_white(Input *in) {
  for (;;) {
    if (input_peek(in, 0) < 0) return -1;
    size_t n = 0, have = in->buf.n - in->at;
    while (n < have && input_white((unsigned char)in->buf.p[in->at + n])) n++;
    if (n) input_advance(in, n);
    if (n < have) return (unsigned char)in->buf.p[in->at];
  }
}

size_t input_line_end(Input *in, size_t from) {
  for (size_t seen = from;;) {
    size_t have = in->buf.n - in->at;
    const char *p = in->buf.p ? in->buf.p + in->at : "";
    const char *end = have > seen ? memchr(p + seen, '\n', have - seen) : NULL;
    size_t n = end ? (size_t)(end - p) : have;
    if (n > in->limit) return SIZE_MAX;
    if (end || !input_fill(in)) return n;
    seen = n;
  }
}

void input_skip_line(Input *in) {
  for (;;) {
    size_t have = in->buf.n - in->at;
    const char *p = in->buf.p ? in->buf.p + in->at : "", *end = have ? memchr(p, '\n', have) : NULL;
    input_advance(in, end ? (size_t)(end - p) + 1 : have);
    if (end || !input_fill(in)) return;
  }
}

bool input_record_line(Input *in, size_t ahead) {
  enum { LONGEST = 32 };
  size_t n = ahead;
  for (const char *word = "Record "; *word; word++, n++)
    if (input_peek(in, n) != *word) return false;
  size_t digits = n;
  int c;
  while ((c = input_peek(in, n)) >= '0' && c <= '9' && n - digits < LONGEST) n++;
  if (n == digits) return false;
  while ((c = input_peek(in, n)) == '\r' || c == ' ') {
    if (n - digits > LONGEST) return false;
    n++;
  }
  return c < 0 || c == '\n';
}

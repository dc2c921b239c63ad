/* SPDX-License-Identifier: MIT
 * The text of an input, unpacked: a window that moves on, and looking ahead in it. Offsets count from the place of the
 * input (`in->at`), since reading more moves the bytes. */
#ifndef SIGMAC_CLI_INPUT_BYTES_H
#define SIGMAC_CLI_INPUT_BYTES_H

#include "cli/input.h"

/* How far white space and wrappers are looked through before something is decided. */
enum { INPUT_LOOK = 1 << 16 };
/* What may be looked at and then be looked at again, on top of as much as was given out: so that looking ahead at most
 * doubles the work, whatever the input. */
enum { INPUT_ALLOWANCE = 1 << 20 };

/* Reads more text behind what is there. False at the end, also where a signal came or the data is damaged. */
bool input_fill(Input *in);
/* The byte `ahead` places on, or -1 at the end. */
static inline int input_peek(Input *in, size_t ahead) {
  while (in->buf.n - in->at <= ahead)
    if (!input_fill(in)) return -1;
  return (unsigned char)in->buf.p[in->at + ahead];
}
/* Whether these bytes come next; looks no further than they agree. */
bool input_starts(Input *in, Str bytes);
void input_advance(Input *in, size_t n); /* at most what is there */
int input_skip_white(Input *in);         /* and the byte behind it, or -1 */

/* Offset of the line end at or after `from`, or of the end of the input; SIZE_MAX where it is above in->limit. */
size_t input_line_end(Input *in, size_t from);
/* Drops the rest of a line with its end, a block at a time. */
void input_skip_line(Input *in);
/* Whether a line `Record N` of evtx_dump begins `ahead` places on. */
bool input_record_line(Input *in, size_t ahead);

/* Makes an input that is packed one that is unpacked as it is read; false, with a fault, where that cannot be. */
bool input_unpack(Input *in);

void input_fault_at(Input *in, const char *fault, uint64_t line);

static inline bool input_white(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static inline Str input_text(const Input *in, size_t n) {
  const char *p = in->buf.p ? in->buf.p + in->at : "";
  while (n && input_white((unsigned char)p[n - 1])) n--;
  return (Str){p, n};
}

#endif

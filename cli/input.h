/* SPDX-License-Identifier: MIT
 * Events from files and standard input, one after another in bounded memory: NDJSON, or a JSON array where the first
 * character of an input that is no white space is `[`. A byte order mark at the start of an input and blank lines are
 * skipped; CR-LF is a line end. An event above LIMIT_EVENT_BYTES is given out as too large, without its text. */
#ifndef SIGMAC_CLI_INPUT_H
#define SIGMAC_CLI_INPUT_H

#include <signal.h>

#include "base/buf.h"

typedef enum { INPUT_START, INPUT_LINES, INPUT_ARRAY, INPUT_AFTER_ARRAY } InputMode;

typedef struct {
  int fd;  /* -1 where none is open */
  Buf buf; /* bytes read and not given out yet start at `at` */
  size_t at;
  size_t block; /* bytes to ask for at a time; tests make it small */
  bool eof;
  InputMode mode;
  bool after_element; /* INPUT_ARRAY: a comma or the closing bracket must come */
  uint64_t line;      /* 1-based, of the event given out last */
  uint64_t next_line;
  uint64_t bytes;    /* read so far */
  const char *fault; /* what is wrong with the input as a whole; NULL for nothing */
  /* Kept from one input to the next: */
  void (*idle)(void *ctx); /* called before a read that has to wait; NULL for none */
  void *idle_ctx;
  const volatile sig_atomic_t *stop; /* set by a signal: a read that it interrupts is the end; NULL for none */
  int error;                         /* errno of a read that failed; 0 for none */
} Input;

typedef enum { INPUT_EVENT, INPUT_TOO_LARGE, INPUT_DONE } InputResult;

void input_open(Input *in, int fd); /* keeps its buffer, what was counted, and what is called back */
/* The next event; *text is valid until the next call. */
InputResult input_next(Input *in, Str *text);
void input_free(Input *in);

#endif

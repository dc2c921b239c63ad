/* SPDX-License-Identifier: MIT
 * Events from files and standard input, one after another in bounded memory. What an input is, is found out by looking:
 *
 *   - JSON objects one after another with nothing but white space between them: a line each (NDJSON), several on a line, or
 *     each over several lines (pretty-printed). Lines `Record N` between them, as evtx_dump writes, are skipped.
 *   - JSON arrays of objects: at the beginning of an input any `[`, later one that is followed by `{` or `]`.
 *   - Objects around such an array (cli/wrapper.h), and objects of Elasticsearch around one event (`_source`).
 *   - The same packed with gzip or zstd, told by the first bytes.
 *
 * A byte order mark in front of an event and blank lines are skipped; CR-LF is a line end. What is no object is an event
 * too, of one line: a bad one, which the reader of events reports. Where an object ends that is not closed properly is
 * said in cli/input_object.h. An event above LIMIT_EVENT_BYTES is given out as too large, without its text. Other faults
 * of an input are kept in `fault`; what is not text (UTF-16, EVTX, other archives) is named there, and nothing is read. */
#ifndef SIGMAC_CLI_INPUT_H
#define SIGMAC_CLI_INPUT_H

#include <signal.h>

#include "base/buf.h"
#include "cli/decompress.h"
#include "cli/wrapper.h"

typedef enum { INPUT_START, INPUT_SEQUENCE, INPUT_ARRAY, INPUT_BEHIND_ARRAY } InputMode;
typedef enum { NO_ELEMENT, WHOLE_ELEMENT, BROKEN_ELEMENT } BeforeComma;

typedef struct Input {
  int fd;  /* -1 where none is open */
  Buf buf; /* text not given out yet starts at `at` */
  size_t at;
  size_t block; /* bytes to ask for at a time; tests make it small */
  size_t limit; /* LIMIT_EVENT_BYTES; tests make it small */
  bool eof;
  InputMode mode;
  bool begun;          /* an event or array was found */
  BeforeComma element; /* INPUT_ARRAY: what stands in front: after one a comma or the closing bracket must come */
  bool comma_missed;   /* in this array, and said */
  uint64_t array_line; /* where the array began */
  Wrapper wrapper;     /* around the array */
  unsigned wrappers;   /* how many objects are open around it */
  uint64_t line;       /* 1-based, where the event given out last begins */
  /* The place of `at`: line, bytes since its beginning, and how many of these are the line's leading blanks. */
  uint64_t next_line;
  size_t column, indent;
  bool leading;             /* only blanks so far in this line */
  uint64_t offset;          /* bytes of text given out */
  uint64_t lines_end;       /* no line ends between `offset` and this offset: for many events in a long line */
  uint64_t guessed, looked; /* bytes looked at for nothing: where objects end, and whether they are wrappers */
  Decoder *decoder;         /* NULL where the input is not packed; `packed` then has what was read and not unpacked yet */
  Buf packed;
  size_t packed_at;
  bool packed_eof;
  uint64_t bytes;      /* read so far, of all inputs */
  uint64_t bytes_text; /* the same, unpacked */
  const char *fault;   /* what is wrong with the input as a whole, the first such thing; NULL for nothing */
  uint64_t fault_line; /* 0 where it has no line */
  uint64_t faults;
  /* Kept from one input to the next: */
  void (*idle)(void *ctx); /* called before a read that has to wait; NULL for none */
  void *idle_ctx;
  const volatile sig_atomic_t *stop; /* set by a signal: a read that it interrupts is the end; NULL for none */
  const volatile sig_atomic_t *wake; /* set by one behind which `idle` is called again, which clears it; NULL for none */
  int error;                         /* errno of a read that failed; 0 for none */
} Input;

typedef enum { INPUT_EVENT, INPUT_TOO_LARGE, INPUT_DONE } InputResult;

/* Where an input goes on behind the event that was given out last. */
typedef struct {
  uint64_t offset, line; /* of the text, unpacked */
  uint64_t column, indent, guessed, looked;
  bool leading;
  bool seek; /* it is a sequence of objects, unpacked and without a fault so far: input_go_on can go there at once */
} InputPlace;

void input_open(Input *in, int fd); /* keeps its buffers, what was counted, and what is called back */
/* The next event; *text is valid until the next call. */
InputResult input_next(Input *in, Str *text);
InputPlace input_place(const Input *in);
/* Behind input_open of a plain file: goes on at a place of the same text that may be sought. False where that cannot be. */
bool input_go_on(Input *in, const InputPlace *place);
void input_free(Input *in);

#endif

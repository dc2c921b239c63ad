/* SPDX-License-Identifier: MIT
 * Events one after another for commands that look at each of them: from files, folders of logs, standard input (`-`), or an
 * argument that is an event itself (it begins with `{`). What cannot be read, and what is no event, is reported on stderr,
 * and the rest goes on. */
#ifndef SIGMAC_CLI_EVENTS_H
#define SIGMAC_CLI_EVENTS_H

#include "cli/input.h"
#include "cli/options.h"

typedef struct EventReader {
  /* Set by the caller: */
  const Args *args;
  bool (*event)(void *ctx, struct EventReader *r); /* called for each event; false: no more are wanted */
  void (*before_message)(void *ctx);               /* before something is printed on stderr; NULL for nothing */
  void (*opened)(void *ctx, int fd);               /* an input is read now; NULL for nothing */
  void (*closed)(void *ctx);                       /* it is done; NULL for nothing */
  void *ctx;
  Input input; /* idle, idle_ctx, stop */
  /* The present event: */
  Str name;       /* of its input, safe to show */
  Str text;       /* valid during the call; empty where it is above the limit of an event */
  bool too_large; /* event_bad says so */
  uint64_t index; /* from 0 over all inputs, bad ones included */
  /* Of all: */
  uint64_t bad;
  bool enough;
  int status; /* EXIT_OK or EXIT_BAD_INPUT */
} EventReader;

/* Reads all inputs that args->paths name, standard input where there is none. */
void events_read(EventReader *r);
void events_free(EventReader *r);
/* Reports the present event as one that is none, at a byte of it; the first ones of a run, more are counted. */
void event_bad(EventReader *r, const char *message, size_t offset);

#endif
